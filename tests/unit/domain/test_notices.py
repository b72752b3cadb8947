# SPDX-License-Identifier: Apache-2.0
"""What hooks are told, in each shape, and how it is signed and tried again."""

from __future__ import annotations

import hashlib
import hmac
import json

from radiograph.domain.notices import NEW_FAILURE, WAITS_S, Item, Notice, body, next_wait_s, signature

NOTICE = Notice(
    NEW_FAILURE, "DEMO", "2026-01-01T00:00:00+00:00", "1 new failure in DEMO-5 on <iOS> & [x](http://evil.example)",
    "https://r.example/browse/DEMO-5", {"new": 1}, (Item("DEMO-7", "*Pays* <!channel>\n[a](b)", "https://r.example/runs/1"),),
)  # fmt: skip


def test_json_has_everything_by_name() -> None:
    told = json.loads(body(NOTICE, "json"))
    assert (told["event"], told["project"], told["facts"], told["items"][0]["key"]) == ("new.failure", "DEMO", {"new": 1}, "DEMO-7")


def test_names_make_no_mentions_and_no_links_in_slack() -> None:
    told = json.loads(body(NOTICE, "slack"))
    text = told["blocks"][0]["text"]["text"]
    assert "<https://r.example/runs/1|DEMO-7> *Pays* &lt;!channel&gt; [a](b)" in text
    assert "<!channel>" not in text
    assert "&lt;iOS&gt; &amp;" in told["text"]


def test_names_make_no_links_in_teams_and_the_card_opens_the_execution() -> None:
    card = json.loads(body(NOTICE, "teams"))["attachments"][0]["content"]
    assert card["body"][0]["text"] == "1 new failure in DEMO-5 on \\<iOS\\> & \\[x\\]\\(http://evil.example\\)"
    assert card["body"][1]["text"] == "[DEMO-7](https://r.example/runs/1) \\*Pays\\* \\<!channel\\> \\[a\\]\\(b\\)"
    assert card["actions"][0]["url"] == "https://r.example/browse/DEMO-5"


def test_a_signature_covers_the_time_and_the_body() -> None:
    made = signature("secret", 1700000000, b'{"a":1}')
    digest = hmac.new(b"secret", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()
    assert made == f"t=1700000000,v1={digest}"
    assert len({signature(s, t, b) for s in "ab" for t in (1, 2) for b in (b"x", b"y")}) == 8


def test_tries_come_later_and_later_and_end() -> None:
    waits = [next_wait_s(n) for n in range(1, len(WAITS_S) + 2)]
    assert waits[:-1] == sorted(WAITS_S)
    assert waits[-1] is None
