// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void adds_prices(void **state) {
  (void)state;
  assert_int_equal(1 + 2 + 3, 6);
}

static void rounds_down(void **state) {
  (void)state;
  assert_string_equal("größer & <b>", "smaller");
}

static void refunds(void **state) {
  (void)state;
  skip();
}

static int broken(void **state) {
  (void)state;
  return -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adds_prices),
      cmocka_unit_test(rounds_down),
      cmocka_unit_test(refunds),
      cmocka_unit_test_setup(adds_prices, broken),
  };
  return cmocka_run_group_tests_name("Checkout", tests, NULL, NULL);
}
