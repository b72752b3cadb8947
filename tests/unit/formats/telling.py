# SPDX-License-Identifier: Apache-2.0
"""A Report as plain JSON, short enough to read as a golden file: what is empty is left out, files are told by size and hash."""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Any

import msgspec

from radiograph.domain.clock import Instant, format_instant
from radiograph.domain.report import EvidenceFile


def told(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, EvidenceFile):
        return {"filename": value.filename, "type": value.content_type, "path": value.path} | _data(value)
    if isinstance(value, Instant):
        return format_instant(value.ms, value.offset)
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, msgspec.Struct):
        fields = {f.name: told(getattr(value, f.name)) for f in msgspec.structs.fields(value)}
        return {name: v for name, v in fields.items() if v not in (None, "", [], {}, (), False)}
    if isinstance(value, (list, tuple)):
        return [told(item) for item in value]
    return {k: told(v) for k, v in value.items()} if isinstance(value, dict) else value


def _data(file: EvidenceFile) -> dict[str, Any]:
    data = bytes(file.data or b"")
    return {"plain": file.plain, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()[:12]}
