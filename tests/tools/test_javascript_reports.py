# SPDX-License-Identifier: Apache-2.0
"""JavaScript's test tools, run here: what their fresh reports are read into."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest
from scripts.corpora import npm
from tests.tools.told import Told, read

if TYPE_CHECKING:
    from scripts.corpora.tool import Made

PASS, FAIL, TODO = "PASS", "FAIL", "TODO"
SHOP = {
    "adds prices": PASS,
    "1 pieces cost 10": PASS,
    "2 pieces cost 20": PASS,
    "3 pieces cost 31": FAIL,
    'Grüße 日本語 🚀 & <b>"quotes"</b>': PASS,
    "an error is thrown": FAIL,
    "refunds": TODO,
    "gift cards": TODO,
}
"""What every suite of the shop has, by the end of a test's summary."""
DISCOUNT = {"rounds down": FAIL, "is steady at last": PASS}


@functools.cache
def reports(tool: str) -> dict[tuple[str, str], Made]:
    """The reports of a tool by format and case; it fails where the tool can't be installed or run."""
    found = next(t for t in npm.LIVE if t.name == tool)
    missing = found.missing()
    assert not missing, f"{', '.join(missing)} isn't installed: install it, or leave these tests out with RADIOGRAPH_TEST_SKIP=tools"
    return {(made.format, f"{made.writer.rsplit('-', 1)[0]} {made.case}"): made for made in found.reports()}


def told(tool: str, kind: str, case: str) -> Told:
    return read(reports(tool)[kind, case])


@pytest.mark.parametrize(
    ("tool", "kind", "case", "expected"),
    [
        ("jest", "junit", "jest-junit checkout", SHOP | DISCOUNT | {"gift cards": PASS}),  # jest-junit doesn't tell `todo`
        ("jest", "ctrf", "jest-ctrf-json-reporter checkout", SHOP | DISCOUNT),
        ("mocha", "junit", "mocha xunit", SHOP | DISCOUNT),
        ("mocha", "tap", "mocha checkout", SHOP | DISCOUNT),
        ("mocha", "tap", "mocha version-13", SHOP | DISCOUNT),
        ("mocha", "ctrf", "mocha-ctrf-json-reporter checkout", SHOP | DISCOUNT),
        ("mocha", "trx", "mocha-trx-reporter checkout", SHOP | DISCOUNT),
        ("mocha", "allure", "allure-mocha checkout", SHOP | DISCOUNT),
        ("vitest", "junit", "vitest checkout", SHOP | DISCOUNT),
        ("vitest", "tap", "vitest checkout", SHOP | DISCOUNT),
        ("playwright", "junit", "playwright-test checkout", SHOP | {"is steady at last": PASS, "fails as it should": PASS}),
        ("playwright", "ctrf", "playwright-ctrf-json-reporter checkout", SHOP | {"is steady at last": PASS, "is never steady": FAIL}),
        ("playwright", "allure", "allure-playwright checkout", SHOP | {"is steady at last": PASS, "is never steady": FAIL}),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_a_suite_is_read_with_the_status_of_each_test(tool: str, kind: str, case: str, expected: dict[str, str]) -> None:
    found = told(tool, kind, case)
    assert found.report.refused == []
    assert {name: found.one(name).status for name in expected} == expected
    for name in ("3 pieces cost 31", "an error is thrown"):
        assert {"3 pieces cost 31": "31", "an error is thrown": "null"}[name] in found.one(name).comment


@pytest.mark.parametrize(("kind", "case"), [("junit", "mocha-junit-reporter checkout"), ("xunit", "mocha-xunit-reporter checkout")])
def test_reporters_that_leave_out_what_was_skipped(kind: str, case: str) -> None:
    found = told("mocha", kind, case)
    expected = {name: status for name, status in (SHOP | DISCOUNT).items() if status != TODO}
    assert {name: found.one(name).status for name in expected} == expected


def test_the_names_of_a_test_and_of_its_class_are_its_definition() -> None:
    found = told("jest", "junit", "jest-junit options")
    assert found.definition("rounds down") == "Checkout with a discount.rounds down"


@pytest.mark.parametrize(
    ("tool", "kind", "case", "tries"),
    [
        ("jest", "ctrf", "jest-ctrf-json-reporter checkout", 2),
        ("mocha", "ctrf", "mocha-ctrf-json-reporter checkout", 2),
        ("mocha", "allure", "allure-mocha checkout", 2),
        ("playwright", "junit", "playwright-test retries", 1),
        ("playwright", "ctrf", "playwright-ctrf-json-reporter checkout", 1),
        ("playwright", "allure", "allure-playwright checkout", 1),
    ],
)
def test_tries_before_the_last_one_are_attempts(tool: str, kind: str, case: str, tries: int) -> None:
    steady = told(tool, kind, case).one("is steady at last")
    assert [attempt.status for attempt in steady.attempts] == [FAIL] * tries
    assert steady.status == PASS


@pytest.mark.parametrize(("kind", "case"), [("junit", "playwright-test checkout"), ("ctrf", "playwright-ctrf-json-reporter checkout")])
def test_annotations_of_playwright_name_the_test_and_its_requirements(kind: str, case: str) -> None:
    named = [r for r in told("playwright", kind, case).report.results if r.test_key]
    assert [(r.test_key, r.info.requirement_keys if r.info else None) for r in named] == [("DEMO-8", ["DEMO-1"])]


def test_files_that_a_report_names_and_does_not_hold_are_told() -> None:
    failed = told("playwright", "junit", "playwright-test checkout").one("3 pieces cost 31")
    assert any("error-context.md" in warning for warning in failed.warnings)


def test_files_attached_in_playwright_are_evidence_in_allure() -> None:
    found = told("playwright", "allure", "allure-playwright checkout")
    assert {"note.txt", "dot.png", "stdout.txt"} <= set(found.files('Grüße 日本語 🚀 & <b>"quotes"</b>'))


def test_scenarios_of_cucumber_have_steps_rows_tags_and_files() -> None:
    found = told("cucumber-js", "cucumber", "cucumber-js checkout")
    assert [s.status for s in found.one("Rounds down").steps] == [PASS, PASS, FAIL, TODO]
    assert found.one("1 pieces").examples == [PASS, PASS, FAIL]
    assert {"DEMO-1", "DEMO-7", "fast"} <= set(found.one("Adds prices").tags)
    assert found.one("Is steady at last").status == PASS
    assert len(found.files('Attachments & "quotes" <b>')) >= 3
    expected = {"Nobody knows how": TODO, "Not yet": TODO, "Refunds": TODO, "Two know how": FAIL}
    assert {name: found.one(name).status for name in expected} == expected


@pytest.mark.parametrize("kind", ["tap", "junit"])
def test_nodes_own_runner(kind: str) -> None:
    found = told("node", kind, "node checkout")
    expected = {"adds prices": PASS, "3 pieces cost 31": FAIL, "refunds": TODO, "gift cards": TODO, "vouchers": TODO, "part two": PASS}
    assert {name: found.one(name).status for name in expected} == expected
    assert "timed out" in found.one("takes too long").comment
