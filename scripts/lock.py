# SPDX-License-Identifier: Apache-2.0
"""Write the locked requirements: every version and hash, for every machine, and no registry's address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).with_name("uv")
LISTS = {
    "runtime": ["pyproject.toml", "requirements/build.in"],
    "dev": ["pyproject.toml", "requirements/build.in", "--group", "dev"],
    "docs": ["requirements/docs.in"],
}


def main() -> None:
    """Lock every list."""
    for name, sources in LISTS.items():
        target = f"requirements/{name}.txt"
        print(f"Locking {target} ...", flush=True)
        subprocess.run(
            [
                *(str(UV), "pip", "compile", "-q", "--universal", "--generate-hashes", "--python-version", "3.11"),
                *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--upgrade", *sources, "-o", target),
            ],
            check=True,
            env={**os.environ, "UV_FIND_LINKS": ""},
        )


if __name__ == "__main__":
    main()
