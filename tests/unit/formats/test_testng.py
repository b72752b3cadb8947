# SPDX-License-Identifier: Apache-2.0
"""TestNG reports: the mapping, case by case, and what is wrong in reports of the wild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from radiograph.domain.clock import format_instant
from radiograph.domain.errors import UnreadableReport
from radiograph.formats import testng
from radiograph.formats.reading import ReadOptions, Source

if TYPE_CHECKING:
    from radiograph.domain.report import Report, TestResult


def read(text: str | bytes, *, keep_output: bool = False) -> Report:
    body = text.encode() if isinstance(text, str) else text
    return testng.read(Source("r.xml", memoryview(body)), ReadOptions(keep_output=keep_output))


def report(*methods: str, groups: str = "", suite: str = 'name="s"', name: str = 'name="a.B"') -> str:
    inside = f"<test><class {name}>{''.join(methods)}</class></test>"
    return f"<testng-results><suite {suite}><groups>{groups}</groups>{inside}</suite></testng-results>"


def method(status: str = "PASS", inside: str = "", name: str = "m", attributes: str = "") -> str:
    return f'<test-method name="{name}" status="{status}" {attributes}>{inside}</test-method>'


def failure(text: str, kind: str = "java.lang.AssertionError") -> str:
    trace = f"{kind}: {text}\nat a.B.m(B.java:1)"
    return f'<exception class="{kind}"><message> {text} </message><full-stacktrace>\n{trace}\n</full-stacktrace></exception>'


def params(*values: str) -> str:
    inner = "".join(f'<param index="{n}"><value>\n{v}\n</value></param>' for n, v in enumerate(values))
    return f"<params>{inner}</params>"


def attribute(name: str, value: str) -> str:
    return f'<attributes><attribute name="{name}">\n {value}\n</attribute></attributes>'


def only(*methods: str, groups: str = "", suite: str = 'name="s"', keep_output: bool = False) -> TestResult:
    (result,) = read(report(*methods, groups=groups, suite=suite), keep_output=keep_output).results
    return result


def times(result: TestResult) -> tuple[str | None, str | None]:
    start, finish = (format_instant(i.ms, i.offset) if i else None for i in (result.start, result.finish))
    return start, finish


def definition(result: TestResult) -> str | None:
    assert result.info is not None
    return result.info.definition


# ---- which Test


def test_a_test_is_told_by_class_and_method() -> None:
    result = only(method())
    assert (definition(result), result.place, result.info and result.info.summary) == ("a.B.m", "line 1", "m")


@pytest.mark.parametrize(
    ("name", "expected"),
    [('name="B" package="a"', "a.B.m"), ('name="B" package="[default]"', "B.m"), ("", "m")],
)
def test_packages_may_stand_apart(name: str, expected: str) -> None:
    assert [definition(r) for r in read(report(method(), name=name)).results] == [expected]


def test_a_method_with_no_name_at_all_is_refused() -> None:
    found = read(report(method(name=""), method(), name=""))
    assert ([r.index for r in found.results], [r.index for r in found.refused]) == ([1], [0])
    assert "has no name and no class" in found.refused[0].problems[0].problem


def test_attributes_name_test_requirements_and_labels() -> None:
    inside = "".join(
        [
            attribute("test", "DEMO-7"),
            attribute("requirement", "DEMO-2,DEMO-3"),
            attribute("labels", "core addition"),
            attribute("summary", "A good name"),
            attribute("description", "long"),
            attribute("attachments", "[Ljava.io.File;@1"),
            attribute("labels", ""),
        ]
    )
    result = only(method(inside=inside))
    info = result.info
    assert info is not None
    assert (result.test_key, info.requirement_keys, info.labels) == ("DEMO-7", ["DEMO-2", "DEMO-3"], ["core", "addition"])
    assert (info.summary, info.description, info.given) == ("A good name", "long", ("labels", "summary", "description"))


def test_a_summary_that_is_too_long_is_cut_and_told() -> None:
    result = only(method(inside=attribute("summary", "x" * 300)))
    assert result.warnings == ["line 1: its summary is longer than 255 characters and was cut"]


def test_the_description_or_the_instances_name_is_the_summary_of_a_new_test() -> None:
    for written in ('description="Adds"', 'test-instance-name="Adds"'):
        result = only(method(attributes=written))
        assert result.info is not None
        assert (result.info.summary, result.info.given) == ("Adds", ())


def test_groups_are_labels_of_new_tests() -> None:
    groups = '<group name="smoke"><method name="m" class="a.B"/><method name="other" class="a.B"/></group>'
    result = only(method(attributes='groups="fast, smoke"'), groups=groups)
    assert result.info is not None
    assert (result.info.labels, result.info.given) == (["smoke", "fast"], ())


def test_what_means_nothing_is_noted() -> None:
    found = read(report(method(inside=attribute("build", "1") + "<custom/>")))
    assert found.notes == [
        "attributes of test methods that mean nothing here were left out: 'build' (1)",
        "elements of test methods that mean nothing here were left out: 'custom' (1)",
    ]


# ---- statuses


@pytest.mark.parametrize(
    ("word", "status"),
    [("PASS", "PASS"), ("FAIL", "FAIL"), ("SKIP", "TODO"), ("SUCCESS_PERCENTAGE_FAILURE", "PASS"), ("BLOCKED", "BLOCKED"), ("", "")],
)
def test_statuses(word: str, status: str) -> None:
    assert only(method(word)).status == status


def test_the_comment_is_the_exception() -> None:
    assert only(method("FAIL", failure("x"))).comment == "java.lang.AssertionError: x\nat a.B.m(B.java:1)"
    assert only(method("FAIL", '<exception class="E"/>')).comment == "E"
    short = '<exception class="E"><message>m</message><short-stacktrace>E: m</short-stacktrace></exception>'
    assert only(method("FAIL", short)).comment == "E: m"


def test_configuration_methods_are_left_out_and_their_failures_told() -> None:
    config = 'is-config="true"'
    found = read(report(method(attributes=config), method("FAIL", failure("gone"), "up", config), method()))
    assert len(found.results) == 1
    (note,) = found.notes
    assert note.startswith("2 configuration methods, which are no tests, were left out; 1 of them failed: line 1: a.B.up: ")
    assert note.endswith(" java.lang.AssertionError: gone")
    assert read(report(method(attributes=config))).notes == [
        "1 configuration methods, which are no tests, were left out; none of them failed"
    ]


# ---- rounds


def test_calls_with_parameters_are_rounds_of_one_result() -> None:
    null = '<params><param><value is-null="true"/></param></params>'
    result = only(
        method(inside=params("1", "one"), attributes='duration-ms="7"'), method("FAIL", null + failure("x")), method(inside=params("3"))
    )
    assert [(i.status, i.parameters, i.duration) for i in result.iterations] == [
        ("PASS", [("param[0]", "1"), ("param[1]", "one")], "7 ms"),
        ("FAIL", [("param[0]", "null")], ""),
        ("PASS", [("param[0]", "3")], ""),
    ]
    assert (result.status, result.comment) == ("FAIL", "java.lang.AssertionError: x\nat a.B.m(B.java:1)")
    assert result.iterations[1].log == result.comment


@pytest.mark.parametrize(
    ("statuses", "status"), [(("PASS", "PASS"), "PASS"), (("PASS", "SKIP"), "TODO"), (("SKIP", "FAIL"), "FAIL"), (("BLOCKED",), "BLOCKED")]
)
def test_rounds_have_one_status(statuses: tuple[str, ...], status: str) -> None:
    assert only(*(method(s, params(str(n))) for n, s in enumerate(statuses))).status == status


def test_the_comment_of_rounds_is_that_of_the_first_that_failed() -> None:
    result = only(*(method("FAIL", params(n) + failure(n)) for n in "123"))
    assert result.comment == "java.lang.AssertionError: 1\nat a.B.m(B.java:1)\n\nThe iterations have what 2 more said."


def test_rounds_keep_what_each_of_them_names() -> None:
    first = method(inside=params("1") + attribute("requirement", "DEMO-2"), attributes='duration-ms="5"')
    second = method(inside=params("2") + attribute("requirement", "DEMO-3") + attribute("test", "DEMO-7"), attributes='duration-ms="x"')
    result = only(first, second)
    assert result.info is not None
    assert (result.test_key, result.info.requirement_keys, result.elapsed) == ("DEMO-7", ["DEMO-2", "DEMO-3"], 0.005)
    assert result.warnings == ["line 5: duration-ms 'x' is no duration; it was left out"]


def test_rounds_take_from_the_first_begin_to_the_last_end() -> None:
    result = only(*(method(inside=params(n), attributes=f'started-at="2024-01-01T10:00:0{n}Z" duration-ms="500"') for n in "214"))
    assert times(result) == ("2024-01-01T10:00:01+00:00", "2024-01-01T10:00:04.500+00:00")


def test_calls_without_parameters_are_just_several_results() -> None:
    assert [definition(r) for r in read(report(method(), method("FAIL"))).results] == ["a.B.m", "a.B.m"]


# ---- retries


def test_calls_that_were_retried_are_attempts() -> None:
    again = 'retried="true"'
    calls = [method("SKIP", failure(n), attributes=again) for n in "12"]
    result = only(*calls, method())
    assert (result.status, [(a.status, a.comment[:28]) for a in result.attempts]) == (
        "PASS",
        [("FAIL", "java.lang.AssertionError: 1\n"), ("FAIL", "java.lang.AssertionError: 2\n")],
    )
    assert [a.comment for a in only(method("FAIL", failure("3")), *calls).attempts] == [a.comment for a in result.attempts]


def test_each_round_has_its_own_attempts() -> None:
    result = only(
        method("SKIP", params("1") + failure("x"), attributes='retried="true"'), method(inside=params("1")), method(inside=params("2"))
    )
    assert (result.status, [i.parameters for i in result.iterations]) == ("PASS", [[("param[0]", "1")], [("param[0]", "2")]])
    (attempt,) = result.attempts
    assert (attempt.status, [(i.status, i.parameters) for i in attempt.iterations]) == ("FAIL", [("FAIL", [("param[0]", "1")])])


def test_of_a_method_that_was_only_retried_the_last_call_counts() -> None:
    calls = [method("SKIP", failure(n), attributes='retried="true"') for n in "12"]
    result = only(*calls)
    assert (result.status, result.comment[:27], len(result.attempts)) == ("FAIL", "java.lang.AssertionError: 2", 1)


def test_old_versions_write_retried_calls_as_skipped_ones() -> None:
    result = only(method("SKIP", failure("1")), method("PASS"))
    assert (result.status, [a.status for a in result.attempts]) == ("PASS", ["FAIL"])


def test_calls_that_were_skipped_are_no_retries() -> None:
    skipped = failure("no", "org.testng.SkipException")
    assert [r.status for r in read(report(method("SKIP", skipped), method())).results] == ["TODO", "PASS"]
    blocked = method("SKIP", failure("depends on m", "java.lang.Throwable"))
    assert [r.status for r in read(report(blocked, blocked)).results] == ["TODO", "TODO"]


# ---- output and files


def test_output_is_kept_only_if_asked_for() -> None:
    inside = "<reporter-output><line>\n one\n</line><line>two</line></reporter-output>"
    assert not only(method(inside=inside)).evidence
    (file,) = only(method(inside=inside), keep_output=True).evidence
    assert (file.filename, file.content_type, bytes(file.data or b"")) == ("system-out.txt", "text/plain", b"one\ntwo")
    assert not only(method(inside="<reporter-output> </reporter-output>"), keep_output=True).evidence


def test_attachments_are_evidence() -> None:
    whole = '<attachment filename="a.png" src="/tmp/a.png"><rawcontent>YQ==</rawcontent></attachment>'
    result = only(method(inside=f'<attachments>{whole}<attachment filename="b.png"/></attachments>'))
    assert [(f.filename, bytes(f.data or b"")) for f in result.evidence] == [("a.png", b'"YQ=="')]
    assert result.warnings == ["line 1: the report names the file 'b.png', but doesn't hold it; it was left out"]


# ---- times


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00+00:00"),
        ("2024-01-01T10:00:00 CET", "2024-01-01T10:00:00+01:00"),
        ("2024-07-01T10:00:00 PDT", "2024-07-01T10:00:00-07:00"),
        ("2024-01-01T10:00:00 GMT+05:30", "2024-01-01T10:00:00+05:30"),
        ("2024-01-01T10:00:00 UTC-3", "2024-01-01T10:00:00-03:00"),
        ("2024-01-01T10:00:00+0200", "2024-01-01T10:00:00+02:00"),
        ("2024-01-01T10:00:00", "2024-01-01T10:00:00+00:00"),
    ],
)
def test_dates_with_zones(text: str, start: str) -> None:
    result = only(method(attributes=f'started-at="{text}" duration-ms="1500"'))
    assert times(result)[0] == start
    assert result.finish is not None
    assert result.start is not None
    assert result.finish.ms - result.start.ms == 1500


def test_zones_that_can_mean_several_are_read_as_utc_and_told_once() -> None:
    found = read(report(*(method(attributes='started-at="2024-01-01T10:00:00 IST"', name=n) for n in "ab")))
    assert [times(r)[0] for r in found.results] == ["2024-01-01T10:00:00+00:00"] * 2
    assert found.notes == ["times in the zone 'IST' were read as UTC, as the name can mean several zones or none"]


@pytest.mark.parametrize("text", ["then", "then CET", "2024-01-01T10:00:00 GMT+99:99", "2024-13-01T10:00:00 CET"])
def test_dates_that_can_not_be_read_are_left_out_and_told(text: str) -> None:
    result = only(method(attributes=f'started-at="{text}" duration-ms="1500"'))
    assert (times(result), result.elapsed) == ((None, None), 1.5)
    assert result.warnings == [f"line 1: {text!r} is no date such as 2014-08-30T11:47:35+01:00; it was left out"]


def test_without_a_duration_the_end_counts() -> None:
    result = only(method(attributes='started-at="2024-01-01T10:00:00Z" finished-at="2024-01-01T10:00:02Z"'))
    assert times(result) == ("2024-01-01T10:00:00+00:00", "2024-01-01T10:00:02+00:00")


def test_local_times_with_a_z_are_put_right_by_those_of_the_suite() -> None:
    suite = 'name="s" started-at="2024-01-01T04:29:59Z" finished-at="2024-01-01T04:31:00Z"'
    calls = [method(attributes=f'started-at="2024-01-01T{t}Z" duration-ms="1"', name=n) for n, t in (("a", "10:00:00"), ("b", "04:30:00"))]
    found = read(report(*calls, suite=suite))
    assert [times(r)[0] for r in found.results] == ["2024-01-01T10:00:00+05:30", "2024-01-01T04:30:00+00:00"]
    assert found.notes == ["times of test methods were in local time, 330 minutes from that of their suite: they were put right"]


@pytest.mark.parametrize("odd", ["2024-01-01T10:07:00Z", "2024-01-09T10:00:00Z"])
def test_times_that_no_zone_explains_stay(odd: str) -> None:
    suite = 'name="s" started-at="2024-01-01T04:29:59Z" finished-at="2024-01-01T04:30:10Z"'
    assert times(only(method(attributes=f'started-at="{odd}"'), suite=suite))[0] == odd.replace("Z", "+00:00")


# ---- the whole


def test_the_run_is_told_by_its_suites() -> None:
    found = read(report(method(), suite='name="Nightly" started-at="2024-01-01T10:00:00 CET" finished-at="2024-01-01T10:00:05 CET"'))
    assert found.info.fields.summary == "Nightly"
    assert [format_instant(i.ms, i.offset) for i in (found.info.begin, found.info.end) if i] == [
        "2024-01-01T10:00:00+01:00",
        "2024-01-01T10:00:05+01:00",
    ]
    assert read(report(method(), suite='name="Command line suite"')).info.fields.summary is None
    assert read("<testng-results><suite name='a'/><suite name='b'/></testng-results>").info.fields.summary is None


def test_results_in_other_files_are_told() -> None:
    found = read('<testng-results><suite name="a"><test url="a/t.xml"/></suite></testng-results>')
    assert (found.results, found.notes) == ([], ["line 1: the results of a test are in the file 'a/t.xml', which is not here"])


def test_methods_outside_of_classes_are_read() -> None:
    assert [definition(r) for r in read(f"<testng-results>{method()}</testng-results>").results] == ["m"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Line 1: it ends too early"),
        (b"<testng-results>\n<suite>", "Line 2: it ends too early"),
        (b"<!DOCTYPE x><testng-results/>", "Line 1: it has a document type"),
        (b"<testng-results>\n\xff</testng-results>", "Line 2: it has the byte 0xff"),
        (b"\n<test-run/>", "Line 2: its root is <test-run>, where a TestNG report has <testng-results>"),
        (b"<test-method/>", "Line 1: its root is <test-method>"),
        (b"<group/>", "Line 1: its root is <group>"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_line(body: bytes, message: str) -> None:
    with pytest.raises(UnreadableReport) as caught:
        read(body)
    assert message in caught.value.message


def test_only_its_own_root_is_taken() -> None:
    assert testng.looks_like('<?xml version="1.0"?>\n<testng-results skipped="0">')
    assert not testng.looks_like("<testsuite>")
    assert not testng.looks_like("{}")


def test_control_characters_are_replaced_and_told() -> None:
    found = read(report(method("FAIL", failure("\x1b[31mred"))))
    assert "\ufffd[31mred" in found.results[0].comment
    assert found.notes == ["2 control characters that XML can't hold were replaced"]


def test_times_at_the_end_of_the_calendar_can_still_be_shown() -> None:
    for text in ("9999-12-31T23:59:59 PST", "9999-12-31T23:59:59 UTC", "9998-12-31T23:59:59 GMT+99"):
        times(only(method(attributes=f'started-at="{text}" duration-ms="300000000"')))
