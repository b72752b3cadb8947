// SPDX-License-Identifier: Apache-2.0
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

START_TEST(adds_prices) { ck_assert_int_eq(1 + 2 + 3, 6); }
END_TEST

START_TEST(rounds_down) { ck_assert_msg(99 == 100, "größer & <b>"); }
END_TEST

START_TEST(pieces) { ck_assert_int_lt(_i, 2); }
END_TEST

START_TEST(crashes) { abort(); }
END_TEST

int main(void) {
  Suite *suite = suite_create("Checkout");
  TCase *core = tcase_create("core");
  tcase_add_test(core, adds_prices);
  tcase_add_test(core, rounds_down);
  tcase_add_loop_test(core, pieces, 0, 3);
  tcase_add_test(core, crashes);
  suite_add_tcase(suite, core);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_SILENT);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
