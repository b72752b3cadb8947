# SPDX-License-Identifier: Apache-2.0
"""Feature files into Tests through Xray's API (Xray docs, Importing Cucumber Tests - REST)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET, Struct, UnsetType

from radiograph.actions.feature_import import FeatureImport, import_features
from radiograph.actions.instance import check_licence
from radiograph.domain.errors import Problem, Refused
from radiograph.domain.issues import IssueType
from radiograph.formats.json_value import read_value
from radiograph.formats.reading import Source
from radiograph.web import multipart
from radiograph.web.addresses import base_url
from radiograph.web.endpoints import FORM, Answer, Body, Flag, Word, signed_in
from radiograph.web.errors import encode
from radiograph.web.raven.shapes import IssueShape
from radiograph.web.raven.versions import versions
from radiograph.web.spool import receive
from radiograph.web.threads import read, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from radiograph.actions.feature_import import Imported
    from radiograph.domain.people import Caller

PROJECT = Word("projectKey", "The project of the Tests; it is needed.", "DEMO")
REPOSITORY = Flag("updateRepository", "Put the Tests into folders of the Test Repository, by the folders of their files.")
_PARTS = {"file", "testInfo", "preCondInfo", "precondInfo"}
_LONGEST_HEAD = 4096
_SHOWN = 20


class IssueTypeShape(Struct):
    """An issue type."""

    id: str
    name: str


class FeatureIssue(Struct, rename={"self_": "self", "issue_type": "issueType"}):
    """A Test or Precondition of the files."""

    id: str
    key: str
    self_: str
    issue_type: IssueTypeShape


class FeatureProblems(Struct, rename="camel"):
    """What was imported, and in words what was not."""

    message: str
    test_issues: list[IssueShape]
    precondition_issues: list[IssueShape]


class FeatureForm(Struct, rename={"test_info": "testInfo", "pre_cond_info": "preCondInfo"}):
    """A form with one or more feature files or zips of them, and Jira bodies for the Tests and Preconditions that are created."""

    file: str
    test_info: Any | UnsetType = UNSET
    pre_cond_info: Any | UnsetType = UNSET


@signed_in
async def import_feature(request: Request, caller: Caller) -> Response:
    """Import feature files: each scenario is a Cucumber Test, each background a Precondition.

    The part `file` is a `.feature` file or a zip of them, and may stand there several times. The answer has one entry
    for each scenario in the order of the files, and then the Preconditions; or, with problems, what was imported and a message.
    """
    done = await features_imported(request, caller)
    return encode(_answer(done, base_url(request)))


async def features_imported(request: Request, caller: Caller) -> Imported:
    """Import the feature files of a request. Raises NoTestsImported, Refused, Forbidden."""
    await read(request, check_licence)
    spool = await receive(request)
    try:
        project, update = PROJECT.read(request.query_params), REPOSITORY.read(request.query_params)
        sources, infos = _parts(request, spool.view())
        wanted = FeatureImport(
            sources=sources, project_key=project, update_repository=update,
            test_info=infos.get("testInfo"), precondition_info=infos.get("preCondInfo", infos.get("precondInfo")),
        )  # fmt: skip
        return await write(request, import_features, caller, wanted)
    finally:
        spool.close()


def _parts(request: Request, view: memoryview) -> tuple[list[Source], dict[str, Any]]:
    """The files and the Jira bodies; a body that is no form is a file itself."""
    boundary = multipart.boundary_of(request.headers.get("content-type", ""), bytes(view[:_LONGEST_HEAD]))
    if boundary is None:
        return [Source("import.feature", view)], {}
    parts = multipart.parts_of(view, boundary)
    files = [Source(part.filename, part.data) for part in parts if part.name == "file"]
    if not files:
        text = f"The form has no part file; its parts are {', '.join(sorted({p.name for p in parts})) or 'none'}."
        raise Refused(text, [Problem("file", text)])
    infos = {p.name: read_value(p.data, f"part {p.name}") for p in parts if p.name in _PARTS - {"file"} and bytes(p.data[:1])}
    return files, infos


def _answer(done: Imported, base: str) -> list[FeatureIssue] | FeatureProblems:
    if not done.problems:
        kinds = ((done.tests, IssueType.TEST), (done.preconditions, IssueType.PRECONDITION))
        return [
            FeatureIssue(str(number), key, _self(base, number), IssueTypeShape(str(int(kind)), kind.label))
            for listed, kind in kinds
            for number, key in listed
        ]
    texts = [f"{p.path}: {p.problem}" for p in done.problems]
    more = [f"and {len(texts) - _SHOWN} more"] if len(texts) > _SHOWN else []
    return FeatureProblems("; ".join([*texts[:_SHOWN], *more]), _shapes(done.tests, base), _shapes(done.preconditions, base))


def _shapes(issues: Iterable[tuple[int, str]], base: str) -> list[IssueShape]:
    return [IssueShape(str(number), key, _self(base, number)) for number, key in issues]


def _self(base: str, number: int) -> str:
    return f"{base}/rest/api/2/issue/{number}"


_DONE = {200: Answer(list[FeatureIssue] | FeatureProblems, "Imported. With problems an object whose message tells them.")}
_EXAMPLE = {"file": "Feature: Basket\n  Scenario: Pays\n    Given a full basket\n"}

FEATURES: dict[str, Any] = {
    "query": (PROJECT, REPOSITORY), "body": Body(FeatureForm, _EXAMPLE, FORM, "text/plain"), "writes": True,
}  # fmt: skip
"""What the endpoints of both products have in common."""

endpoints = versions("import_feature", "POST", "import/feature", import_feature, _DONE, _DONE, also=("api/import/feature",), **FEATURES)
