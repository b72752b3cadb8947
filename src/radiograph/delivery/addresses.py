# SPDX-License-Identifier: Apache-2.0
"""Which addresses may be called: never one inside the network that the server stands in, unless the operator allows it."""

from __future__ import annotations

import ipaddress
import socket
from typing import TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

from radiograph.domain.errors import Refused, cut

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}
_LONGEST = 2000


class Target(Struct, frozen=True):
    """Where a call goes: `path` has the query too."""

    scheme: str
    host: str
    port: int
    path: str


def read_address(url: str) -> Target:
    """The parts of an http(s) address; raises Refused for what can't be called."""
    problem = f"The address {cut(url)!r} can't be called: "
    if len(url) > _LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise Refused(f"{problem}it has characters that an address can't have, or too many.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(f"{problem}it can't be read.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Refused(f"{problem}give one that begins with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"{problem}a name and password in it would be seen; use a secret part of the path.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise Refused(f"{problem}write characters outside ASCII as %XX.")
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet: not private, loopback, link-local, multicast or reserved, in any disguise."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inside is None and address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(target: Target, *, private: bool) -> str:
    """The address to connect to, as a number: what was looked at is what is called.

    Raises Refused when the name isn't known, or when one of its addresses is not public and `private` ones aren't allowed.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(f"The name {cut(target.host)!r} isn't known here.") from None
    numbers = [str(info[4][0]).partition("%")[0] for info in found]
    if not private and not all(is_public(ipaddress.ip_address(n)) for n in numbers):
        raise Refused(f"{cut(target.host)!r} is inside the network of the server; the setting hooks_private would allow it.")
    return numbers[0]
