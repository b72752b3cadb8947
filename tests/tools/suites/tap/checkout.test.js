// SPDX-License-Identifier: Apache-2.0
"use strict";

const t = require("tap");

t.test("Checkout", (t) => {
  t.equal(1 + 2 + 3, 6, "adds prices");
  for (const [pieces, price] of [[1, 10], [2, 20], [3, 31]]) {
    t.equal(pieces * 10, price, `${pieces} pieces cost ${price}`);
  }
  t.pass('Grüße 日本語 🚀 & <b>"quotes"</b> # 1');
  t.comment("a word: größer 🚀");
  t.pass("refunds", { skip: "no bank yet" });
  t.fail("vouchers", { todo: "not yet" });
  t.test("with a discount", (t) => {
    t.same({ cents: 99 }, { cents: 100 }, "rounds down");
    t.end();
  });
  t.test("gift cards", { skip: true }, (t) => t.end());
  t.end();
});

t.test("an error is thrown", async () => {
  throw new TypeError("card is null");
});
