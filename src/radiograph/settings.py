# SPDX-License-Identifier: Apache-2.0
"""Every setting, from the environment (`RADIOGRAPH_…`) and `radiograph.toml` in the data folder."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radiograph.domain.statuses import DEFAULT_ALIASES, parse_aliases

if TYPE_CHECKING:
    from collections.abc import Mapping


def _setting(default: Any, doc: str, *, secret: bool = False) -> Any:  # noqa: ANN401  (a field of any type)
    """A field; a `secret` one is in no text of the settings."""
    return dataclasses.field(default=default, metadata={"doc": doc, "secret": secret}, repr=not secret)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator can choose; sizes are bytes, times seconds."""

    data: Path = _setting(Path("radiograph-data"), "The data folder: database, evidence, spool and `radiograph.toml`; made when missing.")
    database: str = _setting("", "An SQLAlchemy URL, `postgresql+psycopg://...`; empty: SQLite, `radiograph.db` in the data folder.")
    base_path: str = _setting("", "A prefix before every path, such as `/jira`; `/health/...` answers without it too.")
    public_url: str = _setting("", "The address people use, with its prefix, when a proxy hides it; empty: as each request names it.")
    max_body: int = _setting(2 * 1024**3, "The largest request body, unpacked; a larger one is refused with 413.")
    max_evidence: int = _setting(100 * 1024**2, "The largest evidence file; a larger one is skipped with a warning, its result kept.")
    spool_memory: int = _setting(1024**2, "A body up to this size stays in memory; a larger one is in a file of the data folder meanwhile.")
    unknown_status_is_todo: bool = _setting(False, "Import an unknown status as TODO with a warning, instead of refusing the result.")
    status_aliases: str = _setting(
        ", ".join(f"{written}={meant}" for written, meant in DEFAULT_ALIASES.items()),
        "What reporters write, and the status that it means: NAME=STATUS, with commas between.",
    )
    tracker_url: str = _setting(
        "", "The tracker of defects that are not here, `{key}` for the key, such as `https://tracker.example.org/browse/{key}`."
    )
    smtp_host: str = _setting("", "The mail server that takes mails to subscribers; empty: no mail is sent.")
    smtp_port: int = _setting(587, "Its port.")
    smtp_starttls: bool = _setting(True, "Speak TLS with it, and refuse to speak without; the certificate has to be good.")
    smtp_user: str = _setting("", "The name to sign in to it with; empty: without signing in.")
    smtp_password: str = _setting("", "The password to sign in to it with.", secret=True)
    smtp_from: str = _setting("", "Who mails come from, such as `Radiograph <tests@example.org>`; empty: `radiograph@` the mail server.")
    hooks_private: bool = _setting(
        False, "Let hooks call private, loopback and link-local addresses: the network that the server stands in."
    )
    session_hours: int = _setting(24 * 14, "How long a sign-in lasts, in hours.")

    def __post_init__(self) -> None:
        """Raise ValueError, with the setting's name, for a text that can't be read."""
        try:
            parse_aliases(self.status_aliases)
        except ValueError as error:
            message = f"The setting status_aliases can't be read: {error}"
            raise ValueError(message) from None

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database or f"sqlite+pysqlite:///{(self.data / 'radiograph.db').absolute()}"


def load_settings(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:  # noqa: ANN401
    """Settings from (strongest first) `given` values that aren't None, the environment, the TOML file.

    Raises ValueError that names the setting, and where it came from, when a value can't be used.
    """
    chosen = {k: v for k, v in given.items() if v is not None}
    data = Path(chosen.get("data") or environ.get("RADIOGRAPH_DATA") or "radiograph-data")
    values = _from_file(data / "radiograph.toml")
    for field in dataclasses.fields(Settings):
        name = f"RADIOGRAPH_{field.name.upper()}"
        if name in environ:
            values[field.name] = _checked(name, field.name, environ[name], from_text=True)
    values |= {k: _checked(f"--{k.replace('_', '-')}", k, v) for k, v in chosen.items()}
    return Settings(**values | {"data": data})


def _from_file(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file} can't be read: {error}"
        raise ValueError(message) from None
    return {name: _checked(f"{name} in {file}", name, value) for name, value in values.items()}


def _checked(shown: str, name: str, value: Any, *, from_text: bool = False) -> Any:  # noqa: ANN401
    """The value of the setting `name`, which people know as `shown`."""
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    if name not in fields:
        message = f"There is no setting {shown}; the settings are {', '.join(fields)}"
        raise ValueError(message)
    default = fields[name].default
    try:
        if isinstance(default, bool):
            return _switch(value, from_text=from_text)
        if isinstance(default, int):
            return _size(value, from_text=from_text)
        return Path(value) if isinstance(default, Path) else _text(name, value)
    except (TypeError, ValueError) as error:
        message = f"{shown} can't be {value!r}: {error}"
        raise ValueError(message) from None


def _switch(value: Any, *, from_text: bool) -> bool:  # noqa: ANN401
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False, "": False}
    found = words.get(value.strip().lower()) if from_text else value
    if not isinstance(found, bool):
        raise TypeError("give true or false")
    return found


def _size(value: Any, *, from_text: bool) -> int:  # noqa: ANN401
    text = value.strip().replace("_", "") if from_text else ""
    found = int(text) if text.isascii() and text.isdigit() else value
    if isinstance(found, bool) or not isinstance(found, int) or found <= 0:
        raise TypeError("give a whole number above 0")
    return found


def _text(name: str, value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str):
        raise TypeError("give a text")
    path = value.strip("/")
    return (f"/{path}" if path else "") if name == "base_path" else value
