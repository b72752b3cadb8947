// SPDX-License-Identifier: Apache-2.0
"use strict";

require("./no-such-module");

test("never runs", () => {});
