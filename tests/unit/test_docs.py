# SPDX-License-Identifier: Apache-2.0
"""The documents say everything that there is, and nothing that isn't."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from typing import TYPE_CHECKING

import click
import pytest
from scripts import reference
from starlette.routing import Mount, Route
from tests.documents import ROOT, anchors, documents, links, matches, prose

from radiograph.actions import migrating
from radiograph.cli.app import radiograph
from radiograph.domain import errors
from radiograph.settings import Settings
from radiograph.store import tables
from radiograph.web.app import all_routes
from radiograph.web.errors import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCS = ROOT / "docs"
ENDPOINTS, ERRORS = "reference/endpoints.md", "reference/errors.md"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
TESTS = {n for file in (ROOT / "tests").rglob("test_*.py") for n in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
ALLOWED_HOSTS = {"localhost", "127.0.0.1", "keepachangelog.com"}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def by_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_generated_pages_are_as_the_code_would_have_them() -> None:
    assert reference.stale() == [], "run python -m scripts.reference"


def test_a_page_that_differs_from_the_code_is_stale(tmp_path: Path) -> None:
    assert reference.stale(tmp_path) == list(reference.PAGES)
    for name, written in reference.PAGES.items():
        (tmp_path / name).write_text(written() + (" " if name == "command-line.md" else ""))
    assert reference.stale(tmp_path) == ["command-line.md"]


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda f: f.name)
def test_every_setting_is_there_with_its_environment_variable(field: dataclasses.Field[object]) -> None:
    assert f"## `{field.name}`" in page("reference/settings.md")
    assert f"`RADIOGRAPH_{field.name.upper()}`" in page("reference/settings.md")
    assert field.metadata["doc"].endswith(".")


def commands(group: click.Group, path: str = "radiograph") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(("path", "command"), list(commands(radiograph)), ids=str)
def test_every_command_is_there_with_every_option(path: str, command: click.Command) -> None:
    section = page("reference/command-line.md").partition(f"\n## {path}\n")[2].partition("\n## ")[0]
    options = [name for parameter in command.params if isinstance(parameter, click.Option) for name in parameter.opts]
    assert section
    assert [name for name in options if f"`{name}`" not in section] == []


def endpoints() -> set[str]:
    """Method and path of every route, the versions as one."""
    found = set()
    for route in all_routes():
        methods = {"GET"} if isinstance(route, Mount) else (getattr(route, "methods", None) or set()) - {"HEAD"}
        assert isinstance(route, (Mount, Route))
        path = re.sub(r"^/rest/raven/(1\.0|2\.0|latest)/", "/rest/raven/{v}/", route.path)
        path = re.sub(r"^/rest/api/(2|latest)/", "/rest/api/{v}/", path).replace(":path}", "}")
        found |= {f"{method} {path}" for method in methods}
    return found


def documented_endpoints() -> set[str]:
    return set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`]*)`", prose(DOCS / ENDPOINTS)))


def test_every_endpoint_is_there_and_no_other() -> None:
    assert endpoints() - documented_endpoints() == set()
    assert documented_endpoints() - endpoints() == set()


def kinds(base: type[errors.DomainError]) -> Iterator[type[errors.DomainError]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("radiograph."):
            yield kind
            yield from kinds(kind)


def test_every_error_is_there_with_its_status() -> None:
    assert migrating.WrongSchema in kinds(errors.DomainError)
    rows = {(status, name) for status, name in re.findall(r"^\| (\d+) \| `(\w+)` \|", page(ERRORS), re.MULTILINE)}
    assert rows == {(str(next(STATUS[k] for k in kind.__mro__ if k in STATUS)), kind.__name__) for kind in kinds(errors.DomainError)}


def test_every_table_is_there() -> None:
    named = set(re.findall(r"`(\w+)`", page("reference/data.md").partition("## The tables")[2]))
    assert set(tables.metadata.tables) - named == set()
    assert f"({tables.SCHEMA_VERSION})" in page("reference/data.md")


def test_every_dependency_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    docs = (ROOT / "requirements/docs.in").read_text("utf-8").split()
    needed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"], *docs]
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in needed}
    rows = [line for line in page("dependencies.md").splitlines() if line.startswith("| ")]
    named = {name for line in rows for name in line.split("|")[1].replace(",", " ").split()}
    assert names - named == set()


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", page("reference/import.md")))
    assert len(named) > 50
    assert named - TESTS == set()


@pytest.mark.parametrize("document", documents(), ids=by_name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in links(document):
        target, _, anchor = link.partition("#")
        if target.startswith("https://"):
            continue
        file = document.parent / target if target else document
        assert file.is_file(), link
        assert not anchor or anchor in anchors(file), link


@pytest.mark.parametrize("document", documents(), ids=by_name)
def test_a_document_names_no_place_that_only_its_writer_has(document: Path) -> None:
    text = document.read_text("utf-8")
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert {h for h in hosts - ALLOWED_HOSTS if not h.endswith("example.org")} == set()
    assert re.findall(r"(?<![\w.])/(?:work|tmp|root|home)/\S*", text) == []


@pytest.mark.parametrize("decision", DECISIONS, ids=by_name)
def test_a_decision_has_its_number_context_decision_and_consequences(decision: Path) -> None:
    text = decision.read_text("utf-8")
    assert text.startswith(f"# {int(decision.name[:4])}. ")
    places = [text.find(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
    assert -1 not in places
    assert places == sorted(places)


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(d.name[:4]) for d in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_page_is_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert [name for path in DOCS.rglob("*.md") if (name := str(path.relative_to(DOCS))) not in text] == []


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    headings = re.findall(r"^##+ (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    kinds_of_change = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert {h for h in headings if h not in kinds_of_change and not re.fullmatch(r"\[(Unreleased|\d+\.\d+\.\d+)\].*", h)} == set()


@pytest.mark.parametrize(("expected", "printed", "good"), [("a…c", "abbbc\n", True), ("a…c", "ab", False), ("a.c", "abc", False)])
def test_an_ellipsis_stands_for_anything(expected: str, printed: str, good: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    assert matches(expected, printed) is good
