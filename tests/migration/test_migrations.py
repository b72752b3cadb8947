# SPDX-License-Identifier: Apache-2.0
"""Schemas from steps and from the tables are one; older databases are migrated, newer ones refused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from tests.migration.conftest import NEXT, NOW

from radiograph.actions import migrating
from radiograph.actions.accounts import add_token, put_user, users
from radiograph.actions.instance import prepare
from radiograph.actions.migrating import Migrate, WrongSchema
from radiograph.cli.app import radiograph
from radiograph.domain.errors import StoreUnavailable
from radiograph.settings import Settings
from radiograph.store import instance, tables
from radiograph.store.database import Database
from radiograph.store.engines import schema_for
from radiograph.store.migrations import runner

if TYPE_CHECKING:
    from pathlib import Path

    from alembic.operations import Operations


def copies(settings: Settings) -> list[Path]:
    return sorted(settings.data.glob("*-schema-*"))


def restamp(settings: Settings, **values: int) -> None:
    db = Database(settings.database_url)
    with db.write() as conn:
        for name, value in values.items():
            instance.put_setting(conn, name, str(value))
    db.close()


def schema_of(settings: Settings) -> int:
    db = Database(settings.database_url)
    with db.read() as conn:
        stamp = instance.read_stamp(conn)
    db.close()
    assert stamp is not None
    return stamp.schema


def described(conn: sa.Connection) -> dict[str, Any]:
    """Everything that the database knows about its tables, in an order of its own making."""
    look = sa.inspect(conn)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(name)],
            "key": look.get_pk_constraint(name),
            "references": sorted(map(str, look.get_foreign_keys(name))),
            "unique": sorted(map(str, look.get_unique_constraints(name))),
            "indexes": sorted(
                str(i | {"dialect_options": {k: str(v) for k, v in i.get("dialect_options", {}).items()}}) for i in look.get_indexes(name)
            ),
        }
        for name in look.get_table_names()
    }


# --- the steps ----------------------------------------------------------------------------------
def test_the_steps_are_numbered_without_a_gap_up_to_this_versions_schema() -> None:
    assert [s.number for s in runner.steps()] == list(range(1, tables.SCHEMA_VERSION + 1))
    assert all(s.title for s in runner.steps())
    assert tables.COMPATIBLE_FROM <= tables.SCHEMA_VERSION


def test_the_schema_from_the_steps_is_the_schema_from_the_tables(database_url: str) -> None:
    db = Database(database_url)
    with db.change_schema() as conn:
        runner.upgrade(conn, 0)
        by_steps = described(conn)
        metadata = schema_for(conn.dialect.name)
        # On SQLite Alembic takes '' for another default than ''; `described` compares these.
        opts = {"compare_type": True, "compare_server_default": not db.is_sqlite}
        context = MigrationContext.configure(conn, opts=opts)
        assert compare_metadata(context, metadata) == []
        metadata.drop_all(conn)
        metadata.create_all(conn)
        assert described(conn) == by_steps
    db.close()


# --- older databases ----------------------------------------------------------------------------
def test_an_older_database_is_migrated_and_keeps_its_rows(older: Settings) -> None:
    said: list[str] = []
    services = prepare(older, Migrate.ALWAYS, said.append)
    put_user(services, "ana", "secret")
    add_token(services, "ana", "ci")
    with services.db.read() as conn:
        row = conn.exec_driver_sql("SELECT name, nickname, email FROM users").one()
        audited = conn.exec_driver_sql("SELECT subject FROM audit WHERE action = 'schema.migrate'").scalars().all()
    assert tuple(row) == ("ana", "?", "nobody")
    assert said[-1] == f"Migrated to schema {NEXT}: Users have a nickname and unique mail."
    assert audited == [f"{NOW} to {NEXT}"]
    assert migrating.state(services.db) == f"The database has schema {NEXT}: nothing is left to do."
    services.db.close()


def test_rows_that_refer_to_a_rebuilt_table_stay(settings: Settings, request: pytest.FixtureRequest) -> None:
    services = prepare(settings)
    put_user(services, "ana", "secret")
    add_token(services, "ana", "ci")
    services.db.close()
    services = prepare(request.getfixturevalue("older"), Migrate.ALWAYS)
    with services.db.read() as conn:
        assert conn.exec_driver_sql("SELECT u.name FROM tokens t JOIN users u ON u.id = t.user_id").scalars().all() == ["ana"]
    with pytest.raises(sa.exc.IntegrityError), services.db.write() as conn:  # references are held again
        conn.exec_driver_sql("DELETE FROM users")
    services.db.close()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_serve_copies_an_sqlite_file_aside_and_migrates(older: Settings) -> None:
    said: list[str] = []
    prepare(older, Migrate.COPIED, said.append).db.close()
    (copy,) = copies(older)
    assert copy.name.endswith(f"Z-schema-{NOW}.db")
    assert said[0].startswith(f"Copied the database to {copy}")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert schema_of(older) == NEXT
    assert schema_of(Settings(data=older.data, database=f"sqlite+pysqlite:///{copy}")) == NOW


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_serve_refuses_an_older_postgresql_with_the_command_to_run(older: Settings) -> None:
    with pytest.raises(WrongSchema) as refused:
        prepare(older, Migrate.COPIED)
    text = str(refused.value)
    shown = sa.make_url(older.database).render_as_string(hide_password=True)
    assert f"`radiograph migrate --database {shown}`" in text
    assert "`radiograph serve --migrate`" in text
    assert f"schema {NOW}, older than this Radiograph's {NEXT}" in text
    assert schema_of(older) == NOW
    assert copies(older) == []


def test_the_command_migrate_says_what_it_did(older: Settings) -> None:
    args = ["migrate", "--data", str(older.data), "--database", older.database]
    first, second = (CliRunner().invoke(radiograph, args) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.stdout == second.stdout == f"The database has schema {NEXT}: nothing is left to do.\n"
    assert ("Copied the database to" in first.stderr) == older.database.startswith("sqlite")
    assert f"Migrated to schema {NEXT}: Users have" in first.stderr
    assert second.stderr == ""


def test_other_commands_never_migrate(older: Settings) -> None:
    with pytest.raises(WrongSchema, match="`radiograph migrate --da") as refused:
        prepare(older)
    assert "serve" not in str(refused.value)
    assert schema_of(older) == NOW
    assert copies(older) == []


def test_a_step_that_fails_changes_nothing(older: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(op: Operations) -> None:
        op.add_column("users", sa.Column("nickname", sa.Text))
        op.execute("UPDATE users SET nowhere = 1")

    monkeypatch.setattr(runner, "steps", lambda: [runner.Step(NEXT, "Breaks", breaks)])
    with pytest.raises(StoreUnavailable, match=r"could not be changed, so nothing was: .*nowhere"):
        prepare(older, Migrate.ALWAYS)
    assert schema_of(older) == NOW
    db = Database(older.database_url)
    with db.read() as conn:
        assert "nickname" not in {c["name"] for c in sa.inspect(conn).get_columns("users")}
    db.close()


def test_a_step_that_leaves_rows_without_their_target_is_undone(older: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def orphans(op: Operations) -> None:
        op.execute("INSERT INTO issue_aliases (key, issue_id) VALUES ('A-1', 99)")

    monkeypatch.setattr(runner, "steps", lambda: [runner.Step(NEXT, "Orphans", orphans)])
    with pytest.raises(StoreUnavailable, match="nothing was"):
        prepare(older, Migrate.ALWAYS)
    assert schema_of(older) == NOW


def test_two_processes_that_migrate_at_once_do_it_once(older: Settings) -> None:
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda _: prepare(older, Migrate.ALWAYS), range(2)))
    with made[0].db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'schema.migrate'").scalar() == 1
    for services in made:
        services.db.close()


def test_two_processes_that_start_on_an_empty_database_make_it_once(settings: Settings) -> None:
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda _: prepare(settings), range(2)))
    assert [users(s) for s in made] == [[], []]
    for services in made:
        services.db.close()


# --- newer databases, and others' ---------------------------------------------------------------
def test_a_newer_database_that_needs_newer_code_is_refused(settings: Settings) -> None:
    prepare(settings).db.close()
    restamp(settings, schema_version=NOW + 2, compatible_from=NOW + 1)
    for allowed in Migrate:
        with pytest.raises(WrongSchema, match=f"made by a newer Radiograph.*needs at least {NOW + 1}: install a newer Radiograph"):
            prepare(settings, allowed)
    assert copies(settings) == []


def test_a_newer_database_that_older_code_may_use_is_used(settings: Settings) -> None:
    prepare(settings).db.close()
    restamp(settings, schema_version=NOW + 2)
    services = prepare(settings, Migrate.ALWAYS)
    put_user(services, "ana", "secret")
    assert migrating.state(services.db) == f"The database has schema {NOW + 2}, newer than this Radiograph's {NOW} and compatible with it."
    services.db.close()
    assert schema_of(settings) == NOW + 2


def test_a_database_of_another_program_is_left_alone(settings: Settings) -> None:
    db = Database(settings.database_url)
    with db.write() as conn:
        conn.exec_driver_sql("CREATE TABLE settings (name TEXT, value TEXT)")
    db.close()
    with pytest.raises(WrongSchema, match="isn't Radiograph's"):
        prepare(settings, Migrate.ALWAYS)


# --- around -------------------------------------------------------------------------------------
def test_alembic_is_imported_only_by_a_migration(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from radiograph.actions.instance import prepare; from radiograph.settings import Settings\n"
        "prepare(Settings(data=pathlib.Path(sys.argv[1]))).db.close()\n"
        "from radiograph.cli import main; sys.argv[1:] = ['user', 'list', '--data', sys.argv[1]]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\nassert 'alembic' not in sys.modules"
    )
    for _ in range(2):  # an empty folder, then an instance
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "data")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
