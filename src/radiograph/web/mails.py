# SPDX-License-Identifier: Apache-2.0
"""Mails in both forms: text, and HTML that needs nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from radiograph.delivery.mail import Mail
from radiograph.domain.notices import Item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.domain.notices import Notice
    from radiograph.insight.digest import Digest

_BODY = "font:14px/20px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#1d1d1b;background:#fcfcfa;margin:0;padding:24px"
_LINK = "color:#1257a8"


def web_link(url: str, text: str) -> str:
    """A link where the address is one of the web; else the text alone."""
    shown = escape(text)
    return f'<a href="{escape(url)}" style="{_LINK}">{shown}</a>' if url.startswith(("https://", "http://")) else shown


def letter(subject: str, parts: Sequence[tuple[str, Sequence[Item]]], why: str) -> Mail:
    """A mail of headed lists; `why` says at its end why it came."""
    text, html = [subject, ""], [f'<h1 style="font-size:20px;line-height:28px;margin:0 0 16px">{escape(subject)}</h1>']
    for head, items in parts:
        text += [head, *(f"- {i.key} {i.text}".rstrip() + (f"\n  {i.url}" if i.url else "") for i in items), ""]
        html.append(f'<h2 style="font-size:14px;margin:24px 0 8px">{escape(head)}</h2>')
        rows = "".join(f'<li style="margin:4px 0">{web_link(i.url, i.key)} {escape(i.text)}</li>' for i in items)
        html.append(f'<ul style="margin:0;padding:0 0 0 16px">{rows}</ul>' if items else "")
    text.append(why)
    html.append(f'<p style="margin:24px 0 0;color:#6b6b66;font-size:12px">{escape(why)}</p>')
    page = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(subject)}</title></head><body style="{_BODY}">{"".join(html)}</body></html>'
    return Mail(subject, "\n".join(text) + "\n", page)


def of_week(week: Digest, base: str) -> Mail:
    """A project's week as a mail."""
    said = f"[{week.project}] The week: {len(week.broke)} broke, {len(week.failing)} still failing, {week.executions} executions with {week.runs:,} runs"
    nothing = [Item("", "nothing", "")]
    parts = [
        ("Broke this week", week.broke or nothing), ("Still failing", week.failing or nothing), ("Flakiest", week.flaky or nothing),
        ("Test Plans", week.plans or nothing), ("More", [Item("Overview", "", f"{base}/projects/{week.project}"), Item("Flaky Tests", "", f"{base}/projects/{week.project}/flaky")]),
    ]  # fmt: skip
    return letter(said, parts, f"You get this because you asked for the week of {week.project}. Its page Sharing ends it.")


def of_notice(notice: Notice) -> Mail:
    """A notice as a mail."""
    from_here = f"You get this because you asked for the new failures of {notice.project}. Its page Sharing ends it."
    more = len(notice.items)
    total = int(notice.facts.get("new", more))
    head = f"{total:,} new" if total == more else f"The first {more} of {total:,} new"
    where = f"{head} (all: {notice.url})" if notice.url.startswith("http") else head
    return letter(f"[{notice.project}] {notice.text}", [(where, notice.items)], from_here)
