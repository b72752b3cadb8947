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
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "-r", requirements], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
