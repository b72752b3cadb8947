# SPDX-License-Identifier: Apache-2.0
"""Examples of what clients send to change runs, for the document; they hold in the demonstration."""

from __future__ import annotations

from typing import Any

NAME = "error.png"
FILE = {"filename": "error.png", "contentType": "image/png", "data": "iVBORw0KGgo="}
COMMENT = "Needs to be tried again on iOS."
DEFECTS = ["DEMO-10"]
FIELD = {"value": "Firefox"}
STEP: dict[str, Any] = {"status": "PASS", "comment": "fine", "actualResult": "The basket is shown", "evidences": [FILE]}
ITERATION: dict[str, Any] = {"status": "PASS", "steps": [{"id": -1, "status": "PASS"}]}
RUN: dict[str, Any] = {
    "status": "FAIL",
    "comment": "The second step fails.",
    "assignee": "admin",
    "defects": {"add": ["DEMO-10"], "remove": []},
    "evidences": {"add": [FILE], "remove": []},
    "steps": [{"id": -1, **STEP}],
}
