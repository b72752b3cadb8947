# SPDX-License-Identifier: Apache-2.0
"""The mapping of TAP, and what becomes of odd streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from radiograph.formats.known import detect
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.tap import read_tap

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult


def read(text: str | bytes, *, keep_output: bool = False) -> Report:
    data = text.encode() if isinstance(text, str) else text
    return read_tap(Source("report.tap", memoryview(data)), ReadOptions(keep_output=keep_output))


def short(text: str) -> list[tuple[str | None, str]]:
    return [(r.info.definition if r.info else None, r.status) for r in read(text).results]


def one(text: str) -> TestResult:
    found = read(text).results
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("line", "definition"),
    [
        ("ok 1 - adds", "adds"),
        ("ok - adds", "adds"),
        ("ok 1 adds - twice", "adds - twice"),
        ("ok adds", "adds"),
        ("ok 7", "test 7"),
        ("ok", "test 1"),
        ("ok 7 -", "test 7"),
        (r"ok 1 - a \# b \\ c \n", r"a # b \ c \n"),
        ("ok 1 - issue #42 is fixed", "issue #42 is fixed"),
        ("ok 1 - adds # time=12ms", "adds"),
        ("ok 1 - adds # time=1.5s", "adds"),
        ("ok 1 - tomorrow # TODOAY later", "tomorrow"),
        (r"ok 1 - a \# SKIP b", "a # SKIP b"),
        ("ok 1 - adds  ", "adds"),
        ("\x1b[32mok 1\x1b[0m - adds\r", "adds"),
    ],
)
def test_a_description_is_the_definition(line: str, definition: str) -> None:
    assert [d for d, _ in short(f"TAP version 14\n{line}\n1..1\n")] == [definition]


@pytest.mark.parametrize(
    ("line", "status", "comment"),
    [
        ("ok 1 - a", "PASS", ""),
        ("not ok 1 - a", "FAIL", ""),
        ("ok 1 - a # skip no network", "TODO", "no network"),
        ("ok 1 # SKIP: no network", "TODO", "no network"),
        ("ok 1 - a # SKIP -", "TODO", ""),
        ("not ok 1 - a # SKIP no network", "TODO", "no network"),
        ("not ok 1 - a # TODO later", "TODO", "later"),
        ("ok 1 - a #TODO later", "TODO", "later"),
    ],
)
def test_the_status_follows_from_ok_and_the_directive(line: str, status: str, comment: str) -> None:
    found = one(line)
    assert (found.status, found.comment) == (status, comment)


def test_a_todo_that_passed_is_warned_of() -> None:
    assert one("ok 1 - a # TODO later").warnings == [
        "line 1: it passed, but is marked TODO; it counts as TODO until the mark is taken away"
    ]


def test_durations_are_those_of_the_diagnostics_or_of_the_line() -> None:
    found = read(
        "ok 1 - a # time=12ms\nok 2 - b # time=1.5s\nok 3 - c\n  ---\n  duration_ms: 2.5\n  ...\nok 4 - d\n  ---\n  duration_ms: soon\n  ...\n"
    )
    assert [r.elapsed for r in found.results] == [0.012, 1.5, 0.0025, None]
    assert found.results[3].warnings == ["line 7: the duration 'soon' can't be read and was left out"]


def test_durations_in_all_descriptions_are_no_part_of_them() -> None:
    found = read("1..2\nok 1 adds in 12ms\nok 2 later in 0ms # skip no\n").results
    assert [(r.info.definition if r.info else "", r.elapsed) for r in found] == [("adds", 0.012), ("later", 0.0)]
    assert short("1..2\nok 1 answers in 12ms\nok 2 adds\n") == [("answers in 12ms", "PASS"), ("adds", "PASS")]


def test_subtests_give_their_names_and_their_parents_are_no_tests() -> None:
    text = (
        "# Subtest: a\n    # Subtest: b\n        ok 1 - c\n        1..1\n    ok 1 - b\n    ok 2 - d\n    1..2\nok 1 - a\n"
        "# Subtest: e\nok 2 - e\n1..2\n"
    )
    assert short(text) == [("a.b.c", "PASS"), ("a.d", "PASS"), ("e", "PASS")]
    assert read(text).notes == []


@pytest.mark.parametrize(
    "text",
    [
        "    # Subtest: a\n    not ok 1 - b\n    1..1\nnot ok 1 - a\n",
        "    not ok 1 - b\n    1..1\nnot ok 1 - a\n",
        "not ok 1 - a # time=5ms {\n    1..1\n    not ok 1 - b\n}\n",
        "not ok 1 - a\n  ---\n  at: x\n  ...\n{\n    not ok 1 - b\n    1..1\n}\n",
        "not ok 1 - a {\n    not ok 1 - b\n",
        "not ok 1 - a {\n        not ok 1 - b\n}\n",
    ],
    ids=["named inside", "named after", "braces", "braces apart", "braces that don't end", "deeper than the braces"],
)
def test_subtests_are_read_in_every_dialect(text: str) -> None:
    assert short(text) == [("a.b", "FAIL")]


def test_subtests_in_subtests_may_begin_at_once() -> None:
    assert short("        ok 1 - c\n    ok 1 - b\nok 1 - a\n") == [("a.b.c", "PASS")]


def test_a_subtest_that_is_cut_off_keeps_its_name() -> None:
    assert short("# Subtest: a\n    ok 1 - b\n") == [("a.b", "PASS")]


def test_a_parent_without_points_below_is_a_test() -> None:
    assert short("# Subtest: a\n    1..0 # SKIP not here\nok 1 # skip not here\n") == [("a", "TODO")]


def test_a_parent_that_failed_by_itself_is_a_test() -> None:
    assert short("    ok 1 - b\n    1..2\nnot ok 1 - a\n") == [("a.b", "PASS"), ("a", "FAIL")]
    hook = "# Subtest: a\n    not ok 1 - b\n    1..1\nnot ok 1 - a\n  ---\n  failureType: 'hookFailed'\n  error: 'no database'\n  ...\n"
    assert short(hook) == [("a.b", "FAIL"), ("a", "FAIL")]
    assert short(hook.replace("hookFailed", "subtestsFailed")) == [("a.b", "FAIL")]


def test_comments_name_groups_only_where_a_stream_begins_so() -> None:
    assert short("TAP version 13\n# adds\nok 1 same\n# removes\nok 2 same\n# x\nok 3 x\n1..3\n# tests 3\n# pass  3\n\n# ok\n") == [
        ("adds.same", "PASS"),
        ("removes.same", "PASS"),
        ("x", "PASS"),
    ]
    assert short("TAP version 13\n# printed\n# Subtest: a\nok 1 - a\n# printed\nok 2 - b\n") == [("a", "PASS"), ("b", "PASS")]
    assert short("TAP version 13\n1..1\n# printed\nok 1 - a\n") == [("a", "PASS")]
    assert short("# printed\nok 1 - a\n") == [("a", "PASS")]


def test_a_failure_is_told_by_its_message_the_rest_and_the_stack() -> None:
    text = (
        "not ok 1 - a\n  ---\n  message: it broke\n  severity: fail\n  at:\n    line: 3\n  type: test\n  stack: |-\n    f (a.js:1)\n"
        "  duration_ms: 1\n  ...\n# said later\n"
    )
    assert one(text).comment == "it broke\n\nseverity: fail\nat: line: 3\n\nf (a.js:1)\n\nsaid later"


@pytest.mark.parametrize(
    ("yaml", "comment"),
    [
        ("error: 'bad'\n  name: 'TypeError'", "TypeError: bad"),
        ("error: 'bad'\n  name: 'some words'", "bad"),
        ('error:\n    name: "E"\n    message: "bad"', "E: bad"),
        ("message: bad\n  stack: 'Error: bad at x'", "Error: bad at x"),
        ("error:\n    name: E", "name: E"),
    ],
)
def test_messages_are_found_in_every_dialect(yaml: str, comment: str) -> None:
    assert one(f"not ok 1 - a\n  ---\n  {yaml}\n  ...\n").comment == comment


def test_of_a_test_that_passed_only_the_message_is_told() -> None:
    assert one("ok 1 - a\n  ---\n  message: hello\n  at: x\n  ...\n# printed\n").comment == "hello"


def test_diagnostics_that_are_no_simple_yaml_are_kept_as_text() -> None:
    found = one("not ok 1 - a\n  ---\n  - x\n  - y\n  ...\n")
    assert found.comment == "- x\n- y"
    assert found.warnings == ["line 1: its diagnostics are no simple YAML, and were kept as text"]


def test_diagnostics_that_dont_end_are_read_to_where_they_are_cut() -> None:
    assert short("not ok 1 - a\n  ---\n  message: x\nok 2 - b\n") == [("a", "FAIL"), ("b", "PASS")]
    assert one("not ok 1 - a\n  ---\n  message: x\n").comment == "x"
    assert short("  ---\nok 1 - a\n") == [("a", "PASS")]


def test_points_within_diagnostics_are_text() -> None:
    assert short("not ok 1 - a\n    ---\n    out: |\n      ok 1 - not me\n    ...\nok 2 - b\n") == [("a", "FAIL"), ("b", "PASS")]


def test_indented_lines_tell_of_the_failure_before_them() -> None:
    found = read("not ok 1 a\n  Expected 1\n      at x\nok 2 b\n  printed\n").results
    assert [r.comment for r in found] == ["Expected 1\n    at x", ""]


def test_a_run_that_was_given_up_is_told_with_what_is_missing() -> None:
    assert read("1..3\nok 1\nBail out!  no database\n").notes == [
        "line 3: the run was given up: Bail out! no database",
        "line 1: the plan promises 3 tests, but 1 was reported",
    ]
    assert read("bail out!\n").notes == ["line 1: the run was given up: Bail out!"]


def test_plans_that_arent_kept_are_told() -> None:
    assert read("1..1\nok 1\nok 2\n").notes == ["line 1: the plan promises 1 tests, but 2 were reported"]
    assert read("# Subtest: a\n    ok 1 - b\n    1..2\nnot ok 1 - a\n1..1\n").notes == [
        "line 3: the plan of a promises 2 tests, but 1 was reported"
    ]
    assert read("1..0 # SKIP no network\n").notes == ["line 1: no tests were planned: no network"]
    assert read("ok 1\nok 2\n").notes == []
    assert len(read("# Subtest: a\n    1..2\n    ok 1\n" * 100).notes) == 50


def test_streams_may_follow_each_other() -> None:
    text = "t/a.t .. \n1..1\nok 1 - a\nok\nt/b.t ....... \nok 1 - b\n1..1\nok\nAll tests successful.\nResult: PASS\n"
    assert short(text) == [("t/a.t.a", "PASS"), ("t/b.t.b", "PASS")]
    assert read(text).notes == []
    assert short("TAP version 13\n1..1\nok 1 - a\nTAP version 13\n1..1\nok 1 - b\n") == [("a", "PASS"), ("b", "PASS")]
    both = "1..1\nok 1 - a\n1..2\nok 1 - b\n"
    assert short(both) == [("a", "PASS"), ("b", "PASS")]
    assert read(both).notes == ["line 3: the plan promises 2 tests, but 1 was reported"]


def test_what_was_printed_is_evidence_of_the_next_test_only_if_output_is_kept() -> None:
    text = "hello\n# there\n\nok 1 - a\nnot tap\nokay\nok 2 - b\n"
    assert [list(r.evidence) for r in read(text).results] == [[], []]
    kept = [bytes(f.data or b"") for r in read(text, keep_output=True).results for f in r.evidence]
    assert kept == [b"hello\n# there", b"not tap\nokay"]


def test_a_file_begins_only_where_a_stream_can() -> None:
    assert short("loading ...\nok 1 - a\nconfig.yml ...\nok 2 - b\n1..2\n") == [("a", "PASS"), ("b", "PASS")]


def test_a_version_may_stand_in_a_subtest() -> None:
    assert short("TAP version 14\n# Subtest: a\n    TAP version 14\n    ok 1 - b\n    1..1\nok 1 - a\n") == [("a.b", "PASS")]


def test_lines_far_to_the_right_are_no_subtests() -> None:
    assert short(" " * 40_000 + "ok 1 - far\nok 1 - near\n") == [("near", "PASS")]


def test_braces_and_lines_that_only_look_like_tap_are_no_error() -> None:
    assert short("{\n}\nok 1 - a\n}\nTAP version x\n1..x\n1..2x\n 1..2\n  ok 9 - odd indent\npragma +strict\nok 2 - b\n") == [
        ("a", "PASS"),
        ("b", "PASS"),
    ]


def test_a_stream_without_points_has_no_results() -> None:
    assert read(b"").results == []
    assert read("TAP version 14\n").results == []


def test_names_may_come_twice_and_both_results_are_kept() -> None:
    assert short("ok 1 - a\nnot ok 2 - a\n") == [("a", "PASS"), ("a", "FAIL")]


def test_what_isnt_utf_8_is_replaced_and_told() -> None:
    found = read(b"ok 1 - \xe4\n1..1\n")
    assert [r.info.definition for r in found.results if r.info] == ["\ufffd"]
    assert found.notes == ["1 lines, the first is line 1, are not UTF-8; what can't be read was replaced by U+FFFD"]


def test_a_huge_line_is_read() -> None:
    assert len(short("ok 1 - " + "x" * 2_000_000)[0][0] or "") == 2_000_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TAP version 13\n", "tap"),
        ("\n> shop@1.0 test\n> node --test\n\n1..0 # SKIP x\n", "tap"),
        ("t/a.t ..\nok 1 - a\n", "tap"),
        ("not ok - a\n", "tap"),
        ("\x1b[31mnot ok 1\x1b[0m\n", "tap"),
        ("ok  \texample.org/shop\t0.5s\n", ""),
        ("okay then\n", ""),
        ('["\nok 1\n"]', ""),
    ],
)
def test_a_stream_is_told_by_its_beginning(text: str, found: str) -> None:
    format_ = detect(memoryview(text.encode()))
    assert (format_.name if format_ else "") == found
    assert (detect(memoryview(text.encode("utf-16"))) is not None) == bool(found)


def test_the_check_librarys_descriptions_are_parted_from_what_came_of_the_test() -> None:
    found = read("1..2\nok 1 - a.c:core:adds: Passed\nnot ok 2 - a.c:core:adds: Assertion 'i < 2' failed: i == 2\n").results
    assert [(r.info and r.info.definition, r.status, r.comment) for r in found] == [
        ("a.c:core:adds", "PASS", ""),
        ("a.c:core:adds", "FAIL", "Assertion 'i < 2' failed: i == 2"),
    ]
