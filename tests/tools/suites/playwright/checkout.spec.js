// SPDX-License-Identifier: Apache-2.0
"use strict";

const { test, expect } = require("@playwright/test");

const DOT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test.describe("Checkout", () => {
  test("adds prices", { tag: ["@fast", "@DEMO-7"] }, async () => {
    await test.step("fill the basket", async () => {
      await test.step("with three things", async () => expect([1, 2, 3]).toHaveLength(3));
    });
    await test.step("look at the total", async () => expect(1 + 2 + 3).toBe(6));
  });

  for (const [pieces, price] of [[1, 10], [2, 20], [3, 31]]) {
    test(`${pieces} pieces cost ${price}`, () => expect(pieces * 10).toBe(price));
  }

  test('Grüße 日本語 🚀 & <b>"quotes"</b>', async ({}, info) => {
    console.log("printed: größer 🚀");
    console.error("warned: rounding");
    info.annotations.push({ type: "test_key", description: "DEMO-8" }, { type: "requirements", description: "DEMO-1" });
    await info.attach("note.txt", { body: "grün", contentType: "text/plain" });
    await info.attach("dot.png", { body: DOT, contentType: "image/png" });
  });

  test("an error is thrown", () => {
    throw new TypeError("card is null");
  });

  test.skip("refunds", () => {});
  test.fixme("gift cards", () => {});

  test.describe("twice", () => {
    test.describe.configure({ retries: 1 });

    test("is steady at last", async ({}, info) => {
      await info.attach(`try ${info.retry}.txt`, { body: `try ${info.retry}`, contentType: "text/plain" });
      expect(info.retry).toBe(1);
    });

    test("is never steady", () => expect(99).toBe(100));
  });

  test("fails as it should", () => {
    test.fail();
    expect(1).toBe(2);
  });
});
