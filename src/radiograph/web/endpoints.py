# SPDX-License-Identifier: Apache-2.0
"""What an endpoint is: its routes and its description in the OpenAPI document are both made from one `Endpoint`.

Query parameters read themselves, so that a bound stands once.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from starlette.datastructures import QueryParams
from starlette.routing import Match, Route

from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.keys import parse_id
from radiograph.web.auth import authenticate, set_session_cookie

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from radiograph.domain.people import Caller

    Handler: TypeAlias = "Callable[[Request], Awaitable[Response]]"

JSON = "application/json"
TEXT = "text/plain"
FORM = "multipart/form-data"
FILE = "application/octet-stream"
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class Whole(Struct, frozen=True):
    """A whole number; with `capped` more than `most` is taken as `most`."""

    name: str
    doc: str
    least: int
    most: int
    default: int
    capped: bool = False

    def read(self, given: Mapping[str, str]) -> int:
        """The number, or the default when it is absent or empty; raises Refused outside the bounds, or when it is given twice."""
        if isinstance(given, QueryParams) and len(given.getlist(self.name)) > 1:
            raise refused(self.name, "is given more than once")
        text = given.get(self.name, "").strip()
        if not text:
            return self.default
        number = parse_id(text)
        if number is None or number < self.least or (number > self.most and not self.capped):
            bounds = f"from {self.least}" if self.capped else f"from {self.least} to {self.most}"
            raise refused(self.name, f"must be a whole number {bounds}, not {cut(text)!r}")
        return min(number, self.most)

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        most = {} if self.capped else {"maximum": self.most}
        return {"type": "integer", "minimum": self.least, **most, "default": self.default}


class Flag(Struct, frozen=True):
    """True or false; a name without a value is true."""

    name: str
    doc: str
    default: bool = False

    def read(self, given: Mapping[str, str]) -> bool:
        """The value, or the default when it is absent; raises Refused when it is neither."""
        if self.name not in given:
            return self.default
        text = given[self.name].strip().lower()
        if text not in (*_YES, *_NO, ""):
            raise refused(self.name, f"must be true or false, not {given[self.name]!r}")
        return text not in _NO

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "boolean", "default": self.default}


class Word(Struct, frozen=True):
    """A text."""

    name: str
    doc: str
    example: str = ""
    required: bool = False

    def read(self, given: Mapping[str, str]) -> str:
        """The text without spaces around it, "" when it is absent; raises Refused when it is required and absent."""
        text = given.get(self.name, "").strip()
        if self.required and not text:
            raise refused(self.name, "is required")
        return text

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {"type": "string", "minLength": 1} if self.required else {"type": "string"}


Parameter: TypeAlias = Whole | Flag | Word


def refused(name: str, problem: str) -> Refused:
    """What a wrong parameter is answered with."""
    return Refused(f"The parameter {name} {problem}.", [Problem(name, problem)])


class Body(Struct, frozen=True):
    """A request's body: the type of its JSON, or of a form whose parts are of the media type `parts`.

    One that isn't `required` may be left out.
    """

    type: Any
    example: Any
    media: str = JSON
    parts: str = JSON
    required: bool = True


class Answer(Struct, frozen=True):
    """An answer: its type (None: no body), what it is, and headers by name with what they say."""

    type: Any = None
    doc: str = "Done."
    media: str = JSON
    headers: dict[str, str] = {}
    links: dict[str, tuple[str, dict[str, str]]] = {}
    """By name: the operation that can follow, and its parameters as runtime expressions."""


class Endpoint(Struct, frozen=True, kw_only=True):
    """One operation. `paths` are where it is, the first of them in the document; the rest are the same by other names.

    `path_parameters` say what stands in the path, `request_headers` what headers mean. `errors` are the
    statuses that it has beside those that its kind always has. An `open` one needs no sign-in.
    """

    id: str
    group: str
    method: str
    paths: tuple[str, ...]
    handler: Handler
    answers: dict[int, Answer]
    query: tuple[Parameter, ...] = ()
    path_parameters: dict[str, tuple[type, str, Any]] = {}
    request_headers: dict[str, str] = {}
    body: Body | None = None
    errors: tuple[int, ...] = ()
    writes: bool = False
    open: bool = False

    @property
    def doc(self) -> str:
        """The handler's docstring: its first line is the summary."""
        return self.handler.__doc__ or ""


def signed_in(handler: Callable[[Request, Caller], Awaitable[Response]]) -> Handler:
    """The handler for who is signed in: nothing of the request is looked at before that."""

    @functools.wraps(handler)
    async def guarded(request: Request) -> Response:
        caller = await authenticate(request)
        response = await handler(request, caller)
        set_session_cookie(request, response)
        return response

    return guarded


def routes_of(endpoints: Iterable[Endpoint]) -> list[Route]:
    """One route for each path, so that a wrong method is told every right one."""
    by_path: dict[str, dict[str, Handler]] = {}
    for endpoint in endpoints:
        for path in endpoint.paths:
            by_path.setdefault(path, {})[endpoint.method] = endpoint.handler
    kinds = {path: Route if "{" in path else Literal for path in by_path}
    return [kinds[path](path, _by_method(handlers), methods=list(handlers)) for path, handlers in by_path.items()]


class Literal(Route):
    """A path without parameters: it alone answers for itself, though `issue/bulk` could be an issue's key too."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the path is this one, whatever the method: a wrong one is a 405 here."""
        match, more = super().matches(scope)
        return (Match.NONE if match is Match.NONE else Match.FULL), more


def _by_method(handlers: dict[str, Handler]) -> Handler:
    async def chosen(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return next(iter(handlers.values())) if len(handlers) == 1 else chosen
