# SPDX-License-Identifier: Apache-2.0
"""Make the virtual environment and install a locked list of packages and Radiograph itself into it.

Runs on nothing but the standard library: `python3 scripts/bootstrap.py .venv requirements/runtime.txt`.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)


def main(folder: Path, requirements: str) -> None:
    """Install, saying what is under way."""
    if sys.version_info < OLDEST:
        sys.exit(f"Radiograph needs Python 3.11 or newer; this is {sys.version.split()[0]}. Use: make PYTHON=python3.12 ...")
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Making {folder} ...", flush=True)
        venv.create(folder, with_pip=True)
    print(f"Installing {requirements} ...", flush=True)
    install(python, "--require-hashes", "-r", requirements)
    install(python, "--no-build-isolation", "-e", ".")


def install(python: Path, *what: str) -> None:
    """Install exactly `what`. A locked list is whole, so no dependency is looked for.

    pip would try a newer release than the locked one where another package asks for it with an extra (`coverage[toml]`), and
    refuse it for having no hash: a list that was good yesterday fails on the day of that release.
    """
    subprocess.run([str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-deps", *what], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
