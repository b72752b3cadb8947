// SPDX-License-Identifier: Apache-2.0
#define BOOST_TEST_MODULE Shop
#include <boost/test/included/unit_test.hpp>
#include <boost/test/data/test_case.hpp>
#include <iostream>
#include <stdexcept>
namespace data = boost::unit_test::data;
namespace utf = boost::unit_test;

BOOST_AUTO_TEST_SUITE(Checkout)

BOOST_AUTO_TEST_CASE(adds_prices) { BOOST_TEST(1 + 2 + 3 == 6); }

BOOST_AUTO_TEST_CASE(rounds_down) {
  std::cout << "printed: größer & <b>\n";
  BOOST_TEST(99 == 100);
  BOOST_TEST(98 == 100, "still too low");
}

BOOST_AUTO_TEST_CASE(throws_an_error) { throw std::runtime_error("card is null"); }

BOOST_AUTO_TEST_CASE(refunds, *utf::disabled()) {}

BOOST_DATA_TEST_CASE(pieces, data::xrange(1, 4) ^ data::make({10, 20, 31}), number, price) { BOOST_TEST(number * 10 == price); }

BOOST_AUTO_TEST_SUITE_END()
