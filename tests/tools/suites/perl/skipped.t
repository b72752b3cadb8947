# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More skip_all => "no network";
