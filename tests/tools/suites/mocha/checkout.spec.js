// SPDX-License-Identifier: Apache-2.0
"use strict";

const assert = require("node:assert");
const { total, pay } = require("./checkout");

describe("Checkout", () => {
  it("adds prices", () => assert.strictEqual(total([1, 2, 3]), 6));

  for (const [pieces, price] of [[1, 10], [2, 20], [3, 31]]) {
    it(`${pieces} pieces cost ${price}`, () => assert.strictEqual(total(Array(pieces).fill(10)), price));
  }

  it('Grüße 日本語 🚀 & <b>"quotes"</b>', () => {
    console.log("printed: größer 🚀");
  });

  it("an error is thrown", () => pay({ card: null }));

  it.skip("refunds");
  it("gift cards");

  describe("with a discount", () => {
    let tries = 0;

    it("rounds down", () => assert.deepStrictEqual({ cents: 99, currency: "EUR" }, { cents: 100, currency: "EUR" }));

    it("is steady at last", function () {
      this.retries(2);
      tries += 1;
      assert.strictEqual(tries, 3);
    });

    it("takes too long", function (done) {
      this.timeout(20);
      setTimeout(done, 200);
    });
  });

  describe("with a broken hook", () => {
    before("opens the shop", () => {
      throw new Error("the shop is closed");
    });

    it("never runs", () => {});
  });
});
