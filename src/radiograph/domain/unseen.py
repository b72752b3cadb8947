# SPDX-License-Identifier: Apache-2.0
"""Characters that can't be seen, or that turn what is around them: shown by their number, so that nothing hides in a text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TURNS = "\u202a-\u202e\u2066-\u2069"
_HIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_SCRIPTS = "\u061c\u200e\u200f\u180e\u115f\u1160\u3164\uffa0"
_IN_TEXT = re.compile(f"([{_TURNS}{_HIDDEN}])")
_IN_TRACES = re.compile(f"([{_TURNS}{_HIDDEN}{_SCRIPTS}\r]|(?<=[\\x00-\\x7f])[\u200c\u200d](?=[\\x00-\\x7f]))")


def pieces(text: str, *, exact: bool) -> Iterator[tuple[str, str]]:
    """The text in pieces: (what can be seen, "") and (a number such as `U+202E`, the character's name) in turn.

    With `exact`, as for traces, marks that some scripts need are shown too.
    """
    for i, piece in enumerate((_IN_TRACES if exact else _IN_TEXT).split(text)):
        if i % 2:
            yield f"U+{ord(piece):04X}", unicodedata.name(piece, "a control character")
        elif piece:
            yield piece, ""
