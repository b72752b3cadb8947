# SPDX-License-Identifier: Apache-2.0
"""What is read of Robot Framework's output."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tests.unit.formats.cells import Cell, Cells, Without

if TYPE_CHECKING:
    from radiograph.domain.report import Report

_STATUS = '<status status="{}" start="2026-11-26T10:00:00.000000" elapsed="0.5">{}</status>'
_MERGED = (
    '*HTML* <span class="merge">Test has been re-executed and results merged.</span><hr>'
    '<span class="new-status">New status:</span> <span class="pass">PASS</span><br><hr>'
    '<span class="old-status">Old status:</span> <span class="fail">FAIL</span><br>'
    '<span class="old-message">Old message:</span> 1 &lt; 2<br>'
)
_PICTURE = '<img src="data:image/png;base64,YQ==">'


def status(word: str, message: str = "") -> str:
    """A status element."""
    return _STATUS.format(word, escape(message))


def report(*bodies: str) -> bytes:
    """A report of one suite with a test of each body."""
    tests = "".join(f'<test id="t{i}" name="T{i}">{body}</test>' for i, body in enumerate(bodies))
    return f'<robot generator="Robot 7.5" generated="2026-11-26T10:00:00"><suite name="S">{tests}{status("PASS")}</suite></robot>'.encode()


def _statuses(found: Report) -> None:
    assert [r.status for r in found.results] == ["PASS", "FAIL", "TODO", "BLOCKED"]


def _keys(found: Report) -> None:
    assert [r.tags for r in found.results] == [["DEMO-6", "TEST_DEMO-7", "smoke"]]


def _requirements(found: Report) -> None:
    assert [r.tags for r in found.results] == [["REQ_DEMO-2"]]


def _steps(found: Report) -> None:
    assert [(s.status, s.comment, s.actual) for s in found.results[0].steps] == [
        ("PASS", "", "Setup: Open"),
        ("FAIL", "no luck", "${x} =    Try    1"),
        ("TODO", "", "Log    x"),
    ]


def _evidence(found: Report) -> None:
    assert [(f.filename, bytes(f.data or b"")) for f in found.results[0].steps[0].evidence] == [("screenshot-1.png", b'"YQ=="')]


def _retries(found: Report) -> None:
    assert [(r.status, [(a.status, a.comment) for a in r.attempts]) for r in found.results] == [("PASS", [("FAIL", "1 < 2")])]


CELLS: Cells = {
    "statuses": Cell(report(*map(status, ("PASS", "FAIL", "SKIP", "BLOCKED"))), _statuses),
    "keys": Cell(report("<tag>DEMO-6</tag><tag>TEST_DEMO-7</tag><tag>smoke</tag><tag>robot:skip</tag>" + status("PASS")), _keys),
    "requirements": Cell(report("<tag>REQ_DEMO-2</tag>" + status("PASS")), _requirements),
    "steps": Cell(
        report(
            f'<kw name="Open" type="SETUP">{status("PASS")}</kw>'
            f'<kw name="Try"><msg level="FAIL">no luck</msg><var>${{x}}</var><arg>1</arg>{status("FAIL", "no luck")}</kw>'
            f'<kw name="Log"><arg>x</arg>{status("NOT RUN")}</kw>' + status("FAIL", "no luck")
        ),
        _steps,
    ),
    "examples": Without("Robot Framework has no scenario outlines: a template's rows are steps"),
    "iterations": Without("the rows of a test template are keywords, and so steps"),
    "evidence": Cell(
        report(f'<kw name="Shoot"><msg level="INFO" html="true">{escape(_PICTURE)}</msg>{status("PASS")}</kw>' + status("PASS")), _evidence
    ),
    "retries": Cell(report(status("PASS", _MERGED)), _retries),
}
