# SPDX-License-Identifier: Apache-2.0
"""Commands that fit an instance to its team."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.acceptance.here import radiograph

if TYPE_CHECKING:
    from pathlib import Path


def test_a_workflow_is_shown_changed_and_loaded(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    assert radiograph("project", "add", "DEMO", *data).returncode == 0
    shown = json.loads(radiograph("workflow", "show", *data).stdout)
    assert [s["name"] for s in shown["statuses"]] == ["To Do", "In Progress", "Done"]
    shown["statuses"].append({"name": "Blocked", "category": "indeterminate"})
    shown["transitions"].append({"name": "Block", "from": "In Progress", "to": "Blocked"})
    file = tmp_path / "workflow.json"
    file.write_text(json.dumps(shown), "utf-8")
    assert radiograph("workflow", "load", str(file), *data).stdout == "The workflow has 4 statuses and 4 transitions.\n"
    again = json.loads(radiograph("workflow", "show", *data).stdout)
    assert again["transitions"][-1] == {"id": 41, "name": "Block", "to": "Blocked", "from": "In Progress"}


def test_a_wrong_workflow_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    radiograph("project", "add", "DEMO", *data)
    for text, told in (("{", "is not JSON"), ('{"statuses": []}', "from 1 to 100 statuses")):
        (tmp_path / "bad.json").write_text(text, "utf-8")
        done = radiograph("workflow", "load", str(tmp_path / "bad.json"), *data)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert told in done.stderr
    assert '"In Progress"' in radiograph("workflow", "show", *data).stdout


def test_a_field_is_added_and_listed(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    radiograph("project", "add", "DEMO", *data)
    assert radiograph("field", "add", "Severity", "--kind", "option", *data).stdout == "Added the field Severity (customfield_11000).\n"
    assert radiograph("field", "add", "severity", *data).returncode == 1
    assert "customfield_11000\toption\tSeverity" in radiograph("field", "list", *data).stdout.splitlines()
