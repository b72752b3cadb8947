# SPDX-License-Identifier: Apache-2.0
"""A large zip of Allure results, as allure-pytest writes them: at most 100,000, since a zip of more files is refused."""

from __future__ import annotations

import json
import tempfile
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

from radiograph.formats.archive import MOST_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRACE = "\n".join(f'  File "/project/shop/part_{n}.py", line {n}, in step_{n}\n    assert total == expected_{n}' for n in range(12))
_START = 1_700_000_000_000
_PIECE = 1 << 20
_DAY_ONE = (1980, 1, 1, 0, 0, 0)


def report(cases: int) -> Iterator[bytes]:
    """The zip, piece by piece."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number in range(min(cases, MOST_MEMBERS)):
                name = f"allure-results/{uuid.UUID(int=number)}-result.json"
                archive.writestr(zipfile.ZipInfo(name, _DAY_ONE), json.dumps(_result(number)), zipfile.ZIP_DEFLATED)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _result(number: int) -> dict[str, Any]:
    failed = number % 10 == 3  # noqa: PLR2004  (one in ten)
    suite, test = f"test_part_{number // 50}", f"test_case_{number}"
    labels = {"severity": "normal", "feature": f"Part {number // 500}", "suite": suite, "host": "ci", "framework": "pytest"}
    steps = [{"name": f"Step {n}", "status": "passed", "start": _START + number, "stop": _START + number} for n in range(2)]
    details = {"message": f"AssertionError: total of {number} is wrong", "trace": _TRACE}
    return {
        "name": test, "status": "failed" if failed else "passed", **({"statusDetails": details} if failed else {}),
        "steps": steps, "start": _START + number * 10, "stop": _START + number * 10 + 7, "uuid": str(uuid.UUID(int=number)),
        "historyId": f"{number:032x}", "testCaseId": f"{number:032x}", "fullName": f"tests.{suite}#{test}",
        "labels": [{"name": n, "value": v} for n, v in labels.items()],
    }  # fmt: skip
