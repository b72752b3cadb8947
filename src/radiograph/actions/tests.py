# SPDX-License-Identifier: Apache-2.0
"""Looking at Tests: their definitions, and the issues that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.actions.runs import issue
from radiograph.actions.search import select, visible_projects
from radiograph.domain.errors import Forbidden, IssueNotFound, NotFound, Refused
from radiograph.domain.issues import IssueType
from radiograph.domain.keys import parse_id
from radiograph.store import import_reads, test_reads
from radiograph.store.attachments import attachments_of
from radiograph.store.datasets import OWN, datasets
from radiograph.store.executions import executions
from radiograph.store.preconditions import preconditions_of_tests
from radiograph.store.relations import members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.datasets import Dataset
    from radiograph.domain.people import Caller, Right
    from radiograph.domain.steps import StepField
    from radiograph.store.attachments import AttachmentRow
    from radiograph.store.executions import ExecutionRow
    from radiograph.store.preconditions import PreconditionRow
    from radiograph.store.test_reads import LinkedRow, TestRow


class TestView(Struct):
    """A Test with all that its steps name: custom fields, files by id, keys of the Tests they call by id."""

    __test__ = False

    row: TestRow
    fields: list[StepField]
    files: dict[int, AttachmentRow]
    called: dict[int, str]
    preconditions: list[PreconditionRow] = []
    status: str = "TODO"


def views(conn: sa.Connection, caller: Caller, rows: Sequence[TestRow]) -> list[TestView]:
    """The Tests with what their steps name, in few queries however many they are."""
    fields = test_reads.step_fields(conn, {r.project_id for r in rows})
    with_files = [r.id for r in rows if any(d.attachments for d in r.details)]
    files: dict[int, dict[int, AttachmentRow]] = {}
    for file in attachments_of(conn, with_files, of_step=True) if with_files else ():
        files.setdefault(file.issue_id, {})[file.id] = file
    called = {d.calls for r in rows for d in r.details if d.calls is not None}
    heads = test_reads.heads(conn, called) if called else {}
    named = {i: h.key if caller.role_in(h.project_id) is not None else "" for i, h in heads.items()}
    return [TestView(r, fields.get(r.project_id, []), files.get(r.id, {}), named) for r in rows]


def find_tests(services: Services, caller: Caller, keys: str, saved_filter: str, jql: str, skip: int, limit: int) -> list[TestView]:
    """The Tests that keys (with `;` between them), a saved filter and a query find, `limit` after the first `skip`.

    Raises Refused when none of them is given, IssueNotFound for an unknown key.
    """
    if not (keys or saved_filter or jql):
        raise Refused("Give at least one of keys, filter and jql.")
    listed = [k for part in keys.split(";") for k in part.split(",") if k.strip()]
    with services.db.read() as conn:
        ids = select(conn, caller, (IssueType.TEST,), keys=listed, jql=jql, saved_filter=saved_filter)[skip : skip + limit]
        return _whole(conn, caller, ids)


def members(services: Services, caller: Caller, key: str, kind: IssueType, skip: int, limit: int) -> list[TestView]:
    """The Tests of a Test Set or Precondition by id, `limit` of them after the first `skip`. Raises IssueNotFound, Refused."""
    with services.db.read() as conn:
        owner, _ = issue(conn, caller, key, [kind])
        return _whole(conn, caller, members_of(conn, kind, owner, skip, limit, visible_projects(conn, caller)))


def _whole(conn: sa.Connection, caller: Caller, ids: Sequence[int]) -> list[TestView]:
    """These Tests with their Preconditions and the status of their latest runs, in few queries however many they are."""
    found = views(conn, caller, test_reads.tests(conn, ids))
    held = _preconditions(conn, caller, ids)
    latest = test_reads.latest_statuses(conn, ids, visible_projects(conn, caller))
    table, _ = import_reads.status_tables(conn)
    for view in found:
        view.preconditions = held.get(view.row.id, [])
        if view.row.id in latest:
            view.status = table.by_id[latest[view.row.id]].name
    return found


def _preconditions(conn: sa.Connection, caller: Caller, test_ids: Sequence[int]) -> dict[int, list[PreconditionRow]]:
    found = preconditions_of_tests(conn, test_ids)
    return {i: [p for p in rows if caller.role_in(p.project_id) is not None] for i, rows in found.items()}


def preconditions_of(services: Services, caller: Caller, key: str, version: int | None) -> list[PreconditionRow]:
    """The Preconditions of a Test; raises NotFound for an unknown version."""
    with services.db.read() as conn:
        row = in_version(conn, caller, key, version)
        return _preconditions(conn, caller, [row.id]).get(row.id, [])


def holders_of(services: Services, caller: Caller, kind: IssueType, key: str, skip: int, limit: int) -> list[LinkedRow]:
    """The Test Sets or Test Plans that have a Test, `limit` after the first `skip`."""
    with services.db.read() as conn:
        return _holders(conn, caller, kind, key, (skip, limit))


def _holders(conn: sa.Connection, caller: Caller, kind: IssueType, key: str, window: tuple[int, int]) -> list[LinkedRow]:
    test_id, _ = issue(conn, caller, key, [IssueType.TEST])
    return test_reads.holders(conn, kind, test_id, visible_projects(conn, caller), window)


def executions_of(services: Services, caller: Caller, key: str, skip: int, limit: int) -> list[ExecutionRow]:
    """The Test Executions that a Test has a run in, `limit` after the first `skip`."""
    with services.db.read() as conn:
        rows = _holders(conn, caller, IssueType.TEST_EXECUTION, key, (skip, limit))
        found = executions(conn, [r.id for r in rows])
    return [found[r.id] for r in rows if r.id in found]


def to_change(conn: sa.Connection, caller: Caller, key: str, *rights: Right) -> TestRow:
    """A Test by its key, for who has all these rights in its project; raises IssueNotFound, Refused, Forbidden."""
    test_id, project = issue(conn, caller, key, [IssueType.TEST])
    if not all(caller.may(right, project) for right in rights):
        raise Forbidden
    return test_reads.tests(conn, [test_id])[0]


def in_version(conn: sa.Connection, caller: Caller, key: str, version: int | None) -> TestRow:
    """A Test by its key, as it is now or in a version of its definition; raises IssueNotFound, Refused, NotFound."""
    test_id, _ = issue(conn, caller, key, [IssueType.TEST])
    if version is None:
        return test_reads.tests(conn, [test_id])[0]
    row = test_reads.find_version(conn, test_id, version)
    if row is None:
        raise NotFound(f"{key} has no version {version}.")
    return row


def by_id_or_key(conn: sa.Connection, caller: Caller, number: str, key: str) -> test_reads.HeadRow:
    """The issue of an id or, without one, of a key; raises IssueNotFound."""
    found = parse_id(number or key)
    if found is None and not number:
        head = import_reads.issue_heads(conn, [key.upper()]).get(key.upper())
        found = head[0] if head else None
    row = test_reads.heads(conn, [found]).get(found) if found is not None else None
    if row is None or caller.role_in(row.project_id) is None:
        raise IssueNotFound(number or key)
    return row


class TestFacts(Struct):
    """What the page of a Test shows beside its runs."""

    __test__ = False

    view: TestView
    preconditions: list[PreconditionRow]
    sets: list[LinkedRow]
    plans: list[LinkedRow]
    dataset: Dataset | None


_SHOWN = 50


def facts_of(services: Services, caller: Caller, test_id: int) -> TestFacts:
    """A Test with its dataset and the issues that hold it, at most 50 of a kind."""
    with services.db.read() as conn:
        (row,) = test_reads.tests(conn, [test_id])
        seen = visible_projects(conn, caller)
        sets, plans = (test_reads.holders(conn, kind, test_id, seen, (0, _SHOWN)) for kind in (IssueType.TEST_SET, IssueType.TEST_PLAN))
        held = _preconditions(conn, caller, [test_id]).get(test_id, [])
        (view,) = views(conn, caller, [row])
        return TestFacts(view, held[:_SHOWN], sets, plans, datasets(conn, [test_id], [OWN]).get(test_id))
