# SPDX-License-Identifier: Apache-2.0
"""The files of a results folder as Allure writes them (Allure docs, Test result file, Container file, Executor file).

Every name is optional: the adapters of some twenty languages write what they have.
"""

from __future__ import annotations

from msgspec import Struct

Scalar = str | int | float | bool | None
"""What a name or value may be: adapters write numbers and truth values where the docs have texts."""


class WireDetails(Struct, gc=False):
    """Why a result or step has its status."""

    message: Scalar = None
    trace: Scalar = None


class WireAttachment(Struct, gc=False):
    """A file: its title, its name in the folder, its media type."""

    name: Scalar = None
    source: Scalar = None
    type: Scalar = None


class WireParameter(Struct, gc=False):
    """A parameter; `mode` is `masked` or `hidden` for a value that isn't shown. An `excluded` one tells no round from others."""

    name: Scalar = None
    value: Scalar = None
    mode: Scalar = None
    excluded: bool | None = None


class WireLabel(Struct, gc=False):
    """A label: `tag`, `severity`, `suite` and so on."""

    name: Scalar = None
    value: Scalar = None


class WireLink(Struct, gc=False):
    """A link; `type` is `issue`, `tms`, or any other."""

    type: Scalar = None
    name: Scalar = None
    url: Scalar = None


class WireStep(Struct, rename="camel", gc=False):
    """A step, a step in a step, or a fixture."""

    name: Scalar = None
    status: Scalar = None
    status_details: WireDetails | None = None
    steps: list[WireStep] | None = None
    attachments: list[WireAttachment] | None = None
    parameters: list[WireParameter] | None = None


class WireResult(WireStep, rename="camel", gc=False):
    """A result: one try at one Test with one set of parameters."""

    uuid: Scalar = None
    history_id: Scalar = None
    test_case_id: Scalar = None
    full_name: Scalar = None
    description: Scalar = None
    start: int | float | None = None
    stop: int | float | None = None
    labels: list[WireLabel] | None = None
    links: list[WireLink] | None = None


class WireContainer(Struct, gc=False):
    """Fixtures, and the results (or containers) that they were run for."""

    uuid: Scalar = None
    children: list[Scalar] | None = None
    befores: list[WireStep] | None = None
    afters: list[WireStep] | None = None


class WireError(Struct, gc=False):
    """What went wrong outside of any test."""

    message: Scalar = None
    trace: Scalar = None


class WireGlobals(Struct, gc=False):
    """What belongs to the whole run."""

    errors: list[WireError] | None = None


class WireExecutor(Struct, rename="camel", gc=False):
    """The CI job that ran the tests."""

    build_name: Scalar = None
    build_url: Scalar = None


def text(value: Scalar) -> str:
    """A scalar as a text, without white space around it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
