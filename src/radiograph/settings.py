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


def _setting(default: Any, doc: str) -> Any:  # noqa: ANN401  (a field of any type)
    return dataclasses.field(default=default, metadata={"doc": doc})


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
    tracker_url: str = _setting("", "The tracker of defects that are not here, `{key}` for the key; nothing uses it as yet.")
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

    Raises ValueError that names the setting when a value can't be read.
    """
    chosen = {k: v for k, v in given.items() if v is not None}
    data = Path(chosen.get("data") or environ.get("RADIOGRAPH_DATA") or "radiograph-data")
    file = data / "radiograph.toml"
    values: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    for field in dataclasses.fields(Settings):
        text = environ.get(f"RADIOGRAPH_{field.name.upper()}")
        if text is not None:
            values[field.name] = text
    values |= chosen | {"data": data}
    return Settings(**{k: _read(k, v) for k, v in values.items()})


def _read(name: str, value: Any) -> Any:  # noqa: ANN401
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    if name not in fields:
        message = f"There is no setting {name!r}; the settings are {', '.join(fields)}"
        raise ValueError(message)
    kind: Any = type(fields[name].default)
    if isinstance(value, str) and kind is bool:
        return value.strip().lower() in {"1", "true", "yes", "on"}
    try:
        return value if isinstance(value, kind) else kind(value)
    except (TypeError, ValueError) as error:
        message = f"The setting {name} can't be {value!r}: {error}"
        raise ValueError(message) from None
