# SPDX-License-Identifier: Apache-2.0
"""Test tools of other languages, run where they are installed: what their fresh reports are read into.

Which ones aren't is said at the end of a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripts.corpora import java, native, scripting
from tests.tools.told import Told, read

if TYPE_CHECKING:
    from scripts.corpora.tool import Tool

PASS, FAIL, TODO = "PASS", "FAIL", "TODO"
TOOLS = {tool.name: tool for tool in [*java.TOOLS, *scripting.TOOLS, *native.TOOLS]}
QUICK = {
    "testng": {
        "testng checkout": {
            "What three things cost": PASS,
            "pieces": FAIL,
            "refunds": TODO,
            "isSteadyAtLast": PASS,
            "anErrorIsThrown": FAIL,
        },
        "junit closed": {"neverRuns": TODO, "opens": FAIL},
    },
    "go": {
        "junit checkout": {"TestAddsPrices": PASS, "TestPieces/3_pieces": FAIL, "TestRefunds": TODO, "TestError": FAIL},
        "junit broken": {},
    },
    "rspec": {
        "junit checkout": {"adds prices": PASS, "3 pieces cost 31": FAIL, "refunds": TODO, "vouchers": TODO, "an error is thrown": FAIL},
    },
    "phpunit": {
        "junit checkout": {"testAddsPrices": PASS, 'with data set "three & <b>"': FAIL, "testGiftCards": TODO, "testWarns": FAIL},
    },
    "perl": {
        "tap checkout": {"adds prices": PASS, "3 pieces cost 31": FAIL, "vouchers": TODO, "part two": PASS},
        "tap broken": {"before the fall": PASS},
        "tap skipped": {},
        "junit checkout": {"1 - adds prices": PASS, "4 - 3 pieces cost 31": FAIL},
    },
    "bats": {
        "tap checkout": {"adds prices": PASS, "rounds down": FAIL, "refunds": TODO, "an error is thrown": FAIL},
        "tap version-13": {"adds prices": PASS, "rounds down": FAIL, "refunds": TODO, "an error is thrown": FAIL},
        "junit checkout": {"adds prices": PASS, "rounds down": FAIL, "refunds": TODO, "an error is thrown": FAIL},
    },
    "ctest": {
        "junit checkout": {
            "adds-prices": PASS,
            "rounds-down": FAIL,
            "refunds": TODO,
            "takes-too-long": FAIL,
            "gift-cards": TODO,
            "vouchers": TODO,
            "fails-as-it-should": PASS,
        },
    },
    "check": {"tap checkout": {"adds_prices": PASS, "rounds_down": FAIL, "crashes": FAIL}},
    "cmocka": {"junit checkout": {"rounds_down": FAIL, "refunds": TODO}, "tap checkout": {"rounds_down": FAIL}},
    "nunit": {"nunit checkout": {"AddsPrices": PASS, "Pieces": FAIL, "Refunds": TODO, "CannotTell": TODO, "AnErrorIsThrown": FAIL}},
}
"""What the reports of the tools that need no long build have, by format and case: statuses by the end of the summary."""


def made(tool: Tool) -> dict[str, Told]:
    """The reports of a tool, read, by format and case."""
    return {f"{report.format} {report.case}": read(report) for report in tool.reports()}


@pytest.mark.parametrize("name", QUICK)
def test_an_installed_tools_reports_are_read_with_the_status_of_each_test(name: str) -> None:
    tool = TOOLS[name]
    if tool.missing():
        return  # the summary at the end names it
    reports = made(tool)
    for case, expected in QUICK[name].items():
        found = reports[case]
        assert found.report.refused == []
        assert {summary: found.one(summary).status for summary in expected} == expected, case
    if name == "testng":
        pieces, steady = reports["testng checkout"].one("pieces"), reports["testng checkout"].one("isSteadyAtLast")
        assert [round_.status for round_ in pieces.iterations] == [PASS, PASS, FAIL]
        assert [attempt.status for attempt in steady.attempts] == [FAIL, FAIL]
