# SPDX-License-Identifier: Apache-2.0
"""What the server writes down: a line an event, and never what a request holds."""

from __future__ import annotations

import structlog

LOG = structlog.wrap_logger(
    None,
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Other formatters show the variables of each frame, passwords and all.
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
)
