# SPDX-License-Identifier: Apache-2.0
"""Feature files through the API: which Tests are in them, and how they are grouped."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from tests.contract.bodies import refused
from tests.contract.door import key_of
from tests.contract.gathered import define, gather, signed_in_as

from radiograph.domain.issues import TestType
from radiograph.domain.people import Role

if TYPE_CHECKING:
    from tests.contract.door import Door

    from radiograph.actions.services import Services

API = "/rest/raven/1.0/export/test"


def cucumber(door: Door, summary: str, **more: Any) -> str:
    return door.make("Test", customfield_10105={"value": "Cucumber"}, customfield_10107="Given x", summary=summary, **more)


def feature(door: Door, *keys: str) -> str:
    answer = door.http.get(API, params={"keys": ";".join(keys)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].endswith('.feature"')
    return answer.text


def files(door: Door, *keys: str, **query: Any) -> dict[str, str]:
    answer = door.http.get(API, params={"keys": ";".join(keys)} | query)
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_tests_are_exported_whatever_holds_them(door: Door, services: Services) -> None:
    test, other = cucumber(door, "Pays", labels=["smoke"]), door.make("Test")
    held, plan, story, before = (
        door.make("Test Set"),
        door.make("Test Plan"),
        door.make("Story", summary="Paying"),
        door.make("Precondition"),
    )
    gather(services, "set", held, test, other)
    gather(services, "plan", plan, test, other)
    gather(services, "requirement", story, test)
    gather(services, "precondition", before, test)
    define(services, before, TestType.CUCUMBER, "Given a basket")
    expected = (
        f"@REQ_{story}\nFeature: Paying\n\n\tBackground:\n\t\t#@PRECOND_{before}\n\t\tGiven a basket\n\n"
        f"\t@TEST_{test} @TESTSET_{held} @smoke\n\tScenario: Pays\n\t\tGiven x\n"
    )
    for key in (test, held, plan, story, before):
        assert feature(door, key) == expected, key
    execution = key_of(door.load({"testKey": test, "status": "TODO"}, {"testKey": other, "status": "TODO"}))
    assert feature(door, execution) == f"@{execution} {expected}"
    assert feature(door, test, held, story) == expected


def test_every_requirement_and_every_background_has_a_file_of_its_own(door: Door, services: Services) -> None:
    tests = [cucumber(door, name) for name in "abcd"]
    story, before = door.make("Story"), door.make("Precondition")
    gather(services, "requirement", story, *tests[:3])
    gather(services, "precondition", before, tests[2])
    define(services, before, TestType.CUCUMBER, "Given a basket")
    found = files(door, *tests)
    assert list(found) == [f"1_{story}.feature", f"2_{story}.feature", f"3_{tests[3]}.feature"]
    assert [text.count("Scenario:") for text in found.values()] == [2, 1, 1]
    assert ["Background" in text for text in found.values()] == [False, True, False]


def test_one_feature_is_a_zip_where_that_is_asked_for(door: Door) -> None:
    test = cucumber(door, "a")
    assert files(door, test, fz="true") == {f"1_{test}.feature": feature(door, test)}


def test_a_precondition_that_is_not_gherkin_is_no_background(door: Door, services: Services) -> None:
    test, before = cucumber(door, "a"), door.make("Precondition")
    gather(services, "precondition", before, test)
    define(services, before, TestType.MANUAL, "Sign in")
    assert "Background" not in feature(door, test)


def test_nothing_to_export_is_refused_and_says_why(door: Door) -> None:
    manual, plan = door.make("Test"), door.make("Test Plan")
    for key in (manual, plan):
        assert "no Cucumber Test" in refused(door.http.get(f"{API}?keys={key}"))
    assert "keys or a filter" in refused(door.http.get(API))
    assert refused(door.http.get(f"{API}?keys=DEMO-999"), 404)
    assert refused(door.http.get(f"{API}?filter=nightly"), 404)
    assert refused(door.http.get(f"{API}?keys={plan}&fz=maybe"))


def test_a_viewer_exports_and_a_stranger_finds_nothing(door: Door, services: Services) -> None:
    test = cucumber(door, "a")
    viewer = signed_in_as(services, door.http, Role.VIEWER)
    assert door.http.get(f"{API}?keys={test}", **viewer).status_code == 200


def test_a_stranger_exports_nothing(door: Door, services: Services) -> None:
    test = cucumber(door, "a")
    stranger = signed_in_as(services, door.http, None)
    assert refused(door.http.get(f"{API}?keys={test}", **stranger), 404)
