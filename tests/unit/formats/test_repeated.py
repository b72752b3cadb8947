# SPDX-License-Identifier: Apache-2.0
"""Names that one object has twice."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiograph.domain.errors import UnreadableReport
from radiograph.formats.repeated import repeated_names
from radiograph.formats.xray_json import read_xray_json

NAMES = st.sampled_from(["testKey", "status", "comment", "x", 'a":b', "é", ""])
VALUES = st.sampled_from(
    ['"PASS"', "1", "null", "[]", '{"status": "PASS", "comment": 1}', '[{"status":1},{"status":2}]', r'"say \"status\": x"']
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6), st.sampled_from([":", ": ", " :", ":\n\t"]))
def test_every_name_that_is_there_twice_is_found_and_no_other(members: list[tuple[str, str]], colon: str) -> None:
    raw = msgspec.Raw(("{" + ",".join(json.dumps(name) + colon + value for name, value in members) + "}").encode())
    names = [name for name, _ in members]
    assert repeated_names(raw) == list(dict.fromkeys(n for n in names if names.count(n) > 1))


@pytest.mark.parametrize("name", ["tests", "info", "testExecutionKey"])
@pytest.mark.parametrize("count", [0, 1, 1000])
@pytest.mark.parametrize("first", [True, False])
def test_a_root_with_a_name_twice_is_refused_wherever_it_is(name: str, count: int, first: bool) -> None:  # noqa: FBT001
    value = {"tests": "[]", "info": "{}", "testExecutionKey": '"A-1"'}[name]
    rest = f'"info":{{"project":"A"}},"testExecutionKey":"A-1","tests":[{",".join(["{}"] * count)}]'
    body = f'{{"{name}":{value},{rest}}}' if first else f'{{{rest},"{name}":{value}}}'
    with pytest.raises(UnreadableReport, match=f"{name} is there twice"):
        read_xray_json(body.encode())


def test_names_inside_results_and_texts_are_no_names_of_the_root() -> None:
    odd = {"tests": 1, "info": {"info": '"info": "tests"'}, "testExecutionKey": None}
    body = json.dumps(
        {"info": {"summary": '"info" "tests"', "description": '"info"'}, "tests": [{"testKey": "A-1", "status": "PASS"} | odd] * 3}
    )
    assert len(read_xray_json(body.encode()).results) == 3
