# SPDX-License-Identifier: Apache-2.0
"""What happened, to be told elsewhere: in the shapes that hooks take, signed, and tried again later when it can't be told."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

import msgspec
from msgspec import Struct

FINISHED, NEW_FAILURE, PLAN_DONE, REFUSED, TEST = "execution.finished", "new.failure", "plan.done", "import.refused", "test"
EVENTS = {
    NEW_FAILURE: "New failures", FINISHED: "An execution's results came", PLAN_DONE: "Every Test of a plan has its result",
    REFUSED: "Results of an import were refused",
}  # fmt: skip
"""What hooks can be told of, in words."""
SHAPES = {"json": "JSON", "slack": "Slack", "teams": "Microsoft Teams"}
WAITS_S = (30, 120, 600, 3600, 6 * 3600)
"""How long after each failed try the next one comes; after the last it is given up."""
ITEMS = 20


class Item(Struct, frozen=True):
    """One thing of a list, such as a Test that failed."""

    key: str
    text: str
    url: str


class Notice(Struct, frozen=True):
    """What happened: a line in words, where to read more, facts by name, and a list (the first 20 of it)."""

    event: str
    project: str
    at: str
    text: str
    url: str
    facts: dict[str, int | str] = {}
    items: tuple[Item, ...] = ()


def body(notice: Notice, shape: str) -> str:
    """The JSON that a hook of this shape takes."""
    made: Any = {"slack": _slack, "teams": _teams}.get(shape, msgspec.to_builtins)(notice)
    return msgspec.json.encode(made).decode()


def _slack(notice: Notice) -> dict[str, Any]:
    lines = [f"<{_slack_url(notice.url)}|{_slack_text(notice.text)}>" if notice.url else _slack_text(notice.text)]
    lines += [f"• <{_slack_url(i.url)}|{_slack_text(i.key)}> {_slack_text(i.text)}" for i in notice.items]
    text = "\n".join(lines)[:2900]
    return {"text": _slack_text(notice.text), "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


def _slack_url(url: str) -> str:
    return url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")


def _teams(notice: Notice) -> dict[str, Any]:
    lines = [{"type": "TextBlock", "text": _plain(notice.text), "wrap": True, "weight": "Bolder"}]
    lines += [{"type": "TextBlock", "text": f"[{_plain(i.key)}]({i.url}) {_plain(i.text)}", "wrap": True} for i in notice.items]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": lines,
    }
    if notice.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": notice.url}]
    return {"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}]}


def _plain(text: str) -> str:
    """Without what Markdown would read as a link or an emphasis."""
    return re.sub(r"([\\`*_\[\]()<>#])", r"\\\1", " ".join(text.split()))


def signature(secret: str, at_s: int, payload: bytes) -> str:
    """`t=1700000000,v1=…`: HMAC-SHA256 of the time (seconds), a dot and the body, so that an old call can't be sent again."""
    digest = hmac.new(secret.encode(), f"{at_s}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at_s},v1={digest}"


def next_wait_s(tries: int) -> int | None:
    """How long to wait after so many failed tries, in seconds; None: no more."""
    return WAITS_S[tries - 1] if tries <= len(WAITS_S) else None
