# SPDX-License-Identifier: Apache-2.0
"""JSON as a tree that opens and closes without a script: bounded in depth, in entries, in the length of its texts and of the whole."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from markupsafe import Markup

from radiograph.web.pages.markup import exact

MOST_BYTES = 2_000_000
"""Bigger files are shown as text."""
_MOST, _DEEPEST, _OPEN, _LONGEST = 2000, 40, 2, 2000
_ROOM, _AROUND = 120_000, 60
"""How many characters a tree has, about, and how many an entry costs beside its own."""


def json_tree(data: bytes) -> Markup | None:
    """The tree of a JSON file; None when it isn't JSON that can be read."""
    try:
        value = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return Markup(f'<div class="tree">{_Tree().node("", value, 0)}</div>')  # noqa: S704  (made of escaped pieces)


class _Tree:
    """A tree on its way; it knows how many entries and characters it may still have."""

    def __init__(self) -> None:
        self._left, self._room = _MOST, _ROOM

    def node(self, name: str, value: Any, depth: int) -> str:  # noqa: ANN401  (any JSON)
        """An entry with what is in it."""
        self._left -= 1
        label = f'<span class="name">{exact(_cut(name))}</span> ' if name else ""
        self._room -= len(label) + _AROUND
        if not isinstance(value, dict | list) or not value:
            plain = _plain(value)
            self._room -= len(plain)
            return f'<div class="leaf">{label}{plain}</div>'
        items = [(str(k), v) for k, v in (value.items() if isinstance(value, dict) else enumerate(value))]
        what = f"{{{len(items):,}}}" if isinstance(value, dict) else f"[{len(items):,}]"
        opened = " open" if depth < _OPEN and len(items) <= _MOST // 10 else ""
        return (
            f'<details{opened}><summary>{label}<span class="muted">{what}</span></summary><div>{self._inside(items, depth)}</div></details>'
        )

    def _inside(self, items: list[tuple[str, Any]], depth: int) -> str:
        if depth >= _DEEPEST:
            return '<div class="leaf muted">deeper levels are in the file</div>'
        shown: list[str] = []
        for name, value in items:
            if self._left <= 0 or self._room <= 0:
                shown.append(f'<div class="leaf muted">{len(items) - len(shown):,} more are in the file</div>')
                break
            shown.append(self.node(name, value, depth + 1))
        return "".join(shown)


def _plain(value: Any) -> str:  # noqa: ANN401  (any JSON)
    kind = "text" if isinstance(value, str) else "value"
    return f'<span class="{kind}">{exact(_cut(json.dumps(value, ensure_ascii=False)))}</span>'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
