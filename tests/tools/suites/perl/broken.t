# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More tests => 3;

ok 1, "before the fall";
die "the shop is closed\n";
