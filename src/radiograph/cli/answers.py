# SPDX-License-Identifier: Apache-2.0
"""What a server answered to an import, in words for the log of a CI job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2

FAILED = 3
_SHOWN = 20
_COUNTS = "customfield_10119"
"""Test Execution Status: the counts of an execution's runs by status."""
_LAPSED = "The Xray license is not valid"
_RENEW = "An administrator can renew it with `radiograph licence set active`."
_NEXT = {
    401: "The token is wrong, revoked or no longer valid: make one with `radiograph token add` and give it as RADIOGRAPH_TOKEN.",
    403: "The owner of the token needs the role tester in that project: `radiograph user add NAME --role PROJECT=tester`.",
    404: "Is --url the server's address, with its base path if it has one?",
    413: "Send the results in several files, or raise the server's setting max_body.",
    500: "The server's log has more under this error id.",
}


class _Issue(Struct):
    key: str = ""
    self: str = ""


class _Refused(Struct):
    messages: list[str] = []
    testKey: str = ""  # noqa: N815  (the vendor's name)
    testDefinition: str = ""  # noqa: N815
    index: int = -1


class _Tests(Struct):
    success: list[_Issue] = []
    error: list[_Refused] = []


class _Warned(Struct):
    testKey: str = ""  # noqa: N815
    warningCollection: list[str] = []  # noqa: N815


class _Outcome(Struct):
    testExecIssue: _Issue  # noqa: N815
    testIssues: _Tests = msgspec.field(default_factory=_Tests)  # noqa: N815
    testRunWarnings: list[_Warned] = []  # noqa: N815
    infoMessages: list[str] = []  # noqa: N815
    dryRun: bool = False  # noqa: N815


class _Problem(Struct):
    path: str = ""
    problem: str = ""


class _Error(Struct):
    error: str
    details: list[_Problem] = []


def refusal(answer: httpx2.Response, server: str) -> str:
    """Why nothing was imported, where, and what to do next."""
    status = answer.status_code
    if answer.has_redirect_location:
        return f"{server} sends us on to {answer.headers['Location']}; give the address of the server itself as --url"
    try:
        body = msgspec.json.decode(answer.content, type=_Error)
    except msgspec.MsgspecError:
        return f"{server} refused it with {status} {answer.reason_phrase}, and not in Radiograph's words: {_begin(answer)}. {_NEXT[404]}"
    step = _RENEW if _LAPSED in body.error else _NEXT.get(status, "")
    places = [f"{d.path}: {d.problem}" for d in body.details[:_SHOWN] if d.problem not in body.error]
    return "\n  ".join(filter(None, [f"refused with {status}: {body.error}", *places, step]))


def _begin(answer: httpx2.Response) -> str:
    kind = answer.headers.get("Content-Type", "no content type").partition(";")[0]
    return f"{kind}, beginning {' '.join(answer.text.split())[:60]!r}" if answer.content else "an empty answer"


def tell_outcome(file: str, answer: httpx2.Response, server: str) -> tuple[int, str]:
    """Say what was imported and what wasn't; the file's exit code, and the Test Execution's address ("" for none)."""
    try:
        outcome = msgspec.json.decode(answer.content, type=_Outcome)
    except msgspec.MsgspecError:
        click.echo(
            f"{file}: this is not the answer of a Radiograph: {_begin(answer)}. Is --url right, or does a proxy want a sign-in?", err=True
        )
        return FAILED, ""
    click.echo(_headline(file, outcome))
    if answer.headers.get("Idempotent-Replayed") == "true":
        click.echo("  It had arrived at an earlier try already; nothing was imported twice.", err=True)
    _list([f"refused {_name(row)}: {'; '.join(row.messages)}" for row in outcome.testIssues.error])
    _list([f"warning {row.testKey}: {'; '.join(row.warningCollection)}" for row in outcome.testRunWarnings])
    _list(outcome.infoMessages)
    issue = outcome.testExecIssue
    address = "" if outcome.dryRun or not issue.key else f"{issue.self.partition('/rest/api/')[0] or server}/browse/{issue.key}"
    return (1 if outcome.testIssues.error else 0), address


def _headline(file: str, outcome: _Outcome) -> str:
    good, bad = len(outcome.testIssues.success), len(outcome.testIssues.error)
    would = "would be " if outcome.dryRun else ""
    refused = f", {bad} {would}refused" if bad else ""
    end = " (a dry run: nothing was stored)" if outcome.dryRun else ""
    return f"{file}: {good} result{'' if good == 1 else 's'} {would}imported into {outcome.testExecIssue.key or 'a new Test Execution'}{refused}{end}"


def _name(row: _Refused) -> str:
    return row.testKey or row.testDefinition or f"result {row.index + 1}"


def _list(lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}", err=True)
    if len(lines) > _SHOWN:
        click.echo(f"  and {len(lines) - _SHOWN} more", err=True)


def tell_execution(client: httpx2.Client, server: str, address: str) -> None:
    """Say how the runs of an execution stand, and its address: the end of a log."""
    key = address.rpartition("/")[2]
    answer = client.get(f"{server}/rest/api/2/issue/{key}", params={"fields": _COUNTS})
    try:
        counts = msgspec.json.decode(answer.content)["fields"][_COUNTS]["statuses"]
        line = ", ".join(f"{status['count']} {status['name']}" for status in counts if status["count"])
    except (msgspec.MsgspecError, KeyError, TypeError):
        line = "imported"
    click.echo(f"{key}: {line}\n  {address}")
