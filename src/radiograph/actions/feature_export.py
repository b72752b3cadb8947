# SPDX-License-Identifier: Apache-2.0
"""Cucumber Tests as feature files, asked for by Tests or by the issues that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.search import select
from radiograph.domain.errors import Refused
from radiograph.domain.features import language_of
from radiograph.domain.issues import EXECUTION_TYPES, IssueType, TestType
from radiograph.formats.feature_export import Feature, Scenario, file_name, write_feature, zip_features
from radiograph.store import test_reads
from radiograph.store.preconditions import preconditions_of_tests

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.preconditions import PreconditionRow
    from radiograph.store.test_reads import HeadRow, LinkedRow, TestRow

MOST_TESTS = 5000
"""How many Tests are exported at once at most."""


class Exported(Struct, frozen=True):
    """A file to download."""

    name: str
    data: bytes


def export_features(services: Services, caller: Caller, keys: str, saved_filter: str, *, zipped: bool) -> Exported:
    """The Cucumber Tests of these keys (with `;` between them) and of a saved filter, as a feature file or a zip of several.

    A key may be of a Test or of an issue that has Tests. Raises IssueNotFound, and Refused when there is no Cucumber Test.
    """
    listed = [k for part in keys.split(";") for k in part.split(",") if k.strip()]
    if not listed and not saved_filter:
        raise Refused("Give keys or a filter.")
    with services.db.read() as conn:
        ids = select(conn, caller, tuple(IssueType), keys=listed, saved_filter=saved_filter)
        features = _features(conn, caller, list(test_reads.heads(conn, ids).values()))
    if not features:
        raise Refused("There is no Cucumber Test among them: only Cucumber Tests can be exported as features.")
    if zipped or len(features) > 1:
        return Exported("features.zip", zip_features(features))
    return Exported(file_name(1, features[0]), write_feature(features[0]).encode())


class _Held(Struct):
    """The Tests to write, the execution that each is exported for (""), and what belongs to them."""

    tests: list[tuple[str, TestRow]]
    requirements: dict[int, LinkedRow]
    sets: dict[int, list[LinkedRow]]
    backgrounds: dict[int, list[PreconditionRow]]


def _features(conn: sa.Connection, caller: Caller, asked: list[HeadRow]) -> list[Feature]:
    """One feature for the Tests of one execution that cover one requirement, have the same Preconditions and are in one language."""
    held = _gather(conn, caller, asked)
    groups: dict[tuple[str, int, tuple[int, ...], str], list[TestRow]] = {}
    for execution, test in held.tests:
        requirement = held.requirements.get(test.id)
        before = tuple(p.id for p in held.backgrounds.get(test.id, ()))
        place = (execution, requirement.id if requirement else 0, before, language_of(test.definition.text)[0])
        groups.setdefault(place, []).append(test)
    return [_feature(execution, tests, held) for (execution, *_), tests in groups.items()]


def _gather(conn: sa.Connection, caller: Caller, asked: list[HeadRow]) -> _Held:
    places: dict[tuple[str, int], None] = {}
    for head in asked:
        single = head.type is IssueType.TEST
        found = [head.id] if single else test_reads.held_tests(conn, head.type, head.id, TestType.CUCUMBER, MOST_TESTS + 1)
        places |= dict.fromkeys((head.key if head.type in EXECUTION_TYPES else "", i) for i in found)
        if len(places) > MOST_TESTS:
            raise Refused(f"More than {MOST_TESTS} Tests can't be exported at once: name fewer issues.")
    ids = list(dict.fromkeys(i for _, i in places))
    rows = {r.id: r for r in test_reads.tests(conn, ids) if caller.role_in(r.project_id) and r.definition.type is TestType.CUCUMBER}
    covered, sets = test_reads.covered(conn, ids), test_reads.sets_of(conn, ids)
    before = preconditions_of_tests(conn, ids)
    return _Held(
        [(execution, rows[i]) for execution, i in places if i in rows],
        {i: r for i, r in covered.items() if caller.role_in(r.project_id)},
        {i: [s for s in listed if caller.role_in(s.project_id)] for i, listed in sets.items()},
        {i: [p for p in listed if p.type is TestType.CUCUMBER and caller.role_in(p.project_id)] for i, listed in before.items()},
    )


def _feature(execution: str, tests: list[TestRow], held: _Held) -> Feature:
    requirement = held.requirements.get(tests[0].id)
    key = requirement.key if requirement else execution or tests[0].key
    tags = [execution] if execution else []
    tags += [f"REQ_{requirement.key}"] if requirement else []
    name = requirement.summary if requirement else f"Tests of {execution or tests[0].key.rpartition('-')[0]}"
    background = [(p.key, p.definition) for p in held.backgrounds.get(tests[0].id, ())]
    scenarios = [_scenario(test, held.sets.get(test.id, [])) for test in tests]
    return Feature(key, name, tags, background, scenarios, language_of(tests[0].definition.text)[0])


def _scenario(test: TestRow, sets: list[LinkedRow]) -> Scenario:
    outline = test.definition.scenario_type.lower().endswith("outline") or "Examples:" in test.definition.text
    labels = [label for label in test.labels if not label.endswith(".feature")]  # the path that an import found it at
    return Scenario(test.key, test.summary, test.definition.text, outline, [*(f"TESTSET_{s.key}" for s in sets), *labels])
