# SPDX-License-Identifier: Apache-2.0
"""Reads the values of an issue's fields as Jira's clients write them; each reader raises Refused with the field's name as the path.

Source: Jira Server platform REST API, `POST /rest/api/2/issue`.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from radiograph.domain.clock import Instant, parse_instant
from radiograph.domain.errors import Problem, Refused, cut
from radiograph.domain.issues import FIELD_OPTIONS, MAX_NAME, CustomField, Step, option_id, priority
from radiograph.domain.keys import parse_id

MAX_SUMMARY = 255
"""Jira's limit of a summary, in characters."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def wrong(name: str, wanted: str, value: Any) -> Refused:  # noqa: ANN401  (any JSON)
    """The error for a value of the wrong type or form."""
    return refused(name, f"must be {wanted}, not {cut(json.dumps(value, ensure_ascii=False))}")


def refused(name: str, problem: str) -> Refused:
    """The error for a field, in Jira's shape."""
    return Refused(f"{name}: {problem}", [Problem(name, problem)])


def text(name: str, value: Any) -> str | None:  # noqa: ANN401
    """A text; None when it is null or empty."""
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise wrong(name, "a text", value)
    return value


def summary(name: str, value: Any) -> str:  # noqa: ANN401
    """The summary: one line with something in it."""
    found = text(name, value)
    if found is None or not found.strip():
        raise refused(name, "You must specify a summary of the issue.")
    if len(found) > MAX_SUMMARY:
        raise refused(name, f"must have at most {MAX_SUMMARY} characters, not {len(found)}")
    return " ".join(found.split("\n")).strip()


def short(name: str, found: str) -> str:
    """A name that an index can hold."""
    if len(found) > MAX_NAME:
        raise refused(name, f"must be names with at most {MAX_NAME} characters, not {len(found)}")
    return found


def _member(value: Any, *names: str) -> Any:  # noqa: ANN401
    """The first of these members of an object that isn't empty, or what is no object itself."""
    if not isinstance(value, dict):
        return value
    return next((value[n] for n in names if value.get(n) not in _EMPTY), None)


def named(name: str, value: Any, *members: str, wanted: str) -> str | None:  # noqa: ANN401
    """The text of an object such as `{"name": ...}`, or a text itself; None when there is none."""
    if value in _EMPTY:
        return None
    found = _member(value, *members)
    if found is None and isinstance(value, dict) and value.keys() & set(members):
        return None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str):
        raise wrong(name, wanted, value)
    return short(name, found.strip()) or None


def person(name: str, value: Any) -> str | None:  # noqa: ANN401
    """A person's name; None for nobody."""
    if not isinstance(value, (dict, str, type(None))) or (isinstance(value, dict) and isinstance(value.get("name"), int)):
        raise wrong(name, 'an object such as {"name": "ana"}', value)
    return named(name, value, "name", "key", "accountId", "id", wanted='an object such as {"name": "ana"}')


def priority_of(name: str, value: Any) -> int | None:  # noqa: ANN401
    """A priority's number."""
    given = named(name, value, "id", "name", wanted='an object such as {"name": "High"}')
    if given is None:
        return None
    found = priority(given)
    if found is None:
        raise refused(name, f"The priority {cut(given)!r} is not known; there are Highest, High, Medium, Low and Lowest.")
    return int(found)


def issue(name: str, value: Any) -> str | None:  # noqa: ANN401
    """The key or id of one issue."""
    return named(name, value, "key", "id", wanted='an object such as {"key": "DEMO-7"}')


def date(name: str, value: Any) -> Instant | None:  # noqa: ANN401
    """A date with a time."""
    given = text(name, value)
    found = parse_instant(given) if given else None
    if given and found is None:
        raise refused(name, f"{cut(given)!r} is no date such as 2014-08-30T11:47:35.000+0100")
    return found


def day(name: str, value: Any) -> str | None:  # noqa: ANN401
    """A day such as `2026-11-23`."""
    given = text(name, value)
    try:
        return dt.date.fromisoformat(given[:10]).isoformat() if given else None
    except ValueError:
        raise refused(name, f"{cut(given or '')!r} is no day such as 2026-11-23") from None


def option(name: str, value: Any, field: CustomField) -> str | None:  # noqa: ANN401
    """An option as `{"value": ...}`, `{"id": ...}` or a text; of a field of ours it is one that there is."""
    given = named(name, value, "value", "id", "name", wanted='an object such as {"value": "Manual"}')
    options = FIELD_OPTIONS.get(field.meaning)
    if given is None or options is None:
        return given
    found = next((o for o in options if given.lower() == o.lower() or given == option_id(field, o)), None)
    if found is None:
        raise refused(name, f"{cut(given)!r} is no {field.name}; use {' or '.join(options)}")
    return found


def items(name: str, value: Any, *, ids: bool = False) -> tuple[str | int, ...]:  # noqa: ANN401
    """The names, keys or options of a list; with `ids` an object without a name gives its id."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise wrong(name, "a list", value)
    return tuple(item(name, one, ids=ids) for one in value)


def item(name: str, value: Any, *, ids: bool = False) -> str | int:  # noqa: ANN401
    """One of them."""
    found = _member(value, "name", "value", "key")
    if found is None and ids and isinstance(value, dict):
        number = parse_id(str(value.get("id", "")))
        if number is not None:
            return number
    if not isinstance(found, str) or not found.strip():
        raise wrong(name, "a list of names", value)
    return short(name, found.strip())


def issues(name: str, value: Any) -> tuple[str | int, ...]:  # noqa: ANN401
    """Keys of issues: a list, or one or several in a text with commas."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    if isinstance(value, dict):
        value = [value]
    return tuple(k.upper() if isinstance(k, str) else k for k in items(name, value))


def labels(name: str, value: Any) -> tuple[str | int, ...]:  # noqa: ANN401
    """Labels: a list, or one in a text."""
    return items(name, [value] if isinstance(value, (str, dict)) and value else value or None)


def steps(name: str, value: Any) -> tuple[Step, ...]:  # noqa: ANN401
    """Steps in either of the vendor's shapes: `{index, fields: {...}}`, or `{index, step, data, result}`."""
    listed = value.get("steps") if isinstance(value, dict) else value
    if listed in (None, ""):
        return ()
    if not isinstance(listed, list):
        raise wrong(name, 'an object such as {"steps": [...]}', value)
    return tuple(_step(name, step) for step in listed)


def _step(name: str, step: Any) -> Step:  # noqa: ANN401
    fields = step.get("fields", step) if isinstance(step, dict) else None
    if not isinstance(fields, dict):
        raise refused(name, f"a step must be an object, not {cut(json.dumps(step, ensure_ascii=False))}")
    given = {k.lower(): _raw(name, v) for k, v in fields.items() if k.lower() in _STEP_MEMBERS}
    action = given.get("action") or given.get("step") or ""
    return Step(action, given.get("data") or "", given.get("expected result") or given.get("result") or "")


_STEP_MEMBERS = {"action", "step", "data", "expected result", "result"}


def _raw(name: str, value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        value = value.get("raw") or value.get("value")
    if value is None:
        return ""
    if isinstance(value, (bool, dict, list)):
        raise refused(name, f"the texts of a step must be texts, not {cut(json.dumps(value, ensure_ascii=False))}")
    return str(value)


def own(name: str, value: Any, kind: str) -> Any:  # noqa: ANN401
    """A value of one of the instance's own fields, as it is kept and shown."""
    if value in _EMPTY:
        return None
    if kind == "text":
        return text(name, value)
    if kind == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise wrong(name, "a number", value)
        return value
    if kind in {"date", "datetime"}:
        date(name, value)
        return value
    if kind == "user":
        given = person(name, value)
        return {"name": given, "key": given, "displayName": given} if given else None
    return value
