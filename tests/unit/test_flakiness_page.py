# SPDX-License-Identifier: Apache-2.0
"""The page about flakiness says what the rule finds now."""

from __future__ import annotations

from scripts import flakiness

from radiograph.domain.flakiness import judge


def test_the_tables_of_the_page_are_what_the_simulation_finds() -> None:
    page = flakiness.PAGE.read_text("utf-8")
    assert flakiness.with_tables(page) == page, "run python -m scripts.flakiness --write"


def test_breaks_fixes_and_outages_are_never_called_flaky_and_frequent_flakiness_is_found() -> None:
    for world in flakiness.WORLDS:
        called = dict.fromkeys(flakiness.KINDS, 0)
        for kind, results in flakiness.histories(world):
            called[kind] += judge(results) is not None
        assert [k for k, n in called.items() if n and not k.startswith("flaky") and "service" not in k] == [], world
        assert called["flaky at 30%"] == flakiness.KINDS["flaky at 30%"], world
