# SPDX-License-Identifier: Apache-2.0
"""The comment of a result out of what a report says of a failure: its type, its message, its trace."""

from __future__ import annotations


def failure_text(kind: str, message: str, trace: str) -> str:
    """The message, then the trace after a blank line where it doesn't begin with the message itself; the type where neither names it."""
    message, trace = message.strip(), trace.strip()
    head = message
    if kind and kind not in message and kind not in trace.partition("\n")[0]:
        head = f"{kind}: {message}" if message else kind
    if not trace or trace == message:
        return head
    if trace.startswith((head or trace, f"{kind}: {message}")):
        return trace
    if message and trace.startswith(message):
        return head + trace[len(message) :]
    return f"{head}\n\n{trace}"
