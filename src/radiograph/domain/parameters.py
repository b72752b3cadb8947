# SPDX-License-Identifier: Apache-2.0
"""Parameters in the texts of a Test's steps: `${name}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = re.compile(r"\$\{([^{}]{1,255})\}")


def resolved(text: str, values: Mapping[str, str]) -> str:
    """The text with each `${name}` replaced by its value; those without one stay as they are."""
    if not values or "${" not in text:
        return text
    return _PARAMETER.sub(lambda found: values.get(found[1], values.get(found[1].strip(), found[0])), text)
