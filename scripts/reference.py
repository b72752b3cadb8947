# SPDX-License-Identifier: Apache-2.0
"""Write the reference pages that follow from the code: the settings, the command line, the endpoints and the API.

`python -m scripts.reference` writes them; with `--check` it writes nothing and names the stale ones.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from scripts import api_reference
from scripts.api_reference import NOTE

from radiograph.cli.app import radiograph
from radiograph.settings import Settings
from radiograph.web.api import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from radiograph.web.endpoints import Endpoint

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
_KINDS = {"Path": "path", "str": "text", "int": "whole number", "bool": "true or false"}
_UNITS = ((1024**3, "GiB"), (1024**2, "MiB"))
_SETTINGS = """# Settings

Every setting can be given in three places; the first that gives it wins:

1. an option of the [command](command-line.md) (`--data`, `--database`, `--base-path`),
2. an environment variable, `RADIOGRAPH_` and the setting's name in capitals,
3. the file `radiograph.toml` in the data folder.

Sizes are in bytes. In the environment `true`, `1`, `yes` and `on` switch a setting on, and `false`, `0`, `no`
and `off` switch it off. A name in `radiograph.toml` that isn't a setting, or a value that can't be read, stops
the command and is named.

```toml
# radiograph.toml
public_url = "https://tests.example.org"
max_evidence = 52428800
```
"""
_OUTSIDE = """## Environment variables that are no settings

| variable | read by | meaning |
| --- | --- | --- |
| `RADIOGRAPH_ADMIN_PASSWORD` | `radiograph serve` | The password of `admin` on an instance that has no administrator; \
without it one is made up and printed once. |
| `RADIOGRAPH_URL` | `radiograph import`, `radiograph export` | The server's address, instead of `--url`. |
| `RADIOGRAPH_TOKEN` | `radiograph import`, `radiograph export` | The token, instead of `--token`, which other people on the machine could see. |
"""
_COMMANDS = """# Command line

`radiograph COMMAND --help` says the same as this page. `radiograph --version` prints the version.

Exit codes: 0 when it worked; 1 when it did not, with one line on standard error that says why; 2 when the
command was written wrongly. `radiograph import` and `radiograph export` have codes of their own, below.

Commands that administer an instance open its database themselves: run them on the server's machine, as
the user who owns the data folder. The server may be running or not.
"""
_ENDPOINTS = """# Endpoints

`{v}` is `1.0`, `2.0` or `latest` (which is `2.0`) under `/rest/raven`, and `2` or `latest` under `/rest/api`. With
the setting [`base_path`](settings.md#base_path) its prefix comes before every path. Any other path answers 404,
any other method 405; [errors](errors.md) have their shapes. Types of bodies and answers are in `/openapi.json`, which
the server's page `/api-docs` shows.

Sign in with `Authorization: Basic` or `Authorization: Bearer`. A first answer sets the cookie `JSESSIONID`,
which signs in too; a token with a role of its own gets none.
"""
_TAIL = """## Pages

| endpoint | what it shows |
| --- | --- |
| `GET /` | projects |
| `GET /projects/{key}` | a project at a glance |
| `GET /browse/{key}/live` | how an execution stands, now and at each change, as server-sent events |
| `POST /browse/{key}` | changes the runs of an execution that were chosen on its page |
| `POST /browse/{key}/baseline` | chooses what an execution is compared with |
| `GET /projects/{key}/executions` | its executions, filtered |
| `GET /projects/{key}/flaky` | the flaky Tests of a project, with what shows it |
| `GET /browse/{key}/report` | an execution as a report to print |
| `GET /projects/{key}/sharing` | the hooks, badges and mails of a project |
| `GET /projects/{key}/sharing/mail` | the weekly mail as it would be sent now |
| `POST /projects/{key}/sharing/mails` | which mails the reader gets |
| `POST /projects/{key}/sharing`, `POST /projects/{key}/sharing/hooks/{id}` | a hook: adding, trying, switching, removing |
| `POST /projects/{key}/sharing/badges` | a new key for badges, or none |
| `GET /badges/{key}/{target}` | a badge for a README: without signing in, by the key of the project's badges |
| `GET /projects/{key}/create`, `POST /projects/{key}/create` | the form that issues are made in |
| `GET /projects/{key}/plans` | its Test Plans, with how far they are |
| `GET /projects/{key}/coverage`, `POST /projects/{key}/coverage` | its requirements by what the latest results of their Tests say, now or as it was known; linking Tests |
| `GET /browse/{key}` | an issue: an execution with its runs, a Test with its history, a plan, any other |
| `GET /projects/{key}/tests`, `POST /projects/{key}/tests` | a project's Tests by what is asked of them; labels, folders, plans and sets for those that are ticked |
| `GET /browse/{key}/edit`, `POST /browse/{key}/edit` | the form that a Test is edited in |
| `GET /browse/{key}/merge`, `POST /browse/{key}/merge` | merging a Test into another: what it does, and doing it |
| `GET /browse/{key}/split`, `POST /browse/{key}/split` | splitting runs of a Test off |
| `POST /browse/{key}/names` | an earlier name of a Test: adding, removing |
| `GET /projects/{key}/execute`, `POST /projects/{key}/execute` | a Test Execution of Tests that are executed now |
| `GET /browse/{key}/execute` | leads to the run of an execution that is to be done next |
| `GET /runs/{id}`, `POST /runs/{id}/edit`, `POST /runs/{id}/defects` | a run; saving its result, linking and unlinking its defects |
| `GET /runs/{id}/iterations/{number}` | one of its iterations, for a page that opens it in place |
| `GET /evidence/{id}` | a file of a run or of an issue: an image, a log, JSON, requests, or a download |
| `GET /runs/{id}/execute`, `POST /runs/{id}/execute` | [executing it by hand](../how-to/execute-by-hand.md), step by step |
| `GET /search` | the issues that a [JQL query](jql.md), a key or words find |
| `POST /browse/{key}/plan/tests`, `POST /browse/{key}/plan/executions` | adding Tests and executions to a Test Plan, removing them |
| `POST /browse/{key}/plan/move`, `POST /browse/{key}/plan/folders`, `POST /browse/{key}/plan/folder` | the board of a plan: moving Tests, folders |
| `GET /compare` | two to eight executions side by side, Test by Test |
| `GET /projects/{key}/triage`, `POST /projects/{key}/triage` | its failures by cause; linking and assigning many at once |
| `GET /projects/{key}/quarantine`, `POST /projects/{key}/quarantine` | its Tests in quarantine; putting in, changing the end, taking out |
| `GET /gate` | the verdict on an execution, in the words that a pipeline gets |
| `GET /imports` | import records, refused ones too |
| `GET /imports/{id}` | one of them, with its phases and warnings |
| `GET /imports/{id}/undo`, `POST /imports/{id}/undo` | [taking an import back](../how-to/undo.md): what would go and stay, and doing it |
| `GET /jobs/{id}` | how far a long task is |
| `GET /projects/create`, `POST /projects/create` | making a project |
| `GET /admin`, `POST /admin` | for administrators: the server, the licence, tasks |
| `GET /admin/people`, `POST /admin/people` | people and their accounts |
| `GET /admin/tokens`, `POST /admin/tokens` | everybody's tokens and clients |
| `GET /admin/statuses`, `POST /admin/statuses` | statuses of runs and steps, aliases |
| `GET /admin/workflow`, `POST /admin/workflow` | the workflow, custom fields, types of links |
| `GET /admin/environments`, `POST /admin/environments` | test environments, to rename and merge |
| `GET /admin/storage`, `POST /admin/storage` | how much there is |
| `GET /admin/audit` | what was done |
| `GET /projects/{key}/retention`, `POST /projects/{key}/retention` | [for how long what is kept](../how-to/retention.md), and what would go now |
| `GET /projects/{key}/settings`, `POST /projects/{key}/settings` | [a project's settings](../how-to/administer.md#projects): name, main branch, people, versions, components, fields, deleting |
| `GET /me`, `POST /me` | one's own account: [tokens](../how-to/administer.md#tokens), clients, password, sessions |
| `GET /sign-in`, `POST /sign-in`, `POST /sign-out` | signing in and out |
| `GET /static` | style sheets |
| `GET /api-docs`, `GET /api-docs/{operation}` | the API, to read: every operation, and one whole |
"""
_TYPE = re.compile(r":\w+}")
_SPOKEN = re.compile(r"^/rest/(raven|api)/[^/]+/")


def endpoints_page() -> str:
    """The page of the endpoints: one row for an operation, with its status in each version."""
    groups: dict[str, dict[tuple[str, str], list[Endpoint]]] = {}
    for endpoint in ENDPOINTS:
        family = "Xray" if endpoint.group.startswith("Xray ") else endpoint.group
        for path in dict.fromkeys(_SPOKEN.sub(r"/rest/\1/{v}/", _TYPE.sub("}", p)) for p in endpoint.paths):
            groups.setdefault(family, {}).setdefault((path, endpoint.method), []).append(endpoint)
    parts = [_group(family, rows) for family, rows in groups.items()]
    return "\n\n".join([NOTE, _ENDPOINTS.rstrip(), *parts, _TAIL])


def _group(family: str, rows: dict[tuple[str, str], list[Endpoint]]) -> str:
    versions = ("1.0", "2.0") if family == "Xray" else ("status",)
    head = ["endpoint", *versions, "what it does", "query"]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head))]
    order = rows.items() if family != "Xray" else sorted(rows.items())
    lines += [f"| `{method} {path}` | {_statuses(ends, versions)} | {_words(ends)} | {_queries(ends)} |" for (path, method), ends in order]
    return f"## {family}\n\n" + "\n".join(lines)


def _statuses(endpoints: list[Endpoint], versions: Iterable[str]) -> str:
    named = {e.group.removeprefix("Xray ") if len(endpoints) > 1 or "Xray" in e.group else "status": e for e in endpoints}
    return " | ".join(", ".join(map(str, named[v].answers)) if v in named else "-" for v in versions)


def _words(endpoints: list[Endpoint]) -> str:
    return " ".join(endpoints[0].doc.partition("\n\n")[0].split()).replace("|", "\\|")


def _queries(endpoints: list[Endpoint]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(p.name for e in endpoints for p in e.query))


def settings_page() -> str:
    """The page of the settings."""
    parts = [NOTE, _SETTINGS.rstrip()]
    parts += [_setting(field) for field in dataclasses.fields(Settings)]
    return "\n\n".join([*parts, _OUTSIDE])


def _setting(field: dataclasses.Field[Any]) -> str:
    kind = _KINDS[str(field.type)]
    return f"## `{field.name}`\n\n{field.metadata['doc']}\n\n`RADIOGRAPH_{field.name.upper()}`: {kind}, default {_default(field.default)}."


def _default(value: Any) -> str:  # noqa: ANN401  (a setting of any type)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value == "":
        return "empty"
    for size, unit in _UNITS:
        if isinstance(value, int) and value >= size and value % size == 0:
            return f"`{value}` ({value // size} {unit})"
    return f"`{value}`"


def commands_page() -> str:
    """The page of the command line."""
    root = click.Context(radiograph, info_name="radiograph")
    return "\n\n".join([NOTE, _COMMANDS.rstrip(), *(_command(context) for context in _below(root))]) + "\n"


def _below(context: click.Context) -> Iterator[click.Context]:
    """Every command below a group, in the order of their names; a group itself is none."""
    assert isinstance(context.command, click.Group)  # noqa: S101  (that is what is walked)
    for name in context.command.list_commands(context):
        command = context.command.commands[name]
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _below(inner)
        else:
            yield inner


def _command(context: click.Context) -> str:
    usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
    text = "\n\n".join(" ".join(part.split()) for part in (context.command.help or "").split("\n\n"))
    rows = [_option(p, context) for p in context.command.params if isinstance(p, click.Option)]
    table = "\n".join(["| option | meaning | default |", "| --- | --- | --- |", *rows])
    return f"## {context.command_path}\n\n{text}\n\n```text\n{usage}\n```\n\n{table}"


def _option(option: click.Option, context: click.Context) -> str:
    info = option.to_info_dict()
    names = ", ".join(f"`{name}`" for name in option.opts)
    value = "" if option.is_flag or option.metavar is None else f" `{option.metavar}`"
    choices = info["type"].get("choices")
    words = f" One of {', '.join(f'`{c}`' for c in choices)}." if choices else ""
    again = " May be given again." if option.multiple and "again" not in (option.help or "") else ""
    environment = f" Or `{option.envvar}`." if option.show_envvar else ""
    return f"| {names}{value} | {option.help or ''}{words}{again}{environment} | {_value(option, context)} |"


def _value(option: click.Option, context: click.Context) -> str:
    if option.required:
        return "must be given"
    if option.prompt:
        return "asked for"
    value = option.get_default(context)
    return f"`{value}`" if option.show_default and value is not None else ""


def xray_page() -> str:
    """The page of every operation of Xray's API."""
    return api_reference.page("Xray's API", "`1.0`, `2.0` or `latest`, which is `2.0`", ("Import", "Xray 1.0", "Xray 2.0", "Files"))


def jira_page() -> str:
    """The page of every operation of Jira's API."""
    return api_reference.page("Jira's API", "`2` or `latest`", ("Jira",))


PAGES = {
    "settings.md": settings_page,
    "command-line.md": commands_page,
    "endpoints.md": endpoints_page,
    "api-xray.md": xray_page,
    "api-jira.md": jira_page,
}


def stale(folder: Path = FOLDER) -> list[str]:
    """The names of the pages that aren't as the code would have them."""
    return [name for name, page in PAGES.items() if not (folder / name).is_file() or (folder / name).read_text("utf-8") != page()]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them; returns the exit code."""
    names = stale()
    if arguments == ["--check"]:
        for name in names:
            print(f"docs/reference/{name} is stale: run python -m scripts.reference")
        return 1 if names else 0
    for name in names:
        (FOLDER / name).write_text(PAGES[name](), "utf-8")
        print(f"Wrote docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
