// SPDX-License-Identifier: Apache-2.0
"use strict";

const assert = require("node:assert");
const { After, Before, Given, Then, When } = require("@cucumber/cucumber");

const DOT = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
let tries = 0;

Before({ tags: "@skip" }, () => "skipped");
After({ tags: "@attached" }, function () {
  this.attach("after it all", "text/plain");
});
Given("an empty basket", function () {
  this.prices = [];
});
When("{int} things of {int} euros are put in", function (pieces, price) {
  this.prices.push(...Array(pieces).fill(price));
});
Then("the total is {int} euros", function (price) {
  assert.strictEqual(this.prices.reduce((sum, p) => sum + p, 0), price);
});
Then("a receipt is printed", () => {});
When("these are noted:", (table) => assert.strictEqual(table.hashes().length, 1));
When("this is said:", function (text) {
  this.log(text);
});
Then("a picture is attached", function () {
  this.attach(DOT, "image/png");
  this.attach("{\"grün\": 1}", "application/json");
});
When("it is pending", () => "pending");
Then("it works at the second try", () => assert.strictEqual(++tries, 2));
When("it is ambiguous", () => {});
When(/^it is ambig.*$/, () => {});
