// SPDX-License-Identifier: Apache-2.0
"use strict";

const { total, pay } = require("./checkout");

describe("Checkout", () => {
  test("adds prices", () => {
    expect(total([1, 2, 3])).toBe(6);
  });

  test.each([
    [1, 10],
    [2, 20],
    [3, 31],
  ])("%i pieces cost %i", (pieces, price) => {
    expect(total(Array(pieces).fill(10))).toBe(price);
  });

  test("Grüße 日本語 🚀 & <b>\"quotes\"</b>", () => {
    console.log("printed: größer 🚀");
    expect("grün").toBe("grün");
  });

  test("an error is thrown", () => {
    pay({ card: null });
  });

  test.skip("refunds", () => {});
  test.todo("gift cards");

  describe("with a discount", () => {
    test("rounds down", () => {
      console.error("warned: rounding");
      expect({ cents: 99, currency: "EUR" }).toEqual({ cents: 100, currency: "EUR" });
    });

    let tries = 0;
    test("is steady at last", () => {
      tries += 1;
      expect(tries).toBe(3);
    });
  });
});

jest.retryTimes(2, { logErrorsBeforeRetry: false });
