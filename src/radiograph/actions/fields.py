# SPDX-License-Identifier: Apache-2.0
"""The instance's own custom fields of issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from radiograph.domain.errors import Forbidden, Problem, Refused, cut
from radiograph.domain.issues import MAX_NAME, CustomField
from radiograph.store import audit, instance
from radiograph.store.blocks import take_number

if TYPE_CHECKING:
    from radiograph.actions.services import Services
    from radiograph.domain.people import Caller

KINDS = ("text", "number", "option", "options", "labels", "date", "datetime", "user", "issues")
"""What an own field can hold; options and labels are several values, issues are keys."""
FIRST = 11_000
_JIRA = {
    "textfield": "text", "textarea": "text", "url": "text", "readonlyfield": "text", "float": "number", "select": "option",
    "radiobuttons": "option", "multiselect": "options", "multicheckboxes": "options", "labels": "labels", "datepicker": "date",
    "datetime": "datetime", "userpicker": "user", "string": "text", "array": "labels",
}  # fmt: skip


def create_field(services: Services, caller: Caller | None, name: str, kind: str) -> CustomField:
    """Add a custom field; `kind` is one of KINDS or Jira's name of one. No caller is the operator. Raises Forbidden, Refused."""
    if caller is not None and not caller.administers_instance:
        raise Forbidden("Only an administrator of the instance may add fields.")
    kind = kind.strip().rpartition(":")[2].lower()
    kind = kind if kind in KINDS else _JIRA.get(kind, kind)
    if kind not in KINDS:
        text = f"{cut(kind)!r} is no kind of field; there are {', '.join(KINDS)}."
        raise Refused(text, [Problem("type", text)])
    with services.db.write() as conn:
        _check_name(name.strip(), [f.name for f in instance.custom_fields(conn)])
        field = CustomField(take_number(conn, "custom_field", start=FIRST), name.strip(), kind)
        instance.add_custom_field(conn, field)
        audit.note(conn, caller.id if caller else None, "field.add", f"{field.key} {field.name}")
    return field


def _check_name(name: str, known: list[str]) -> None:
    problem = ""
    if not name or len(name) > MAX_NAME:
        problem = f"must have from 1 to {MAX_NAME} characters"
    elif name.lower() in {k.lower() for k in known}:
        problem = f"There is a field {name} already; clients find fields by their names."
    if problem:
        raise Refused(f"name: {problem}", [Problem("name", problem)])
