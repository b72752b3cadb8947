# SPDX-License-Identifier: Apache-2.0
"""Says at the end which tools of other languages aren't installed, so that nobody takes their tests for run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripts.corpora import java, native, scripting

if TYPE_CHECKING:
    from scripts.corpora.tool import Tool


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tools: list[Tool] = [*java.TOOLS, *scripting.TOOLS, *native.TOOLS]
    for tool in tools:
        missing = tool.missing()
        if missing:
            terminalreporter.write_line(f"!!! not run, as it isn't installed: {tool.name} (needs {', '.join(missing)})")
