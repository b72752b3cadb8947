// SPDX-License-Identifier: Apache-2.0
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <stdexcept>

TEST_SUITE("Checkout") {
  TEST_CASE("adds prices") { CHECK(1 + 2 + 3 == 6); }

  TEST_CASE("Grüße 日本語 🚀 & <b>\"quotes\"</b>") {
    CHECK(99 == 100);
    CHECK(98 == 100);
  }

  TEST_CASE("an error is thrown") { throw std::runtime_error("card is null"); }

  TEST_CASE("refunds" * doctest::skip()) { CHECK(false); }

  TEST_CASE_TEMPLATE("is zero", T, int, long) { CHECK(T() == 0); }

  TEST_CASE("with a discount") {
    SUBCASE("of nothing") { CHECK(true); }
    SUBCASE("of all") { CHECK(false); }
  }
}
