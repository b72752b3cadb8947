# SPDX-License-Identifier: Apache-2.0
"""C, C++ and .NET's tools as Debian has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.corpora.scripting import debian, version
from scripts.corpora.tool import Made, Shop, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator

_CPP = ["g++", "-std=c++17", "-O0", "-o", "checkout", "checkout.cpp"]


def _googletest(shop: Shop) -> Iterator[Made]:
    shop.run([*_CPP, "-lgtest", "-lpthread"])
    shop.run(["./checkout", "--gtest_output=xml:report.xml"])
    yield shop.take("report.xml", "junit", f"googletest-{debian(shop, 'libgtest-dev')}", "checkout")


def _catch2(shop: Shop) -> Iterator[Made]:
    shop.run(_CPP)
    shop.run(["./checkout", "--reporter", "junit", "--out", "report.xml"])
    writer = f"catch2-{debian(shop, 'catch2')}"
    yield shop.take("report.xml", "junit", writer, "checkout")


def _doctest(shop: Shop) -> Iterator[Made]:
    shop.run(_CPP)
    shop.run(["./checkout", "--reporters=junit", "--out=report.xml"])
    yield shop.take("report.xml", "junit", f"doctest-{debian(shop, 'doctest-dev')}", "checkout")


def _boost(shop: Shop) -> Iterator[Made]:
    shop.run(_CPP)
    shop.run(["./checkout", "--logger=JUNIT,all,report.xml"])
    yield shop.take("report.xml", "junit", f"boost-test-{debian(shop, 'libboost-test-dev')}", "checkout")


def _ctest(shop: Shop) -> Iterator[Made]:
    shop.run(["cmake", "-S", ".", "-B", "build"])
    shop.run(["ctest", "--test-dir", "build", "--output-junit", str(shop.folder / "report.xml")])
    yield shop.take("report.xml", "junit", f"ctest-{version(shop, ['ctest', '--version'])}", "checkout")


def _check(shop: Shop) -> Iterator[Made]:
    shop.run(["gcc", "-o", "checkout", "checkout.c", "-lcheck", "-lsubunit", "-lm", "-lrt", "-lpthread"])
    tap = shop.folder / "report.tap"
    shop.run(["./checkout"], CK_TAP_LOG_FILE_NAME=str(tap))
    yield shop.take("report.tap", "tap", f"check-{debian(shop, 'check')}", "checkout")


def _cmocka(shop: Shop) -> Iterator[Made]:
    shop.run(["gcc", "-o", "checkout", "checkout.c", "-lcmocka"])
    writer = f"cmocka-{debian(shop, 'libcmocka-dev')}"
    shop.run(["./checkout"], CMOCKA_MESSAGE_OUTPUT="XML", CMOCKA_XML_FILE=str(shop.folder / "report.xml"))
    yield shop.take("report.xml", "junit", writer, "checkout")
    yield shop.take("report.tap", "tap", writer, "checkout", shop.run(["./checkout"], CMOCKA_MESSAGE_OUTPUT="TAP"))


def _nunit(shop: Shop) -> Iterator[Made]:
    shop.run(["mcs", "-target:library", "-out:checkout.dll", "-pkg:nunit", "Checkout.cs"])
    shop.run(["nunit-console", "-nologo", "-noshadow", "-xml=report.xml", "checkout.dll"])
    yield shop.take("report.xml", "nunit", f"nunit-console-{debian(shop, 'nunit-console')}", "checkout")


TOOLS = [
    Tool("googletest", "googletest", ("g++", "dpkg-query", "/usr/include/gtest"), _googletest),
    Tool("catch2", "catch2", ("g++", "dpkg-query", "/usr/include/catch2"), _catch2),
    Tool("doctest", "doctest", ("g++", "dpkg-query", "/usr/include/doctest"), _doctest),
    Tool("boost-test", "boost", ("g++", "dpkg-query", "/usr/include/boost/test"), _boost),
    Tool("ctest", "ctest", ("cmake", "ctest"), _ctest),
    Tool("check", "check", ("gcc", "dpkg-query", "/usr/include/check.h"), _check),
    Tool("cmocka", "cmocka", ("gcc", "dpkg-query", "/usr/include/cmocka.h"), _cmocka),
    Tool("nunit", "nunit", ("mcs", "nunit-console", "dpkg-query"), _nunit),
]
