# SPDX-License-Identifier: Apache-2.0
"""One request to a server, and what its answer means for the results that were in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

    from radiograph.clients.target import Target

_PATH = "/rest/raven/2.0/import/execution"
_OK, _TOO_LARGE, _CRASHED = 200, 413, 500
_AWAY = {408, 425, 429, 502, 503, 504, 507}
_CLOSED = {
    401: "the token is wrong, revoked or no longer valid: make one with `radiograph token add` and set RADIOGRAPH_TOKEN",
    403: "the owner of the token needs the role tester in that project",
    404: "the address is not that of a Radiograph; its base path belongs to it if it has one",
}
_QUICK_S = 5.0
_LONGEST_ASKED_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What became of a request.

    Exactly one holds: it is `stored` (but for `errors`, by index), `away` (try again, after `pause` seconds at least),
    `closed` (no request will succeed), `too_large`, or refused for the reason `problem`. `crashed` is a way to be away.
    """

    problem: str = ""
    stored: bool = False
    away: bool = False
    closed: bool = False
    too_large: bool = False
    crashed: bool = False
    pause: float = 0.0
    key: str = ""
    page: str = ""
    errors: Mapping[int, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Door:
    """The way to one server. Usable by one thread at a time."""

    def __init__(self, target: Target) -> None:
        """Set up the client; nothing is sent."""
        import httpx2  # noqa: PLC0415  (slow; runs that send nothing do without)

        self._errors = httpx2.HTTPError, httpx2.InvalidURL
        self._url = target.url
        headers = {"Authorization": f"Bearer {target.token}", "Content-Type": "application/json"}
        self._client = httpx2.Client(headers=headers, timeout=httpx2.Timeout(120, connect=10))

    def knock(self) -> Answer:
        """Whether the server is there and takes the token, in a few seconds at most."""
        try:
            answer = self._client.get(f"{self._url}/rest/api/2/myself", timeout=_QUICK_S)
        except self._errors as error:
            return self._unreachable(error)
        return self._wrong(answer) or _not_ours(answer, self._url) or Answer(stored=True)

    def post(self, body: bytes, query: Mapping[str, str], key: str) -> Answer:
        """Send a report; the same key with the same body is imported once."""
        try:
            answer = self._client.post(self._url + _PATH, params=dict(query), content=body, headers={"Idempotency-Key": key})
        except self._errors as error:
            return self._unreachable(error)
        return self._wrong(answer) or _imported(answer, self._url)

    def _unreachable(self, error: Exception) -> Answer:
        return Answer(f"could not reach {self._url}: {str(error) or type(error).__name__}", away=True)

    def _wrong(self, answer: httpx2.Response) -> Answer | None:
        status = answer.status_code
        if status == _OK:
            return None
        if answer.has_redirect_location:
            return Answer(f"{self._url} sends us on to {answer.headers['Location']}; give the address of the server itself", closed=True)
        said = f"{self._url} answers {status} {answer.reason_phrase}"
        if status in _AWAY or status >= _CRASHED:
            return Answer(said, away=True, pause=_asked_pause(answer), crashed=status == _CRASHED)
        reason = _reason(answer)
        return Answer(
            f"{reason or said}{f' ({_CLOSED[status]})' if status in _CLOSED else ''}",
            closed=status in _CLOSED,
            too_large=status == _TOO_LARGE,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _asked_pause(answer: httpx2.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_ASKED_S) if text.isascii() and text.isdigit() else 0.0


def _json(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        body = json.loads(answer.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _reason(answer: httpx2.Response) -> str:
    """The server's words for a refusal, with the places that they are about."""
    body = _json(answer) or {}
    said = str(body.get("error") or "")
    details = [f"{d.get('path')}: {d.get('problem')}" for d in body.get("details") or [] if str(d.get("problem")) not in said]
    return "; ".join(filter(None, [said, *details[:5]]))


def _not_ours(answer: httpx2.Response, url: str) -> Answer | None:
    if _json(answer) is not None:
        return None
    kind = answer.headers.get("Content-Type", "no content type").partition(";")[0]
    return Answer(
        f"{url} answers with {kind}, not as a Radiograph does; is the address right, or does a proxy want a sign-in?", closed=True
    )


def _imported(answer: httpx2.Response, url: str) -> Answer:
    wrong = _not_ours(answer, url)
    if wrong:
        return wrong
    body = _json(answer) or {}
    issue, tests = body.get("testExecIssue") or {}, body.get("testIssues") or {}
    if not issue.get("key"):
        return Answer(f"{url} doesn't say which Test Execution the results are in; is it a Radiograph?", closed=True)
    return Answer(
        stored=True,
        key=issue["key"],
        page=f"{str(issue.get('self', '')).partition('/rest/api/')[0] or url}/browse/{issue['key']}",
        errors={row["index"]: "; ".join(row.get("messages") or ["refused"]) for row in tests.get("error") or [] if "index" in row},
        warnings=tuple(
            f"{w.get('testKey')}: {text}" for w in body.get("testRunWarnings") or [] for text in w.get("warningCollection") or []
        ),
    )
