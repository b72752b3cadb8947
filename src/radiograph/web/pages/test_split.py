# SPDX-License-Identifier: Apache-2.0
"""Splitting a Test: which of its runs go to a new one, what that does, and doing it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from radiograph.actions.test_split import Choice, preview_split, split_test, ways_of
from radiograph.domain.errors import Conflict, DomainError, NotFound, Problem, Refused, cut
from radiograph.domain.keys import parse_id
from radiograph.web.errors import status_of
from radiograph.web.pages.forms import done, sent
from radiograph.web.pages.render import page
from radiograph.web.pages.words import amount
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from starlette.datastructures import ImmutableMultiDict
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.test_split import Split, Ways
    from radiograph.domain.people import Caller


async def split(request: Request, caller: Caller) -> Response:
    """The form with a preview of what splitting does; it is done when it is sent."""
    key = request.path_params["key"]
    ways: Ways = await read(request, ways_of, caller, key)
    posted = request.method == "POST"
    given: Any = await sent(request) if posted else request.query_params
    if not posted and "name" not in given:
        return _form(request, ways, Choice(""), given)
    try:
        choice = choice_of(given)
        found: Split = await (
            write(request, split_test, caller, key, choice) if posted else read(request, preview_split, caller, key, choice)
        )
    except (Refused, NotFound, Conflict) as error:
        return _form(request, ways, Choice(str(given.get("name", ""))), given, wrong=error)
    if posted:
        return done(request, f"/browse/{found.key}", f"{amount(found.runs, 'run')} of {found.source.key} went to {found.key}.")
    return _form(request, ways, choice, given, preview=found)


def choice_of(given: ImmutableMultiDict[str, Any]) -> Choice:
    """What a form or a query chooses: `by` says which of its fields counts. Raises Refused."""
    by, name = str(given.get("by", "")), str(given.get("name", "")).strip()
    keys = [k.strip().upper() for k in given.getlist("keys") if isinstance(k, str) and k.strip()]
    if by == "versions":
        numbers = [parse_id(str(v)) for v in given.getlist("versions")]
        return Choice(name, versions=[n for n in numbers if n is not None], keys=keys)
    if by == "since":
        return Choice(name, since=day(str(given.get("since", ""))), keys=keys)
    return Choice(name, environments=str(given.get("environments", "")).strip(), keys=keys)


def day(text: str) -> int:
    """The beginning of a day in UTC, in milliseconds; raises Refused."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        problem = f"must be a date such as 2026-11-23, not {cut(text)!r}"
        raise Refused(f"The date {problem}.", [Problem("since", problem)]) from None
    return int(datetime(found.year, found.month, found.day, tzinfo=UTC).timestamp() * 1000)


def _form(
    request: Request, ways: Ways, choice: Choice, given: Any, *, preview: Split | None = None, wrong: DomainError | None = None,  # noqa: ANN401
) -> Response:  # fmt: skip
    chosen = {
        "by": str(given.get("by", "environments")),
        "since": str(given.get("since", ""))[:10],
        "environments": str(given.get("environments", "")),
    }
    numbers = {str(v) for v in given.getlist("versions")}
    return page(
        request, "test_split.html", status_of(wrong) if wrong else 200, area=ways.row.key.rpartition("-")[0], here="/tests", t=ways.row,
        w=ways, name=choice.name, chosen=chosen, numbers=numbers, kept={str(k) for k in given.getlist("keys")}, preview=preview, wrong=wrong,
        environments=[(n, f"{'No environment' if n == '-' else n}: {amount(c, 'run')}") for n, c in ways.environments.items()],
    )  # fmt: skip
