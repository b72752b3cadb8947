# SPDX-License-Identifier: Apache-2.0
"""What a run says at its end, and the files of results that could not be sent."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiograph.clients.live import Result, Sender, Sent

_SHOWN = 10


def tell(sender: Sender, sent: Sent, folder: Path) -> tuple[list[str], list[str]]:
    """Lines of what is good and lines of what is wrong; what was not stored is in files then, in `folder` if it can be written to."""
    good = [f"Radiograph: {results(sent.stored)} sent to {sent.page}"] if sent.stored else []
    bad = []
    if sent.refused:
        bad.append(f"Radiograph: {results(len(sent.refused))} refused by the server:")
        bad += _some([f"  {result.identity}: {reason}" for result, reason in sent.refused])
    if sent.unsent:
        bad.append(f"Radiograph: {results(len(sent.unsent))} NOT sent: {sent.problem}")
    left = [result for result, _ in sent.refused] + sent.unsent
    if left:
        bad += _kept(sender, left, folder)
    elif sent.problem:
        bad.append(f"Radiograph: {sent.problem}")
    if not good and not bad:
        good.append("Radiograph: there were no results to send")
    return good + _some([f"  warning {text}" for text in sent.warnings]), bad


def results(count: int) -> str:
    """A number of results in words."""
    return f"{count} result{'' if count == 1 else 's'}"


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more]


def _kept(sender: Sender, left: list[Result], folder: Path) -> list[str]:
    try:
        files = keep(sender, left, folder)
    except OSError as error:
        return [f"  They could not be written to a file either, and are lost: {error}"]
    if len(files) == 1 or sender.sent.key:
        return [f"  They are in {', '.join(map(str, files))}; send them with: radiograph import {' '.join(map(str, files))}"]
    first, *more = map(str, files)
    return [
        f"  They are in {', '.join(map(str, files))}; send them with: radiograph import {first}",
        f"  and the repeated tries, with the key that it prints: radiograph import --execution KEY {' '.join(more)}",
    ]


def keep(sender: Sender, left: Sequence[Result], folder: Path) -> list[Path]:
    """Write the results as Xray JSON. Several results of one Test go to several files, oldest first, so that none is merged."""
    rounds: list[dict[str, Result]] = []
    for result in left:
        free = next((r for r in rounds if result.identity not in r), None)
        if free is None:
            rounds.append(free := {})
        free[result.identity] = result
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return [_write(f"radiograph-unsent-{stamp}", sender.report_of(list(part.values())), folder) for part in rounds]


def _write(stem: str, body: bytes, folder: Path) -> Path:
    for place in (folder, Path(tempfile.gettempdir())):
        for number in range(1000):
            file = place / f"{stem}{f'-{number}' if number else ''}.json"
            try:
                with file.open("xb") as opened:
                    opened.write(body)
            except FileExistsError:
                continue
            except OSError:
                break
            return file
    raise OSError(f"neither {folder} nor {tempfile.gettempdir()} can be written to")
