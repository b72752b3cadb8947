# SPDX-License-Identifier: Apache-2.0
"""Finding anything by a part of what it is called, while it is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from msgspec import Struct

from radiograph.actions.search import visible_projects
from radiograph.domain.keys import parse_id, parse_issue_key
from radiograph.store import finding, projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller
    from radiograph.store.finding import Named
    from radiograph.store.projects import ProjectRow

LONGEST, MOST = 200, 10
_EACH, _ISSUES, _WORDS = 3, 8, 6


class Hit(Struct, frozen=True):
    """Something that was found: what it is, its key or name, what it is about, and its page below the base path."""

    kind: str
    name: str
    text: str
    path: str


def find_anything(services: Services, caller: Caller, text: str) -> list[Hit]:
    """At most ten of what the caller can see: keys first, then projects, issues by their words, definitions, environments, versions.

    Of a large instance only the newest 50,000 issues are looked through: the search page looks at all.
    """
    wanted = " ".join(text[:LONGEST].split())
    if not wanted:
        return []
    with services.db.read() as conn:
        seen = visible_projects(conn, caller)
        known = {p.id: p for p in projects.all_projects(conn) if caller.role_in(p.id) is not None}
        keys = finding.with_keys(conn, _keys(wanted, list(known.values())), seen)
        named = [*keys, *_issues(conn, wanted, seen)] if len(keys) < MOST else keys
        found = [*_projects(wanted, list(known.values())), *(_issue(n) for n in {n.id: n for n in named}.values())]
        if keys:
            found.sort(key=lambda hit: hit.name not in {k.key for k in keys})
        return [*found, *_names(conn, wanted, seen, known)][:MOST]


def places(services: Services, caller: Caller, text: str) -> list[Hit]:
    """What isn't an issue and has this text in its name: projects, test environments, versions; and Tests by their definition."""
    wanted = " ".join(text[:LONGEST].split())
    if not wanted:
        return []
    with services.db.read() as conn:
        seen = visible_projects(conn, caller)
        known = {p.id: p for p in projects.all_projects(conn) if caller.role_in(p.id) is not None}
        tests = [_issue(n) for n in _defined(conn, wanted, seen)]
        return [*_projects(wanted, list(known.values())), *_names(conn, wanted, seen, known), *tests]


def _keys(text: str, known: Sequence[ProjectRow]) -> list[str]:
    """The keys that the text may be the beginning of: itself, and with one digit more; for a number those of every project."""
    if parse_id(text) is not None:
        return [f"{p.key}-{int(text)}" for p in known[:100]]
    found = parse_issue_key(text)
    if found is None:
        return []
    key = f"{found[0]}-{found[1]}"
    return [key, *(f"{key}{digit}" for digit in range(10))]


def _issues(conn: sa.Connection, text: str, seen: Sequence[int] | None) -> list[Named]:
    return [*finding.with_words(conn, text.split()[:_WORDS], seen, _ISSUES), *_defined(conn, text, seen)]


def _defined(conn: sa.Connection, text: str, seen: Sequence[int] | None) -> list[Named]:
    """Tests by their definition, where the text looks like a piece of one."""
    looks = " " not in text and any(sign in text for sign in "._/:#")
    return finding.with_definition(conn, text, seen, _EACH) if looks else []


def _issue(n: Named) -> Hit:
    return Hit(n.type.label, n.key, n.summary[:LONGEST], f"/browse/{n.key}")


def _projects(text: str, known: Sequence[ProjectRow]) -> list[Hit]:
    found = [p for p in known if text.upper() in p.key or text.lower() in p.name.lower()]
    found.sort(key=lambda p: (p.key != text.upper(), not p.key.startswith(text.upper()), p.key))
    return [Hit("Project", p.key, p.name[:LONGEST], f"/projects/{p.key}") for p in found[:_EACH]]


def _names(conn: sa.Connection, text: str, seen: Sequence[int] | None, known: dict[int, ProjectRow]) -> list[Hit]:
    hits = []
    for kind, held in (
        ("environment", finding.environments_like(conn, text, seen, _EACH)),
        ("version", finding.versions_like(conn, text, seen, _EACH)),
    ):
        label = "Test environment" if kind == "environment" else "Version"
        for name, number in held:
            project = known.get(number)
            if project is not None:
                path = f"/projects/{quote(project.key)}/executions?{urlencode({kind: name})}"
                hits.append(Hit(label, name[:LONGEST], f"executions in {project.key}", path))
    return hits
