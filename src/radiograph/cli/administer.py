# SPDX-License-Identifier: Apache-2.0
"""Commands that administer an instance, beside a running server or without one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import click

from radiograph.actions import accounts, instance
from radiograph.actions.check import examine
from radiograph.actions.migrating import Migrate, state
from radiograph.actions.projects import add_project
from radiograph.actions.projects import project as find_project
from radiograph.cli.options import instance_options, open_instance
from radiograph.domain.people import Caller, Role

if TYPE_CHECKING:
    from pathlib import Path

_OPERATOR = Caller(0, "operator", admin=True)


@click.group()
def project() -> None:
    """Projects."""


@project.command("add")
@click.argument("key")
@click.option("--name", default="", help="The name people see [the key].")
@click.option("--description", default="")
@instance_options
def project_add(key: str, name: str, description: str, data: Path | None, database: str | None) -> None:
    """Add a project: radiograph project add CALC --name Calculator."""
    number = add_project(open_instance(data, database), key, name, description)
    click.echo(f"Added the project {key.upper()} (id {number}).")


@click.group()
def user() -> None:
    """People who can sign in."""


@user.command("add")
@click.argument("name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--display-name")
@click.option("--admin", is_flag=True, help="May do everything, everywhere.")
@click.option("--role", "roles", multiple=True, metavar="PROJECT=ROLE", help="viewer, tester, lead or admin; may be given again.")
@instance_options
def user_add(
    name: str,
    password: str,
    display_name: str | None,
    admin: bool,  # noqa: FBT001
    roles: tuple[str, ...],
    data: Path | None,
    database: str | None,
) -> None:
    """Add a person, or change one."""
    services = open_instance(data, database)
    chosen = [_role(text) for text in roles]
    accounts.put_user(services, name, password, admin=admin, display_name=display_name)
    for key, role in chosen:
        accounts.give_role(services, name, find_project(services, _OPERATOR, key).id, role)
    click.echo(f"Added {name}.")


def _role(text: str) -> tuple[str, Role]:
    key, _, name = text.partition("=")
    if name.upper() not in Role.__members__:
        _usage(f"{text!r}: give PROJECT=ROLE with one of the roles viewer, tester, lead, admin")
    return key, Role[name.upper()]


def _usage(text: str) -> NoReturn:
    raise click.UsageError(text)


@user.command("password")
@click.argument("name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@instance_options
def user_password(name: str, password: str, data: Path | None, database: str | None) -> None:
    """Set a person's password; their sessions end."""
    services = open_instance(data, database)
    if name not in {a.name for a in accounts.users(services)}:
        _usage(f"There is no user {name}.")
    accounts.put_user(services, name, password)
    click.echo(f"Set the password of {name}.")


@user.command("list")
@instance_options
def user_list(data: Path | None, database: str | None) -> None:
    """Everybody, and whether they can sign in."""
    for account in accounts.users(open_instance(data, database)):
        what = "admin" if account.admin else "user" if account.password_hash else "known by name"
        click.echo(f"{account.name}\t{account.display_name}\t{what}{'' if account.active else ' (inactive)'}")


@click.group()
def token() -> None:
    """Personal access tokens (Authorization: Bearer)."""


@token.command("add")
@click.argument("user_name", metavar="USER")
@click.option("--name", required=True, help="What the token is for, such as ci.")
@click.option("--secret", help="A secret of your own instead of a random one.")
@click.option("--role", type=click.Choice([r.name.lower() for r in Role]), help="The most that the token allows [all of USER's rights].")
@instance_options
def token_add(user_name: str, name: str, secret: str | None, role: str | None, data: Path | None, database: str | None) -> None:
    """Make a token and print it."""
    scope = Role[role.upper()] if role else None
    click.echo(accounts.add_token(open_instance(data, database), user_name, name, secret, role=scope))


@token.command("revoke")
@click.argument("user_name", metavar="USER")
@click.option("--name", required=True)
@instance_options
def token_revoke(user_name: str, name: str, data: Path | None, database: str | None) -> None:
    """Revoke a token."""
    accounts.revoke_token(open_instance(data, database), user_name, name)
    click.echo(f"Revoked {name}.")


@token.command("list")
@instance_options
def token_list(data: Path | None, database: str | None) -> None:
    """Every token, without its secret."""
    for owner, row in accounts.tokens(open_instance(data, database)):
        made = datetime.fromtimestamp(row.created_ms / 1000, tz=UTC)
        click.echo(f"{owner}\t{row.name}\t{made:%Y-%m-%d}\t{(row.rights or 'all rights').lower()}")


@click.group()
def licence() -> None:
    """The instance's licence: when it has lapsed, imports are refused as Xray refuses them."""


@licence.command("set")
@click.argument("state", type=click.Choice(["active", "lapsed"]))
@instance_options
def licence_set(state: str, data: Path | None, database: str | None) -> None:
    """Let the licence be active or lapsed."""
    instance.set_licence(open_instance(data, database), active=state == "active")
    click.echo(f"The licence is {state}.")


@click.command()
@instance_options
def migrate(data: Path | None, database: str | None) -> None:
    """Bring the database to the schema of this version; an SQLite file is copied aside first."""
    services = open_instance(data, database, Migrate.ALWAYS)
    click.echo(state(services.db))


@click.command()
@instance_options
@click.option("--deep", is_flag=True, help="Look at every row and every evidence file too.")
def check(data: Path | None, database: str | None, deep: bool) -> None:  # noqa: FBT001
    """Say what is wrong with an instance and how to mend it; exit code 1 when something is."""
    bad = 0
    for finding in examine(open_instance(data, database), deep=deep):
        bad += not finding.good
        click.echo(f"{'ok  ' if finding.good else 'BAD '} {finding.what}")
        if finding.mend:
            click.echo(f"      to mend: {finding.mend}")
    if bad:
        raise SystemExit(1)
