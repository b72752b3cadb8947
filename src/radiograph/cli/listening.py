# SPDX-License-Identifier: Apache-2.0
"""From services to a listening server, in one process or several, and to its end."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import click
import structlog
import uvicorn

from radiograph.cli.options import open_instance
from radiograph.domain.errors import DomainError
from radiograph.settings import load_settings
from radiograph.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from radiograph.actions.services import Services

_DRAIN_S = 30
_BACKLOG = 2048


def end_cleanly_when_told() -> None:
    """From now on SIGTERM and SIGINT end the process with exit code 0, after whatever has to be put in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: sys.exit(0))


def reserve(host: str, port: int) -> socket.socket:
    """The address, ours but not yet listening, so that a wrong one is known before anything is made; a ClickException says why not."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise _cannot_listen(host, port, error) from None
    sock.set_inheritable(True)
    return sock


def _cannot_listen(host: str, port: int, error: OSError) -> click.ClickException:
    reason = (error.strerror or str(error)).lower()
    return click.ClickException(
        f"Can't listen at {host} port {port}: {reason}. Choose another --port or --host, or end what listens there."
    )


def address_of(sock: socket.socket, base_path: str = "") -> str:
    """The address for a browser."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{base_path}"


def listen(services: Services, sock: socket.socket, announce: Callable[[], None], workers: int = 1) -> None:
    """Serve until told to stop; `announce` is called once connections are taken. Requests under way are finished, for 30 s at most."""
    log_to_stderr()
    try:
        sock.listen(_BACKLOG)
    except OSError as error:
        host, port = sock.getsockname()[:2]
        raise _cannot_listen(host, port, error) from None
    if workers > 1:
        _serve_with(services, sock, announce, workers)
        return
    rarely_collect()
    config = uvicorn.Config(build_app(services), log_level="warning", access_log=False, timeout_graceful_shutdown=_DRAIN_S)
    try:
        _Announced(config, announce).run([sock])
    finally:
        services.db.close()


class _Announced(uvicorn.Server):
    """A server that says when it has started."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._announce()


def _serve_with(services: Services, sock: socket.socket, announce: Callable[[], None], workers: int) -> None:
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415  (it brings multiprocessing, which one process doesn't need)

    settings = services.settings
    services.db.close()
    os.environ.update(
        RADIOGRAPH_DATA=str(settings.data), RADIOGRAPH_DATABASE=settings.database, RADIOGRAPH_BASE_PATH=settings.base_path,
    )  # fmt: skip
    config = uvicorn.Config(
        f"{__name__}:worker", factory=True, workers=workers, log_level="warning", access_log=False, timeout_graceful_shutdown=_DRAIN_S,
    )  # fmt: skip

    class Workers(Multiprocess):
        """Processes that end with nobody waiting in vain: at the end the parent, too, stops taking connections."""

        def terminate_all(self) -> None:
            """Tell every process to end."""
            sock.close()
            super().terminate_all()

    announce()
    Workers(config, [sock]).run()


def worker() -> Starlette:
    """The server of one of several processes, from the environment that its parent left."""
    log_to_stderr()
    settings = load_settings()
    try:
        services = open_instance(settings.data, settings.database or None)
    except (DomainError, click.ClickException) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    rarely_collect()
    return build_app(services)


def rarely_collect() -> None:
    """Look for garbage cycles a hundred times less often.

    An import makes hundreds of thousands of objects, none in a cycle; looking through them again and
    again took a quarter of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def log_to_stderr() -> None:
    """Write the server's log to stderr."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO), logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )  # fmt: skip
