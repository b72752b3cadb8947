# SPDX-License-Identifier: Apache-2.0
"""Custom fields of Test Runs and of steps, and what may be in them (Xray docs, v2.0, PUT testrun). Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from radiograph.domain.clock import parse_instant

FieldOwner: TypeAlias = Literal["run", "step"]
TEXT, NUMBER, TOGGLE, DATE, DATETIME = "text", "number", "toggle", "date", "datetime"
SELECT, RADIO, MULTISELECT = "select", "radio", "multiselect"
FIELD_TYPES = (TEXT, NUMBER, TOGGLE, DATE, DATETIME, SELECT, RADIO, MULTISELECT)
WITH_OPTIONS = (SELECT, RADIO, MULTISELECT)
NATIVE_STEP_FIELDS = ((1, "Action"), (2, "Data"), (3, "Expected Result"))
"""The fields that every step has, with their ids; own ones have ids from 100."""
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
_TOGGLE = {"true": "true", "1": "true", "false": "false", "0": "false"}


class RunField(Struct, frozen=True):
    """A custom field of a project's runs (`of` = run) or steps; `options` are the values that a select has."""

    id: int
    project_id: int
    of: str
    name: str
    description: str
    type: str
    required: bool
    options: tuple[str, ...]


def is_empty(value: Any) -> bool:  # noqa: ANN401  (any JSON)
    """Whether a value empties its field: null, "", []."""
    return value is None or value in ("", [])


def read_value(field: RunField, value: Any) -> Any:  # noqa: ANN401  (any JSON)
    """The value as it is stored: a text, or the texts of a multiple select; None empties. Raises ValueError with what is wrong."""
    if is_empty(value):
        if field.required:
            raise ValueError("is required, so it can't be emptied")
        return None
    if field.type == MULTISELECT:
        return [_option(field, _text(one)) for one in (value if isinstance(value, list) else [value])]
    text = _text(value)
    return _option(field, text) if field.type in WITH_OPTIONS else _READERS.get(field.type, str)(text)


def _text(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    raise ValueError("must be a text")


def _option(field: RunField, text: str) -> str:
    for option in field.options:
        if option.casefold() == text.casefold():
            return option
    raise ValueError(f"must be one of {', '.join(field.options)}; {text[:100]!r} is none of them")


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f'must be a number such as "320.5", not {text[:100]!r}')
    return text


def _toggle(text: str) -> str:
    if text.lower() not in _TOGGLE:
        raise ValueError(f'must be "true", "false", "0" or "1", not {text[:100]!r}')
    return _TOGGLE[text.lower()]


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"must be a date such as 2020-05-02, not {text[:100]!r}") from None


def _datetime(text: str) -> str:
    found = parse_instant(text)
    if found is None or "T" not in text.upper():
        raise ValueError(f"must be a time in UTC such as 2020-05-02T10:30Z, not {text[:100]!r}")
    when = datetime.fromtimestamp(found.ms // 1000, UTC)
    return when.strftime("%Y-%m-%dT%H:%MZ")


_READERS = {NUMBER: _number, TOGGLE: _toggle, DATE: _date, DATETIME: _datetime}


def matches(field: RunField, key: Any) -> bool:  # noqa: ANN401  (ids come as numbers and as texts)
    """Whether `key` is the field's id or its name (case ignored)."""
    return str(key) == str(field.id) or str(key).strip().casefold() == field.name.casefold()


def value_of(field: RunField, stored: list[dict[str, Any]]) -> Any:  # noqa: ANN401
    """The value of a field among a run's stored ones, which may name it by id or by name; None without one."""
    for entry in stored:
        if any(entry.get(k) is not None and matches(field, entry[k]) for k in ("id", "name")):
            return entry.get("value")
    return None


def with_value(field: RunField, stored: list[dict[str, Any]], value: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The stored values with this field's replaced, or taken away when it is None."""
    kept = [e for e in stored if not any(e.get(k) is not None and matches(field, e[k]) for k in ("id", "name"))]
    return kept if value is None else [*kept, {"id": field.id, "name": field.name, "value": value}]


def missing(fields: list[RunField], stored: list[dict[str, Any]]) -> list[str]:
    """The names of required fields that have no value."""
    return [f.name for f in fields if f.required and is_empty(value_of(f, stored))]
