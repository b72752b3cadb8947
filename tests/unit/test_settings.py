# SPDX-License-Identifier: Apache-2.0
"""Settings: where they come from, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from radiograph.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_given_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "radiograph.toml").write_text('max_body = 1\nmax_evidence = 2\nbase_path = "/file"\n')
    settings = load_settings(
        {"RADIOGRAPH_MAX_EVIDENCE": "3", "RADIOGRAPH_BASE_PATH": "/env"}, data=tmp_path, base_path="/given", database=None
    )
    assert (settings.max_body, settings.max_evidence, settings.base_path, settings.session_hours) == (1, 3, "/given", 336)
    assert settings.database_url == f"sqlite+pysqlite:///{tmp_path}/radiograph.db"


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False), ("no", False)])
def test_yes_and_no_are_read_as_people_write_them(tmp_path: Path, text: str, meant: bool) -> None:  # noqa: FBT001  (a case)
    assert load_settings({"RADIOGRAPH_UNKNOWN_STATUS_IS_TODO": text}, data=tmp_path).unknown_status_is_todo is meant


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MAX_BODY", "big", "RADIOGRAPH_MAX_BODY can't be 'big': give a whole number above 0"),
        ("STATUS_ALIASES", "PASSED", "The setting status_aliases can't be read: 'PASSED' is not NAME=STATUS"),
    ],
)
def test_a_wrong_value_names_its_setting(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        load_settings({f"RADIOGRAPH_{name}": value}, data=tmp_path)


def test_an_unknown_setting_in_the_file_is_told_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "radiograph.toml").write_text("maxbody = 1\n")
    with pytest.raises(ValueError, match=r"There is no setting maxbody in \S+/radiograph.toml; the settings are data, database"):
        load_settings({}, data=tmp_path)
