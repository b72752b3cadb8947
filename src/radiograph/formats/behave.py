# SPDX-License-Identifier: Apache-2.0
"""Reads the JSON of Behave's own formatter."""

from __future__ import annotations

import re

from radiograph.formats.gherkin_json import read_features
from radiograph.formats.gherkin_results import Dialect
from radiograph.formats.reading import Format

_SECONDS = Dialect(unit=1.0, own_status=True)
_FEATURES = re.compile(r"\s*\[\s*\{")
_NAMED = re.compile(r'"(?:elements|keyword)"\s*:')
_LOCATION = re.compile(r'"location"\s*:\s*"[^"]*\.feature:\d+"')
_LINE = re.compile(r'"(?:uri|line)"\s*:')


def is_features(head: str) -> bool:
    """Whether a report begins as a list of features."""
    return bool(_FEATURES.match(head) and _NAMED.search(head))


def is_behave(head: str) -> bool:
    """Whether it is Behave's own: places are told as `location`, not as `uri` and `line`."""
    return is_features(head) and bool(_LOCATION.search(head)) and not _LINE.search(head)


FORMAT = Format("behave", "Behave JSON", is_behave, lambda source, options: read_features(source, options, _SECONDS))
