# SPDX-License-Identifier: Apache-2.0
"""Files are made durable together or one by one; what can't be is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from radiograph.evidence.syncing import sync

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("count", [1, 2, 40])
@pytest.mark.parametrize("small", [True, False])
def test_files_and_folders_are_synced_and_unharmed(tmp_path: Path, count: int, small: bool) -> None:  # noqa: FBT001
    paths = [tmp_path / str(i) for i in range(count)]
    for path in paths:
        path.write_bytes(path.name.encode())
    sync([*paths, tmp_path], tmp_path, small=small)
    assert [p.read_bytes() for p in paths] == [p.name.encode() for p in paths]


@pytest.mark.parametrize("others", [0, 1])
def test_a_missing_file_is_an_error(tmp_path: Path, others: int) -> None:
    with pytest.raises(FileNotFoundError):
        sync([tmp_path / "missing", *[tmp_path] * others], tmp_path, small=False)
    with pytest.raises(FileNotFoundError):
        sync([tmp_path / str(i) for i in range(40)], tmp_path / "missing", small=True)
