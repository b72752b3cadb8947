# SPDX-License-Identifier: Apache-2.0
"""From the reports of pytest to results of Xray JSON: one for a Test, however many rows and phases it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from radiograph.clients.live import moment
from radiograph.clients.recording import MAX_COMMENT, MAX_MESSAGE, cut, file

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

_MAX_OUTPUT = 1_000_000
_MAX_LOG = 20_000
_QUOTES = "'\""


@dataclass
class Try:
    """The reports of one try of a test, in the order that they came."""

    nodeid: str
    output: str = "failed"
    reports: list[pytest.TestReport] = field(default_factory=list)
    subtests: list[pytest.TestReport] = field(default_factory=list)

    @property
    def known(self) -> dict[str, Any]:
        """What the process that ran it knows of the test."""
        found = [k for k in (getattr(r, "radiograph", None) for r in self.reports) if k]
        return found[-1] if found else _unknown(self.nodeid)

    @property
    def told(self) -> dict[str, Any]:
        """What the test told by its recorder; a crash leaves what came before it."""
        return next((k["told"] for k in (getattr(r, "radiograph", {}) for r in reversed(self.reports)) if "told" in k), {})

    @property
    def again(self) -> bool:
        """Whether the test is repeated after this try."""
        return any(str(r.outcome) == "rerun" for r in self.reports)

    @property
    def status(self) -> str:
        """FAIL for a failure in any phase; TODO for a skipped test and one that is expected to fail."""
        if any(r.outcome in {"failed", "rerun"} for r in self.reports):
            return "FAIL"
        return "TODO" if any(r.outcome == "skipped" for r in self.reports) else "PASS"

    def comment(self) -> str:
        """What the test said, the reasons of skips, and each failure: its message, then its trace."""
        parts = [self.told.get("comment", "")]
        for report in self.reports:
            where = "" if report.when in {"call", "???"} else f"In {report.when}: "
            xfail = getattr(report, "wasxfail", None)
            if report.outcome in {"failed", "rerun"}:
                parts.append(where + _failure(report))
            elif report.outcome == "skipped" and xfail is None:
                parts.append(f"Skipped: {_reason(report)}")
            elif report.outcome == "skipped":
                parts.append(f"Expected to fail: {xfail or 'no reason given'}\n\n{_failure(report)}".strip())
            elif xfail is not None:
                parts.append(f"Passed, but is expected to fail: {xfail or 'no reason given'}")
        return cut("\n\n".join(filter(None, parts)))

    def steps(self) -> list[dict[str, Any]]:
        """The steps that the test told, and its subtests."""
        return [*self.told.get("steps", []), *map(_subtest, self.subtests)]

    def evidence(self) -> list[dict[str, str]]:
        """The files that the test attached, and its captured output where that is wanted."""
        files = list(self.told.get("evidence", []))
        if self.output == "never" or (self.output == "failed" and self.status != "FAIL"):
            return files
        texts: dict[str, str] = {}
        for name, text in self.reports[-1].sections:
            kind = next((k for k in ("stdout", "stderr", "log") if k in name), "")
            if kind and text not in texts.get(kind, ""):
                texts[kind] = texts.get(kind, "") + text
        return files + [
            file(f"{kind}.txt", cut(text, _MAX_OUTPUT).encode("utf-8", "replace"), "text/plain") for kind, text in texts.items()
        ]

    def result(self) -> dict[str, Any]:
        """The test as a part of Xray JSON, but for which Test it is."""
        starts = [r.start for r in self.reports if getattr(r, "start", None)]
        stops = [r.stop for r in self.reports if getattr(r, "stop", None)]
        parts: dict[str, Any] = {
            "status": self.status,
            "start": moment(min(starts)) if starts else "",
            "finish": moment(max(stops)) if stops else "",
            "comment": self.comment(),
            "steps": self.steps(),
            "evidence": self.evidence(),
            "defects": self.told.get("defects", []),
        }
        return {name: value for name, value in parts.items() if value}


def _unknown(nodeid: str) -> dict[str, Any]:
    """A test whose process ended before it could say anything of it."""
    path, *rest = nodeid.split("[", maxsplit=1)[0].split("::")
    definition = ".".join([path.removesuffix(".py").replace("/", "."), *rest])
    about = {"requirements": [], "defects": [], "definition": definition, "summary": (rest or [path])[-1]}
    row = {"name": nodeid[-200:], "parameters": [], "single": "[" not in nodeid}
    return {"tests": [about], "row": row, "totals": [1]}


def _failure(report: pytest.TestReport) -> str:
    trace = report.longreprtext
    crash = getattr(report.longrepr, "reprcrash", None)
    message = cut(str(crash.message), MAX_MESSAGE) if crash is not None else ""
    return cut(trace if not message or trace.startswith(message) else f"{message}\n\n{trace}")


def _reason(report: pytest.TestReport) -> str:
    text = str(report.longrepr[-1]) if isinstance(report.longrepr, (tuple, list)) else report.longreprtext
    return text.removeprefix("Skipped: ") or "no reason given"


def _subtest(report: Any) -> dict[str, Any]:  # noqa: ANN401  (a class of newer versions of pytest)
    context = report.context
    names = [str(context.msg)] if context.msg else []
    # What comes from a worker of pytest-xdist comes as a text in quotes.
    names += [f"{name}={str(value).strip(_QUOTES)}" for name, value in dict(context.kwargs).items()]
    status = {"passed": "PASS", "skipped": "TODO"}.get(report.outcome, "FAIL")
    step = {"status": status, "comment": cut(", ".join(names) or "subtest", MAX_MESSAGE)}
    return step | ({"actualResult": cut(_failure(report), _MAX_LOG)} if status == "FAIL" else {})


class Group:
    """The items that report to one Test: rows of a parametrised test, or functions with the same key."""

    def __init__(self, total: int) -> None:
        """`total` is how many there are; they are one result together."""
        self.total = total
        self.rows: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.earlier: dict[str, list[str]] = {}
        self.repeated: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def retried(self, nodeid: str, row: dict[str, Any], result: dict[str, Any]) -> None:
        """Note a try that is repeated: it is told in the row's log."""
        tries = self.earlier.setdefault(nodeid, [])
        tries.append(f"Try {len(tries) + 1}: {result['status']}\n{result.get('comment', '')}")
        self.repeated[nodeid] = (row, result)

    def end(self) -> bool:
        """The run is over: a try that was to be repeated is the row's last one. Whether anything ran."""
        self.rows = self.repeated | self.rows
        return bool(self.rows)

    def add(self, nodeid: str, row: dict[str, Any], result: dict[str, Any]) -> None:
        """A row's last try."""
        self.rows[nodeid] = (row, result)

    @property
    def complete(self) -> bool:
        """Whether every row has run."""
        return len(self.rows) >= self.total

    def result(self) -> dict[str, Any]:
        """All rows as iterations of one result."""
        results = [result for _, result in self.rows.values()]
        parts: dict[str, Any] = {
            "status": together(result["status"] for result in results),
            "start": min((r["start"] for r in results if "start" in r), default=""),
            "finish": max((r["finish"] for r in results if "finish" in r), default=""),
            "comment": cut("\n\n".join(self._comments())),
            "iterations": [self._iteration(nodeid, row, result) for nodeid, (row, result) in self.rows.items()],
            "evidence": [
                {**each, "filename": f"{row['name']} {each['filename']}"}
                for row, result in self.rows.values()
                for each in result.get("evidence", [])
            ],
            "defects": list(dict.fromkeys(key for r in results for key in r.get("defects", []))),
        }
        return {name: value for name, value in parts.items() if value}

    def _comments(self) -> Iterable[str]:
        if not self.complete:
            yield f"{len(self.rows)} of {self.total} ran."
        room = MAX_COMMENT // max(1, sum("comment" in result for _, result in self.rows.values()))
        for row, result in self.rows.values():
            if "comment" in result:
                yield f"[{row['name']}] {cut(result['comment'], max(room, 200))}"

    def _iteration(self, nodeid: str, row: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
        log = "\n\n".join([*self.earlier.get(nodeid, []), *filter(None, [result.get("comment", "")])])
        parts = {"name": row["name"], "parameters": row["parameters"], "status": result["status"]}
        more = {"log": cut(log, _MAX_LOG), "steps": result.get("steps", [])}
        return parts | {name: value for name, value in more.items() if value}


def together(statuses: Iterable[str]) -> str:
    """One status for several results, as the import of JUnit has it: all PASS is PASS, any FAIL is FAIL, else TODO."""
    seen = set(statuses)
    return "FAIL" if "FAIL" in seen else "PASS" if seen == {"PASS"} else "TODO"


def addressed(test: dict[str, Any], result: dict[str, Any], project: str) -> dict[str, Any]:
    """The result with the Test that it is of."""
    info: dict[str, Any] = {"requirementKeys": test["requirements"]} if test["requirements"] else {}
    whole = dict(result)
    if test.get("key"):
        whole["testKey"] = test["key"]
    else:
        info |= {"projectKey": project, "summary": test["summary"], "testType": "Generic", "definition": test["definition"]}
    defects = list(dict.fromkeys([*result.get("defects", []), *(test["defects"] if result["status"] == "FAIL" else [])]))
    return whole | ({"testInfo": info} if info else {}) | ({"defects": defects} if defects else {})
