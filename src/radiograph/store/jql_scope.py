# SPDX-License-Identifier: Apache-2.0
"""Who asks, what they can see, and the names in their query: projects, issues, people, versions, statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from radiograph.domain.errors import shown
from radiograph.domain.jql.errors import TOLD, Fault, WrongQuery, meant, wrong
from radiograph.domain.keys import parse_id
from radiograph.store import tables as t
from radiograph.store.import_reads import status_tables
from radiograph.store.many import any_of
from radiograph.store.projects import all_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from radiograph.domain.issues import IssueType
    from radiograph.domain.jql.fields import Fields
    from radiograph.domain.jql.syntax import Query, Value
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.projects import ProjectRow

    Test: TypeAlias = sa.ColumnElement[bool]
    Members: TypeAlias = Callable[[sa.ColumnElement[int]], Test]
    """Tells whether a column of issue ids is one of some issues."""
    Where: TypeAlias = Callable[["Scope", Query], Test]

_MOST_NAMES = 2000
"""So many names are looked through for one that looks like a mistyped one."""
MAX_WORDS = 200
"""The words that a whole query looks for."""


class Scope:
    """One search: `i` is the issues' table, or an alias of it inside a saved filter (`depth` of them in each other).

    What is wrong is gathered in `faults`, so that all of it can be told at once.
    """

    def __init__(
        self, conn: sa.Connection, caller_id: int, projects: Collection[int] | None, fields: Fields, now: int, where: Where
    ) -> None:
        """Take who asks, the projects they see (None: all), the instance's fields, now in UTC ms, and what makes a query a condition."""
        self.conn, self.caller_id, self.fields, self.now, self.where = conn, caller_id, fields, now, where
        self.projects = None if projects is None else sorted(projects)
        self.faults: list[Fault] = []
        self.i: Any = t.issues
        self.depth = self.words = 0
        self._statuses: StatusTable | None = None
        self._known_projects: list[ProjectRow] | None = None

    def inner(self) -> Scope:
        """The scope of a saved filter in this query; it shares what is known, and has faults of its own."""
        made = Scope(self.conn, self.caller_id, self.projects, self.fields, self.now, self.where)
        made.i, made.depth = t.issues.alias(), self.depth + 1
        made._statuses, made._known_projects = self._statuses, self._known_projects
        return made

    def fault(self, what: str, at: int) -> None:
        """Note that something is wrong, and go on."""
        self.faults.append(Fault(what, at))

    def near(self, text: str, known: Callable[[], Iterable[str]]) -> str:
        """Names that look like a text, as long as few things are wrong: to look for them takes time."""
        return meant(text[:100], known()) if len(self.faults) < TOLD else ""

    def seen(self, project: sa.ColumnElement[int]) -> Test:
        """Whether a project is one that the caller sees."""
        return sa.true() if self.projects is None else any_of(self.conn, project, self.projects or [0])

    @property
    def statuses(self) -> StatusTable:
        """The statuses of runs."""
        if self._statuses is None:
            self._statuses, _ = status_tables(self.conn)
        return self._statuses

    @property
    def known_projects(self) -> list[ProjectRow]:
        """The projects that the caller sees."""
        if self._known_projects is None:
            visible = None if self.projects is None else set(self.projects)
            self._known_projects = [p for p in all_projects(self.conn) if visible is None or p.id in visible]
        return self._known_projects

    def project_ids(self, values: Iterable[Value]) -> list[int]:
        """The projects of these keys, names or ids; notes a fault for an unknown one."""
        names: dict[str, int] = {}
        for p in self.known_projects:
            names |= {p.name.lower(): p.id} | names
        names |= {p.key.lower(): p.id for p in self.known_projects} | {str(p.id): p.id for p in self.known_projects}
        known = [n for p in self.known_projects for n in (p.key, p.name)]
        return self._chosen(values, names, known, "project")

    def run_statuses(self, value: Value) -> list[int]:
        """The ids of run statuses: `PASS|FAIL`; notes a fault for an unknown one."""
        found = []
        for name in filter(None, (part.strip() for part in value.text.split("|"))):
            status = self.statuses.find(name)
            if status is None:
                names = [s.name for s in self.statuses.all]
                self.fault(f"there is no run status {name!r}; the statuses are {', '.join(names)}.", value.at)
            else:
                found.append(status.id)
        return found

    def named(self, table: sa.Table, values: Sequence[Value], what: str, *, ids: bool = True, where: Test | None = None) -> list[int]:
        """The rows of a table with these names (all that have one) or ids; notes a fault for an unknown one."""
        c, only = table.c, [] if where is None else [where]
        texts = [v.text.strip() for v in values]
        by_name = any_of(self.conn, c.name, texts) | any_of(self.conn, sa.func.lower(c.name), [x.lower() for x in texts])
        numbers = [n for x in texts if ids and (n := parse_id(x)) is not None]
        known = self.conn.execute(
            sa.select(c.id, c.name).where((by_name | any_of(self.conn, c.id, numbers)) if numbers else by_name, *only)
        ).all()
        found: list[int] = []
        for v, text in zip(values, texts, strict=True):
            hits = [i for i, name in known if name == text or name.lower() == text.lower()] or [
                i for i, _ in known if ids and str(i) == text
            ]
            if not hits:
                newest = sa.select(c.name).where(*only).order_by(c.id.desc()).limit(_MOST_NAMES)
                near = self.near(v.text, lambda q=newest: self.conn.execute(q).scalars())  # type: ignore[misc]
                self.fault(f"there is no {what} {shown(v.text)}.{near}", v.at)
            found += hits
        return found

    def people(self, values: Sequence[Value], what: str) -> list[int]:
        """The ids of people by name; notes a fault for an unknown one."""
        return self.named(t.users, values, what, ids=False)

    def issue_ids(self, values: Sequence[Value], kinds: Collection[IssueType] = ()) -> list[int]:
        """The issues of these keys (aliases too) or ids, of one of the kinds; notes a fault for one that the caller can't see."""
        heads = self._heads([v.text.strip().upper() for v in values])
        found = []
        for v in values:
            head = heads.get(v.text.strip().upper())
            if head is None:
                self.fault(f"there is no issue {shown(v.text)}.{self._near_key(v.text)}", v.at)
            elif kinds and head[1] not in kinds:
                self.fault(f"{v.text} is no {' or '.join(k.label for k in kinds)}.", v.at)
            else:
                found.append(head[0])
        return found

    def _heads(self, wanted: list[str]) -> dict[str, tuple[int, int]]:
        """Id and type by the key or id that was asked for."""
        i, a = t.issues.c, t.issue_aliases.c
        numbers = [n for text in wanted if (n := parse_id(text)) is not None]
        own = sa.select(i.id, i.type_id, i.key).where(
            any_of(self.conn, i.key, wanted) | (any_of(self.conn, i.id, numbers) if numbers else sa.false()), self.seen(i.project_id)
        )
        old = sa.select(i.id, i.type_id, a.key).join(t.issue_aliases, a.issue_id == i.id)
        old = old.where(any_of(self.conn, a.key, wanted), self.seen(i.project_id))
        found = {key: (number, kind) for number, kind, key in self.conn.execute(old)}
        for number, kind, key in self.conn.execute(own):
            found |= {key: (number, kind), str(number): (number, kind)}
        return found

    def _near_key(self, key: str) -> str:
        project, dash, number = key.strip().upper().rpartition("-")
        known = [p.key for p in self.known_projects]
        return "" if project in known or not dash else self.near(f"{project}-{number}", lambda: [f"{p}-{number}" for p in known])

    def _chosen(self, values: Iterable[Value], names: dict[str, int], known: Sequence[str], what: str) -> list[int]:
        found = []
        for v in values:
            number = names.get(v.text.strip().lower())
            if number is None:
                self.fault(f"there is no {what} {shown(v.text)}.{self.near(v.text, lambda: known)}", v.at)
            else:
                found.append(number)
        return found

    def count_words(self, count: int, at: int) -> None:
        """Raise WrongQuery when the query looks for too many words."""
        self.words += count
        if self.words > MAX_WORDS:
            raise wrong(f"a query looks for at most {MAX_WORDS} words.", at)

    def gather(self, error: WrongQuery) -> Test:
        """Note what an error says; the condition that can't be understood finds nothing."""
        self.faults += error.faults
        return sa.false()
