# SPDX-License-Identifier: Apache-2.0
"""What administrators of the instance do: people, statuses and their aliases, link types, environments, the audit, storage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from radiograph.actions import aliases, retention
from radiograph.actions.accounts import hash_password
from radiograph.actions.own_account import Key, check_password, check_profile, key_shape
from radiograph.domain.clock import now_ms
from radiograph.domain.errors import Conflict, Forbidden, NotFound, Refused, cut
from radiograph.domain.issues import MAX_NAME
from radiograph.domain.people import Caller, Role
from radiograph.domain.retention import InstanceRules, problems_of
from radiograph.domain.statuses import RUN_STATUSES, STEP_STATUSES, Status, parse_aliases
from radiograph.store import accounts, audit, instance, own_account
from radiograph.store import admin as store
from radiograph.store.admin import AuditRow, EnvironmentRow, LinkTypeRow, PersonRow  # noqa: TC001  (msgspec reads the annotations)
from radiograph.store.engines import database_bytes, free_bytes, lock_database

if TYPE_CHECKING:
    import sqlalchemy as sa

    from radiograph.actions.services import Services

PAGE = 100
STORAGE = "storage"
_LOCK = 7004
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_MEANINGS = ("OK", "NOK", "NOTRUN")
_BUILT_IN = {(s.of, s.id): s for s in (*RUN_STATUSES, *STEP_STATUSES)}


def check(caller: Caller) -> None:
    """Raise Forbidden for who doesn't administer the instance, or came with a token that is scoped."""
    if not caller.admin or caller.token_projects is not None or caller.token_role not in {None, Role.ADMIN}:
        raise Forbidden("Only an administrator of the instance may do this.")


# --- people -------------------------------------------------------------------------------------
class OwnedKey(Struct, frozen=True):
    """A token or client with its owner."""

    owner: str
    client: bool
    key: Key


class People(Struct):
    """People by name, and where the next page starts ("": this is the last)."""

    people: list[PersonRow]
    next: str


def people(services: Services, caller: Caller, text: str = "", after: str = "") -> People:
    """People whose name, shown name or address has the text. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        rows = store.people(conn, text.strip()[:MAX_NAME], after, PAGE + 1)
    return People(rows[:PAGE], rows[PAGE - 1].name if len(rows) > PAGE else "")


def add_person(services: Services, caller: Caller, name: str, shown: tuple[str, str], password: str) -> None:
    """Add a person who can sign in; `shown` is the name that others see and the address. Raises Forbidden, Refused, Conflict."""
    check(caller)
    if not name or len(name) > MAX_NAME or not name.isprintable() or name != name.strip() or ":" in name:
        raise Refused(f"A user needs a name of 1 to {MAX_NAME} characters without a colon.")
    check_profile(*shown)
    check_password(password)
    hashed = hash_password(password)
    with services.db.write() as conn:
        known = accounts.find_account(conn, name)
        if known is not None and known.password_hash is not None:
            raise Conflict(f"There is a user {cut(name)} already.")
        values = {"password_hash": hashed, "active": True, "display_name": shown[0], "email": shown[1]}
        accounts.put_account(conn, name, values)
        audit.note(conn, caller.id, "user.add", name)


def set_password(services: Services, caller: Caller, name: str, password: str) -> None:
    """Set somebody's password; their sessions end. Raises Forbidden, Refused, NotFound."""
    check(caller)
    check_password(password)
    _change(services, caller, name, {"password_hash": hash_password(password)}, "user.password", ends=True)


def set_active(services: Services, caller: Caller, name: str, *, active: bool) -> None:
    """Let somebody in, or shut them out: their sessions end and their tokens stop working. Raises Forbidden, Refused, NotFound."""
    check(caller)
    if name == caller.name and not active:
        raise Refused("You can't shut yourself out; another administrator can.")
    _change(services, caller, name, {"active": active}, "user.activate" if active else "user.deactivate", ends=not active)


def set_admin(services: Services, caller: Caller, name: str, *, admin: bool) -> None:
    """Let somebody administer the instance, or no more. Raises Forbidden, Refused for the last one, NotFound."""
    check(caller)
    _change(services, caller, name, {"admin": admin}, "user.admin" if admin else "user.no-admin")


def _change(services: Services, caller: Caller, name: str, values: dict[str, Any], action: str, *, ends: bool = False) -> None:
    with services.db.write() as conn:
        lock_database(conn, _LOCK)
        person = accounts.find_account(conn, name)
        if person is None:
            raise NotFound(f"There is no user {cut(name)}.")
        own_account.change_user(conn, person.id, values)
        if not store.administrators(conn):
            raise Refused("Somebody must administer the instance; nothing was changed.")
        if ends:
            accounts.drop_sessions_of(conn, person.id)
        audit.note(conn, caller.id, action, name)


def all_keys(services: Services, caller: Caller) -> list[OwnedKey]:
    """Every token and client with its owner. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        projects = own_account.project_keys(conn)
        return [OwnedKey(owner, row.name.startswith("client "), key_shape(row, projects)) for owner, row in accounts.tokens(conn)]


def revoke(services: Services, caller: Caller, owner: str, name: str) -> None:
    """Revoke somebody's token or client (its name with "client " before it). Raises Forbidden, NotFound."""
    check(caller)
    with services.db.write() as conn:
        person = accounts.find_account(conn, owner)
        if person is None or not accounts.drop_token(conn, person.id, name):
            raise NotFound(f"{cut(owner)} has no token {cut(name)}; it may have been revoked meanwhile.")
        audit.note(conn, caller.id, "token.revoke", f"{owner} {name}")


# --- statuses, types, names ---------------------------------------------------------------------
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
        lock_database(conn, _LOCK)
        known = {(s.of, s.id): s for s in store.statuses(conn)}
        if status.id < 0:
            status = structs.replace(status, id=store.next_status(conn, status.of))
        elif (status.of, status.id) not in known:
            raise NotFound("There is no such status.")
        own = _BUILT_IN.get((status.of, status.id))
        if own is not None:
            status = structs.replace(own, color=status.color, description=status.description)
        _check_status(status, list(known.values()))
        store.put_status(conn, status)
        audit.note(conn, caller.id, "status.put", f"{status.of} {status.name}")


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
        lock_database(conn, _LOCK)
        if any(k.name.casefold() == name.casefold() for k in store.link_types(conn)):
            raise Conflict(f"There is a type of links {cut(name)} already.")
        store.add_link_type(conn, name, inward, outward)
        audit.note(conn, caller.id, "linktype.add", name)


def rename_environment(services: Services, caller: Caller, number: int, name: str) -> str:
    """Give an environment another name, or merge it into the one that has that name; what was done, in words. Raises Forbidden, Refused, NotFound."""
    check(caller)
    if not name or len(name) > MAX_NAME or ";" in name:
        raise Refused(f"An environment needs a name of 1 to {MAX_NAME} characters without semicolons.")
    with services.db.write() as conn:
        lock_database(conn, _LOCK)
        known, other = store.environment(conn, number), store.environment(conn, None, name)
        if known is None:
            raise NotFound("There is no such environment; it may have been merged meanwhile.")
        if other is None or other[0] == number:
            store.rename_environment(conn, number, name)
            audit.note(conn, caller.id, "environment.rename", f"{known[1]} {name}")
            return f"{known[1]} is {name} now."
        count = store.merge_environments(conn, number, other[0])
        audit.note(conn, caller.id, "environment.merge", f"{known[1]} {name}", {"executions": count})
    return f"{known[1]} is merged into {name}: {count} executions."


# --- the audit, the store -----------------------------------------------------------------------
class Audit(Struct):
    """Audit rows, newest first, and where the next page starts ("": this is the last)."""

    rows: list[AuditRow]
    next: str


def audit_page(services: Services, caller: Caller, wanted: dict[str, str], before: str = "") -> Audit:
    """What was done: `wanted` has what the action begins with, the person, and a text of the subject. Raises Forbidden, Refused."""
    check(caller)
    at, _, number = before.partition("-")
    if before and not (at.isascii() and at.isdigit() and number.isascii() and number.isdigit() and len(before) < 40):  # noqa: PLR2004
        raise Refused("That page of the audit can't be found.")
    with services.db.read() as conn:
        rows = store.audit_rows(conn, wanted, (int(at), int(number)) if before else None, PAGE + 1)
    return Audit(rows[:PAGE], f"{rows[PAGE - 1].at_ms}-{rows[PAGE - 1].id}" if len(rows) > PAGE else "")


class Files(Struct, frozen=True):
    """Files of one kind in a project: of results, or of issues."""

    project: str
    kind: str
    files: int
    bytes: int


class Big(Struct, frozen=True):
    """An execution with many runs."""

    key: str
    summary: str
    runs: int


class Counted(Struct, frozen=True):
    """What takes many rows to find out, and when it was."""

    at_ms: int = 0
    files: list[Files] = []
    biggest: list[Big] = []


class Storage(Struct, frozen=True):
    """How much the instance holds, in bytes: the database, what of it is free, files of evidence as they were counted last."""

    database: int
    free: int
    counted: Counted


def storage(services: Services, caller: Caller) -> Storage:
    """How much the instance holds; what takes long as it was counted last. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        counted = msgspec.json.decode(instance.get_setting(conn, STORAGE, "{}"), type=Counted)
        return Storage(database_bytes(conn), free_bytes(conn), counted)


def count_storage(services: Services, caller: Caller | None = None) -> None:
    """Count the files of every project and find the biggest executions. Raises Forbidden."""
    if caller is not None:
        check(caller)
    with services.db.read() as conn:
        rows = store.evidence_by_project(conn)
        keys = store.names(conn, [row[0] for row in rows])
        files = [Files(keys.get(row[0], str(row[0])), *row[1:]) for row in rows]
        biggest = [Big(*row) for row in store.biggest_executions(conn, 20)]
    with services.db.write() as conn:
        instance.put_setting(conn, STORAGE, msgspec.json.encode(Counted(now_ms(), files, biggest)).decode())


def set_instance_rules(services: Services, caller: Caller, rules: InstanceRules) -> None:
    """For how many days audit rows and refused imports are kept; 0 for ever. Raises Forbidden, Refused."""
    check(caller)
    if problems := problems_of(rules):
        raise Refused(f"{'; '.join(problems)}.")
    with services.db.write() as conn:
        instance.put_setting(conn, retention.RULES, msgspec.json.encode(rules).decode())
        audit.note(conn, caller.id, "retention.set", "instance", msgspec.to_builtins(rules))


class JobLine(Struct, frozen=True):
    """A task as a list has it; who began it, None for nobody here."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    message: str
    started_ms: int
    user: str | None


class Server(Struct, frozen=True):
    """What runs here: the kind of database, its address without the password, the licence, rules, and the newest tasks."""

    database: str
    address: str
    licensed: bool
    rules: InstanceRules
    jobs: list[JobLine]


def server(services: Services, caller: Caller) -> Server:
    """Facts of the server. Raises Forbidden."""
    check(caller)
    with services.db.read() as conn:
        jobs = [JobLine(*row) for row in store.recent_jobs(conn, 20)]
        kind = _database(conn)
        licensed, rules = instance.licence_is_active(conn), retention.instance_rules(conn)
    return Server(
        kind, services.db.shown_url, licensed, rules, [j if j.kind != "import/test/bulk" else structs.replace(j, message="") for j in jobs]
    )


def _database(conn: sa.Connection) -> str:
    version = ".".join(str(n) for n in conn.dialect.server_version_info or ())
    return f"{'SQLite' if conn.dialect.name == 'sqlite' else 'PostgreSQL'} {version}"


def set_licence(services: Services, caller: Caller, *, active: bool) -> None:
    """Let the licence be active or lapsed; imports are then refused in Xray's words. Raises Forbidden."""
    check(caller)
    with services.db.write() as conn:
        instance.put_setting(conn, "licence", "active" if active else "lapsed")
        audit.note(conn, caller.id, "licence.set", "active" if active else "lapsed")
