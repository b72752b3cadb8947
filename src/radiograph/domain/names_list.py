# SPDX-License-Identifier: Apache-2.0
r"""Names in one parameter, with commas between them: `a,b\,c` is `a` and `b,c` (Xray docs, Tests - REST)."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?:\\.|[^,\\]|\\$)+", re.DOTALL)


def split_names(text: str) -> list[str]:
    r"""The names, without spaces around them, each once; `\,` is a comma, and a backslash before anything else goes too."""
    names = (re.sub(r"\\(.)", r"\1", found, flags=re.DOTALL).strip() for found in _NAME.findall(text))
    return list(dict.fromkeys(name for name in names if name))
