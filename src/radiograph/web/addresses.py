# SPDX-License-Identifier: Apache-2.0
"""The server's own address, as its clients see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from radiograph.domain.errors import NotFound, cut
from radiograph.domain.keys import parse_id

if TYPE_CHECKING:
    from starlette.requests import Request


def base_url(request: Request) -> str:
    """`http://host:port/base`, without a slash at the end; the setting `public_url` wins."""
    settings = request.app.state.services.settings
    if settings.public_url:
        return str(settings.public_url).rstrip("/")
    return f"{request.url.scheme}://{request.url.netloc}{settings.base_path}"


def own_path(text: str) -> str:
    """A path of this server, with its query, that a browser was told to go to; "" for what may lead to another one."""
    plain = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if plain else ""


def attachment_address(base: str, number: int, filename: str) -> str:
    """Where a file is fetched. Its name stands last for people only."""
    return f"{base}/plugins/servlet/raven/attachment/{number}/{safe_name(filename)}"


def safe_name(filename: str) -> str:
    """A file's name as the end of an address, without what clients read as a way through folders."""
    plain = "".join(c if c.isprintable() else "_" for c in filename)
    name = plain.replace("\\", "/").rpartition("/")[2].strip(".")
    return quote(name, safe="") or "file"


def number(request: Request, name: str) -> int:
    """A number in the path; raises NotFound when it is none that could be an id."""
    text = str(request.path_params[name])
    found = parse_id(text)
    if found is None:
        raise NotFound(f"There is nothing with the id {cut(text)}.")
    return found
