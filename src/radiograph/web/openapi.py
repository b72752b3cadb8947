# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI 3.1 document, made from the endpoints and from the types that decode requests and encode answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from radiograph import __version__
from radiograph.web.auth import COOKIE
from radiograph.web.endpoints import FORM, JSON, Answer, Body, Endpoint
from radiograph.web.errors import JiraError, XrayError
from radiograph.web.jira.types import IssueFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Json = dict[str, Any]

REF = "#/components/schemas/{name}"
ALIASES = "x-also-at"
"""The member of an operation that lists its other paths."""
DESCRIPTION = """Radiograph speaks the REST API of Xray Test Management for Jira (Server/DC), and the part of Jira's that its clients need.

Versions 1.0 and 2.0 of Xray's API are described apart, since some answers differ; `latest` is 2.0. Each operation
stands here once; its other paths are in `x-also-at`. Names in JSON bodies that are not known are ignored and told in
`infoMessages`; empty texts, empty lists and nulls are as if absent. A query parameter that is empty is as if absent.
"""
_ERRORS = {
    400: "The request could not be understood or carried out; the text says why.",
    401: "Nobody is signed in, the password or token is wrong, or the licence has lapsed.",
    403: "The caller's role does not allow this, or a browser acts for another site.",
    404: "There is no such thing, or the caller can't see it.",
    409: "The Idempotency-Key was used for another request, or the name is taken.",
    413: "The body is larger than the instance's limit.",
    415: "The content encoding can't be read.",
    429: "Too many failed sign-ins; Retry-After says how many seconds to wait.",
    500: "An internal error; the log holds its id.",
    503: "The database can't be reached; nothing was stored. Try again.",
    507: "The disk is full; nothing was stored.",
}
_ERROR_HEADERS = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After", 500: "X-Error-Id"}
_MORE_TYPES = (IssueFields, XrayError, JiraError)
_PATH_TYPE = re.compile(r":\w+}")


def document(endpoints: Sequence[Endpoint], server: str) -> Json:
    """The document for clients that reach the server at the address `server`."""
    paths: Json = {}
    for endpoint in endpoints:
        paths.setdefault(_PATH_TYPE.sub("}", endpoint.paths[0]), {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Radiograph",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"password": []}, {"token": []}, {"session": []}],
        "tags": [{"name": group} for group in dict.fromkeys(e.group for e in endpoints)],
        "paths": paths,
        "components": {"schemas": _schemas(endpoints), "responses": _error_answers(), "securitySchemes": _security()},
    }


def _operation(endpoint: Endpoint) -> Json:
    summary, _, more = endpoint.doc.partition("\n\n")
    operation: Json = {"operationId": endpoint.id, "tags": [endpoint.group], "summary": summary.strip().removesuffix(".")}
    if more:
        operation["description"] = " ".join(more.split())
    if len(endpoint.paths) > 1:
        operation[ALIASES] = list(endpoint.paths[1:])
    if endpoint.open:
        operation["security"] = []
    if parameters := [*_in_path(endpoint), *_in_query(endpoint), *_in_headers(endpoint)]:
        operation["parameters"] = parameters
    if endpoint.body:
        operation["requestBody"] = _request(endpoint.body)
    operation["responses"] = _errors(endpoint) | {str(status): _answer(answer) for status, answer in endpoint.answers.items()}
    return operation


def _in_path(endpoint: Endpoint) -> Iterable[Json]:
    for name, (kind, doc, example) in endpoint.path_parameters.items():
        schema = {"type": "integer", "minimum": 1} if kind is int else {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "description": doc, "schema": schema, "example": example}


def _in_query(endpoint: Endpoint) -> Iterable[Json]:
    for parameter in endpoint.query:
        found = {"name": parameter.name, "in": "query", "description": parameter.doc, "schema": parameter.schema}
        required = {"required": True} if getattr(parameter, "required", False) else {}
        example = {"example": shown} if (shown := getattr(parameter, "example", "")) else {}
        yield found | required | example


def _in_headers(endpoint: Endpoint) -> Iterable[Json]:
    for name, doc in endpoint.request_headers.items():
        yield {"name": name, "in": "header", "description": doc, "schema": {"type": "string"}}


def _request(body: Body) -> Json:
    schema = _schema(body.type)
    media: Json = {"schema": schema, "example": body.example}
    if body.media == FORM:
        media["encoding"] = {part: {"contentType": body.parts} for part, shown in body.example.items() if not isinstance(shown, str)}
    return {"required": body.required, "content": {body.media: media}}


def _answer(answer: Answer) -> Json:
    found: Json = {"description": answer.doc}
    if answer.type is bytes:
        found["content"] = {answer.media: {}}
    elif answer.type is not None:
        found["content"] = {answer.media: {"schema": _schema(answer.type)}}
    if answer.headers:
        found["headers"] = {n: {"description": doc, "schema": {"type": "string"}} for n, doc in answer.headers.items()}
    if answer.links:
        found["links"] = {name: {"operationId": to, "parameters": values} for name, (to, values) in answer.links.items()}
    return found


def _errors(endpoint: Endpoint) -> Json:
    """The errors that an endpoint of its kind can have."""
    statuses = {*endpoint.errors, 500}
    if not endpoint.open:
        statuses |= {401, 429, 503}
    if endpoint.query or endpoint.path_parameters:
        statuses.add(400)
    if endpoint.path_parameters:
        statuses.add(404)
    if endpoint.body:
        statuses |= {400, 403, 413, 415, 507}
    if endpoint.writes:
        statuses |= {403, 507}
    family = "Jira" if endpoint.group == "Jira" else "Xray"
    return {str(s): {"$ref": f"#/components/responses/{family}{s}"} for s in sorted(statuses)}


def _error_answers() -> Json:
    found = {}
    for family, kind in (("Xray", XrayError), ("Jira", JiraError)):
        for status, text in _ERRORS.items():
            answer: Json = {"description": text, "content": {JSON: {"schema": _schema(kind)}}}
            if status in _ERROR_HEADERS:
                answer["headers"] = {_ERROR_HEADERS[status]: {"schema": {"type": "string"}}}
            found[f"{family}{status}"] = answer
    return found


def _security() -> Json:
    return {
        "password": {"type": "http", "scheme": "basic", "description": "A name and its password."},
        "token": {"type": "http", "scheme": "bearer", "description": "A personal access token."},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by an answer to who was signed in."},
    }


def _schema(kind: Any) -> Json:  # noqa: ANN401
    (found,), _ = msgspec.json.schema_components([kind], ref_template=REF)
    return found


def _schemas(endpoints: Sequence[Endpoint]) -> Json:
    kinds = [a.type for e in endpoints for a in e.answers.values() if a.type not in {None, bytes}]
    kinds += [e.body.type for e in endpoints if e.body]
    _, schemas = msgspec.json.schema_components([*kinds, *_MORE_TYPES], ref_template=REF)
    for schema in schemas.values():
        schema.pop("additionalProperties", None)  # names that are not known are ignored, and told
    return schemas
