# SPDX-License-Identifier: Apache-2.0
"""A report of endless results is refused before it fills the memory, whatever its format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from radiograph.domain.errors import UnreadableReport
from radiograph.formats import reading
from radiograph.formats.known import formats
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

MOST = 100
_CUCUMBER = {
    "keyword": "Feature",
    "name": "f",
    "uri": "f",
    "elements": [{"keyword": "Scenario", "name": "s", "type": "scenario", "steps": []}] * 200,
}
_BEHAVE = json.loads(next(iter(sorted((Path(__file__).parents[2] / "fixtures" / "reports" / "behave").glob("*.json")))).read_text("utf-8"))[
    :1
]
_BEHAVE[0]["elements"] = [_BEHAVE[0]["elements"][-1] | {"name": f"s{i}", "location": f"f:{i}"} for i in range(200)]
REPORTS = {
    "junit": b"<testsuite>" + b"<testcase/>" * 200 + b"</testsuite>",
    "testng": b"<testng-results>" + b"<test-method name='a' status='PASS'/>" * 200 + b"</testng-results>",
    "nunit": b"<test-run>" + b"<test-case fullname='a' result='Passed'/>" * 200 + b"</test-run>",
    "xunit": b"<assemblies><assembly><collection>" + b"<test name='a' result='Pass'/>" * 200 + b"</collection></assembly></assemblies>",
    "trx": b"<TestRun><Results>" + b"<UnitTestResult testName='a' outcome='Passed'/>" * 200 + b"</Results></TestRun>",
    "robot": b"<robot><suite name='s'>" + b"<test name='a'><status status='PASS'/></test>" * 200 + b"</suite></robot>",
    "tap": b"TAP version 13\n" + b"ok\n" * 200,
    "ctrf": json.dumps({"results": {"tool": {"name": "x"}, "tests": [{"name": "a", "status": "passed"}] * 200}}).encode(),
    "cucumber": json.dumps([_CUCUMBER]).encode(),
    "behave": json.dumps(_BEHAVE).encode(),
    "xray": json.dumps({"tests": [{"testKey": "A-1", "status": "PASS"}] * 200}).encode(),
}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_report_of_too_many_results_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_RESULTS", MOST)
    with pytest.raises(UnreadableReport, match="it has more than 100 results; send it in several reports"):
        read_reports([Source("", memoryview(REPORTS[name]))], name, ReadOptions())


def test_every_format_but_archives_is_asked() -> None:
    assert REPORTS.keys() == {name for name, kind in formats().items() if kind.holds_results is None}
