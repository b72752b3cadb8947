# SPDX-License-Identifier: Apache-2.0
"""Copying the issues of a project with their definitions, comments and files, and the links between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.import_execution import set_execution_fields
from radiograph.actions.pull_files import fetch_files, keep_files
from radiograph.actions.pull_state import OPERATOR
from radiograph.domain.errors import Refused
from radiograph.domain.issues import BUILT_IN_FIELDS, EXECUTION_TYPES, Definition, IssueFields, IssueType, TestType, test_type
from radiograph.domain.report import ExecutionInfo
from radiograph.formats.jira_issue import own_value
from radiograph.sources import issue_shapes as shapes
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store import comments, import_reads, issue_links, issue_writes, issues, pulled
from radiograph.store.engines import lock_projects
from radiograph.store.names import people_ids
from radiograph.store.preconditions import put_preconditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import sqlalchemy as sa

    from radiograph.actions.pull_files import Fetched
    from radiograph.actions.pull_state import Pull
    from radiograph.sources.issue_shapes import SourceIssue, SourceLink

_KEYS_AT_ONCE = 50


def pull_issues(work: Pull) -> None:
    """Copy every issue, in the order of their keys; `state.cursor` counts those of the search that are done."""
    jql = f'project = "{work.state.project_key}" ORDER BY key ASC'
    for rows, total in work.source.search(jql, start=work.state.cursor):
        found = [issue for row in rows if (issue := shapes.read_issue(row, work.words.meanings)) is not None]
        definitions = _definitions(work, [i.key for i in found if i.type is IssueType.TEST])
        files = {i.key: fetch_files(work, i.key, i.files) for i in found}
        with work.services.db.write() as conn:
            lock_projects(conn, [work.project_id])
            pulled.name_people(conn, {name: shown for i in found for name, shown in i.people.items()})
            for issue in found:
                _write(conn, work, issue, definitions.get(issue.key), files[issue.key])
            work.state.cursor += len(rows)
            pulled.put_state(conn, work.state)
        work.say(f"Issues: {work.state.cursor} of {total}")


def _definitions(work: Pull, keys: Sequence[str]) -> dict[str, Definition]:
    """What Xray's own API says of these Tests; where it says nothing, their custom fields are asked later."""
    found: dict[str, Definition] = {}
    for at in range(0, len(keys), _KEYS_AT_ONCE):
        try:
            rows = work.source.raven("test", keys=";".join(keys[at : at + _KEYS_AT_ONCE]))
        except SourceRefusal as error:
            work.state.problem(f"definitions from {keys[at]} on", str(error))
            continue
        found |= {str(row.get("key")): shapes.read_definition(row) for row in rows if isinstance(row, dict)}
    return found


def _write(conn: sa.Connection, work: Pull, issue: SourceIssue, definition: Definition | None, files: Fetched) -> None:
    kind = issue.type or IssueType.TASK
    if issue.type is None:
        work.state.problem(issue.key, f"there is no issue type {issue.type_name} here; it is a Task")
    fields = IssueFields(
        summary=issue.summary, description=issue.description, labels=issue.labels, components=issue.components or None,
        fix_versions=issue.fix_versions or None, other=_other(work, issue),
    )  # fmt: skip
    if kind is IssueType.TEST and definition is None:
        definition = shapes.custom_definition(issue.custom)
    new = issues.NewIssue(project_id=work.project_id, type=kind, fields=fields, definition=definition, number=issue.number)
    number, _ = issues.create_issue(conn, new, OPERATOR.id)
    values = {"workflow": work.words.status(issue.status, issue.category), "priority": issue.priority}
    values |= {n: ms for n, ms in (("created_ms", issue.created_ms), ("updated_ms", issue.updated_ms)) if ms}
    pulled.set_origin(conn, number, values, issue.reporter, issue.assignee)
    if kind in EXECUTION_TYPES:
        set_execution_fields(conn, number, _execution_info(issue))
    if kind is IssueType.PRECONDITION:
        named = test_type(next(iter(shapes.texts(issue.custom.get("precondition_type"))), "Manual")) or TestType.MANUAL
        put_preconditions(conn, {number: (named, str(issue.custom.get("condition") or ""))})
    _write_additions(conn, work, number, issue, files)
    work.state.count("issues")


def _other(work: Pull, issue: SourceIssue) -> dict[str, Any]:
    """The fields that are kept as they come, and those of the instance's own; a field that isn't here is named once."""
    found = dict(issue.kept)
    for key, value in issue.own.items():
        field = work.words.own.get(key)
        if field is None:
            work.state.problem_once(f"field {work.words.strange.get(key, key)}", "there is no field of this name here")
            continue
        try:
            found[field.key] = own_value(field, value)
        except Refused as error:
            work.state.problem(f"{field.name} of {issue.key}", error.message)
    if issue.type is IssueType.TEST_PLAN:
        found |= {_DATES[n]: value for n in ("begin", "end") if (value := issue.custom.get(n))}
    return found


_DATES = {f.meaning: f.key for f in BUILT_IN_FIELDS if f.meaning in {"begin", "end"}}


def _execution_info(issue: SourceIssue) -> ExecutionInfo:
    custom = issue.custom
    return ExecutionInfo(
        revision=str(custom.get("revision") or "") or None, begin=shapes.instant(custom.get("begin")), end=shapes.instant(custom.get("end")),
        environments=shapes.texts(custom.get("test_environments")) or None, branch=str(custom.get("branch") or "") or None,
        build_url=str(custom.get("build") or "") or None,
    )  # fmt: skip


def _write_additions(conn: sa.Connection, work: Pull, issue_id: int, issue: SourceIssue, files: Fetched) -> None:
    people = people_ids(conn, {c.author for c in issue.comments} - {""})
    for comment in issue.comments:
        work.state.count("comments at the source")
        comments.add_comment(conn, issue_id, people.get(comment.author), comment.body, comment.created_ms)
        work.state.count("comments")
    keep_files(conn, work, issue_id, files)


def pull_links(work: Pull) -> None:
    """Copy the links between issues; `state.cursor` counts the issues of the search whose links are done."""
    jql = f'project = "{work.state.project_key}" ORDER BY key ASC'
    for rows, total in work.source.search(jql, "issuelinks,parent,issuetype,summary", work.state.cursor):
        found = [issue for row in rows if (issue := shapes.read_issue(row, {})) is not None]
        with work.services.db.write() as conn:
            lock_projects(conn, [work.project_id])
            _write_links(conn, work, {link for issue in found for link in issue.links if link.source == issue.key})
            _write_parents(conn, work, {issue.key: issue.parent for issue in found if issue.parent})
            work.state.cursor += len(rows)
            pulled.put_state(conn, work.state)
        work.say(f"Links: those of {work.state.cursor} issues of {total}")


def _write_links(conn: sa.Connection, work: Pull, links: Iterable[SourceLink]) -> None:
    listed = sorted(links, key=lambda k: (k.source, k.target, k.type))
    heads = import_reads.issue_heads(conn, sorted({k for link in listed for k in (link.source, link.target)}))
    for link in listed:
        ends = [heads.get(k) for k in (link.source, link.target)]
        missing = [k for k, head in zip((link.source, link.target), ends, strict=True) if head is None]
        if missing:
            work.state.problem(f"link {link.source} {link.outward} {link.target}", f"{' and '.join(missing)} is not here")
            continue
        _write_link(conn, link, [head for head in ends if head is not None])
        work.state.count("links")


def _write_parents(conn: sa.Connection, work: Pull, parents: dict[str, str]) -> None:
    heads = import_reads.issue_heads(conn, sorted({*parents, *parents.values()}))
    for key, parent in parents.items():
        if key not in heads or parent not in heads:
            work.state.problem(f"parent {parent} of {key}", f"{parent if key in heads else key} is not here")
            continue
        issue_writes.set_columns(conn, heads[key][0], {"parent_id": heads[parent][0]})


def _write_link(conn: sa.Connection, link: SourceLink, ends: list[tuple[int, int, IssueType]]) -> None:
    """A Test that tests another issue covers it; every other link is one of its type, which is made where it's missing."""
    source, target = ends
    if link.type.strip().lower() in {"test", "tests"} and source[2] is IssueType.TEST:
        issue_links.add_coverage(conn, target[0], source[0])
        return
    kind = issue_links.put_type(conn, link.type, link.inward, link.outward)
    issue_links.add_link(conn, kind.id, source[0], target[0])
