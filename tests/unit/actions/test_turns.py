# SPDX-License-Identifier: Apache-2.0
"""Turns among threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from radiograph.actions.turns import Turn

if TYPE_CHECKING:
    from pathlib import Path


def test_only_one_thread_has_the_turn_and_the_file_is_gone_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "spool" / "a.turn"
    inside, most = [], []

    def work(number: int) -> None:
        turn = Turn(file)
        turn.take()
        inside.append(number)
        most.append(len(inside))
        time.sleep(0.001)
        inside.remove(number)
        turn.release()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(100)))
    assert (max(most), len(most)) == (1, 100)
    assert not file.exists()


def test_a_turn_that_somebody_has_is_not_waited_for_when_it_is_only_tried(tmp_path: Path) -> None:
    one, other = Turn(tmp_path / "a.turn"), Turn(tmp_path / "a.turn")
    assert one.try_take()
    assert one.try_take(), "it is ours already"
    assert not other.try_take()
    one.release()
    assert other.try_take()
    other.release()
    assert not (tmp_path / "a.turn").exists()


def test_a_turn_of_another_process_is_waited_for_and_ends_with_it(tmp_path: Path) -> None:
    file = tmp_path / "a.turn"
    code = "import sys, pathlib; from radiograph.actions.turns import Turn; Turn(pathlib.Path(sys.argv[1])).take(); print('has it', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"has it\n"
        mine = Turn(file)
        waiting = threading.Thread(target=mine.take)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        other.kill()
        waiting.join(30)
        assert not waiting.is_alive()
    mine.release()
    assert not file.exists()


def test_releasing_a_turn_that_was_never_taken_does_nothing(tmp_path: Path) -> None:
    other = Turn(tmp_path / "a.turn")
    other.take()
    Turn(tmp_path / "a.turn").release()
    assert (tmp_path / "a.turn").exists()
    other.release()
