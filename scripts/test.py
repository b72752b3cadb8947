# SPDX-License-Identifier: Apache-2.0
"""Run every part of the tests: `scripts/test.py [PART ...]`.

Parts named in RADIOGRAPH_TEST_SKIP (a comma list) are left out, loudly. Everything runs even when
something fails; the exit code is that of the whole. RADIOGRAPH_TEST_COVERAGE=1 measures which code the tests
run, which takes them half as long again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
TOOLS = {
    "lint": [[str(BIN / "ruff"), "check", "."], [str(BIN / "ruff"), "format", "--check", "."]],
    "types": [[str(BIN / "mypy")]],
    "layers": [[str(BIN / "lint-imports")]],
}
SUITES = ("unit", "contract", "migration", "api", "clients", "tools", "browser", "acceptance")
PROGRAMS = {
    "browser": (
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"), ("chromium",),
        ("The browser tests need Chromium, and there is none: install it (for example `apt-get install chromium`), or name one with "
        "RADIOGRAPH_CHROMIUM"),
    ),
    "tools": (
        ("npm",), ("nodejs", "npm"),
        "The tests with JavaScript's test tools need Node.js 20 or newer with npm, and there is none: install it",
    ),
}  # fmt: skip
"""What a suite needs of the machine: programs of which one will do, packages that bring one, and words for where there is none."""


def main(wanted: list[str]) -> int:
    """Run the parts and return the exit code."""
    skipped = {s.strip() for s in os.environ.get("RADIOGRAPH_TEST_SKIP", "").split(",") if s.strip()}
    for name in sorted(skipped):
        print(f"!!! RADIOGRAPH_TEST_SKIP leaves out: {name}", flush=True)
    parts = [p for p in (wanted or [*TOOLS, *SUITES]) if p not in skipped]
    failed = [p for p in parts if p in TOOLS and not _tool(p)]
    suites = [p for p in parts if p in SUITES and Path("tests", p).is_dir()]
    for suite in [s for s in suites if s in PROGRAMS and not _there(s)]:
        failed.append(suite)
        suites.remove(suite)
    if suites and not _pytest(suites):
        failed.append("tests")
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _tool(part: str) -> bool:
    print(f"=== {part}", flush=True)
    return not sum(subprocess.run(command, check=False).returncode for command in TOOLS[part])


def _pytest(suites: list[str]) -> bool:
    print(f"=== tests: {', '.join(suites)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *(f"tests/{s}" for s in suites)]
    if os.environ.get("RADIOGRAPH_TEST_COVERAGE"):
        command += ["--cov", "--cov-report=term:skip-covered"]
    return subprocess.run(command, check=False, env=_environment()).returncode == 0


def _environment() -> dict[str, str]:
    """Bytecode is kept, beside the virtual environment where it may not lie by the source: servers start hundreds of times."""
    env = dict(os.environ)
    if env.pop("PYTHONDONTWRITEBYTECODE", ""):
        env.setdefault("PYTHONPYCACHEPREFIX", str(BIN.parent / "bytecode"))
    return env


def _there(suite: str) -> bool:
    """Find the program that a suite needs, installing it where that works without questions."""
    programs, packages, missing = PROGRAMS[suite]
    if (suite == "browser" and os.environ.get("RADIOGRAPH_CHROMIUM")) or any(map(shutil.which, programs)):
        return True
    if shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing {' and '.join(packages)} with apt-get ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, env=quiet)
    if any(map(shutil.which, programs)):
        return True
    print(f"!!! {missing}, or leave these tests out with RADIOGRAPH_TEST_SKIP={suite}.", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
