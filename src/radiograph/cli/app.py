# SPDX-License-Identifier: Apache-2.0
"""The `radiograph` command and what its subcommands share."""

from __future__ import annotations

import sys

import click

from radiograph import __version__
from radiograph.cli import administer, demo, export, gate, pull, serve, tailor, upload
from radiograph.domain.errors import DomainError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def radiograph() -> None:
    """Radiograph: a self-hosted server for test results that speaks Xray's REST API.

    Settings come from options, from RADIOGRAPH_... in the environment, and from radiograph.toml in the data folder.
    """


for command in (
    serve.serve, demo.demo, upload.upload, export.export, gate.gate, pull.pull, administer.project, administer.user, administer.token,
    administer.client, administer.licence, administer.undo, administer.retain, administer.migrate, administer.check,
    tailor.workflow, tailor.field,
):  # fmt: skip
    radiograph.add_command(command)


def main() -> None:
    """Run the command line; a domain error is one line and exit code 1."""
    try:
        radiograph()
    except DomainError as error:
        click.echo(f"Error: {error.message}", err=True)
        sys.exit(1)
