# SPDX-License-Identifier: Apache-2.0
"""What the tags of a result mean: the key of its Test, of requirements or of the Test Execution, or a label. Pure.

`TEST_KEY` names a Test and `REQ_KEY` a requirement; a bare key is what the issue of that key is (Xray docs, Import
Execution Results: Robot Framework, Cucumber). A tag that is the key of nothing here is a label.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from radiograph.domain.issues import EXECUTION_TYPES, IssueType
from radiograph.domain.keys import parse_issue_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from radiograph.domain.report import Report, TestResult

_NAMED = re.compile(r"(TEST|REQ)_(.+)", re.IGNORECASE)
_NO_REQUIREMENT = {IssueType.PRECONDITION, IssueType.TEST_SET, IssueType.TEST_PLAN}


def keys_in(tags: Iterable[str]) -> set[str]:
    """The keys that tags may be, in capitals."""
    return {key for tag in tags for key in _keys(tag)}


def _keys(tag: str) -> list[str]:
    named = _NAMED.fullmatch(tag)
    return [t.strip().upper() for t in ((tag, named[2]) if named else (tag,)) if parse_issue_key(t)]


def read_tags(report: Report, result: TestResult, types: Mapping[str, IssueType]) -> None:
    """Give a result, and the report, what its tags say; `types` are the types of the issues of `keys_in` that exist.

    A result that has a key keeps it; of several Tests the first counts, and a warning says so.
    """
    labels: list[str] = []
    tests: list[str] = []
    for tag in dict.fromkeys(result.tags):
        key, kind = _meant(tag, types)
        if kind is IssueType.TEST:
            tests.append(key)
        elif kind in EXECUTION_TYPES:
            report.execution_key = report.execution_key or key
        elif key and result.info is not None and kind not in _NO_REQUIREMENT:
            result.info.requirement_keys = list(dict.fromkeys([*result.info.requirement_keys, key]))
        else:
            labels.append(tag)
    result.test_key = result.test_key or (tests[0] if tests else "")
    if len(tests) > 1:
        result.warnings.append(f"{result.path}: its tags name {len(tests)} Tests, {', '.join(tests)}; the first was taken")
    if labels and result.info is not None:
        result.info.labels = list(dict.fromkeys([*(result.info.labels or []), *labels]))
    result.tags = []


def _meant(tag: str, types: Mapping[str, IssueType]) -> tuple[str, IssueType | None]:
    """The key that a tag names ("" for none), and the type of its issue; what it is named as goes before what it is."""
    bare = tag.strip().upper()
    if bare in types:
        return bare, types[bare]
    named = _NAMED.fullmatch(tag.strip())
    if named is None or not parse_issue_key(named[2]):
        return "", None
    return named[2].upper(), IssueType.TEST if named[1].upper() == "TEST" else IssueType.REQUIREMENT
