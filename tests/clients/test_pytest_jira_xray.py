# SPDX-License-Identifier: Apache-2.0
"""pytest-jira-xray, unmodified: a user's suite reports to Radiograph by changing only the address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx2
from tests.live import done

if TYPE_CHECKING:
    from pathlib import Path

    from tests.live import LiveServer

SUITE = """
import pytest

@pytest.mark.xray("DEMO-6")
def test_adds():
    assert 1 + 1 == 2

@pytest.mark.xray("DEMO-7")
def test_fails():
    assert 1 + 1 == 3

@pytest.mark.xray("DEMO-1207")
@pytest.mark.skip(reason="later")
def test_skipped():
    pass
"""


def run_suite(folder: Path, server: LiveServer, *options: str, **env: str) -> str:
    (folder / "test_suite.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cov", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, "--jira-xray", "-q", *options, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | {"XRAY_API_BASE_URL": server.url} | env,
    )
    return ended.stdout + ended.stderr


def statuses(server: LiveServer, key: str) -> dict[str, str]:
    rows = httpx2.get(f"{server.url}/rest/raven/2.0/api/testexec/{key}/test", auth=("admin", "admin")).json()
    return {row["key"]: row["status"] for row in rows}


def test_a_suite_makes_an_execution_with_basic_auth(server: LiveServer, tmp_path: Path) -> None:
    output = run_suite(tmp_path, server, XRAY_API_USER="admin", XRAY_API_PASSWORD="admin")
    found = re.search(r"DEMO-\d+", output.split("Uploaded")[-1])
    assert found, output
    assert statuses(server, found[0]) == {"DEMO-6": "PASS", "DEMO-7": "FAIL", "DEMO-1207": "ABORTED"}


def test_a_suite_reports_into_an_execution_with_a_token(server: LiveServer, tmp_path: Path) -> None:
    output = run_suite(tmp_path, server, "--api-key-auth", "--execution", "DEMO-1206", XRAY_API_KEY="radiograph-demo-token")
    assert "DEMO-1206" in output, output
    assert statuses(server, "DEMO-1206")["DEMO-7"] == "FAIL"


def test_a_suite_for_xray_cloud_reports_with_a_client_id_and_secret(server: LiveServer, tmp_path: Path) -> None:
    said = done("client", "add", "--id", "CI-CLOUD", "--secret", "a secret of the job", "--data", str(server.data))
    assert said.splitlines() == ["client_id\tCI-CLOUD", "client_secret\ta secret of the job"]
    output = run_suite(
        tmp_path, server, "--cloud", "--client-secret-auth", XRAY_CLIENT_ID="CI-CLOUD", XRAY_CLIENT_SECRET="a secret of the job"
    )
    found = re.search(r"DEMO-\d+", output.split("Uploaded")[-1])
    assert found, output
    assert statuses(server, found[0])["DEMO-7"] == "FAIL"
    assert "CI-CLOUD\tadmin" in done("client", "list", "--data", str(server.data))
    assert "Revoked the client CI-CLOUD." in done("client", "revoke", "CI-CLOUD", "--data", str(server.data))
