# SPDX-License-Identifier: Apache-2.0
"""Feature files become Cucumber Tests and Preconditions (Xray docs, Importing Cucumber Tests - REST), in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from radiograph.actions.feature_issues import Conditions, complete, read_fields
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Forbidden, Problem, Refused, cut
from radiograph.domain.features import Feature, Head, Matcher, Meaning, Scenario, keys_in, meaning, steps_of
from radiograph.domain.folders import ROOT, Board, path_names
from radiograph.domain.import_plan import KnownTest, TestChange
from radiograph.domain.issues import Definition, IssueType, TestType
from radiograph.domain.people import Caller, Right
from radiograph.formats.features import read_feature_files
from radiograph.formats.reading import MAX_SUMMARY
from radiograph.store import audit, definitions, feature_reads, folders, import_reads, projects, relations, test_reads
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.feature_issues import NewFields
    from radiograph.actions.services import Services
    from radiograph.formats.reading import Source
    from radiograph.store.projects import ProjectRow
    from radiograph.store.test_reads import TestRow

UNPACKED = 256 * 1024 * 1024
"""So much may come out of the zips of one request, in bytes."""


class FeatureImport(Struct, kw_only=True):
    """What to import, and how: `test_info` and `precondition_info` are Jira bodies for the issues that are created."""

    sources: Sequence[Source]
    project_key: str
    update_repository: bool = False
    test_info: Any = None
    precondition_info: Any = None


class Imported(Struct):
    """The Tests, one for each scenario in the order of the files, the Preconditions, and what could not be imported."""

    tests: list[tuple[int, str]] = field(default_factory=list)
    preconditions: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class NoTestsImported(Refused):
    """There are no valid tests imported"""


def import_features(services: Services, caller: Caller, wanted: FeatureImport) -> Imported:
    """Import feature files; what can't be is in `problems`, beside what was.

    Raises NoTestsImported when nothing can be, Refused for an unknown project, Forbidden.
    """
    features, problems = read_feature_files(wanted.sources, min(UNPACKED, services.settings.max_body))
    with services.db.write() as conn:
        project = _project(conn, caller, wanted.project_key)
        fields = read_fields(conn, wanted.test_info, wanted.precondition_info)
        lock_projects(conn, {project.id, *fields.projects(conn, caller), *(h.project_id for h in _heads(conn, caller, features).values())})
        heads = _heads(conn, caller, features)
        work = _Importing(conn, caller, project, heads, fields, Imported(problems=problems))
        found = work.decide(features)
        if not found:
            raise NoTestsImported(details=problems)
        work.write(found)
        if wanted.update_repository:
            work.place(found)
        work.note()
    return work.done


def _project(conn: sa.Connection, caller: Caller, key: str) -> ProjectRow:
    if not key:
        raise Refused("Error assembling issue data: project is required. Give projectKey.", [Problem("projectKey", "is required")])
    project = projects.find_project(conn, key.strip().upper())
    if project is None or caller.role_in(project.id) is None:
        text = f"Project {cut(key)} was not found."
        raise Refused(text, [Problem("projectKey", text)])
    if not caller.may(Right.IMPORT, project.id):
        raise Forbidden("Your role in this project does not allow to import Tests; it takes at least tester.")
    return project


def _heads(conn: sa.Connection, caller: Caller, features: Sequence[Feature]) -> dict[str, Head]:
    found = {key: Head(*head) for key, head in import_reads.issue_heads(conn, keys_in(features)).items()}
    return {key: head for key, head in found.items() if caller.role_in(head.project_id) is not None}


class _Found(Struct):
    """A scenario to write: its Test (None: a new one; `renamed`: it had the scenario's name before) and what it changes."""

    feature: Feature
    scenario: Scenario
    said: Meaning
    test_id: int | None = None
    keyed: bool = False
    renamed: bool = False
    change: TestChange | None = None


class _Importing:
    """One import under way, its projects held."""

    def __init__(
        self, conn: sa.Connection, caller: Caller, project: ProjectRow, heads: dict[str, Head], fields: NewFields, done: Imported
    ) -> None:
        """Take what is known, and where to tell what is done."""
        self._conn, self._caller, self._project, self._heads = conn, caller, project, heads
        self._fields, self.done = fields, done
        self._tests: dict[int, TestRow] = {}
        self._counts = dict.fromkeys(("created", "updated", "unchanged"), 0)

    def decide(self, features: Sequence[Feature]) -> list[_Found]:
        """The scenarios that can be imported, each with its Test."""
        all_found = [_Found(f, s, meaning(s, self._heads)) for f in features for s in f.scenarios]
        for found in all_found:
            self._told(found, found.said.problems)
        named = {head.id for head in self._heads.values() if head.type is IssueType.TEST}
        self._tests = {row.id: row for row in test_reads.tests(self._conn, sorted(named))}
        taken: dict[int, _Found] = {}
        good = [found for found in all_found if self._by_key(found, taken) and self._has_name(found)]
        self._match([found for found in good if found.test_id is None], features, taken)
        return good

    def _told(self, found: _Found, problems: Sequence[str]) -> bool:
        self.done.problems += [Problem(f"{found.feature.path} line {found.scenario.line}", p) for p in problems]
        return not problems

    def _by_key(self, found: _Found, taken: dict[int, _Found]) -> bool:
        """Give a scenario the Test that its tags name; False for one that can't be imported."""
        if any(p.startswith("@TEST_") for p in found.said.problems):
            return False
        keys = list(dict.fromkeys(found.said.tests))
        if len(keys) > 1:
            return self._told(found, [f"its tags name several Tests: {', '.join(keys)}"])
        if not keys:
            return True
        head = self._heads[keys[0]]
        row = self._tests.get(head.id)
        problems = []
        if row is None or row.definition.type is not TestType.CUCUMBER:
            problems.append(f"{keys[0]} is no Cucumber Test")
        if not self._caller.may(Right.IMPORT, head.project_id):
            problems.append(f"your role does not allow to change {keys[0]}")
        if head.id in taken:
            other = taken[head.id]
            problems.append(f"{keys[0]} is the scenario at {other.feature.path} line {other.scenario.line} already")
        found.test_id, found.keyed = head.id, True
        taken.setdefault(head.id, found)
        return self._told(found, problems)

    def _has_name(self, found: _Found) -> bool:
        name = found.scenario.name
        problems = ["it has no name and no Test key"] if not name and found.test_id is None else []
        problems += [f"its name has more than {MAX_SUMMARY} characters"] if len(name) > MAX_SUMMARY else []
        return self._told(found, problems)

    def _match(self, unnamed: Sequence[_Found], features: Sequence[Feature], taken: dict[int, _Found]) -> None:
        """Find the Tests of scenarios whose tags name none."""
        candidates = feature_reads.candidates(self._conn, self._project.id, {f.scenario.name for f in unnamed}) if unnamed else []
        matcher = Matcher(candidates, {f.label for f in features}, taken)
        for found in unnamed:
            found.test_id = matcher.find(found.feature.label, found.scenario.name, found.said.labels)
            found.renamed = found.test_id in matcher.renamed
        missing = [f.test_id for f in unnamed if f.test_id is not None]
        self._tests |= {row.id: row for row in test_reads.tests(self._conn, missing)}

    def write(self, all_found: Sequence[_Found]) -> None:
        """Create and change the Tests, and what they belong to."""
        now = now_ms()
        for found in all_found:
            found.change = self._change(found)
        changes = [f.change for f in all_found if f.change is not None]
        definitions.write_tests(self._conn, [c for c in changes if _says_something(c)], self._caller.id, now)
        complete(self._conn, self._caller, self._fields, IssueType.TEST, [c.test.id for c in changes if c.created])
        relations.link_requirements(self._conn, [(r, _id(f)) for f in all_found for r in f.said.requirements])
        for owner in dict.fromkeys(i for f in all_found for i in f.said.sets):
            self._gather(IssueType.TEST_SET, owner, [f for f in all_found if owner in f.said.sets])
        for owner in dict.fromkeys(i for f in all_found for i in f.said.conditions):
            self._gather(IssueType.PRECONDITION, owner, [f for f in all_found if owner in f.said.conditions])
        self._conditions(all_found)
        self.done.tests = [(c.test.id, c.test.key) for c in changes]

    def _gather(self, kind: IssueType, owner: int, members: Sequence[_Found]) -> None:
        key, head = next((k, h) for k, h in self._heads.items() if h.id == owner)
        if self._caller.may(Right.IMPORT, head.project_id):
            relations.add_tests(self._conn, kind, owner, list(map(_id, members)))
        else:
            self._told(members[0], [f"your role does not allow to change {key}"])

    def _conditions(self, all_found: Sequence[_Found]) -> None:
        """Let the Preconditions of backgrounds stand before the Tests of their files, and before no others of them."""
        work = Conditions(self._conn, self._caller, self._project.id, self._heads, self._fields)
        held = relations.owners_of(self._conn, IssueType.PRECONDITION, list(map(_id, all_found)))
        add: dict[int, list[int]] = {}
        remove: dict[int, list[int]] = {}
        for found in all_found:
            wanted = work.of(found.feature, found.scenario)
            for owner in wanted:
                add.setdefault(owner, []).append(_id(found))
            for owner in work.outdated(found.feature, held.get(_id(found), []), [*wanted, *found.said.conditions]):
                remove.setdefault(owner, []).append(_id(found))
        for owner, tests in add.items():
            relations.add_tests(self._conn, IssueType.PRECONDITION, owner, tests)
        for owner, tests in remove.items():
            relations.remove_tests(self._conn, IssueType.PRECONDITION, owner, tests)
        self.done.problems += work.problems
        self.done.preconditions = list(work.found.items())

    def _change(self, found: _Found) -> TestChange:
        scenario = found.scenario
        wanted = Definition(TestType.CUCUMBER, scenario.text, "Scenario Outline" if scenario.outline else "Scenario")
        row = self._tests[found.test_id] if found.test_id is not None else None
        if row is None:
            test = KnownTest(0, "", self._project.id, TestType.CUCUMBER)
            labels = list(dict.fromkeys((found.feature.label, *found.said.labels)))
            self._counts["created"] += 1
            return TestChange(test, created=True, summary=scenario.name, labels=labels, definition=wanted)
        test = KnownTest(row.id, row.key, row.project_id, TestType.CUCUMBER, row.version_id)
        change = TestChange(test, created=False, number=row.number + 1)
        change.summary = scenario.name if scenario.name not in {"", row.summary} and not found.renamed else None
        labels = list(dict.fromkeys((*row.labels, *(() if found.keyed else (found.feature.label,)), *found.said.labels)))
        change.labels = labels if labels != row.labels else None
        same = (steps_of(row.definition.text), row.definition.scenario_type or "Scenario") == (wanted.text, wanted.scenario_type)
        change.definition = None if same else wanted
        self._counts["updated" if _says_something(change) else "unchanged"] += 1
        return change

    def place(self, all_found: Sequence[_Found]) -> None:
        """Put the project's Tests into the folders of their files' paths."""
        board = Board(self._project.id)
        mine = [f for f in all_found if f.change and f.change.test.project_id == self._project.id]
        now = folders.paths_of(self._conn, board.plan_id, [_id(f) for f in mine])
        moved: dict[str, list[_Found]] = {}
        for found in mine:
            if now.get(_id(found), "/") != found.feature.folder:
                moved.setdefault(found.feature.folder, []).append(found)
        for path, listed in moved.items():
            try:
                path_names(path)
            except Refused as error:
                self._told(listed[0], [p.problem for p in error.details])
                continue
            folder = folders.folder_at(self._conn, board, path, make=True)
            folders.put_tests(self._conn, board, folder or ROOT, [_id(f) for f in listed])

    def note(self) -> None:
        """Leave the audit row."""
        counts = self._counts | {"preconditions": len(self.done.preconditions), "problems": len(self.done.problems)}
        audit.note(self._conn, self._caller.id, "feature.import", self._project.key, counts, project_id=self._project.id)


def _id(found: _Found) -> int:
    return found.change.test.id if found.change else 0


def _says_something(change: TestChange) -> bool:
    return change.created or any(value is not None for value in (change.summary, change.labels, change.definition))
