# SPDX-License-Identifier: Apache-2.0
"""Weeks of a shop's test results, as Xray JSON; the same at every call."""

from __future__ import annotations

import functools
import itertools
import random
import struct
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from radiograph.actions.demo_files import file, of_a_failed_payment

if TYPE_CHECKING:
    from collections.abc import Iterator

AREAS = {
    "Checkout": ["pays with a saved card", "pays by invoice", "keeps the basket", "refuses an expired card", "shows the delivery date"],
    "Basket": ["adds an article", "removes an article", "counts articles", "merges two baskets", "survives a sign-out"],
    "Search": ["finds by name", "finds by number", "suggests while typing", "sorts by price", "filters by size"],
    "Account": ["signs in", "signs in with a code", "resets a password", "changes the address", "deletes the account"],
    "Catalogue": ["shows a category", "zooms a picture", "compares two articles", "shows the stock", "lists new articles"],
    "Returns": ["prints a label", "refunds a card", "refuses after 30 days", "tracks a parcel", "swaps a size"],
    "Vouchers": ["takes a voucher", "refuses a used voucher", "splits a voucher", "ends on its date", "combines with a sale"],
    "API": ["lists orders", "pages orders", "refuses a bad token", "limits the rate", "answers in time"],
}
ENVIRONMENTS = (["Chrome", "Linux"], ["Firefox", "Linux"], ["iOS"], ["Android"])
WEEKS, RUNS_A_WEEK = 10, 4
SAVED_CARD = "Checkout pays with a saved card"
COMPARES = "Catalogue compares two articles"
_FLAKY = {"Search suggests while typing": 0.25, "Basket survives a sign-out": 0.2, "API answers in time": 0.3}
_BROKEN = {
    SAVED_CARD: 33,
    "Returns refunds a card": 30,
    "Vouchers splits a voucher": 36,
    "Account signs in with a code": 38,
    COMPARES: 37,
}
_TRACES = (
    (
        "AssertionError: expected 200, got 503\n  at checkout/payment.py:118 in pay\n  at checkout/test_payment.py:41\n"
        'POST /api/payments -> 503 Service Unavailable (took 1204 ms)\n{"error": "upstream timed out", "request": "%08x"}'
    ),
    (
        'TimeoutError: page.goto: Timeout 30000ms exceeded\n  navigating to "http://shop.test/basket?session=%08x", waiting until "load"\n'
        "  at basket.spec.ts:27:14\n  at fixtures.ts:88:9"
    ),
    "AssertionError: the total is 39.90, should be 34.90\n  voucher %08x was taken once\n  at vouchers/test_split.py:63",
)


def test_names() -> list[tuple[str, str]]:
    """Every automated Test: its summary and its definition."""
    return [(f"{area} {what}", f"shop.{area.lower()}.{what.replace(' ', '_')}") for area, whats in AREAS.items() for what in whats]


Rectangle = tuple[int, int, int, int, tuple[int, int, int]]
"""Left, top, right, bottom in pixels, and a colour."""


@functools.cache
def picture(seed: int, *, failed: bool = True) -> bytes:
    """A small PNG: a page of the shop, with a message that something failed if it did."""
    width, height = 640, 400
    ink, grey, pale = (52, 52, 48), (214, 214, 208), (240, 240, 236)
    cards: list[Rectangle] = [(24 + 200 * i, 152, 200 + 200 * i, 344, pale) for i in range(3)]
    lines: list[Rectangle] = [
        (36 + 200 * i, 288 + 18 * k, 120 + 200 * i + (seed * 7 + 31 * i + 17 * k) % 60, 296 + 18 * k, grey)
        for i in range(3)
        for k in range(2)
    ]
    message: list[Rectangle] = [
        (24, 72, 616, 128, (249, 222, 218)), (24, 72, 30, 128, (196, 43, 28)), (48, 88, 280 + seed % 90, 98, (120, 36, 28)),
        (48, 106, 220, 114, (190, 120, 112)),
    ]  # fmt: skip
    shapes: list[Rectangle] = [
        (0, 0, width, 48, ink), (24, 18, 104, 30, (250, 250, 247)), (520, 18, 616, 30, (120, 120, 114)),
        *(message if failed else ()), *cards, *((c[0] + 12, 164, c[2] - 12, 272, grey) for c in cards), *lines,
    ]  # fmt: skip
    return _png(width, height, shapes)


def _png(width: int, height: int, shapes: list[Rectangle]) -> bytes:
    edges = sorted({0, height, *(s[1] for s in shapes), *(s[3] for s in shapes)})
    rows = []
    for top, bottom in itertools.pairwise(edges):
        row = bytearray(bytes((253, 253, 251)) * width)
        for left, first, right, last, colour in shapes:
            if first <= top < last:
                row[left * 3 : right * 3] = bytes(colour) * (right - left)
        rows.append((b"\0" + bytes(row)) * (bottom - top))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")


def history(now: datetime) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """The imports of ten weeks, oldest first: each report, and what its request's query says."""
    rng = random.Random(1206)  # noqa: S311  (a demonstration, not a secret)
    total = WEEKS * RUNS_A_WEEK
    for number in range(total):
        at = now - timedelta(days=(total - 1 - number) * 7 / RUNS_A_WEEK, hours=3 + number % 5)
        environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
        report = _nightly(rng, number, at, environment)
        yield report, {"branch": "main" if number % 5 else "release/1.3", "buildUrl": f"https://ci.example/shop/{4000 + number}"}


def _nightly(rng: random.Random, number: int, at: datetime, environment: list[str]) -> dict[str, Any]:
    at = at.replace(minute=rng.randrange(60), second=0, microsecond=0)
    clock = at
    tests = []
    for summary, definition in test_names():
        seconds = rng.lognormvariate(0.3, 0.8)
        result = _result(rng, number, summary, definition)
        if summary == SAVED_CARD and number == WEEKS * RUNS_A_WEEK - 1 and "evidence" in result:
            result["evidence"] += of_a_failed_payment(clock)
        result |= {"start": clock.isoformat(), "finish": (clock + timedelta(seconds=seconds)).isoformat()}
        clock += timedelta(seconds=seconds)
        tests.append(result)
    info = {
        "project": "DEMO", "summary": f"Nightly {'/'.join(environment)} of {at:%d %B}", "version": "v1.3" if number > 20 else "v1.2",  # noqa: PLR2004
        "revision": f"1.0.{42000 + number}", "startDate": at.isoformat(), "finishDate": clock.isoformat(),
        "testPlanKey": "DEMO-100", "testEnvironments": environment, "user": "admin",
    }  # fmt: skip
    return {"info": info, "tests": tests}


def _result(rng: random.Random, number: int, summary: str, definition: str) -> dict[str, Any]:
    info = {
        "projectKey": "DEMO", "summary": summary, "testType": "Generic", "definition": definition,
        "labels": [summary.split(maxsplit=1)[0].lower()],
    }  # fmt: skip
    failing = _BROKEN.get(summary, 10**6) <= number or rng.random() < _FLAKY.get(summary, 0.004)
    result: dict[str, Any] = {"testInfo": info, "status": "FAIL" if failing else "PASS"}
    if rng.random() < 0.01:  # noqa: PLR2004
        result["status"] = "TODO"
        return result
    if failing:
        trace = _TRACES[sum(map(ord, summary)) % len(_TRACES)]
        result["comment"] = trace % rng.randrange(2**32)
        log = "\n".join(f"{i:04d} GET /shop/{i % 7} {'503' if i % 9 == 0 else '200'}" for i in range(60))
        result["evidence"] = [
            file("page.png", "image/png", picture(number)), file("server.log", "text/plain", log.encode()),
        ]  # fmt: skip
        if summary.startswith("Checkout"):
            result["defects"] = ["DEMO-10"]
    elif summary == COMPARES:
        result["evidence"] = [file("page.png", "image/png", picture(number, failed=False))]
    if summary == COMPARES:
        result["iterations"] = _iterations(rng, failing=failing)
    return result


def _iterations(rng: random.Random, *, failing: bool) -> list[dict[str, Any]]:
    places = [(b, loc) for b in ("Chrome", "Firefox") for loc in ("de", "en", "fr")]
    bad = rng.randrange(len(places)) if failing else -1
    return [
        {
            "name": f"Iteration {i + 1}", "status": "FAIL" if i == bad else "PASS", "duration": f"{rng.uniform(0.3, 2):.1f} s",
            "parameters": [{"name": "browser", "value": b}, {"name": "locale", "value": loc}],
            "steps": [
                {"status": "PASS", "actualResult": "Both articles are listed"},
                {"status": "FAIL" if i == bad else "PASS", "actualResult": "39.90" if i == bad else "34.90", "comment": "the price"},
            ],
            "log": f"opened /compare?locale={loc}\nread 2 articles" + ("\nprice 39.90, expected 34.90" if i == bad else ""),
        }
        for i, (b, loc) in enumerate(places)
    ]  # fmt: skip


def retries(report: dict[str, Any]) -> dict[str, Any] | None:
    """The rerun of a report's failures that may be flaky: some pass the second time; None when there is nothing to run again."""
    failed = [t for t in report["tests"] if t["status"] == "FAIL"]
    again = [
        {**t, "status": "PASS", "comment": "passed when run again", "evidence": []}
        for t in failed
        if t["testInfo"]["summary"] in _FLAKY
    ]  # fmt: skip
    again += [t for t in failed if t["testInfo"]["summary"] == COMPARES]
    return {"tests": again} if again else None


_SEEN = """h3. What I saw
The sum of *10* and *90* is shown as {{1.0e2}}, which nobody at a till reads.

||Entered||Shown||Should be||
|10 + 90|1.0e2|100|
|99 + 1|not tried|100|

Like DEMO-11; the format is chosen in [display.ts|https://git.example/shop/display.ts]:
{code:ts|title=display.ts}
return sum >= 100 ? sum.toExponential(1) : String(sum);
{code}"""


def manual_round(now: datetime) -> dict[str, Any]:
    """A tester's round through the Manual Test, with steps and a picture; one key is mistyped."""
    steps = [
        {"status": "PASS", "actualResult": "The basket is shown", "comment": "fine"},
        {"status": "FAIL", "actualResult": "An error page", "evidence": [file("error.png", "image/png", picture(5))]},
    ]
    at = now.replace(tzinfo=UTC).isoformat()
    rounding = {"name": "rounding", "value": "half up"}
    return {
        "testExecutionKey": "DEMO-1206",
        "tests": [
            {
                "testKey": "DEMO-1207",
                "status": "FAIL",
                "start": at,
                "comment": "The payment page fails on iOS.",
                "steps": steps,
                "defects": ["DEMO-11"],
            },
            {
                "testKey": "DEMO-6",
                "status": "TODO",
                "iterations": [{"parameters": [rounding], "status": "TODO", "steps": [{"status": "TODO"}]}],
            },
            {"testKey": "DEMO-9999", "status": "PASS"},
            {"testKey": "DEMO-7", "status": "FAIL", "start": at, "examples": ["PASS", "PASS", "PASS", "FAIL", "TODO"], "comment": _SEEN},
        ],
    }
