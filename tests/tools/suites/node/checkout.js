// SPDX-License-Identifier: Apache-2.0
"use strict";

exports.total = (prices) => prices.reduce((sum, price) => sum + price, 0);
exports.pay = (basket) => basket.card.number;
