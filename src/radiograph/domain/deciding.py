# SPDX-License-Identifier: Apache-2.0
"""Which Test each result is of, and with which status: the first half of an import's plan. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from radiograph.domain.errors import Problem, cut, shown
from radiograph.domain.import_plan import Decision, Decisions, Known, KnownTest, TestChange
from radiograph.domain.issues import Definition, TestType, match_hash
from radiograph.domain.merging import merge
from radiograph.domain.report import RefusedResult, Report, TestInfo, TestResult
from radiograph.domain.verdict import verdict

if TYPE_CHECKING:
    from radiograph.domain.import_plan import Project
    from radiograph.domain.statuses import Status


_HINTED = 20
"""For so many refused results near keys are looked for; each look costs milliseconds."""
_LOOKED_AT = 1000


def decide(report: Report, known: Known) -> Decisions:
    """Resolve and judge every result; several of one Test are merged; bad ones are refused with reasons."""
    return _Deciding(known, list(report.refused)).all(report.results)


def match_of(info: TestInfo, project_id: int) -> tuple[int, int] | None:
    """The project and match hash that a `testInfo` looks its Test up by; None if it has neither text."""
    kind = info.type if info.type is not None else _implied(info)
    text = info.definition if kind is TestType.GENERIC else info.summary
    if kind is None or not text:
        return None
    return project_id, match_hash(project_id, kind, text)


def _implied(info: TestInfo) -> TestType | None:
    if info.type_name:
        return None
    given = [
        kind
        for kind, value in (
            (TestType.MANUAL, info.steps),
            (TestType.CUCUMBER, info.scenario),
            (TestType.GENERIC, info.definition),
        )
        if value is not None
    ]
    return given[0] if len(given) == 1 else None


class _Deciding:
    def __init__(self, known: Known, refused: list[RefusedResult]) -> None:
        self.known = known
        self.refused = refused
        self.messages: list[str] = []
        self.changes: dict[int, TestChange] = {}
        self.by_test: dict[int, Decision] = {}
        self.fresh = 0

    def all(self, results: list[TestResult]) -> Decisions:
        for result in results:
            self.one(result)
        changes = [c for c in self.changes.values() if _worth_writing(c)]
        self.tell_renamed()
        return Decisions(list(self.by_test.values()), changes, self.refused, self.messages)

    def one(self, result: TestResult) -> None:
        status, problems, warnings = verdict(self.known, result)
        if problems:
            self.peek(result, problems)
        test = None if problems else self.find(result, problems, warnings)
        if problems or test is None or status is None:
            self.refuse(result, problems)
            return
        decision = Decision(result, test, status, warnings, self.tries(result, warnings) if result.attempts else [])
        if result.info is not None:
            self.change(test, result.info, result.path, warnings)
        earlier = self.by_test.setdefault(test.id, decision)
        if earlier is not decision:
            name = test.key or (result.info.summary if result.info else "")
            self.messages.append(
                f"{result.path}: {name} has a result already at {earlier.result.path}; both were merged",
            )
            merge(earlier, decision, self.known.run_statuses, self.known.step_statuses)

    def tell_renamed(self) -> None:
        """Say once that results were matched by earlier names, which they don't give back to their Tests."""
        renamed = [d for d in self.by_test.values() if d.test.renamed]
        if renamed:
            first, count = renamed[0], len(renamed)
            who = f"{count} results have earlier names of their Tests, such as" if count > 1 else "the result has an earlier name of"
            self.messages.append(f"{first.result.path}: {who} {first.test.key}; the name that it has now was kept")

    def tries(self, result: TestResult, warnings: list[str]) -> list[tuple[TestResult, Status]]:
        """The earlier tries that the report has, with their statuses; one without a status that is known here is told and left out."""
        found = []
        for number, earlier in enumerate(result.attempts, 1):
            status, problems, odd = verdict(self.known, earlier)
            warnings += odd
            if status is None or problems:
                warnings.append(f"{earlier.path}: attempt {number} was left out: {'; '.join(p.problem for p in problems)}")
            else:
                found.append((earlier, status))
        return found

    def refuse(self, result: TestResult, problems: list[Problem]) -> None:
        definition = (result.info.definition or result.info.summary or "") if result.info else ""
        self.refused.append(RefusedResult(result.index, problems, result.test_key, definition))

    def peek(self, result: TestResult, problems: list[Problem]) -> None:
        """Look for more problems of a result that is refused anyway, so that all are told at once."""
        if result.test_key:
            self.by_key(result, problems)

    def find(self, result: TestResult, problems: list[Problem], warnings: list[str]) -> KnownTest | None:
        if result.test_key:
            return self.by_key(result, problems)
        if result.info is None:
            problems.append(Problem(result.path, "neither testKey nor testInfo says which Test this is"))
            return None
        return self.by_info(result, result.info, problems, warnings)

    def by_key(self, result: TestResult, problems: list[Problem]) -> KnownTest | None:
        key = result.test_key
        test = self.known.tests.get(key) or self.known.tests.get(key.strip().upper())
        path = f"{result.path}.testKey"
        if test is None:
            near = self.near(key) if len(self.refused) < _HINTED else []
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            problems.append(Problem(path, f"Test issue with key {cut(key)} not found.{hint}"))
            return None
        if test.type is None:
            problems.append(Problem(path, f"{key} is not a Test"))
            return None
        return test

    def near(self, key: str) -> list[str]:
        """Keys of Tests in the report that look like this one."""
        return get_close_matches(key, [k for k, test in islice(self.known.tests.items(), _LOOKED_AT) if test.type is not None], 2)

    def by_info(self, result: TestResult, info: TestInfo, problems: list[Problem], warnings: list[str]) -> KnownTest | None:
        path = f"{result.path}.testInfo"
        project = self.known.projects.get((info.project_key or "").strip().upper())
        if project is None:
            text = f"there is no project {cut(info.project_key)}" if info.project_key else "projectKey is needed to find or create a Test"
            problems.append(Problem(f"{path}.projectKey", text))
            return None
        place = match_of(info, project.id)
        if place is None:
            problems.append(_unmatched(info, path))
            return None
        found = self.known.matches.get(place)
        if found:
            if len(found) > 1:
                warnings.append(f"{path}: {len(found)} Tests match; the one with the lowest key, {found[0].key}, was taken")
            return found[0]
        return self.create(info, project, place, problems, path)

    def create(
        self,
        info: TestInfo,
        project: Project,
        place: tuple[int, int],
        problems: list[Problem],
        path: str,
    ) -> KnownTest | None:
        if not info.summary:
            problems.append(Problem(f"{path}.summary", "a summary is needed to create a Test"))
        if not self.known.may_write(project.id):
            problems.append(Problem(path, f"your role does not allow to create Tests in {project.key}"))
        if problems:
            return None
        kind = info.type if info.type is not None else _implied(info)
        self.fresh += 1
        test = KnownTest(-self.fresh, "", project.id, kind)
        self.known.matches[place] = [test]
        self.changes[test.id] = TestChange(test, created=True)
        return test

    def change(self, test: KnownTest, info: TestInfo, place: str, warnings: list[str]) -> None:
        path = f"{place}.testInfo"
        if info.type_name and info.type is None:
            warnings.append(f"{path}.testType: {shown(info.type_name)} is not Manual, Cucumber or Generic and was ignored")
        if not self.known.may_write(test.project_id):
            warnings.append(f"{path}: your role does not allow to change {test.key}; its testInfo was ignored")
            return
        change = self.changes.setdefault(test.id, TestChange(test, created=False))
        whole = change.created or not info.derived
        for name in ("description", "labels") if test.renamed else ("summary", "description", "labels"):
            if getattr(info, name) is not None and (whole or name in info.given) and not self.is_same(test, name, info):
                setattr(change, name, getattr(info, name))
        self.link(change, info, path, warnings)
        if whole and not (test.renamed and test.type is TestType.GENERIC):
            self.define(change, info)

    def is_same(self, test: KnownTest, name: str, info: TestInfo) -> bool:
        """Whether a Test has this summary already: most reports say again what is known, and it needn't be written again."""
        return name == "summary" and test.id in self.known.definitions and self.known.definitions[test.id][2] == info.summary

    def link(self, change: TestChange, info: TestInfo, path: str, warnings: list[str]) -> None:
        for i, key in enumerate(info.requirement_keys):
            issue = self.known.issues.get(key.strip().upper())
            if issue is None:
                warnings.append(
                    f"{path}.requirementKeys[{i}]: {cut(key)} is not a requirement issue or is not a valid issue key; no link was made"
                )
            elif issue not in change.requirement_ids:
                change.requirement_ids = [*change.requirement_ids, issue]

    def define(self, change: TestChange, info: TestInfo) -> None:
        """Note a new definition version where the report gives a definition unlike the current one."""
        number, now, _ = self.known.definitions.get(change.test.id, (0, None, ""))
        now = change.definition or now
        kind = info.type if info.type is not None else _implied(info)
        kind = kind if kind is not None else change.test.type
        if kind is None:
            return
        wanted = _definition(kind, info, now if now and now.type is kind else Definition(kind))
        if wanted != now:
            change.definition, change.number = wanted, number + 1
            change.test.type, change.test.step_count = kind, len(wanted.steps)


def _definition(kind: TestType, info: TestInfo, now: Definition) -> Definition:
    if kind is TestType.MANUAL:
        return Definition(kind, steps=tuple(info.steps) if info.steps is not None else now.steps)
    if kind is TestType.GENERIC:
        return Definition(kind, now.text if info.definition is None else info.definition)
    text = now.text if info.scenario is None else info.scenario
    return Definition(kind, text, info.scenario_type or now.scenario_type or _scenario_type(text))


def _scenario_type(text: str) -> str:
    return "Scenario Outline" if "Examples:" in text or "Scenario Outline" in text else "Scenario"


def _unmatched(info: TestInfo, path: str) -> Problem:
    if info.type_name and info.type is None:
        return Problem(f"{path}.testType", f"{shown(info.type_name)} is not a test type; use Manual, Cucumber or Generic")
    if info.type is None:
        return Problem(f"{path}.testType", "testType is needed to find or create a Test: Manual, Cucumber or Generic")
    if info.type is TestType.GENERIC:
        return Problem(f"{path}.definition", "a Generic Test is found and created by its definition; none is given")
    return Problem(f"{path}.summary", f"a {info.type.label} Test is found and created by its summary; none is given")


def _worth_writing(change: TestChange) -> bool:
    texts = (change.summary, change.description, change.labels, change.definition)
    return change.created or bool(change.requirement_ids) or any(t is not None for t in texts)
