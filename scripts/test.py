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
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(wanted: list[str]) -> int:
    """Run the parts and return the exit code."""
    skipped = {s.strip() for s in os.environ.get("RADIOGRAPH_TEST_SKIP", "").split(",") if s.strip()}
    for name in sorted(skipped):
        print(f"!!! RADIOGRAPH_TEST_SKIP leaves out: {name}", flush=True)
    parts = [p for p in (wanted or [*TOOLS, *SUITES]) if p not in skipped]
    failed = [p for p in parts if p in TOOLS and not _tool(p)]
    suites = [p for p in parts if p in SUITES and Path("tests", p).is_dir()]
    if "browser" in suites and not _browser():
        failed.append("browser")
        suites.remove("browser")
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


def _browser() -> bool:
    """Find a Chromium, installing it where that works without questions."""
    if os.environ.get("RADIOGRAPH_CHROMIUM") or any(map(shutil.which, BROWSERS)):
        return True
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing chromium with apt-get ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False, env=quiet)
    if any(map(shutil.which, BROWSERS)):
        return True
    print(
        "!!! The browser tests need Chromium, and there is none: install it (for example `apt-get install chromium`), "
        "or name one with RADIOGRAPH_CHROMIUM, or leave these tests out with RADIOGRAPH_TEST_SKIP=browser.",
        flush=True,
    )
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
