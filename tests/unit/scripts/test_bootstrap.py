# SPDX-License-Identifier: Apache-2.0
"""Setting up the virtual environment from a locked list."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import bootstrap

if TYPE_CHECKING:
    import pytest


def wheel(folder: Path, name: str, version: str, *needs: str) -> str:
    """Write a wheel without code and return its line of a locked list."""
    path, about = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        "Provides-Extra: more",
        *(f"Requires-Dist: {n}" for n in needs),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{about}/METADATA", "\n".join(metadata) + "\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def test_a_locked_list_installs_after_one_of_its_packages_has_a_newer_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(wheel(tmp_path, "measure", "1.0") + wheel(tmp_path, "plugin", "1.0", "measure[more]>=1.0"))
    wheel(tmp_path, "measure", "2.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    bootstrap.install(Path(sys.executable), "--target", str(tmp_path / "site"), "--require-hashes", "-r", str(lock))

    assert sorted(p.name for p in (tmp_path / "site").glob("*.dist-info")) == ["measure-1.0.dist-info", "plugin-1.0.dist-info"]
