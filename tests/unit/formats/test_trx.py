# SPDX-License-Identifier: Apache-2.0
"""Visual Studio's TRX."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.formats.found import at, info, one

from radiograph.domain.errors import UnreadableReport
from radiograph.formats.known import detect
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

if TYPE_CHECKING:
    from radiograph.domain.report import Report

SPACE = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"


def read(body: str | bytes, *, keep_output: bool = False) -> Report:
    data = body.encode() if isinstance(body, str) else body
    return read_reports([Source("a.trx", memoryview(data))], "trx", ReadOptions(keep_output=keep_output))[0]


def run(results: str, definitions: str = "", more: str = "", inside: str = "") -> str:
    return f'<TestRun xmlns="{SPACE}" {more}>{inside}<Results>{results}</Results><TestDefinitions>{definitions}</TestDefinitions></TestRun>'


def result(name: str = "Adds", more: str = 'outcome="Passed"', inside: str = "", test_id: str = "t") -> str:
    return f'<UnitTestResult testId="{test_id}" testName="{name}" {more}>{inside}</UnitTestResult>'


def definition(method: str = "Adds", class_name: str = "A.T", name: str = "Adds", inside: str = "", test_id: str = "t") -> str:
    return f'<UnitTest id="{test_id}" name="{name}">{inside}<TestMethod className="{class_name}" name="{method}"/></UnitTest>'


@pytest.mark.parametrize(
    ("class_name", "method", "joined"),
    [
        ("A.T", "Adds", "A.T.Adds"), ("A.T, A, Version=1.0.0.0, Culture=neutral", "Adds", "A.T.Adds"), ("A.T", "A.T.Adds", "A.T.Adds"),
        ("Add", "Adds", "Add.Adds"), ("Add", "Add", "Add.Add"), ("Calc", "Calc / adds", "Calc / adds"), ("none", "none", "Adds"), ("", "", "Adds"),
        ("", "Adds", "Adds"), ("A.G`1[[System.Int32, mscorlib]], A", "Adds", "A.G`1[[System.Int32, mscorlib]].Adds"),
    ],
)  # fmt: skip
def test_the_definition_is_class_and_method(class_name: str, method: str, joined: str) -> None:
    assert info(one(read(run(result(), definition(method, class_name))))).definition == joined


def test_definitions_may_stand_before_the_results_and_ids_are_compared_without_case() -> None:
    body = f'<TestRun xmlns="{SPACE}"><TestDefinitions>{definition(test_id="ABC")}</TestDefinitions><Results>{result(test_id="abc")}</Results></TestRun>'
    assert info(one(read(body))).definition == "A.T.Adds"


def test_a_result_may_tell_its_test_by_the_execution_alone() -> None:
    told = definition(inside='<Execution id="e"/>')
    assert info(one(read(run('<UnitTestResult executionId="E" testName="x" outcome="Passed"/>', told)))).definition == "A.T.Adds"


def test_a_result_without_a_definition_is_told_by_its_name_and_one_without_any_is_refused() -> None:
    report = read(run(result("A.T.Adds(1)", test_id="x") + '<UnitTestResult outcome="Passed"/>'))
    assert (info(one(report)).definition, info(one(report)).summary, len(one(report).iterations)) == ("A.T.Adds", "Adds", 1)
    assert [(r.index, r.problems[0].path) for r in report.refused] == [(1, "line 1")]


def test_the_summary_is_the_method_or_what_people_wrote() -> None:
    assert info(one(read(run(result("A.T.Adds"), definition())))).summary == "Adds"
    assert info(one(read(run(result("adds two numbers"), definition(name="adds two numbers"))))).summary == "adds two numbers"


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("Passed", "PASS"), ("passed", "PASS"), ("PassedButRunAborted", "PASS"), ("Warning", "PASS"), ("Failed", "FAIL"), ("Error", "FAIL"),
        ("Timeout", "FAIL"), ("NotRunnable", "FAIL"), ("", "FAIL"), ("Aborted", "ABORTED"), ("Disconnected", "ABORTED"), ("InProgress", "EXECUTING"),
        ("NotExecuted", "TODO"), ("Inconclusive", "TODO"), ("Pending", "TODO"), ("Completed", "TODO"), ("Blocked", "Blocked"),
    ],
)  # fmt: skip
def test_outcomes(outcome: str, status: str) -> None:
    assert one(read(run(result(more=f'outcome="{outcome}"')))).status == status


def test_no_outcome_is_an_error_as_mstest_leaves_it_out() -> None:
    assert one(read(run(result(more="")))).status == "FAIL"


def test_categories_and_properties_are_those_of_the_definition() -> None:
    inside = (
        '<TestCategory><TestCategoryItem TestCategory="Long running"/></TestCategory><Description>d</Description><Owners><Owner name="qa"/></Owners>'
        "<Properties><Property><Key>TestKey</Key><Value>DEMO-1</Value></Property><Property><Key>Requirement</Key><Value>DEMO-2;DEMO-3</Value></Property>"
        "<Property><Key>Area</Key><Value>x</Value></Property></Properties><Workitems><Workitem>7</Workitem></Workitems>"
    )
    report = read(run(result(), definition(inside=inside)))
    found = one(report)
    assert (found.test_key, info(found).labels, info(found).requirement_keys, info(found).description, info(found).given) == (
        "DEMO-1", ["Long_running"], ["DEMO-2", "DEMO-3"], "d", (),
    )  # fmt: skip
    assert report.notes == ["Properties that mean nothing here were left out: Area, Workitems, Owners"]


def test_rows_of_data_are_rounds_inside_the_result_or_beside_it() -> None:
    row = 'outcome="Passed" resultType="DataDrivenDataRow" dataRowInfo="{0}"'
    rows = result("Adds (1,2)", row.format(0)) + result("Adds (Data Row 1)", row.format(1)) + result("Adds", row.format(2))
    whole = 'outcome="Passed" resultType="DataDrivenTest"'
    inside, beside = (
        run(result("Adds", whole, f"<InnerResults>{rows}</InnerResults>"), definition()),
        run(result("Adds", whole) + rows, definition()),
    )
    for body in (inside, beside):
        assert [i.parameters for i in one(read(body)).iterations] == [
            [("argument 1", "1"), ("argument 2", "2")],
            [("row", "1")],
            [("row", "2")],
        ]


def test_a_whole_without_rows_is_a_result_of_its_own_and_its_words_are_kept() -> None:
    said = "<Output><ErrorInfo><Message>no data</Message></ErrorInfo></Output>"
    assert one(read(run(result(more='outcome="Failed" resultType="DataDrivenTest"', inside=said), definition()))).comment == "no data"
    row = result("Adds (1)", 'outcome="Failed" resultType="DataDrivenDataRow"')
    files = '<ResultFiles><ResultFile path="a.png"/></ResultFiles>'
    found = one(read(run(result(more='outcome="Failed"', inside=f"{said}{files}<InnerResults>{row}</InnerResults>"), definition())))
    assert (found.comment, len(found.warnings)) == ("no data", 1)


def test_theories_of_other_frameworks_are_rounds_of_one_test() -> None:
    xunit = "".join(definition("Sums", name=f"A.T.Sums(x: {n})", test_id=f"x{n}") for n in (1, 2))
    nunit = "".join(definition(f"Sums({n})", "A.N", name=f"Sums({n})", test_id=f"n{n}") for n in (1, 2))
    rows = "".join(result(f"A.T.Sums(x: {n})", test_id=f"x{n}") + result(f"Sums({n})", test_id=f"n{n}") for n in (1, 2))
    report = read(run(rows, xunit + nunit))
    assert [(info(r).definition, [i.parameters for i in r.iterations]) for r in report.results] == [
        ("A.T.Sums", [[("x", "1")], [("x", "2")]]), ("A.N.Sums", [[("argument 1", "1")], [("argument 1", "2")]]),
    ]  # fmt: skip


def test_the_same_test_again_is_another_try() -> None:
    failed = "<Output><ErrorInfo><Message>no</Message></ErrorInfo></Output>"
    found = one(read(run(result(more='outcome="Failed"', inside=failed) + result(more='outcome="Error"') + result(), definition())))
    assert (found.status, found.comment, [(a.index, a.status, a.comment) for a in found.attempts]) == (
        "PASS", "", [(0, "FAIL", "no"), (0, "FAIL", "")],
    )  # fmt: skip


def test_results_without_an_id_are_never_taken_for_tries() -> None:
    assert [r.status for r in read(run(result(test_id="") + result(test_id=""))).results] == ["PASS", "PASS"]


def test_an_ordered_test_has_its_tests_as_steps_and_they_are_results_too() -> None:
    inner = result("SignsIn", test_id="a") + result(
        "Pays", 'outcome="Failed"', "<Output><ErrorInfo><Message>no</Message></ErrorInfo></Output>", "b"
    )
    body = run(
        f'<TestResultAggregation testId="o" testName="buying" outcome="Failed"><InnerResults>{inner}</InnerResults></TestResultAggregation>'
    )
    report = read(body)
    assert [info(r).definition for r in report.results] == ["buying", "SignsIn", "Pays"]
    assert [(s.status, s.actual, s.comment) for s in report.results[0].steps] == [("PASS", "SignsIn", ""), ("FAIL", "Pays", "no")]


def test_times_have_offsets_and_dates_that_are_not_set_are_none() -> None:
    told = one(
        read(
            run(
                result(
                    more='outcome="Passed" startTime="2026-11-26T10:00:00.1234567-08:00" endTime="2026-11-26T10:00:01.5-08:00" duration="00:00:09"'
                )
            )
        )
    )
    unset = one(read(run(result(more='outcome="Passed" startTime="0001-01-01T00:00:00.0000000+00:00" duration="00:00:01.2345678"'))))
    odd = one(read(run(result(more='outcome="Passed" startTime="never" duration="-00:00:01"'))))
    end = one(read(run(result(more='outcome="Passed" endTime="2026-11-26T10:00:01Z" duration="00:00:01"'))))
    assert (told.start, told.finish) == (at("2026-11-26T10:00:00.123-08:00"), at("2026-11-26T10:00:01.5-08:00"))
    assert (unset.start, unset.finish, unset.elapsed, unset.warnings) == (None, None, 1.2345678, [])
    assert [w.partition(": ")[2] for w in odd.warnings] == [
        "the start time 'never' can't be read and was left out", "the duration '-00:00:01' can't be read and was left out",
    ]  # fmt: skip
    assert (end.start, end.finish) == (at("2026-11-26T10:00:00Z"), at("2026-11-26T10:00:01Z"))


@pytest.mark.parametrize(
    ("name", "summary"), [("Nightly", "Nightly"), ("ci@HOST 2026-11-26 10:00:02", None), ("", None), ("n" * 300, "n" * 255)]
)
def test_the_name_of_the_run_is_its_summary_unless_its_writer_made_it_up(name: str, summary: str | None) -> None:
    report = read(run(result(), more=f'name="{name}"', inside='<Times start="2026-11-26T10:00:00Z" finish="2026-11-26T10:01:00Z"/>'))
    assert (report.info.fields.summary, report.info.begin, report.info.end) == (
        summary,
        at("2026-11-26T10:00:00Z"),
        at("2026-11-26T10:01:00Z"),
    )


def test_output_is_evidence_only_if_it_is_to_be_kept() -> None:
    inside = "<Output><StdOut>a</StdOut><StdErr>b</StdErr><DebugTrace>c</DebugTrace><TextMessages><Message>said</Message></TextMessages></Output>"
    assert not one(read(run(result(inside=inside)))).evidence
    found = one(read(run(result(inside=inside)), keep_output=True))
    assert ([(f.filename, bytes(f.data or b"")) for f in found.evidence], found.comment) == (
        [("system-out.txt", b"a"), ("system-err.txt", b"b"), ("debug-trace.txt", b"c")], "said",
    )  # fmt: skip


def test_what_the_run_says_and_files_of_the_run_are_told() -> None:
    summary = '<ResultSummary><RunInfos><RunInfo outcome="Error"><Text>host\n died</Text></RunInfo><RunInfo/></RunInfos><ResultFiles><ResultFile path="a.log"/></ResultFiles></ResultSummary>'
    assert read(run("", inside=summary)).notes == [
        "line 1: the run says (Error): host died", "line 2: the run says (no outcome): ",
        "line 2: the report names files that it doesn't hold, which were left out: 'a.log'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f'<TestRun xmlns="{SPACE}">\n<Results></TestRun>', r"Line 2: it is not well-formed XML"),
        (f'<TestRun xmlns="{SPACE}">\n<Results>', r"Line 2: it ends too early"),
        ("<!DOCTYPE a><TestRun/>", r"Line 1: it has a document type"),
        (f'<TestRun xmlns="{SPACE}">\n<a b="'.encode() + b'\xfc"/></TestRun>', r"Line 2: it has the byte 0xfc"),
    ],
)
def test_bad_xml_is_refused_with_its_line(body: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableReport, match=message):
        read(body)


def test_control_characters_and_huge_names_are_read() -> None:
    report = read(run(result("A" * 200_000, 'outcome="Failed"', "<Output><ErrorInfo><Message>\x1bno</Message></ErrorInfo></Output>")))
    assert (len(info(one(report)).definition or ""), one(report).comment, len(report.notes)) == (200_000, "\ufffdno", 1)


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (f'<TestRun xmlns="{SPACE}"/>', True), (f'<t:TestRun xmlns:t="{SPACE}"/>', True), (f'<TestRun id="1" xmlns="{SPACE.replace("2010", "2006")}">', True),
        ("<TestRun/>", False), ('<TestRun xmlns="other"/>', False), ("<test-run/>", False),
    ],
)  # fmt: skip
def test_a_report_is_told_by_its_root_and_namespace(body: str, *, is_one: bool) -> None:
    found = detect(memoryview(body.encode()))
    assert (found is not None and found.name == "trx") is is_one
