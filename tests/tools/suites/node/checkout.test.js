// SPDX-License-Identifier: Apache-2.0
"use strict";

const assert = require("node:assert");
const { describe, it, test } = require("node:test");
const { total, pay } = require("./checkout");

describe("Checkout", () => {
  it("adds prices", () => assert.strictEqual(total([1, 2, 3]), 6));

  for (const [pieces, price] of [[1, 10], [2, 20], [3, 31]]) {
    it(`${pieces} pieces cost ${price}`, () => assert.strictEqual(total(Array(pieces).fill(10)), price));
  }

  it('Grüße 日本語 🚀 & <b>"quotes"</b> # 1', () => {
    console.log("printed: größer 🚀");
  });

  it("an error is thrown", () => pay({ card: null }));

  it("refunds", { skip: "no bank yet" }, () => {});
  it("gift cards", { todo: true }, () => {});
  it("vouchers", { todo: "not yet" }, () => assert.fail("no vouchers"));

  describe("with a discount", () => {
    it("rounds down", () => assert.deepStrictEqual({ cents: 99, currency: "EUR" }, { cents: 100, currency: "EUR" }));
  });
});

test("a test with parts", async (t) => {
  await t.test("part one", () => {});
  await t.test("part two", (inner) => inner.diagnostic("a word on part two"));
});

test("takes too long", { timeout: 20 }, () => new Promise((resolve) => setTimeout(resolve, 300)));
