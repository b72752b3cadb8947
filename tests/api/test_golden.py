# SPDX-License-Identifier: Apache-2.0
"""The whole answers of the API are those in `golden/`; `pytest tests/api/test_golden.py --update-golden` writes them anew."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.api import story

from radiograph import __version__
from radiograph.actions.accounts import put_user
from radiograph.actions.instance import prepare
from radiograph.actions.projects import add_project
from radiograph.settings import Settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    import httpx2

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(p.stem for p in GOLDEN.glob("*.json"))
_DATE = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)")
_WAIT = re.compile(r"(?<=try again in )\d+ s")
_HEADERS = ("content-type", "allow", "idempotent-replayed", "www-authenticate", "retry-after")
_DAY = 86_400
_OF_NOW = {"mark", "expires_ms"}
"""What follows from the time and from chance."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Every answer as a golden file has it; with `--update-golden` they are written."""
    services = prepare(Settings(data=tmp_path_factory.mktemp("golden"), max_body=story.MAX_BODY))
    put_user(services, "admin", "admin", admin=True, display_name="Administrator")
    add_project(services, "DEMO", "Demonstration", project_id=10402)
    with TestClient(build_app(services), raise_server_exceptions=False) as client:
        client.auth = ("admin", "admin")
        found = {name: _shown(asked, answer) for name, (asked, answer) in story.play(client, services).items()}
    services.db.close()
    if request.config.getoption("--update-golden"):
        for file in GOLDEN.glob("*.json"):
            file.unlink()
        for name, shown in found.items():
            (GOLDEN / f"{name}.json").write_text(_written(shown), "utf-8")
    return found


def _written(shown: dict[str, Any] | None) -> str:
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def _shown(asked: str, answer: httpx2.Response) -> dict[str, Any]:
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    zipped = answer.content.startswith(b"PK")
    body = json.loads(answer.content) if is_json else zipfile.ZipFile(io.BytesIO(answer.content)).namelist() if zipped else answer.text
    headers = {n: answer.headers[n] for n in _HEADERS if n in answer.headers}
    if "retry-after" in headers:
        headers["retry-after"] = "seconds"
    return {"request": asked, "status": answer.status_code, "headers": headers, "body": _without_now(body)}


def _without_now(value: Any) -> Any:
    """The value with the times of today taken out, and the version; the times of the reports stay."""
    if isinstance(value, dict):
        return {k: k if k in _OF_NOW and v is not None else _without_now(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_now(v) for v in value]
    if isinstance(value, int) and abs(value / 1000 - time.time()) < _DAY:
        return "now in ms"
    if isinstance(value, str):
        text = _DATE.sub(lambda m: "now" if _is_now(m[0]) else m[0], value)
        return _WAIT.sub("seconds", text).replace(__version__, "version")
    return value


def _is_now(text: str) -> bool:
    return abs(datetime.fromisoformat(text).timestamp() - time.time()) < _DAY


def test_every_answer_has_a_golden_file_and_every_golden_file_an_answer(answers: dict[str, Any]) -> None:
    assert sorted(p.stem for p in GOLDEN.glob("*.json")) == sorted(answers)


@pytest.mark.parametrize("name", FILES)
def test_the_answer_is_as_in_its_golden_file(name: str, answers: dict[str, Any]) -> None:
    assert _written(answers.get(name)) == (GOLDEN / f"{name}.json").read_text("utf-8")
