# SPDX-License-Identifier: Apache-2.0
"""The Gherkin of a scenario, written again from the steps of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from radiograph.formats.gherkin_wire import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from radiograph.formats.gherkin_wire import WireStep

_NEWLINE = "\n"
_CELL = str.maketrans({"\\": "\\\\", "|": "\\|", "\n": "\\n"})


def scenario_text(steps: Iterable[WireStep]) -> str:
    """The steps with their keywords, tables and texts, one step a line."""
    lines: list[str] = []
    for step in steps:
        lines.append(step_words(step))
        if _has_more(step):
            lines += _more(step)
    return "\n".join(lines)


def step_words(step: WireStep) -> str:
    """A step in one line, such as `Given an empty basket`."""
    keyword = text_of(step.keyword)
    joint = "" if not keyword or keyword[-1] in " '" else " "
    return f"{keyword}{joint}{' '.join(text_of(step.name).partition(_NEWLINE)[0].split())}".strip()


def _has_more(step: WireStep) -> bool:
    parts = (step.arguments, step.rows, step.doc_string, step.table, step.text)
    return any(parts) or step.text is not None or "\n" in text_of(step.name)


def _more(step: WireStep) -> Iterator[str]:
    """The tables and texts of a step."""
    yield from (f"  {line.strip()}" for line in text_of(step.name).splitlines()[1:])  # pytest-bdd before 8 has tables there
    arguments = step.arguments if isinstance(step.arguments, list) else []
    for argument in (a for a in arguments if isinstance(a, dict)):
        yield from table_lines(_cells(argument.get("rows")))
        if "content" in argument:
            yield from doc_string(text_of(argument["content"]), text_of(argument.get("contentType")))
    yield from table_lines(_cells(step.rows))
    if isinstance(step.table, dict):
        yield from table_lines(_cells([step.table.get("headings"), *_list(step.table.get("rows"))]))
    if isinstance(step.doc_string, dict):
        written = step.doc_string.get("value", step.doc_string.get("content"))
        yield from doc_string(text_of(written), text_of(step.doc_string.get("content_type")))
    if step.text is not None:
        yield from doc_string(text_of(step.text), "")


def _list(value: Any) -> list[Any]:  # noqa: ANN401  (any JSON)
    return value if isinstance(value, list) else []


def _cells(rows: Any) -> list[list[str]]:  # noqa: ANN401  (any JSON)
    found = (row.get("cells") if isinstance(row, dict) else row for row in _list(rows))
    return [[text_of(cell.get("value") if isinstance(cell, dict) else cell) for cell in row] for row in found if isinstance(row, list)]


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table of Gherkin, its columns under each other."""
    written = [[cell.translate(_CELL) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in written if i < len(row)) for i in range(max(map(len, written), default=0))]
    for row in written:
        yield "  | " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + " |"


def doc_string(text: str, content_type: str) -> Iterator[str]:
    """A text of several lines as Gherkin has it, between three quotes."""
    yield f'  """{content_type}'
    for line in text.replace('"""', '\\"\\"\\"').splitlines():
        yield f"  {line}" if line else ""
    yield '  """'
