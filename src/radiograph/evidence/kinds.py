# SPDX-License-Identifier: Apache-2.0
"""How a file of evidence is shown. What isn't known to be safe is at most shown as text, character for character."""

from __future__ import annotations

from radiograph.evidence.sniffing import SAFE_TYPES

_TEXT_TYPES = {
    "application/xml", "application/yaml", "application/x-yaml", "application/javascript", "application/x-ndjson", "application/x-sh",
    "application/sql", "application/toml", "application/x-httpd-php",
}  # fmt: skip
_TEXT_NAMES = (
    ".log", ".txt", ".out", ".err", ".csv", ".tsv", ".xml", ".yaml", ".yml", ".md", ".ini", ".properties", ".html", ".htm", ".svg", ".js", ".css",
    ".diff", ".patch", ".feature", ".ndjson", ".jsonl",
)  # fmt: skip
_UNKNOWN = "application/octet-stream"


def kind_of(content_type: str, filename: str) -> str:
    """`image`, `video`, `har`, `json`, `text`, `trace` (of Playwright) or `file`; only the first two are given to a browser as they are."""
    family, name = content_type.partition("/")[0], filename.lower()
    if content_type in SAFE_TYPES and family in {"image", "video"}:
        return family
    if name.endswith("trace.zip"):
        return "trace"
    if name.endswith(".har"):
        return "har"
    if (
        content_type == "application/json"
        or content_type.endswith("+json")
        or (name.endswith(".json") and family in {"text", "application"})
    ):
        return "json"
    plain = family == "text" or content_type in _TEXT_TYPES or content_type.endswith("+xml")
    return "text" if plain or (content_type == _UNKNOWN and name.endswith(_TEXT_NAMES)) else "file"
