# SPDX-License-Identifier: Apache-2.0
"""`pytest --radiograph`: results are sent to a Radiograph server while the tests run. Without the option it does nothing.

This module is loaded by every pytest of an environment that has Radiograph, so it imports next to nothing.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from radiograph.clients.recording import Recorder

_TEXTS = {
    "project": ("KEY", "project of the Tests and of a new Test Execution"),
    "execution": ("KEY", "Test Execution to report into [a new one]"),
    "plan": ("KEY", "Test Plan to link the Test Execution to"),
    "summary": ("TEXT", "summary of a new Test Execution"),
    "revision": ("TEXT", "revision that is tested [as the CI system says]"),
    "branch": ("NAME", "branch that is tested [as the CI system says]"),
    "build": ("URL", "address of the build [as the CI system says]"),
    "wait": ("SECONDS", "how long the end of the run waits for what isn't sent yet [30]"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--radiograph` and what belongs to it; each has an environment variable such as RADIOGRAPH_PROJECT."""
    group = parser.getgroup("radiograph", "results to a Radiograph server (the token is RADIOGRAPH_TOKEN)")
    group.addoption(
        "--radiograph", nargs="?", const="", default=None, type=_url, metavar="URL", dest="radiograph",
        help="send results to the server at =URL [RADIOGRAPH_URL]",
    )  # fmt: skip
    for name, (metavar, text) in _TEXTS.items():
        group.addoption(f"--radiograph-{name}", default=None, metavar=metavar, dest=f"radiograph_{name}", help=text)
    group.addoption(
        "--radiograph-environment", action="append", default=[], metavar="NAME", dest="radiograph_environments",
        help="test environment; may be given several times",
    )  # fmt: skip
    group.addoption(
        "--radiograph-output", choices=("failed", "always", "never"), default="failed", dest="radiograph_output",
        help="of which tests captured output becomes evidence [failed]",
    )  # fmt: skip


def _url(text: str) -> str:
    if text and "://" not in text:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no URL: write --radiograph=URL, or --radiograph= (or --radiograph behind the tests) to take RADIOGRAPH_URL"
        )
    return text


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known; with `--radiograph`, begin."""
    config.addinivalue_line(
        "markers", "xray(test_key, requirements=[], defects=[]): the Test that this is, the requirements that it covers, known defects"
    )
    if config.getoption("radiograph", None) is None or config.getoption("collectonly", False):
        return
    from radiograph.clients.pytest_watching import begin  # noqa: PLC0415  (only where it is asked for)

    begin(config)


@pytest.fixture
def radiograph(request: pytest.FixtureRequest) -> Recorder:
    """Steps, files, comments and defects for this test's result."""
    from radiograph.clients.pytest_watching import recorder_of  # noqa: PLC0415  (as above)

    return recorder_of(request.node)
