# SPDX-License-Identifier: Apache-2.0
"""Which addresses hooks may call."""

from __future__ import annotations

import ipaddress

import pytest

from radiograph.delivery.addresses import Target, is_public, read_address, resolve
from radiograph.domain.errors import Refused

INSIDE = (
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255",
    "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
    "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1",
)  # fmt: skip
OUTSIDE = ("1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1")


@pytest.mark.parametrize("number", INSIDE)
def test_what_is_inside_is_never_public_in_whatever_disguise(number: str) -> None:
    assert not is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", OUTSIDE)
def test_what_is_outside_is_public(number: str) -> None:
    assert is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "file:///etc/passwd", "a.example", "//a.example", "http://", "https://user:pw@a.example/", "http://a.example:99999/",
        "http://[::1", "http://a.example/\r\nX: y", "http://a.example/ b", "http://a.example\\@b.example/", "javascript:alert(1)", "",
        "http://a.example/" + "x" * 3000, "http://a.example/ü",
    ],
)  # fmt: skip
def test_what_is_no_address_that_can_be_called_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        read_address(url)


def test_the_parts_of_an_address_are_kept() -> None:
    assert read_address("https://a.example/x?y=1#z") == Target("https", "a.example", 443, "/x?y=1")
    assert read_address("http://a.example:8080") == Target("http", "a.example", 8080, "/")


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "::1"])
def test_names_and_odd_writings_of_the_loopback_are_refused_unless_they_are_allowed(host: str) -> None:
    with pytest.raises(Refused):
        resolve(Target("http", host, 80, "/"), private=False)


def test_an_allowed_private_name_resolves_to_a_number() -> None:
    assert ipaddress.ip_address(resolve(Target("http", "localhost", 80, "/"), private=True)).is_loopback


def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="isn't known"):
        resolve(Target("http", "nobody.invalid", 80, "/"), private=True)
