// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <iostream>
#include <stdexcept>

TEST_CASE("adds prices", "[fast]") { REQUIRE(1 + 2 + 3 == 6); }

TEST_CASE("pieces") {
  auto [pieces, price] = GENERATE(table<int, int>({{1, 10}, {2, 20}, {3, 31}}));
  DYNAMIC_SECTION(pieces << " pieces cost " << price) { CHECK(pieces * 10 == price); }
}

TEST_CASE("Grüße 日本語 🚀 & <b>\"quotes\"</b>") {
  std::cout << "printed: größer 🚀\n";
  std::cerr << "warned: rounding\n";
  INFO("a word before");
  CHECK(99 == 100);
}

TEST_CASE("an error is thrown") { throw std::runtime_error("card is null"); }

TEST_CASE("may fail", "[!mayfail]") { CHECK(1 == 2); }

TEST_CASE("should fail", "[!shouldfail]") { CHECK(1 == 2); }

TEST_CASE("hidden", "[.]") { CHECK(1 == 2); }
