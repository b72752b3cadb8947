# SPDX-License-Identifier: Apache-2.0
"""Copying what a project has beside its issues: versions, components, the custom fields of its runs and steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.actions.pull_state import OPERATOR, Words
from radiograph.actions.run_fields import define
from radiograph.domain.errors import Conflict, Refused
from radiograph.domain.run_fields import NATIVE_STEP_FIELDS, RunField
from radiograph.sources.issue_shapes import field_meanings, field_names
from radiograph.sources.xray_server import SourceRefusal
from radiograph.store import instance, names, project_parts, workflow
from radiograph.store import tables as t
from radiograph.store.engines import lock_projects

if TYPE_CHECKING:
    from radiograph.actions.pull_state import Pull
    from radiograph.actions.services import Services
    from radiograph.sources.xray_server import XraySource


def read_words(services: Services, source: XraySource) -> Words:
    """What the other server's fields and statuses are here. Raises SourceError."""
    fields = source.get("/rest/api/2/field")
    meanings, named = field_meanings(fields), field_names(fields)
    with services.db.read() as conn:
        own = {f.name.lower(): f for f in instance.custom_fields(conn) if not f.meaning}
        statuses = workflow.statuses(conn)
    mine = {key: own[name.strip().lower()] for key, name in named.items() if name.strip().lower() in own and key not in meanings}
    return Words(meanings, mine, {k: n for k, n in named.items() if k not in meanings and k not in mine}, statuses)


def pull_project(work: Pull) -> None:
    """Copy versions, components and the definitions of custom fields."""
    _pull_parts(work)
    for of in ("run", "step"):
        for row in _rows(work, f"/rest/raven/2.0/api/project/{work.state.project_key}/settings/customfields/test{of}s"):
            _define(work, of, row)


def _pull_parts(work: Pull) -> None:
    key = work.state.project_key
    versions, components = (_rows(work, f"/rest/api/2/project/{key}/{word}") for word in ("versions", "components"))
    with work.services.db.write() as conn:
        lock_projects(conn, [work.project_id])
        for table, make, rows in ((t.versions, names.version_ids, versions), (t.components, names.component_ids, components)):
            ids = make(conn, work.project_id, [str(row["name"]) for row in rows if row.get("name")])
            for row in rows:
                if row.get("name"):
                    values = _version(row) if table is t.versions else {"description": _said(row, "description")}
                    project_parts.change_part(conn, table, ids[str(row["name"])], values)


def _version(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": _said(row, "description"), "released": bool(row.get("released")), "archived": bool(row.get("archived")),
        "start_date": _said(row, "startDate")[:10], "release_date": _said(row, "releaseDate")[:10],
    }  # fmt: skip


def _said(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def _rows(work: Pull, path: str) -> list[dict[str, Any]]:
    try:
        found = work.source.get(path)
    except SourceRefusal as error:
        work.state.problem_once(path.rpartition("/")[2], str(error))
        return []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _define(work: Pull, of: str, row: dict[str, Any]) -> None:
    """Define a field unless it is there already; the three that every step has are."""
    name, options = _said(row, "name"), tuple(str(o) for o in row.get("options") or [])
    if of == "step" and name in {n for _, n in NATIVE_STEP_FIELDS}:
        return
    field = RunField(0, 0, of, name, _said(row, "description"), _said(row, "type").lower(), bool(row.get("required")), options)
    try:
        define(work.services, OPERATOR, work.state.project_key, field)
        work.state.count(f"fields of {of}s")
    except Conflict:
        return
    except Refused as error:
        work.state.problem_once(f"field {name} of {of}s", error.message)
