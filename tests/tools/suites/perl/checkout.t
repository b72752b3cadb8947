# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Test::More tests => 11;

binmode Test::More->builder->$_, ":utf8" for qw(output failure_output todo_output);

is 1 + 2 + 3, 6, "adds prices";
for my $row ([1, 10], [2, 20], [3, 31]) {
    my ($pieces, $price) = @$row;
    is 10 * $pieces, $price, "$pieces pieces cost $price";
}
ok 1, 'Grüße 日本語 🚀 & <b>"quotes"</b> # 1';
note "noted: größer 🚀";
diag "warned: rounding";
is_deeply {cents => 99}, {cents => 100}, "rounds down";
SKIP: {
    skip "no bank yet", 1;
}
TODO: {
    local $TODO = "not yet";
    ok 0, "vouchers";
    ok 1, "gift cards";
}
subtest "a test with parts" => sub {
    plan tests => 2;
    ok 1, "part one";
    ok 1, "part two";
};
ok 0;
