// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { pay, total } from "./checkout.js";

describe("Checkout", () => {
  it("adds prices", () => expect(total([1, 2, 3])).toBe(6));

  it.each([
    [1, 10],
    [2, 20],
    [3, 31],
  ])("%i pieces cost %i", (pieces, price) => expect(total(Array(pieces).fill(10))).toBe(price));

  it('Grüße 日本語 🚀 & <b>"quotes"</b>', () => {
    console.log("printed: größer 🚀");
  });

  it("an error is thrown", () => pay({ card: null }));

  it.skip("refunds", () => {});
  it.todo("gift cards");

  describe("with a discount", () => {
    let tries = 0;

    it("rounds down", () => expect({ cents: 99, currency: "EUR" }).toEqual({ cents: 100, currency: "EUR" }));

    it("is steady at last", { retry: 2 }, () => {
      tries += 1;
      expect(tries).toBe(3);
    });
  });
});
