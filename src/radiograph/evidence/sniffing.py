# SPDX-License-Identifier: Apache-2.0
"""The type of a file, from its first bytes where the sender gave none or a wrong one."""

from __future__ import annotations

import mimetypes
import re

HEAD = 512
"""How many bytes are looked at."""
SAFE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "video/mp4", "video/webm"})
"""Types that a browser may show; everything else is a download."""
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,126}")
_FAMILIES = {"application", "audio", "font", "image", "message", "model", "text", "video"}
_MP4 = slice(4, 8)
_WEBP = slice(8, 12)


def sniff(head: bytes, declared: str, filename: str) -> str:
    """The type of a file: what its bytes say plainly, else a well-formed `declared` one, else by its name."""
    plain = _by_magic(head)
    if plain:
        return plain
    declared = declared.split(";", maxsplit=1)[0].strip().lower()
    well_formed = _TYPE.fullmatch(declared) and declared.split("/")[0] in _FAMILIES
    if well_formed and declared != "application/octet-stream" and not _pretends(declared):
        return declared
    guessed = mimetypes.guess_type(filename)[0]
    if guessed and not _pretends(guessed):
        return guessed
    return "text/plain" if _is_text(head) else "application/octet-stream"


def _by_magic(head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[_WEBP] == b"WEBP":
        return "image/webp"
    return "video/mp4" if head[_MP4] == b"ftyp" else ""


def _pretends(declared: str) -> bool:
    """A picture or film whose bytes don't say so is none."""
    return declared in {kind for _, kind in _MAGIC} | {"image/webp", "video/mp4"}


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head[: max(0, len(head) - 4)].decode()
    except UnicodeDecodeError:
        return False
    return True
