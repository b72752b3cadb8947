# SPDX-License-Identifier: Apache-2.0
"""Failures of one cause share a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.fingerprint import earlier_fingerprint, fingerprint, outline


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expected 5 but was 7", "expected 12 but was 900"),
        ("at Calc.java:12", "at Calc.java:345"),
        ("object 0x7fff12ab is gone", "object 0x1 is gone"),
        ("session 12ab-4c is over", "session 1-2 is over"),
        ("a\n  b\t c", "a b c"),
        ("2026-01-02T03:04:05Z boom", "2027-11-12T13:14:15Z boom"),
        ("x" * 600 + "1st", "x" * 600 + "2nd"),
        # Python: a checkout on two machines, and pytest's folders for one run
        (
            'File "/home/runner/work/shop/shop/tests/test_pay.py", line 41, in test_pay\nAssertionError: assert 503 == 200',
            'File "/builds/team-7/shop/tests/test_pay.py", line 52, in test_pay\nAssertionError: assert 500 == 200',
        ),
        (
            "FileNotFoundError: '/tmp/pytest-of-root/pytest-12/test_a0/out.txt'",
            "FileNotFoundError: '/tmp/pytest-of-ci/pytest-3/test_a1/out.txt'",
        ),
        ("<shop.Basket object at 0x7f3a5c0b2d90> is None", "<shop.Basket object at 0x10aef> is None"),
        # Java: identity hashes, proxies, threads, ports
        ("com.acme.Basket@5e9f23b4 cannot be cast", "com.acme.Basket@6d06d69c cannot be cast"),
        ("Order$$EnhancerBySpringCGLIB$$1a2b3c4d.pay(<generated>)", "Order$$EnhancerBySpringCGLIB$$f9e8d7c6.pay(<generated>)"),
        ("Connect to localhost:34567 [localhost/127.0.0.1] failed", "Connect to localhost:8081 [localhost/127.0.0.1] failed"),
        ("[pool-1-thread-12] ERROR boom", "[pool-3-thread-1] ERROR boom"),
        # JavaScript: time-outs, Windows paths
        ("TimeoutError: page.goto: Timeout 30000ms exceeded.", "TimeoutError: page.goto: Timeout 1500ms exceeded."),
        ("waited for 1.5 s until it was visible", "waited for 320 ms until it was visible"),
        (r"at pay (C:\\agents\\1\\s\\src\\pay.ts:12:4)", r"at pay (D:\\a\\src\\pay.ts:99:14)"),
        ("at file:///home/ci/build-17/src/pay.ts:12:4", "at file:///srv/jobs/src/pay.ts:1:2"),
        # ids, hashes and moments
        ("order 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is lost", "order 0bcdefab-cdef-abcd-efab-cdefabcdefab is lost"),
        ("commit 8f3c1de0a94c52b7e6f1 is missing", "commit abcdefabcdefabcd1fab is missing"),
        ("failed on Mon, 02 Jan 2026 03:04:05 +0100", "failed on Fri, 13 Nov 2026 13:14:15 +0000"),
        ("2026-01-02 03:04:05,123 ERROR boom", "2026-11-12 13:14:15.9 ERROR boom"),
        ("2026-01-02T03:04:05+01:00 boom", "2026-01-02T03:04:05Z boom"),
        ("the total is 39.90, should be 34.90", "the total is 40, should be 34.9"),
        ("took 1,204 ms", "took 12 ms"),
    ],
)
def test_numbers_addresses_and_white_space_make_no_difference(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(("one", "other"), [("expected x", "expected y"), ("NullPointer at A", "NullPointer at B"), ("a", "A"),
    ("at shop/pay.py in pay", "at shop/basket.py in pay"), ("GET /api/orders -> failed", "GET /api/users -> failed"),
    ("May I pay", "Will I pay"), ("expected 5 ms", "expected 5 articles"), ("Sunday is closed", "Monday is closed"),
    ("element #face is hidden", "element #deed is hidden")])  # fmt: skip
def test_words_do(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_nothing_has_none() -> None:
    assert fingerprint("") is None


@given(st.text(st.characters(), min_size=1))
def test_every_text_has_one_of_64_bits(trace: str) -> None:
    number = fingerprint(trace)
    assert number is not None
    assert -(2**63) <= number < 2**63
    assert fingerprint(trace) == number


def test_rows_of_earlier_versions_are_found_by_the_number_that_those_gave() -> None:
    assert earlier_fingerprint("expected 5 but was 7") == 1292076814692411711
    assert earlier_fingerprint("") is None


def test_a_line_is_shown_without_what_differs() -> None:
    assert outline("AssertionError: expected 200, got 503") == "AssertionError: expected …, got …"
    assert outline("order 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is lost") == "order … is lost"
