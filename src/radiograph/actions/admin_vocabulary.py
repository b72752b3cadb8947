# SPDX-License-Identifier: Apache-2.0
"""The words of the instance that administrators change: statuses and their aliases, types of links, environments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from radiograph.actions import aliases
from radiograph.actions.admin import check
from radiograph.domain.errors import Conflict, NotFound, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, Status, parse_aliases
from radiograph.store import admin as store
from radiograph.store import audit, flaky, instance, issue_links
from radiograph.store.admin import EnvironmentRow, LinkTypeRow  # noqa: TC001  (msgspec reads the annotations)
from radiograph.store.engines import lock_database
from radiograph.store.locks import WORDS
from radiograph.store.statuses import add_status, change_status, follow_name

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_MEANINGS = ("OK", "NOK", "NOTRUN")
_BUILT_IN = {(s.of, s.id): s for s in (*RUN_STATUSES, *STEP_STATUSES)}


class Vocabulary(Struct):
    """Statuses of runs and steps, the aliases that hold (and whether the operator has set them), types of links, environments."""

    statuses: list[Status]
    aliases: str
    aliases_set_outside: bool
    link_types: list[LinkTypeRow]
    environments: list[EnvironmentRow]


def vocabulary(services: Services, caller: Caller) -> Vocabulary:
    """The words of the instance. Raises Forbidden."""
    check(caller)
    outside = aliases.is_set_outside(services.settings)
    with services.db.read() as conn:
        text = aliases.aliases_text(conn, services.settings)
        return Vocabulary(store.statuses(conn), text, outside, store.link_types(conn), store.environments(conn, 500))


def put_status(services: Services, caller: Caller, status: Status) -> None:
    """Add a status (id -1), or change one: of those built in, the colour and the description only. Raises Forbidden, Refused, Conflict."""
    check(caller)
    status = structs.replace(status, name=" ".join(status.name.split()).upper())
    with services.db.write() as conn:
        lock_database(conn, WORDS)
        known = {(s.of, s.id): s for s in store.statuses(conn)}
        before = known.get((status.of, status.id))
        if status.id >= 0 and before is None:
            raise NotFound("There is no such status.")
        own = _BUILT_IN.get((status.of, status.id))
        if own is not None:
            status = structs.replace(own, color=status.color, description=status.description)
        _check_status(status, list(known.values()))
        if before is None:
            add_status(conn, status)
        else:
            change_status(conn, status)
            if before.name != status.name:
                _follow_name(conn, services, before, status.name)
        audit.note(conn, caller.id, "status.put", f"{status.of} {status.name}")


def _follow_name(conn: sa.Connection, services: Services, before: Status, new: str) -> None:
    """Let what knows a status by its name know it by the new one; who still writes the old name means it as well."""
    if before.of == "run":
        follow_name(conn, before.name, new)
    pairs = dict(aliases.aliases(conn, services.settings))
    if aliases.is_set_outside(services.settings):
        if before.name in pairs.values():
            raise Conflict(
                f"The operator's aliases (RADIOGRAPH_STATUS_ALIASES) name {cut(before.name)}: it keeps its name until they don't."
            )
        return
    if before.of == "run" or not any(s.name == before.name for s in store.statuses(conn)):
        pairs = {a: new if meant == before.name else meant for a, meant in pairs.items()}
    if not {",", "="} & set(before.name):
        pairs[before.name] = new
    pairs.pop(new, None)
    instance.put_setting(conn, aliases.NAME, ", ".join(f"{a}={b}" for a, b in pairs.items()))


def _check_status(status: Status, known: list[Status]) -> None:
    if status.of not in {"run", "step"} or not status.name or len(status.name) > MAX_NAME or "," in status.name or "=" in status.name:
        raise Refused("A status needs a name without commas and =, and is one of runs or of steps.")
    if not _COLOUR.fullmatch(status.color):
        raise Refused("A colour looks like #1F7A38.")
    if status.requirement not in _MEANINGS:
        raise Refused(f"What a status means for requirements is one of {', '.join(_MEANINGS)}.")
    if any(s.name == status.name and s.of == status.of and s.id != status.id for s in known):
        raise Conflict(f"There is a status {cut(status.name)} of {status.of}s already.")
    if status.of == "step" and not any(s.name == status.means and s.of == "run" for s in known):
        raise Refused("A status of steps stands for a status of runs; choose one.")


def set_aliases(services: Services, caller: Caller, text: str) -> None:
    """Keep what reporters write for statuses. Raises Forbidden, Refused when it can't be read, Conflict when the operator has set it."""
    check(caller)
    if aliases.is_set_outside(services.settings):
        raise Conflict(
            "The operator has set RADIOGRAPH_STATUS_ALIASES (or status_aliases in radiograph.toml), which wins; nothing was kept."
        )
    try:
        pairs = parse_aliases(text.replace("\n", ","))
    except ValueError as error:
        raise Refused(f"The aliases can't be read: {error}.") from None
    with services.db.write() as conn:
        runs = {s.name for s in store.statuses(conn)}
        unknown = sorted(set(pairs.values()) - runs)
        if unknown:
            raise Refused(f"There is no status {cut(unknown[0])}.")
        instance.put_setting(conn, aliases.NAME, ", ".join(f"{a}={b}" for a, b in pairs.items()))
        audit.note(conn, caller.id, "aliases.set", "", {"aliases": len(pairs)})


def add_link_type(services: Services, caller: Caller, name: str, inward: str, outward: str) -> None:
    """Add a type of links between issues. Raises Forbidden, Refused, Conflict."""
    check(caller)
    if not all((name, inward, outward)) or max(map(len, (name, inward, outward))) > MAX_NAME:
        raise Refused("A type of links needs a name and words for both directions, such as blocks and is blocked by.")
    with services.db.write() as conn:
        lock_database(conn, WORDS)
        if any(k.name.casefold() == name.casefold() for k in store.link_types(conn)):
            raise Conflict(f"There is a type of links {cut(name)} already.")
        issue_links.add_type(conn, name, inward, outward)
        audit.note(conn, caller.id, "linktype.add", name)


def rename_environment(services: Services, caller: Caller, number: int, name: str) -> str:
    """Give an environment another name, or merge it into the one that has that name; what was done, in words. Raises Forbidden, Refused, NotFound."""
    check(caller)
    if not name or len(name) > MAX_NAME or ";" in name:
        raise Refused(f"An environment needs a name of 1 to {MAX_NAME} characters without semicolons.")
    with services.db.write() as conn:
        lock_database(conn, WORDS)
        known, other = store.environment(conn, number), store.environment(conn, None, name)
        if known is None:
            raise NotFound("There is no such environment; it may have been merged meanwhile.")
        if known[1] != name:
            flaky.rename_environment(conn, known[1], name)
        if other is None or other[0] == number:
            store.rename_environment(conn, number, name)
            audit.note(conn, caller.id, "environment.rename", f"{known[1]} {name}")
            return f"{known[1]} is {name} now."
        count = store.merge_environments(conn, number, other[0])
        audit.note(conn, caller.id, "environment.merge", f"{known[1]} {name}", {"executions": count})
    return f"{known[1]} is merged into {name}: {count} executions."
