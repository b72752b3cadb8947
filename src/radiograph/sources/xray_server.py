# SPDX-License-Identifier: Apache-2.0
"""Reads a running Jira with Xray Server/DC over its REST API, patiently: what fails for a moment is asked again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx2

from radiograph.domain.errors import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = 200
"""The most rows that Xray gives in a page by default."""
_SEARCH_PAGE = 100
_PIECE = 1 << 20
_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_LONGEST_PAUSE_S = 30.0
_FOUND, _MISSING = 200, 404
_SERVED = ("/plugins/servlet/", "/secure/", "/rest/")
"""Where files are in the address of a Jira: whatever host stands before it, ours is asked."""


class SourceError(Exception):
    """The other server could not be read; the text says what was asked, and why not."""


class SourceRefusal(SourceError):
    """The other server answers, but not with this: it isn't there, or isn't for who is signed in.

    `status` is that of the answer, 0 without one.
    """

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


def open_source(url: str, *, user: str = "", password: str = "", token: str = "", wait_s: float = 300) -> XraySource:
    """A reader of the server at an address such as `https://jira.example.org/jira`.

    It signs in with a token, or a name and password; `wait_s` is how many seconds one request is tried again.
    """
    auth = None if token else httpx2.BasicAuth(user, password)
    headers = {"Accept": "application/json", "X-Atlassian-Token": "no-check"} | ({"Authorization": f"Bearer {token}"} if token else {})
    client = httpx2.Client(auth=auth, headers=headers, timeout=httpx2.Timeout(120, connect=15), follow_redirects=False)
    return XraySource(client, url.rstrip("/"), wait_s)


class XraySource:
    """One server; safe to use in several threads."""

    def __init__(self, client: httpx2.Client, base: str, wait_s: float = 300) -> None:
        self.client, self.base, self.wait_s = client, base, wait_s

    def close(self) -> None:
        """Close every connection."""
        self.client.close()

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401  (any JSON)
        """The JSON at a path such as `/rest/api/2/project/CALC`. Raises SourceError."""
        answer = self._ask(lambda: self.client.get(f"{self.base}{path}", params=query), path)
        try:
            return answer.json()
        except ValueError:
            start = cut(answer.text.strip())
            raise SourceError(f"{path} answers no JSON but {start!r}: is the address that of Jira, and are you signed in?") from None

    def raven(self, path: str, version: str = "1.0", **query: Any) -> Any:  # noqa: ANN401
        """The JSON at a path of Xray's API such as `testset/CALC-1/test`. Raises SourceError."""
        return self.get(f"/rest/raven/{version}/api/{path}", **query)

    def csv(self, path: str, **query: Any) -> bytes | None:  # noqa: ANN401
        """The file at a path of Xray's API (v2), None when there is none. Raises SourceError."""
        address = f"/rest/raven/2.0/api/{path}"
        try:
            return self._ask(lambda: self.client.get(f"{self.base}{address}", params=query), address).content
        except SourceRefusal as error:
            if error.status == _MISSING:
                return None
            raise

    def pages(self, path: str) -> Iterator[list[Any]]:
        """The pages of a list in Xray's API, until one is empty or short, or the same as the one before."""
        before: Any = None
        number = 1
        while True:
            rows = self.raven(path, page=number, limit=PAGE)
            if not isinstance(rows, list) or not rows or rows == before:  # some lists have no pages: the same again is the end
                return
            yield rows
            if len(rows) < PAGE:
                return
            before, number = rows, number + 1

    def search(self, jql: str, fields: str = "*all", start: int = 0) -> Iterator[tuple[list[dict[str, Any]], int]]:
        """The pages of the issues that a query finds after the first `start`, each with how many there are in all."""
        before: Any = None
        while True:
            issues, total = self._found(jql=jql, startAt=start, maxResults=_SEARCH_PAGE, fields=fields)
            if not issues:
                return
            if issues == before:
                raise SourceError(f"/rest/api/2/search gives the same issues again after the first {start}: it has no end")
            yield issues, total
            before, start = issues, start + len(issues)

    def _found(self, **query: str | int) -> tuple[list[dict[str, Any]], int]:
        found = self.get("/rest/api/2/search", **query)
        issues, total = (found.get("issues") or [], found.get("total", 0)) if isinstance(found, dict) else (None, 0)
        if not isinstance(issues, list) or not all(isinstance(row, dict) for row in issues) or not isinstance(total, int):
            raise SourceError("/rest/api/2/search answers something else than issues: is the address that of Jira?")
        return issues, total or len(issues)

    def count(self, jql: str) -> int:
        """How many issues a query finds."""
        return self._found(jql=jql, maxResults=0, fields="key")[1]

    def download(self, address: str) -> Iterator[bytes]:
        """A file in pieces, from the address that an answer named; the credentials go to this server only."""
        path = file_path(address)
        answer = self._ask(lambda: self.client.send(self.client.build_request("GET", f"{self.base}{path}"), stream=True), path)
        try:
            yield from answer.iter_bytes(_PIECE)
        except httpx2.HTTPError as error:
            raise SourceError(f"{path} broke off: {str(error) or type(error).__name__}") from error
        finally:
            answer.close()

    def _ask(self, send: Callable[[], httpx2.Response], path: str) -> httpx2.Response:
        deadline, pause = time.monotonic() + self.wait_s, 0.5
        while True:
            answer, problem = _try(send)
            if answer is not None and answer.status_code == _FOUND:
                return answer
            if answer is not None and answer.status_code not in _AGAIN:
                raise SourceRefusal(_refusal(answer, path), answer.status_code)
            pause = max(pause, _asked_pause(answer))
            if time.monotonic() + pause > deadline:
                said = f"{self.base}{path}: {problem or _refusal(answer, path)}"
                raise SourceError(f"{said}; gave up after {self.wait_s:g} s")
            if answer is not None:
                answer.close()
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)


def _try(send: Callable[[], httpx2.Response]) -> tuple[httpx2.Response | None, str]:
    try:
        return send(), ""
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return None, f"could not be reached: {str(error) or type(error).__name__}"


def _refusal(answer: httpx2.Response | None, path: str) -> str:
    if answer is None:
        return "no answer"
    answer.read()
    try:
        body = answer.json()
        text = body.get("error") or body.get("message") or "; ".join(body.get("errorMessages") or []) if isinstance(body, dict) else ""
    except ValueError:
        text = "" if "<" in answer.text[:100] else cut(answer.text.strip())
    return f"{path} answers {answer.status_code} {answer.reason_phrase}{f': {text}' if text else ''}"


def _asked_pause(answer: httpx2.Response | None) -> float:
    """The seconds of Retry-After."""
    text = "" if answer is None else answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0


def file_path(address: str) -> str:
    """The path below the server's base of a file's address; raises SourceError when it is no file of a Jira."""
    path = urlsplit(address).path
    at = min((i for i in (path.find(part) for part in _SERVED) if i >= 0), default=-1)
    if at < 0:
        raise SourceRefusal(f"{cut(address)} is no address of a file in Jira")
    return quote(path[at:], safe="/%:@")
