# SPDX-License-Identifier: Apache-2.0
"""Go, Ruby, PHP, Perl and the shell, as Debian has their tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.corpora.tool import Made, Shop, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def version(shop: Shop, command: Sequence[str], pattern: str = r"(\d+\.\d+(?:\.\d+)*)") -> str:
    """The first version that a command tells of itself."""
    found = re.search(pattern, shop.run(command).decode())
    return found[1] if found else "unknown"


def debian(shop: Shop, package: str) -> str:
    """The upstream version of a Debian package."""
    return version(shop, ["dpkg-query", "-W", "-f", "${Version}", package], r"^(?:\d+:)?(\d+(?:\.\d+)*)")


def _go(shop: Shop) -> Iterator[Made]:
    writer = f"gotestsum-{debian(shop, 'gotestsum')}"
    offline = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOCACHE": str(shop.folder.parent / "go-cache"), "GOTOOLCHAIN": "local"}
    shop.run(["gotestsum", "--junitfile", "report.xml", "--", "."], **offline)
    yield shop.take("report.xml", "junit", writer, "checkout")
    shop.run(["gotestsum", "--junitfile", "report.xml", "--rerun-fails=2", "--packages=./steady"], **offline)
    yield shop.take("report.xml", "junit", writer, "reruns")
    shop.run(["gotestsum", "--junitfile", "report.xml", "--", "./broken"], **offline)
    yield shop.take("report.xml", "junit", writer, "broken")


def _rspec(shop: Shop) -> Iterator[Made]:
    shop.run(["rspec", "--require", "rspec_junit_formatter", "--format", "RspecJunitFormatter", "--out", "report.xml", "checkout_spec.rb"])
    yield shop.take("report.xml", "junit", f"rspec-junit-formatter-{debian(shop, 'ruby-rspec-junit-formatter')}", "checkout")


def _phpunit(shop: Shop) -> Iterator[Made]:
    shop.run(["phpunit", "--no-configuration", "--log-junit", "report.xml", "CheckoutTest.php"])
    yield shop.take("report.xml", "junit", f"phpunit-{version(shop, ['phpunit', '--version'])}", "checkout")


def _perl(shop: Shop) -> Iterator[Made]:
    writer = f"perl-{version(shop, ['perl', '-e', 'printf q(%vd), $^V'])}"
    for case in ("checkout", "broken", "skipped"):
        yield shop.take(f"{case}.tap", "tap", writer, case, shop.run(["perl", f"{case}.t"]))
    printed = shop.run(["prove", "--verbose", "checkout.t", "broken.t", "skipped.t"])
    yield shop.take("prove.tap", "tap", f"prove-{version(shop, ['prove', '--version'])}", "checkout", printed)
    printed = shop.run(["prove", "--timer", "--formatter", "TAP::Formatter::JUnit", "checkout.t", "broken.t", "skipped.t"])
    yield shop.take("prove.xml", "junit", f"tap-formatter-junit-{debian(shop, 'libtap-formatter-junit-perl')}", "checkout", printed)


def _bats(shop: Shop) -> Iterator[Made]:
    writer = f"bats-{version(shop, ['bats', '--version'])}"
    yield shop.take("bats.tap", "tap", writer, "checkout", shop.run(["bats", "--formatter", "tap", "checkout.bats"]))
    yield shop.take("bats.tap", "tap", writer, "version-13", shop.run(["bats", "--formatter", "tap13", "--timing", "checkout.bats"]))
    yield shop.take("bats.xml", "junit", writer, "checkout", shop.run(["bats", "--formatter", "junit", "checkout.bats"]))


_PERL_JUNIT = "/usr/share/perl5/TAP/Formatter/JUnit.pm"
TOOLS = [
    Tool("go", "go", ("go", "gotestsum", "dpkg-query"), _go),
    Tool("rspec", "rspec", ("rspec", "dpkg-query", "/usr/share/doc/ruby-rspec-junit-formatter"), _rspec),
    Tool("phpunit", "phpunit", ("phpunit",), _phpunit),
    Tool("perl", "perl", ("perl", "prove", "dpkg-query", _PERL_JUNIT), _perl),
    Tool("bats", "bats", ("bats",), _bats),
]
