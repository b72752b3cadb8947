// SPDX-License-Identifier: Apache-2.0
"use strict";

const { JUnitXmlReporter } = require("jasmine-reporters");

jasmine.getEnv().addReporter(new JUnitXmlReporter({ savePath: "reports", consolidateAll: true, filePrefix: "jasmine" }));

describe("Checkout", () => {
  it("adds prices", () => expect(1 + 2 + 3).toBe(6));

  for (const [pieces, price] of [[1, 10], [2, 20], [3, 31]]) {
    it(`${pieces} pieces cost ${price}`, () => expect(pieces * 10).toBe(price));
  }

  it('Grüße 日本語 🚀 & <b>"quotes"</b>', () => expect("grün").toBe("grün"));

  it("an error is thrown", () => {
    throw new TypeError("card is null");
  });

  xit("refunds", () => {});
  it("gift cards");

  describe("with a discount", () => {
    it("rounds down", () => {
      expect({ cents: 99 }).toEqual({ cents: 100 });
      expect("two").toBe("failures");
    });
  });
});
