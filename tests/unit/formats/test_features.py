# SPDX-License-Identifier: Apache-2.0
"""Feature files as structs, in every language, with the lines of what is wrong."""

from __future__ import annotations

import pytest

from radiograph.domain.errors import UnreadableReport
from radiograph.domain.features import Condition, Feature, canonical, language_of, steps_of
from radiograph.formats.feature_export import Feature as Exported
from radiograph.formats.feature_export import Scenario as Written
from radiograph.formats.feature_export import write_feature
from radiograph.formats.features import LARGEST, read_feature, read_feature_files
from radiograph.formats.reading import Source


def read(text: str | bytes, name: str = "a.feature") -> Feature:
    return read_feature(Source(name, memoryview(text if isinstance(text, bytes) else text.encode())))


def told(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(UnreadableReport) as error:
        read(text)
    return [(p.path, p.problem) for p in error.value.details]


def test_a_scenario_has_its_text_tags_and_line() -> None:
    text = "@a @b\nFeature: Basket  of\n\n  # why\n  @c @a\n  Scenario: Pays  now\n    In words\n\n    # inside\n    Given x\n\n\n"
    (scenario,) = read(text).scenarios
    assert (scenario.name, scenario.line, scenario.tags, scenario.inherited) == ("Pays now", 6, ("c", "a"), ("a", "b"))
    assert scenario.text == "In words\n\n# inside\nGiven x"


def test_what_stands_above_the_next_scenario_is_not_of_this_one() -> None:
    first, second = read("Feature: f\n Scenario: a\n  Given x\n  # of b\n @t\n Scenario: b\n  Given y").scenarios
    assert (first.text, second.text) == ("Given x", "Given y")


@pytest.mark.parametrize("delimiter", ['"""', "```"])
def test_a_text_of_several_lines_stays_as_it_was(delimiter: str) -> None:
    body = f"  Given x\n    {delimiter}json\n    Scenario: no\n\n      deep\n    {delimiter}\n  And y"
    (scenario,) = read(f"Feature: f\n Scenario: a\n{body}\n").scenarios
    assert scenario.text == canonical(body)


def test_examples_with_their_tags_are_of_the_outline() -> None:
    text = "Feature: f\n Scenario: a\n  Given <x>\n  @slow\n  Examples: one\n   | x |\n   | 1 |\n\n  Examples:\n   | x |\n Scenario: b"
    outline, plain = read(text).scenarios
    assert (outline.outline, plain.outline, plain.text) == (True, False, "")
    assert outline.text == "Given <x>\n@slow\nExamples: one\n | x |\n | 1 |\n\nExamples:\n | x |"


def test_rules_are_flattened_with_their_tags_and_backgrounds() -> None:
    text = (
        "@f\nFeature: f\n Background:\n  Given a\n @r\n Rule: r\n  Background: Till\n   Given b\n  Scenario: s\n   Given c\n"
        " Rule: other\n  Scenario: t\n   Given d"
    )
    inside, outside = read(text).scenarios
    shop = Condition("", "Background of f", "Given a")
    assert (inside.inherited, inside.conditions) == (("r", "f"), (shop, Condition("", "Till", "Given b")))
    assert (outside.inherited, outside.conditions) == (("f",), (shop,))


def test_a_background_with_keys_is_several() -> None:
    text = "Feature: f\n Background: B\n  Given a\n  #@PRECOND_DEMO-1\n  Given b\n  # @DEMO-2\n  Given c\n Scenario: s"
    (scenario,) = read(text).scenarios
    assert [(c.key, c.text) for c in scenario.conditions] == [("", "Given a"), ("DEMO-1", "Given b"), ("DEMO-2", "Given c")]


def test_another_language_stands_above_its_texts() -> None:
    (scenario,) = read(
        "# language: fr\nFonctionnalité: f\n Contexte:\n  Soit a\n Plan du scénario: s\n  Alors <x>\n  Exemples:\n   | x |\n"
    ).scenarios
    assert scenario.text == "# language: fr\nAlors <x>\nExemples:\n | x |"
    assert scenario.conditions[0].text == "# language: fr\nSoit a"
    assert language_of(scenario.text) == ("fr", "Alors <x>\nExemples:\n | x |")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_a_byte_order_mark_are_no_matter(end: str) -> None:
    (scenario,) = read(end.join(["\ufeffFeature: f", " Scenario: s", "  Given x  ", "  And y"])).scenarios
    assert scenario.text == "Given x\nAnd y"


def test_each_wrong_line_is_named() -> None:
    assert told("Feature: f\n Scenario: s\n  Given x\n what\n  Given y\n ever") == [
        ("a.feature line 4", "'what' is not Gherkin here"),
        ("a.feature line 6", "'ever' is not Gherkin here"),
    ]
    assert told("# language: xx\nFeature: f") == [("a.feature line 1", "Language not supported: xx")]
    assert told(b"Feature: f\n Scenario: caf\xe9") == [("a.feature line 2", "is not UTF-8 (byte 0xe9)")]
    assert told("# nothing") == [("a.feature", "has no feature in it")]
    assert told(b" " * (LARGEST + 1)) == [("a.feature", f"is larger than {LARGEST} bytes")]
    (unclosed,) = told('Feature: f\n Scenario: s\n  Given x\n   """\n   open')
    assert unclosed[1].startswith("unexpected end of file")


def test_a_table_whose_rows_differ_is_told_with_its_line() -> None:
    assert told("Feature: f\n Scenario: s\n  Given x\n   | a |\n   | a | b |") == [
        ("a.feature line 5", "inconsistent cell count within the table")
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [("/a/../../b.feature", "a/b.feature"), ("C:\\x\\b.feature", "C:/x/b.feature"), ("./b.feature", "b.feature"), ("", "feature")],
)
def test_a_files_name_is_words(name: str, path: str) -> None:
    features, problems = read_feature_files([Source(name, memoryview(b"Feature: f\n Scenario: s\n  Given x"))], 1000)
    assert ([f.path for f in features], problems) == ([path], [])


def test_a_stored_text_is_the_same_with_and_without_its_first_line() -> None:
    for text in (
        "Given x\nAnd y",
        "Scenario: s\n  Given x  \n  And y\n",
        "@t\nScenario Outline: s\n\tGiven x\n\tAnd y",
        "\r\n  Given x\r\n  And y",
    ):
        assert steps_of(text) == "Given x\nAnd y"
    assert steps_of("# language: de\nAngenommen x") == "# language: de\nAngenommen x"
    assert steps_of("") == ""


def test_what_is_written_in_another_language_is_read_again() -> None:
    scenario = Written("DEMO-1", "Zahlt", "# language: de\nWenn ich zahle", outline=False, tags=[])
    text = write_feature(Exported("DEMO-2", "Korb", ["REQ_DEMO-2"], [("DEMO-3", "# language: de\nAngenommen x")], [scenario], "de"))
    assert text.startswith("# language: de\n@REQ_DEMO-2\nFunktionalität: Korb\n")
    (found,) = read(text).scenarios
    assert (found.name, found.text, found.tags) == ("Zahlt", scenario.text, ("TEST_DEMO-1",))
    assert found.conditions == (Condition("DEMO-3", "Background of Korb", "# language: de\nAngenommen x"),)


def test_an_unknown_language_is_written_as_english() -> None:
    assert write_feature(Exported("DEMO-2", "f", [], [], [], "xx")) == "Feature: f\n"
