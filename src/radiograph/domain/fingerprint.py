# SPDX-License-Identifier: Apache-2.0
"""A number that failures of one cause share."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

READ, _LENGTH = 800, 600
"""How many characters of a trace is looked at, and how much of what is left of it counts."""
_DIGITS = bytes.maketrans(b"0123456789", b"~" * 10)
_PLAIN = bytes.maketrans(b"0123456789\\", b"~" * 10 + b"/")
_AFTER = re.compile(rb"~[~a-fA-Fx]*")
_BEFORE = re.compile(rb"~[a-fA-F]+")
"""For a text that is turned round: a search for one sign is ten times as fast as one for any of twelve letters."""
# Each begins with a sign that is rare, or with one of few: one expression for all of them takes forty times as long.
_DRIVE = re.compile(rb"(?:file:|[A-Za-z]:)$")
_SLASH, _KEPT_FOLDERS = ord("/"), 2
_MONTHS = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# Names of days and months before a number, turned round too.
_MONTH = re.compile(rb"~([ -])[a-z]*(?:naJ|beF|raM|rpA|yaM|nuJ|luJ|guA|peS|tcO|voN|ceD)")
_NAMED = re.compile(rb"~[ -],?[a-z]+[A-Z]")
"""Where there may be one: quicker than looking for nineteen names."""
_DAY = re.compile(rb"~ ,?[a-z]*(?:noM|euT|deW|uhT|irF|taS|nuS)")
_AFTER_DAY = re.compile(rb"~[ -]" + _MONTHS + rb"\b")
_SPAN = re.compile(rb"~(?:[.,]~)* ?(?:ns|us|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|milliseconds?)\b")
_NUMBER = re.compile(
    rb"~(?:-~-~[T ]~:~(?::~)?(?:[.,]~)?(?:Z|[+-]~(?::~)?)?"  # a moment
    rb"|-(?:[~a-fA-F]+-){3}[~a-fA-F]+"  # a UUID
    rb"|:~:~(?:[.,]~)?(?: [+-]~)?|(?:[.,]~)+)",  # a time of day, a decimal
)
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0e-\x1f\x7f]")
_RANDOM = re.compile(
    r"\b(?:0x[0-9a-fA-F]{4,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,})\b"
)
_HEADLINE = 200


def fingerprint(trace: str) -> int | None:
    """A signed 64-bit number of a trace without what differs from run to run; None for an empty one.

    Left out are numbers, addresses, ids, hashes, moments, spans of time, and all but the end of paths: builds lie in other
    folders on other machines (docs/decisions/0024-what-a-failure-is-known-by.md).
    """
    return _digest(_plain(trace)) if trace else None


def earlier_fingerprint(trace: str) -> int | None:
    """The number that versions before 0.2 gave a trace; their rows have it still."""
    if not trace:
        return None
    return _digest(_without_numbers(b" ".join(trace[:_LENGTH].encode("utf-8", "replace").translate(_DIGITS).split())))


def headline(trace: str) -> str:
    """The first line of a trace that says something, without colours, addresses and ids: what failures of one cause are called."""
    for line in trace[:4000].splitlines():
        text = _RANDOM.sub("…", " ".join(_ESCAPE.sub("", line).split()))
        if text:
            return text if len(text) <= _HEADLINE else f"{text[: _HEADLINE - 1]}…"
    return ""


def outline(line: str) -> str:
    """A line as all failures with one fingerprint share it: `expected …, got …`."""
    return _plain(line).decode("utf-8", "replace").replace("~", "…")


def _plain(trace: str) -> bytes:
    words = trace[:READ].encode("utf-8", "replace").translate(_PLAIN).split()
    text = b" ".join([_end(w) if _SLASH in w else w for w in words])
    text = _NUMBER.sub(b"~", _SPAN.sub(b"~ s", _without_numbers(text)))
    turned = text[::-1]
    if _NAMED.search(turned):
        text = _DAY.sub(b"~", _MONTH.sub(rb"~\1~", turned))[::-1]
    return _AFTER_DAY.sub(b"~ ~", text)[:_LENGTH]


def _without_numbers(text: bytes) -> bytes:
    # Bytes, and digits first: three times as fast as one expression, and an import does this for every failure.
    return _BEFORE.sub(b"~", _AFTER.sub(b"~", text)[::-1])[::-1]


@lru_cache(maxsize=4096)  # the traces of a project are of the same files
def _end(word: bytes) -> bytes:
    """A path's last two names where it has three or more; whole when it has less, as addresses of an API do."""
    if word.count(b"/") <= _KEPT_FOLDERS:
        return word
    before, _, path = word.partition(b"/")
    parts = path.rsplit(b"/", _KEPT_FOLDERS)
    if not parts[0].strip(b"/"):
        return word
    return (_DRIVE.sub(b"", before) if before.endswith(b":") else before) + parts[1] + b"/" + parts[2]


def _digest(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)
