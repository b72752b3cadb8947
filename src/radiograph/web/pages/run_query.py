# SPDX-License-Identifier: Apache-2.0
"""What the address of an execution's page asks for: filters, place, columns."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from radiograph.actions.execution_runs import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

COLUMNS = {
    "history": "History", "comment": "Comment", "defects": "Defects", "evidence": "Evidence", "attempts": "Attempts", "assignee": "Assignee",
    "executor": "Executed by", "started": "Started", "duration": "Duration",
}  # fmt: skip
"""The columns that can be chosen, in their order, and what each is called."""
_USUAL = ("history", "defects", "evidence", "attempts", "assignee", "duration")
FILTERS = ("status", "new", "flaky", "q", "assignee", "defect", "fingerprint")
COOKIE = "radiograph-columns"
_LONGEST = 300
_FINGERPRINT = 2**63


class Query(Struct, frozen=True):
    """The filters by their names in the address, the place, and the columns; `chosen` says that the address names them."""

    filters: Mapping[str, str]
    after: str
    columns: tuple[str, ...]
    chosen: bool

    @property
    def wanted(self) -> Wanted:
        """What the page is to show."""
        f = self.filters
        return Wanted(
            f.get("status", ""), f.get("new") == "1", f.get("q", ""), self.after, f.get("flaky") == "1", f.get("assignee", ""),
            f.get("defect", ""), int(f["fingerprint"]) if "fingerprint" in f else None,
        )  # fmt: skip

    @property
    def given(self) -> dict[str, str]:
        """Every filter by its name, "" where there is none."""
        return {n: self.filters.get(n, "") for n in FILTERS}

    def link(self, **changes: str) -> str:
        """The address of the same page with other filters, or another place (`after`); "" takes one away."""
        values = [(k, v) for k, v in ({**self.filters, **changes}).items() if v]
        if self.chosen:
            values += [("columns", c) for c in self.columns or ("",)]
        return f"?{urlencode(values)}"


def asked(request: Request) -> Query:
    """What this request asks for; an odd value of a filter is none."""
    given = request.query_params
    filters = {n: given[n].strip()[:_LONGEST] for n in ("status", "q", "assignee", "defect") if given.get(n, "").strip()}
    filters |= {n: "1" for n in ("new", "flaky") if given.get(n) == "1"}
    number = _whole(given.get("fingerprint", ""))
    if number is not None:
        filters["fingerprint"] = str(number)
    chosen = "columns" in given
    names = given.getlist("columns") if chosen else _remembered(request)
    return Query(filters, given.get("after", ""), tuple(c for c in COLUMNS if c in names), chosen)


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdigit() and len(digits) < len(str(_FINGERPRINT)) + 1 else None
    return number if number is not None and -_FINGERPRINT <= number < _FINGERPRINT else None


def _remembered(request: Request) -> list[str]:
    kept = request.cookies.get(COOKIE)
    return list(_USUAL) if kept is None else kept.split(".")
