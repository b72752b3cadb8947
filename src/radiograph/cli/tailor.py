# SPDX-License-Identifier: Apache-2.0
"""Commands that fit an instance to its team: the workflow of issues, and custom fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from radiograph.actions import fields, issues
from radiograph.actions import workflow as actions
from radiograph.cli.options import instance_options, open_instance

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

    from radiograph.domain.workflow import Workflow


@click.group()
def workflow() -> None:
    """The statuses that issues can have, and the ways between them."""


@workflow.command("show")
@instance_options
def workflow_show(data: Path | None, database: str | None) -> None:
    """Print the workflow as JSON, as `workflow load` takes it."""
    found = actions.workflow(open_instance(data, database, made_if_missing=False))
    click.echo(json.dumps(_shown(found), indent=2, ensure_ascii=False))


def _shown(found: Workflow) -> dict[str, Any]:
    names = {s.id: s.name for s in found.statuses}
    transitions: list[dict[str, Any]] = [
        {"id": w.id, "name": w.name, "to": names[w.to_id]} | ({"from": names[w.from_id]} if w.from_id is not None else {})
        for w in found.transitions
    ]
    return {"statuses": [structs.asdict(s) for s in found.statuses], "transitions": transitions}


@workflow.command("load")
@click.argument("file", type=click.File(encoding="utf-8"))
@instance_options
def workflow_load(file: TextIOWrapper, data: Path | None, database: str | None) -> None:
    """Have the workflow of a JSON FILE (- is standard input) from now on.

    {"statuses": [{"name": "Open", "category": "new"}, ...], "transitions": [{"name": "Start", "from": "Open", "to": "Doing"}, ...]}

    A category is new, indeterminate or done; a transition without "from" starts anywhere; without transitions
    there is one to each status. The first status is that of new issues. Statuses that issues have must stay.
    """
    try:
        given = json.load(file)
    except ValueError as error:
        raise click.ClickException(f"{file.name} is not JSON: {error}.") from None
    new = actions.load_workflow(open_instance(data, database, made_if_missing=False), given)
    click.echo(f"The workflow has {len(new.statuses)} statuses and {len(new.transitions)} transitions.")


@click.group()
def field() -> None:
    """Custom fields of issues."""


@field.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(fields.KINDS), default="text", show_default=True, help="What it holds.")
@instance_options
def field_add(name: str, kind: str, data: Path | None, database: str | None) -> None:
    """Add a custom field to issues of every type.

    For example: radiograph field add Severity --kind option
    """
    made = fields.create_field(open_instance(data, database, made_if_missing=False), None, name, kind)
    click.echo(f"Added the field {made.name} ({made.key}).")


@field.command("list")
@instance_options
def field_list(data: Path | None, database: str | None) -> None:
    """List the custom fields: key, kind, name."""
    for row in issues.custom_fields(open_instance(data, database, made_if_missing=False)):
        click.echo(f"{row.key}\t{row.kind}\t{row.name}")
