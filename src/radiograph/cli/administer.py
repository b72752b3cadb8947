# SPDX-License-Identifier: Apache-2.0
"""Commands that administer an instance, beside a running server or without one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from radiograph.actions import accounts, clients, instance, retention, undo_import
from radiograph.actions.check import examine
from radiograph.actions.migrating import Migrate, state
from radiograph.actions.projects import add_project, visible_projects
from radiograph.actions.projects import project as find_project
from radiograph.cli.options import instance_options, open_instance
from radiograph.domain.errors import NotFound, Refused
from radiograph.domain.people import Caller, Role

if TYPE_CHECKING:
    from pathlib import Path

    from radiograph.actions.services import Services
    from radiograph.store.accounts import Account

_OPERATOR = Caller(0, "operator", admin=True)


@click.group()
def project() -> None:
    """Projects."""


@project.command("add")
@click.argument("key")
@click.option("--name", default="", help="The name people see [the key].")
@click.option("--description", default="", help="What it is about.")
@instance_options
def project_add(key: str, name: str, description: str, data: Path | None, database: str | None) -> None:
    """Add a project.

    For example: radiograph project add CALC --name Calculator
    """
    number = add_project(open_instance(data, database), key, name, description)
    click.echo(f"Added the project {key.upper()} (id {number}).")


@project.command("list")
@instance_options
def project_list(data: Path | None, database: str | None) -> None:
    """List the projects: key, name."""
    for row in visible_projects(open_instance(data, database, made_if_missing=False), _OPERATOR):
        click.echo(f"{row.key}\t{row.name}")


@click.group()
def user() -> None:
    """People who can sign in."""


_password = click.option(
    "--password", envvar="RADIOGRAPH_PASSWORD", show_envvar=True, help="The password; without it a terminal is asked for one.",
)  # fmt: skip


@user.command("add")
@click.argument("name")
@_password
@click.option("--display-name", help="The name people see.")
@click.option("--admin", is_flag=True, default=None, help="May do everything, everywhere.")
@click.option("--role", "roles", multiple=True, metavar="PROJECT=ROLE", help="viewer, tester, lead or admin; may be given again.")
@instance_options
def user_add(
    name: str,
    password: str | None,
    display_name: str | None,
    admin: bool | None,  # noqa: FBT001
    roles: tuple[str, ...],
    data: Path | None,
    database: str | None,
) -> None:
    """Add a person, or change what is given of one.

    For example: radiograph user add ana --display-name "Ana Lima" --role CALC=lead
    """
    services = open_instance(data, database)
    chosen = [(find_project(services, _OPERATOR, key).id, role) for key, role in map(_role, roles)]
    known = _find(services, name)
    if not password and (known is None or known.password_hash is None):
        password = _ask_for_password()
    accounts.put_user(services, name, password or None, admin=admin, display_name=display_name)
    for number, role in chosen:
        accounts.give_role(services, name, number, role)
    click.echo(f"{'Changed' if known else 'Added'} {name}.{_shut_out(known)}")


def _find(services: Services, name: str) -> Account | None:
    return next((a for a in accounts.users(services) if a.name == name), None)


def _shut_out(known: Account | None) -> str:
    if known is None or known.active or known.password_hash is None:
        return ""
    return " They are shut out, and stay so until an administrator lets them in (Administration, People)."


def _ask_for_password() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("Give the password by --password or RADIOGRAPH_PASSWORD: there is no terminal to ask at.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _role(text: str) -> tuple[str, Role]:
    key, _, name = text.partition("=")
    if not key or name.upper() not in Role.__members__:
        raise click.BadParameter(f"{text!r}: give PROJECT=ROLE with one of the roles viewer, tester, lead, admin.", param_hint="'--role'")
    return key.upper(), Role[name.upper()]


@user.command("password")
@click.argument("name")
@_password
@instance_options
def user_password(name: str, password: str | None, data: Path | None, database: str | None) -> None:
    """Set a person's password; their sessions end at once."""
    services = open_instance(data, database, made_if_missing=False)
    known = _find(services, name)
    if known is None:
        raise NotFound(f"There is no user {name}.")
    accounts.put_user(services, name, password or _ask_for_password())
    click.echo(f"Set the password of {name}.{_shut_out(known)}")


@user.command("list")
@instance_options
def user_list(data: Path | None, database: str | None) -> None:
    """List everybody: name, name shown, what they are."""
    for account in accounts.users(open_instance(data, database, made_if_missing=False)):
        what = "admin" if account.admin else "user" if account.password_hash else "known by name"
        click.echo(f"{account.name}\t{account.display_name}\t{what}{'' if account.active else ' (inactive)'}")


@click.group()
def token() -> None:
    """Personal access tokens (Authorization: Bearer)."""


@token.command("add")
@click.argument("user_name", metavar="USER")
@click.option("--name", required=True, help="What the token is for, such as ci; one of that name is replaced.")
@click.option("--secret", envvar="RADIOGRAPH_SECRET", show_envvar=True, help="A secret of your own instead of a random one.")
@click.option("--role", type=click.Choice([r.name.lower() for r in Role]), help="The most that the token allows [all of USER's rights].")
@instance_options
def token_add(user_name: str, name: str, secret: str | None, role: str | None, data: Path | None, database: str | None) -> None:
    """Make a token and print it, this once.

    For example: radiograph token add ana --name ci --role tester
    """
    scope = Role[role.upper()] if role else None
    click.echo(accounts.add_token(open_instance(data, database, made_if_missing=False), user_name, name, secret, role=scope))


@token.command("revoke")
@click.argument("user_name", metavar="USER")
@click.option("--name", required=True, help="The name that it was given.")
@instance_options
def token_revoke(user_name: str, name: str, data: Path | None, database: str | None) -> None:
    """Revoke a token; it stops working at once."""
    accounts.revoke_token(open_instance(data, database, made_if_missing=False), user_name, name)
    click.echo(f"Revoked the token {name} of {user_name}.")


@token.command("list")
@instance_options
def token_list(data: Path | None, database: str | None) -> None:
    """List the tokens, without secrets: owner, name, day made, rights."""
    for owner, row in accounts.tokens(open_instance(data, database, made_if_missing=False)):
        click.echo(f"{owner}\t{row.name}\t{_day(row.created_ms)}\t{(row.rights or 'all rights').lower()}")


@click.group()
def client() -> None:
    """Client ids and secrets, for clients of Xray Cloud.

    They trade them for a token by POST /api/v2/authenticate.
    """


@client.command("add")
@click.option("--id", "client_id", help="A client id of your own instead of a random one; one of that id is replaced.")
@click.option("--secret", envvar="RADIOGRAPH_SECRET", show_envvar=True, help="A secret of your own instead of a random one.")
@click.option("--user", "user_name", default="admin", show_default=True, help="The person it acts for.")
@click.option("--role", type=click.Choice([r.name.lower() for r in Role]), help="The most that it allows [all of the person's rights].")
@instance_options
def client_add(
    client_id: str | None, secret: str | None, user_name: str, role: str | None, data: Path | None, database: str | None
) -> None:
    """Make a client id and secret, and print both, this once.

    For example: radiograph client add --user ana --role tester
    """
    services = open_instance(data, database, made_if_missing=False)
    made = clients.add_client(services, user_name, client_id, secret, role=Role[role.upper()] if role else None)
    click.echo(f"client_id\t{made[0]}\nclient_secret\t{made[1]}")


@client.command("revoke")
@click.argument("client_id", metavar="ID")
@instance_options
def client_revoke(client_id: str, data: Path | None, database: str | None) -> None:
    """Revoke a client; the tokens that it has stop working at once."""
    clients.revoke_client(open_instance(data, database, made_if_missing=False), client_id)
    click.echo(f"Revoked the client {client_id}.")


@client.command("list")
@instance_options
def client_list(data: Path | None, database: str | None) -> None:
    """List the clients, without secrets: id, whom it acts for, day made, rights."""
    for number, owner, row in clients.clients(open_instance(data, database, made_if_missing=False)):
        click.echo(f"{number}\t{owner}\t{_day(row.created_ms)}\t{(row.rights or 'all rights').lower()}")


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, tz=UTC):%Y-%m-%d}"


@click.group()
def licence() -> None:
    """The licence's state.

    When it has lapsed, imports are refused in Xray's words, so that clients can be tested with that.
    """


@licence.command("set")
@click.argument("state", type=click.Choice(["active", "lapsed"]))
@instance_options
def licence_set(state: str, data: Path | None, database: str | None) -> None:
    """Let the licence be active or lapsed."""
    instance.set_licence(open_instance(data, database, made_if_missing=False), active=state == "active")
    click.echo(f"The licence is {state}.")


@click.command("undo-import")
@click.argument("import_id", metavar="ID", type=int)
@click.option("--preview", is_flag=True, help="Only say what would go, and what stays and why.")
@instance_options
def undo(import_id: int, preview: bool, data: Path | None, database: str | None) -> None:  # noqa: FBT001
    """Take an import back, whole or not at all.

    Runs return to their attempt before; what only the import made goes. The number is that of its page: /imports/ID.

    For example: radiograph undo-import 12 --preview
    """
    services = open_instance(data, database, made_if_missing=False)
    told = undo_import.preview(services, _OPERATOR, import_id)
    if told.refusal:
        raise Refused(told.refusal)
    if not preview:
        told = undo_import.undo(services, _OPERATOR, import_id)
    for name, count in told.counts.items():
        click.echo(f"{name.replace('_', ' ')}\t{count}")
    click.echo(f"execution {told.execution}\t{'removed' if told.execution_removed else 'stays'}")
    for stay in told.stays:
        click.echo(f"stays {stay.key}\t{stay.why}")


@click.command()
@click.option("--project", "key", help="Only this project [every one that has rules].")
@click.option("--preview", is_flag=True, help="Only say what would go.")
@click.option("--compact", is_flag=True, help="Then give the space inside an SQLite file back to the disk; nobody can write meanwhile.")
@instance_options
def retain(key: str | None, preview: bool, compact: bool, data: Path | None, database: str | None) -> None:  # noqa: FBT001
    """Remove what the projects' rules keep no longer.

    A running server does it every night. Files of evidence go with the next sweep.

    For example: radiograph retain --project CALC --preview
    """
    services = open_instance(data, database, made_if_missing=False)
    rows = [find_project(services, _OPERATOR, key)] if key else visible_projects(services, _OPERATOR)
    for row in rows:
        going = retention.preview(services, _OPERATOR, row).going if preview else retention.retain(services, None, row)
        for name, count in going.counts.items():
            click.echo(f"{row.key}\t{name.replace('_', ' ')}\t{count}")
    if not preview and not key:
        for name, count in retention.retain_instance(services).items():
            click.echo(f"-\t{name}\t{count}")
    if compact and not preview:
        click.echo(f"-\tbytes given back\t{services.db.compact()}")


@click.command()
@instance_options
def migrate(data: Path | None, database: str | None) -> None:
    """Bring the database to this version's schema.

    An SQLite file is copied aside first; of a PostgreSQL database make a backup yourself.
    """
    services = open_instance(data, database, Migrate.ALWAYS, made_if_missing=False)
    click.echo(state(services.db))


@click.command()
@instance_options
@click.option("--deep", is_flag=True, help="Look at every row and every evidence file too.")
def check(data: Path | None, database: str | None, deep: bool) -> None:  # noqa: FBT001
    """Say what is wrong, and how to mend it.

    Exit code 1 when something is. It may run beside a server.
    """
    bad = 0
    for finding in examine(open_instance(data, database, made_if_missing=False), deep=deep):
        bad += not finding.good
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.what}")
        if finding.mend:
            click.echo(f"      to mend: {finding.mend}")
    if bad:
        raise SystemExit(1)
