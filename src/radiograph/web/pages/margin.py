# SPDX-License-Identifier: Apache-2.0
"""What stands below every issue, whatever it is: links, files, comments, history; and its Tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup  # noqa: TC002  (msgspec reads the annotations)
from msgspec import Struct

from radiograph.domain.statuses import severity
from radiograph.evidence.sniffing import SAFE_TYPES
from radiograph.web.addresses import attachment_address
from radiograph.web.pages.markup import Around, rich
from radiograph.web.pages.statuses import Mark, mark
from radiograph.web.pages.words import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.actions.browse_issue import Member
    from radiograph.domain.statuses import StatusTable
    from radiograph.store.changes import Change
    from radiograph.store.issue_reads import IssueRow

_TEXT, _SHORT, _TITLE = 20_000, 200, 300


class LinkLine(Struct):
    """An issue at the other end of a link, and what this one does to it (`blocks`, `is blocked by`)."""

    word: str
    key: str
    summary: str
    workflow: str


class FileLine(Struct):
    """A file of the issue; `image` says that a page may show it."""

    name: str
    href: str
    size: int
    image: bool
    author: str
    when: int


class CommentLine(Struct):
    """A comment; `edited` says that it isn't as it was written first."""

    id: int
    author: str
    body: Markup
    when: int
    edited: bool


class ChangeLine(Struct):
    """A field that was changed by hand; long texts are cut."""

    field: str
    before: str
    after: str
    user: str
    when: int


class Margin(Struct):
    """All of these; `changes` are newest first, people are their names to show ("": nobody)."""

    description: Markup
    reporter: str
    assignee: str
    links: list[LinkLine]
    files: list[FileLine]
    comments: list[CommentLine]
    changes: list[ChangeLine]


def margin(issue: IssueRow, changes: Sequence[Change], base: str) -> Margin:
    """What stands below an issue; the Tests that cover it are listed by themselves, and are no links here."""
    people = {name: p.display_name for name, p in issue.parts.people.items()}

    def name(user: str | None, nobody: str = "somebody") -> str:
        return people.get(user or "", user or nobody)

    files = [
        FileLine(f.filename, attachment_address(base, f.id, f.filename), f.size, _is_image(f.content_type), name(f.author), f.created_ms)
        for f in issue.parts.files
    ]
    around = Around(base, _projects(issue), {f.name: f.href for f in files if f.image})
    comments = [
        CommentLine(c.id, name(c.author), rich(cut(c.body, _TEXT), around), c.created_ms, c.updated_ms != c.created_ms)
        for c in issue.parts.comments
    ]
    changed = [ChangeLine(c.field, cut(c.before, _SHORT), cut(c.after, _SHORT), name(c.user), c.at_ms) for c in changes]
    description = rich(cut(issue.description, _TEXT), around)
    return Margin(description, name(issue.reporter, ""), name(issue.assignee, ""), _links(issue), files, comments, changed)


def _projects(issue: IssueRow) -> frozenset[str]:
    """The projects whose keys its texts may link to: its own, and those of the issues that it is linked with."""
    keys = (end.key for link in issue.parts.links for end in (link.source, link.target))
    return frozenset({issue.project_key, *(key.rpartition("-")[0] for key in keys)})


def _is_image(content_type: str) -> bool:
    return content_type in SAFE_TYPES and content_type.startswith("image/")


def _links(issue: IssueRow) -> list[LinkLine]:
    lines = []
    for link in issue.parts.links:
        outward = link.source.id == issue.id
        if link.is_coverage and not outward:
            continue
        other = link.target if outward else link.source
        lines.append(LinkLine(link.type.outward if outward else link.type.inward, other.key, cut(other.summary, _TITLE), other.workflow))
    return sorted(lines, key=lambda line: line.word)


class TestLine(Struct):
    """A Test of an issue, with the status of its latest run."""

    __test__ = False

    mark: Mark
    key: str
    summary: str


def test_lines(tests: Sequence[Member], table: StatusTable) -> list[TestLine]:
    """The Tests, what needs a look first."""
    order = {number: i for i, number in enumerate(severity(table))}
    todo = table["TODO"].id
    pairs = sorted(((todo if m.status_id is None else m.status_id, m) for m in tests), key=lambda pair: order[pair[0]])
    return [TestLine(mark(table.by_id[status]), m.key, cut(m.summary, _TITLE)) for status, m in pairs]
