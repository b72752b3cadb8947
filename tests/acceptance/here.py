# SPDX-License-Identifier: Apache-2.0
"""The command line in the process of the tests: to a server beside it that is another one, and starting one is most of a command's time."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from radiograph.cli import main


def radiograph(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, without a terminal; as `tests.live.radiograph`, which starts a process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(sys, "argv", ["radiograph", *args])
        patch.setattr(sys, "stdin", stack.enter_context(Path(os.devnull).open()))
        for name, value in env.items():
            patch.setenv(name, value)
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        with pytest.raises(SystemExit) as end:
            main()
    return subprocess.CompletedProcess(args, int(end.value.code or 0), out.getvalue(), err.getvalue())


def done(*args: str) -> str:
    """Run a command that has to succeed; what it answered."""
    ended = radiograph(*args)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
