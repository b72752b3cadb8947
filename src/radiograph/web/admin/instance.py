# SPDX-License-Identifier: Apache-2.0
"""The instance, for its administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.actions import admin, admin_people, admin_vocabulary
from radiograph.web.endpoints import Answer, Endpoint, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.threads import read

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.domain.people import Caller

TEXT = Word("q", "Only those with this text in name, name shown or address.")
AFTER = Word("after", "Where the page before ended.")
ACTION = Word("action", "What the action begins with.", "import")
PERSON = Word("person", "Who did it.", "admin")
SUBJECT = Word("subject", "A text that the subject has.")
BEFORE = Word("before", "Where the page before ended.")


@signed_in
async def server(request: Request, caller: Caller) -> Response:
    """Facts of the server, with the newest tasks."""
    return encode(await read(request, admin.server, caller))


@signed_in
async def people(request: Request, caller: Caller) -> Response:
    """People by name, a hundred at a time."""
    return encode(await read(request, admin_people.people, caller, TEXT.read(request.query_params), AFTER.read(request.query_params)))


@signed_in
async def tokens(request: Request, caller: Caller) -> Response:
    """Every token and client with its owner, without secrets."""
    return encode(await read(request, admin_people.all_keys, caller))


@signed_in
async def vocabulary(request: Request, caller: Caller) -> Response:
    """Statuses of runs and steps, aliases, types of links, environments."""
    return encode(await read(request, admin_vocabulary.vocabulary, caller))


@signed_in
async def audit(request: Request, caller: Caller) -> Response:
    """What was done, newest first, a hundred at a time."""
    query = request.query_params
    wanted = {w.name: w.read(query) for w in (ACTION, PERSON, SUBJECT)}
    return encode(await read(request, admin.audit_page, caller, wanted, BEFORE.read(query)))


@signed_in
async def storage(request: Request, caller: Caller) -> Response:
    """How much the instance holds."""
    return encode(await read(request, admin.storage, caller))


def _of(name: str, handler: object, answer: type, query: tuple[Word, ...] = ()) -> Endpoint:
    return Endpoint(
        id=f"admin_{name}", group="Administration", method="GET", paths=(f"/api/admin/{name}",), handler=handler,  # type: ignore[arg-type]
        answers={200: Answer(answer)}, query=query, errors=(403,),
    )  # fmt: skip


endpoints = [
    _of("server", server, admin.Server),
    _of("people", people, admin_people.People, (TEXT, AFTER)),
    _of("tokens", tokens, list[admin_people.OwnedKey]),
    _of("vocabulary", vocabulary, admin_vocabulary.Vocabulary),
    _of("audit", audit, admin.Audit, (ACTION, PERSON, SUBJECT, BEFORE)),
    _of("storage", storage, admin.Storage),
]
