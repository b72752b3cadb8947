# SPDX-License-Identifier: Apache-2.0
"""Feature files of Cucumber Tests."""

from __future__ import annotations

import io
import zipfile

from radiograph.formats.feature_export import Feature, Scenario, write_feature, zip_features

OUTLINE = "Scenario Outline: Adding\n  When I add <a>\n\n  Examples:\n    | a |\n    | 1 |\n"


def feature(*scenarios: Scenario, background: list[tuple[str, str]] | None = None) -> Feature:
    return Feature("DEMO-2", "Pay with\na card", ["DEMO-5", "REQ_DEMO-2"], background or [], list(scenarios))


def scenario(text: str, tags: list[str] | None = None, *, outline: bool = False) -> Scenario:
    return Scenario("DEMO-7", "Adds two\nnumbers", text, outline, tags or [])


def test_a_feature_has_its_tags_its_background_and_its_scenarios() -> None:
    background = [("DEMO-9", "Background:\n  Given a basket\n"), ("DEMO-10", "And a card")]
    assert write_feature(feature(scenario("Given x\nThen y", ["TESTSET_DEMO-4", "smoke"]), background=background)).splitlines() == [
        "@DEMO-5 @REQ_DEMO-2",
        "Feature: Pay with a card",
        "",
        "\tBackground:",
        "\t\t#@PRECOND_DEMO-9",
        "\t\tGiven a basket",
        "\t\t#@PRECOND_DEMO-10",
        "\t\tAnd a card",
        "",
        "\t@TEST_DEMO-7 @TESTSET_DEMO-4 @smoke",
        "\tScenario: Adds two numbers",
        "\t\tGiven x",
        "\t\tThen y",
    ]


def test_a_scenario_that_names_itself_keeps_its_name_and_its_own_tags() -> None:
    text = write_feature(feature(scenario("# why\n@own\n" + OUTLINE)))
    assert (
        "\t@TEST_DEMO-7\n\t# why\n\t@own\n\tScenario Outline: Adding\n\t\tWhen I add <a>\n\n\t\tExamples:\n\t\t  | a |\n\t\t  | 1 |\n"
        in text
    )


def test_an_outline_without_a_name_is_written_as_one() -> None:
    assert "\tScenario Outline: Adds two numbers\n" in write_feature(feature(scenario("When <a>\nExamples:\n| a |\n| 1 |", outline=True)))


def test_labels_that_can_be_no_tags_are_left_out() -> None:
    assert "\t@TEST_DEMO-7 @good\n" in write_feature(feature(scenario("Given x", ["two words", "@at", "", "good"])))


def test_an_empty_scenario_is_written_too() -> None:
    assert write_feature(feature(scenario(""))).endswith("\tScenario: Adds two numbers\n")


def test_texts_in_doc_strings_keep_their_indentation() -> None:
    text = 'Given a text\n  """\n    deep\n  flat\n  """'
    assert '\t\tGiven a text\n\t\t  """\n\t\t    deep\n\t\t  flat\n\t\t  """\n' in write_feature(feature(scenario(text)))


def test_the_same_features_are_the_same_zip() -> None:
    listed = [feature(scenario("Given x")), feature(scenario("Given y"))]
    data = zip_features(listed)
    assert data == zip_features(listed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["1_DEMO-2.feature", "2_DEMO-2.feature"]
        assert archive.read("2_DEMO-2.feature").decode() == write_feature(listed[1])
