// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <iostream>
#include <stdexcept>
#include <string>

TEST(Checkout, AddsPrices) { EXPECT_EQ(1 + 2 + 3, 6); }

TEST(Checkout, RoundsDown) {
  EXPECT_EQ(99, 100) << "größer 🚀 & <b>";
  EXPECT_EQ(std::string("a\nb"), "a\nc");
}

TEST(Checkout, ThrowsAnError) { throw std::runtime_error("card is null"); }

TEST(Checkout, Refunds) { GTEST_SKIP() << "no bank yet"; }

TEST(Checkout, DISABLED_GiftCards) {}

TEST(Checkout, TellsProperties) {
  std::cout << "printed\n";
  RecordProperty("test_key", "DEMO-7");
  RecordProperty("weight", 3);
}

class Pieces : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(Pieces, Cost) { EXPECT_EQ(GetParam().first * 10, GetParam().second); }

INSTANTIATE_TEST_SUITE_P(Prices, Pieces, ::testing::Values(std::pair(1, 10), std::pair(2, 20), std::pair(3, 31)));

template <typename T>
class Typed : public ::testing::Test {};
using Types = ::testing::Types<int, long>;
TYPED_TEST_SUITE(Typed, Types);
TYPED_TEST(Typed, IsZero) { EXPECT_EQ(TypeParam(), 0); }

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::Test::RecordProperty("build", "42");
  return RUN_ALL_TESTS();
}
