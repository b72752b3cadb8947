# SPDX-License-Identifier: Apache-2.0
"""Files inside Cucumber's and Behave's JSON, which stay where they are in the report's bytes."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING

import msgspec
import pybase64

from radiograph.domain.report import EvidenceFile
from radiograph.formats.gherkin_wire import text_of
from radiograph.formats.reading import plain_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.formats.gherkin_wire import WireEmbedding

LOG = "text/x.cucumber.log+plain"
"""What cucumber-js makes of `this.log()`: what the JVM and Ruby write as `output`."""
_TEXT = re.compile(r"text/|.*\b(?:json|xml|javascript|yaml)\b", re.IGNORECASE)
_BASE64 = re.compile(rb'"[A-Za-z0-9+/=_-]*"')
_LOOKED_AT = 4096
_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
    "image/bmp": "bmp", "text/plain": "txt", "text/html": "html", "text/csv": "csv", "text/xml": "xml", "text/uri-list": "txt",
    "application/json": "json", "application/xml": "xml", "application/pdf": "pdf", "application/zip": "zip",
    "video/mp4": "mp4", "video/webm": "webm", LOG: "txt",
}  # fmt: skip


def embedded(embeddings: Sequence[WireEmbedding], path: str) -> tuple[list[EvidenceFile], list[str]]:
    """The files of a step or hook, and what it logged."""
    files, printed = [], []
    for i, embedding in enumerate(embeddings):
        kind = _kind(embedding)
        token = memoryview(embedding.data)
        file = EvidenceFile(_name(embedding, kind, i), kind, token or None, f"{path}.embeddings[{i}]")
        text = _plain(token, embedding) if _TEXT.match(kind) else None
        if kind.startswith(LOG):
            printed.append(_logged(token) if text is None else text)
            continue
        if text is not None:
            file = plain_file(file.filename, kind, text.encode("utf-8", "replace"), file.path)
        files.append(file)
    return files, printed


def output_file(printed: Sequence[str], path: str) -> list[EvidenceFile]:
    """What was printed, as one file; none when nothing was."""
    text = "\n".join(filter(None, printed))
    return [plain_file("system-out.txt", "text/plain", text.encode("utf-8", "replace"), f"{path}.output")] if text else []


def _kind(embedding: WireEmbedding) -> str:
    media = embedding.media.get("type") if isinstance(embedding.media, dict) else embedding.media
    return (text_of(embedding.mime_type) or text_of(media)).strip()


def _name(embedding: WireEmbedding, kind: str, index: int) -> str:
    plain = kind.partition(";")[0].strip().lower()
    ending = _ENDINGS.get(plain, "txt" if plain.startswith("text/") else "bin")
    name = " ".join(text_of(embedding.name).split())
    return (name if "." in name[-6:] else f"{name}.{ending}") if name else f"embedding-{index + 1}.{ending}"


def _plain(token: memoryview, embedding: WireEmbedding) -> str | None:
    """The text of an embedding that is no base64: cucumber-js before 7 wrote texts as they are."""
    if not len(token) or bytes(token[:1]) != b'"':
        return None
    media = embedding.media if isinstance(embedding.media, dict) else {}
    if text_of(media.get("encoding")).lower() == "base64" or _is_base64(token):
        return None
    try:
        return str(msgspec.json.decode(token))
    except UnicodeDecodeError:  # a report's bytes needn't be UTF-8 everywhere
        return None


def _is_base64(token: memoryview) -> bool:
    """Whether a JSON text is the base64 of a text; one word of four letters could be both, and is seldom the base64 of one."""
    if not _BASE64.fullmatch(token):
        return False
    head = bytes(token[1:-1][:_LOOKED_AT])
    try:
        text = pybase64.urlsafe_b64decode(head[: len(head) // 4 * 4].translate(bytes.maketrans(b"+/", b"-_"))) if head else b""
        text[:-4].decode("utf-8") if len(head) == _LOOKED_AT else text.decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    return True


def _logged(token: memoryview) -> str:
    try:
        return pybase64.b64decode(bytes(token[1:-1])).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
