# SPDX-License-Identifier: Apache-2.0
"""Write the fixtures of real reports anew: `python -m scripts.corpora [TOOL...]`; without a name, all tools that are installed.

What is missing is told.
"""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.corpora import java, native, npm, scripting
from scripts.corpora.tool import Made, Tool, ToolFailed

REPORTS = Path(__file__).parents[2] / "tests" / "fixtures" / "reports"
TOOLS: list[Tool] = [*npm.TOOLS, *java.TOOLS, *scripting.TOOLS, *native.TOOLS]


def main(wanted: list[str]) -> int:
    """Make the reports of the tools named; the exit code is 1 if one of them couldn't be made."""
    unknown = set(wanted) - {t.name for t in TOOLS}
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}; the tools are {', '.join(t.name for t in TOOLS)}.")
        return 2
    return 1 if sum(not _made(tool) for tool in TOOLS if not wanted or tool.name in wanted) else 0


def _made(tool: Tool) -> bool:
    missing = tool.missing()
    if missing:
        print(f"{tool.name}: left out, {', '.join(missing)} isn't installed")
        return False
    try:
        for made in tool.reports():
            _write(made)
    except ToolFailed as error:
        print(f"{tool.name}: {error}")
        return False
    return True


def _write(made: Made) -> None:
    path = REPORTS / made.format / made.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.data)
    print(f"{made.format}/{made.name}: {len(made.data):,} bytes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
