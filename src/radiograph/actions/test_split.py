# SPDX-License-Identifier: Apache-2.0
"""Some runs of a Test become a Test of their own, whose name results find it by from then on; it undoes a merge, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.test_edit import checked_summary
from radiograph.actions.test_names import checked_name
from radiograph.actions.tests import to_change
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Problem, Refused
from radiograph.domain.issues import Definition, IssueFields, IssueType, TestType
from radiograph.domain.people import Caller, Right
from radiograph.insight import flakiness
from radiograph.store import audit, executions, issues, run_splits, test_belongings, test_history, test_names, test_reads, test_versions
from radiograph.store.changes import note_changes
from radiograph.store.issue_deletes import lock_all_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.store.run_splits import Division, Held
    from radiograph.store.test_history import VersionRow
    from radiograph.store.test_reads import TestRow

FIELD = "Split"
"""The field that the history of both Tests names."""
_SEPARATOR = " + "


class Choice(Struct):
    """Which runs go, by one of: a set of environments (names with ` + ` between them, "-" for none), versions, a date (UTC ms).

    `name` is that of the new Test, `keys` are earlier keys that go with it.
    """

    name: str
    environments: str = ""
    versions: Sequence[int] = ()
    since: int | None = None
    keys: Sequence[str] = ()


class Ways(Struct):
    """How a Test can be split: its sets of environments with how many runs each has, its versions, its keys and names."""

    row: TestRow
    environments: dict[str, int]
    versions: list[VersionRow]
    runs: dict[int, int]
    keys: list[str]
    names: list[str]


class Split(Struct):
    """What a split does or did: `runs` become the new Test's (its key is "" before), `staying` stay; `divided` runs are in both."""

    source: TestRow
    key: str
    name: str
    runs: int
    staying: int
    divided: int


def ways_of(services: Services, caller: Caller, key: str) -> Ways:
    """How a Test can be split. Raises IssueNotFound, Forbidden, Refused."""
    with services.db.read() as conn:
        row = to_change(conn, caller, key, Right.EDIT_ISSUE)
        held = run_splits.runs_of(conn, row.id)
        counts: dict[str, int] = {}
        for names in _environments(conn, held).values():
            counts[names] = counts.get(names, 0) + 1
        aliases = [a.text for a in test_names.aliases_of(conn, row.id)]
        versions, runs = test_history.versions_of(conn, row.id), test_history.runs_by_version(conn, row.id)
        return Ways(row, counts, versions, runs, test_history.keys_of(conn, row.id), aliases)


def _environments(conn: sa.Connection, held: Sequence[Held]) -> dict[int, str]:
    """By run: its set of environments as a choice names it."""
    found = executions.environments_of(conn, {h.execution_id for h in held})
    return {h.id: _SEPARATOR.join(found.get(h.execution_id, ())) or "-" for h in held}


def preview_split(services: Services, caller: Caller, key: str, choice: Choice) -> Split:
    """What splitting a Test would do. Raises IssueNotFound, Forbidden, Refused, Conflict."""
    with services.db.read() as conn:
        row = to_change(conn, caller, key, Right.EDIT_ISSUE)
        return _planned(conn, row, choice)[0]


def split_test(services: Services, caller: Caller, key: str, choice: Choice) -> Split:
    """Split a Test, in one transaction. Raises IssueNotFound, Forbidden, Refused, Conflict."""
    with services.db.write() as conn:
        lock_all_projects(conn)
        row = to_change(conn, caller, key, Right.EDIT_ISSUE)
        split, division = _planned(conn, row, choice)
        new_id, split.key = _make(conn, caller, row, split.name, _definition(conn, row, choice))
        run_splits.divide(conn, division, new_id)
        _share_versions(conn, row, new_id, _version_ids(conn, row, choice))
        test_belongings.copy_belongings(conn, row.id, new_id)
        test_belongings.copy_flakiness(conn, row.id, new_id)
        flakiness.look_again(conn, new_id)
        _move_keys(conn, row, new_id, choice.keys)
        _note(conn, caller, split, new_id)
    return split


def _planned(conn: sa.Connection, row: TestRow, choice: Choice) -> tuple[Split, Division]:
    name = checked_name(row.definition.type, choice.name)
    _check_free(conn, row, name)
    wrong = [k for k in choice.keys if k not in test_history.keys_of(conn, row.id)]
    if wrong:
        raise Refused(f"{wrong[0]} is no earlier key of {row.key}.", [Problem("keys", "is no earlier key of the Test")])
    held = run_splits.runs_of(conn, row.id)
    division = _division(conn, row, held, choice)
    staying = len(held) - len(division.whole)
    if not division.results:
        raise Refused("No run goes: nothing was chosen that a run has.", [Problem("runs", "none is chosen")])
    if not staying:
        raise Refused(f"All runs would go, and {row.key} would have none: rename it instead.", [Problem("runs", "all are chosen")])
    return Split(row, "", name, division.results, staying, len(division.divided)), division


def _check_free(conn: sa.Connection, row: TestRow, name: str) -> None:
    wanted = test_names.named(row.id, row.project_id, row.definition.type, name)
    owner = test_names.owner_of(conn, wanted)
    if owner is not None:
        raise Conflict(f"{owner} has the name {name[:80]!r} now: results of it are its own. Choose another name.")
    if any(a.test_id != row.id for a in test_names.aliases_by_hash(conn, [wanted.hash])):
        raise Conflict(f"Another Test had the name {name[:80]!r}. Choose another name, or remove it there.")


def _division(conn: sa.Connection, row: TestRow, held: Sequence[Held], choice: Choice) -> Division:
    ways = [bool(choice.environments), bool(choice.versions), choice.since is not None]
    if sum(ways) != 1:
        problem = "choose the runs by one of: a set of environments, versions, or a date"
        raise Refused(f"{problem[0].upper()}{problem[1:]}.", [Problem("runs", problem)])
    if choice.versions:
        return run_splits.by_versions(conn, held, _version_ids(conn, row, choice))
    if choice.since is not None:
        return run_splits.by_runs(held, {h.id for h in held if h.at_ms >= (choice.since or 0)})
    return run_splits.by_runs(held, {i for i, names in _environments(conn, held).items() if names == choice.environments})


def _version_ids(conn: sa.Connection, row: TestRow, choice: Choice) -> set[int]:
    known = {v.number: v.id for v in test_history.versions_of(conn, row.id, 10**6)}
    missing = [n for n in choice.versions if n not in known]
    if missing:
        raise Refused(f"{row.key} has no version {missing[0]}.", [Problem("versions", f"there is no version {missing[0]}")])
    return {known[n] for n in choice.versions}


def _definition(conn: sa.Connection, row: TestRow, choice: Choice) -> Definition:
    """The definition of the new Test: its name, or that of the newest version that goes, or what the other has now."""
    if row.definition.type is TestType.GENERIC:
        return Definition(TestType.GENERIC, choice.name.strip())
    newest = test_reads.find_version(conn, row.id, max(choice.versions)) if choice.versions else None
    return newest.definition if newest else row.definition


def _make(conn: sa.Connection, caller: Caller, row: TestRow, name: str, definition: Definition) -> tuple[int, str]:
    """The new Test, which says what the other says but for its name."""
    generic = definition.type is TestType.GENERIC
    summary = " ".join(name.split())[:255] if generic else checked_summary(name)
    fields = IssueFields(summary=summary, description=row.description or None, labels=row.labels or None)
    new = issues.NewIssue(project_id=row.project_id, type=IssueType.TEST, fields=fields, definition=definition)
    made = issues.create_issue(conn, new, caller.id)
    test_names.remove_aliases(conn, [test_names.names_of(conn, [made[0]])[made[0]].hash])
    return made


def _share_versions(conn: sa.Connection, row: TestRow, new_id: int, chosen: set[int]) -> None:
    """Give the new Test the versions that its runs ran: those that nothing of the other needs, and copies of the others."""
    going = test_versions.used_versions(conn, new_id) | (chosen or {row.current_id})
    needed = test_versions.used_versions(conn, row.id) | {row.current_id}
    test_versions.give_versions(conn, sorted(going - needed), new_id)
    copied = test_versions.copy_versions(conn, row.project_id, sorted(going & needed), new_id)
    run_splits.point_to(conn, new_id, copied)
    test_versions.drop_repeated_current(conn, new_id)
    for test_id in (row.id, new_id):
        test_versions.number_versions(conn, test_id)
    test_versions.copy_files(conn, row.project_id, new_id)


def _move_keys(conn: sa.Connection, row: TestRow, new_id: int, keys: Sequence[str]) -> None:
    if keys:
        test_belongings.move_keys(conn, keys, row.id, new_id)


def _note(conn: sa.Connection, caller: Caller, split: Split, new_id: int) -> None:
    row, now = split.source, now_ms()
    runs = f"{split.runs} {'run' if split.runs == 1 else 'runs'}"
    note_changes(conn, "issue", (row.project_id, row.id), caller.id, now, [(FIELD, "", f"{runs} went to {split.key} {split.name}")])
    note_changes(conn, "issue", (row.project_id, new_id), caller.id, now, [(FIELD, "", f"{runs} came from {row.key} {row.summary}")])
    counts = {"runs": split.runs, "divided": split.divided}
    audit.note(conn, caller.id, "test.split", f"{row.key} to {split.key}", counts, project_id=row.project_id)
