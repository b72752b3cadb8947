#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0

@test "adds prices" {
  [ $((1 + 2 + 3)) -eq 6 ]
}

@test "rounds down" {
  run echo 99
  echo "printed: größer 🚀"
  [ "$output" -eq 100 ]
}

@test 'Grüße 日本語 🚀 & <b>"quotes"</b> # 1' {
  echo "# to the terminal" >&3
  true
}

@test "refunds" {
  skip "no bank yet"
}

@test "an error is thrown" {
  no-such-command
}

@test "is steady at last" {
  BATS_TEST_RETRIES=2
  [ "$BATS_TEST_TRY_NUMBER" -eq 2 ]
}
