# SPDX-License-Identifier: Apache-2.0
"""The definition of a test in a TRX report: its class and method, and what it states of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from radiograph.formats.dotnet_names import name_of
from radiograph.formats.dotnet_properties import Stated

if TYPE_CHECKING:
    from radiograph.formats.xml_events import Element

_NO_NAME = {"", "none"}
"""What reporters write that know of no classes."""
_LEFT_OUT = ("Workitems", "WorkItemIDs", "Owners")


class Definition(Struct):
    """A test: `definition` is class and method without arguments, `arguments` are those in the method's name."""

    name: str
    definition: str
    method: str
    arguments: str | None
    stated: Stated
    ordered: bool


def read_definition(element: Element) -> Definition:
    """Read a UnitTest or another kind of test."""
    method = element.find("TestMethod")
    class_name = method.get("className") if method else ""
    written = method.get("name") if method else ""
    if written.lower() in _NO_NAME or class_name.lower() == "none":
        class_name, written = "", element.get("name")
    owner = name_of(_without_assembly(class_name)).plain
    name = name_of(written)
    definition = name.plain if _has_owner(name.plain, owner) else f"{owner}.{name.plain}"
    short = definition[len(owner) + 1 :] if owner and definition.startswith(f"{owner}.") else name_of(name.plain).short
    return Definition(element.get("name"), definition, short, name.arguments, _stated(element), element.name == "OrderedTest")


def _has_owner(name: str, owner: str) -> bool:
    """Whether a name begins with that of its class already: `Acme.CalcTests.Adds`, `Calc / adds`."""
    rest = name[len(owner) :] if name.startswith(owner) else ""
    return not owner or (rest != "" and not (rest[0].isalnum() or rest[0] == "_"))


def _without_assembly(class_name: str) -> str:
    """`Acme.CalcTests` of `Acme.CalcTests, Acme.Tests, Version=1.0.0.0`, as MSTest writes it."""
    at = class_name.rfind("]") + 1
    cut = class_name.find(",", at)
    return class_name if cut < 0 else class_name[:cut]


def _stated(element: Element) -> Stated:
    stated = Stated()
    for group in element.all("TestCategory"):
        for item in group.all("TestCategoryItem"):
            stated.add("Category", item.get("TestCategory"))
    for group in element.all("Properties"):
        for item in group.all("Property"):
            key, value = item.find("Key"), item.find("Value")
            stated.add(key.text if key else "", value.text if value else "")
    description = element.find("Description")
    if description:
        stated.add("Description", description.text)
    stated.other += [name for name in _LEFT_OUT if element.find(name)]
    return stated
