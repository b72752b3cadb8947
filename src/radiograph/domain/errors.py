# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, in the words of the domain.

Each class takes the facts; `web/errors.py` is the one place where a class gets an HTTP status.
"""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Problem(Struct, frozen=True):
    """One thing that is wrong and where: `path` is a JSON path such as `$.tests[3].status`."""

    path: str
    problem: str


_SHOWN = 100


def shown(text: str) -> str:
    """A text as a message shows it: quoted, and cut after 100 characters."""
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}... ({len(text)} characters)"


def cut(text: str) -> str:
    """A key or name as a message has it, cut after 100 characters."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


class DomainError(Exception):
    """Something could not be done."""

    def __init__(self, message: str = "", details: Sequence[Problem] = ()) -> None:
        """Take the message shown to the caller (default: the class's docstring) and its details."""
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])
        self.message = str(self)
        self.details = tuple(details)


class Refused(DomainError):
    """The request could not be understood or carried out."""


class UnreadableReport(Refused):
    """The report could not be read."""


class NoResults(Refused):
    """No execution results where provided."""


class ProjectRequired(Refused):
    """Error assembling issue data: project is required"""

    def __init__(self) -> None:
        """Say how to name a project."""
        super().__init__(
            "Error assembling issue data: project is required. Give info.project or the query parameter "
            "projectKey, or a testExecutionKey, or at least one testKey that exists.",
        )


class AllResultsRefused(Refused):
    """None of the results could be imported."""


class NotFound(DomainError):
    """There is no such thing."""


class IssueNotFound(NotFound):
    """Issue Does Not Exist"""

    def __init__(self, key: str, near: Sequence[str] = ()) -> None:
        """Name the key asked for and keys that look like it."""
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"Issue {cut(key)} does not exist.{hint}")
        self.key = key
        self.near = tuple(near)


class NotSignedIn(DomainError):
    """You are not signed in, or the name, password or token is wrong."""


class LicenceLapsed(DomainError):
    """The Xray license is not valid."""


class Forbidden(DomainError):
    """Your role does not allow this."""


class Conflict(DomainError):
    """The request contradicts an earlier one."""


class TooLarge(DomainError):
    """The request body is too large."""

    def __init__(self, limit: int, what: str = "request body") -> None:
        """Name the limit in bytes."""
        super().__init__(f"The {what} is larger than the limit of {limit} bytes.")
        self.limit = limit


class UnsupportedType(DomainError):
    """This content type can't be read here."""


class TooManyTries(DomainError):
    """Too many failed sign-ins; wait and try again."""

    def __init__(self, retry_after: int) -> None:
        """Name the seconds to wait."""
        super().__init__(f"Too many failed sign-ins; try again in {retry_after} s.")
        self.retry_after = retry_after


class StoreUnavailable(DomainError):
    """The database can't be reached or is locked; nothing was stored. Try again."""


class StorageFull(DomainError):
    """The disk is full; nothing was stored."""


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def told_when_full() -> Iterator[None]:
    """Raise StorageFull where the operating system has no room for what is written."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull from error
        raise
