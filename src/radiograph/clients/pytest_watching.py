# SPDX-License-Identifier: Apache-2.0
"""Where tests run (in each worker of pytest-xdist, else in pytest itself): what each test is and tells goes with its reports."""

from __future__ import annotations

from collections import Counter
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from radiograph.clients.recording import Recorder, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_F = TypeVar("_F", bound="Callable[..., Any]")
_RECORDER = pytest.StashKey[Recorder]()
_MAX_VALUE, _MAX_NAME = 200, 200
PROBLEMS: list[str] = []
"""What went wrong inside the plugin, for the end of the run."""


def never_fails(hook: _F) -> _F:
    """The hook, with its errors noted instead of raised: a mistake of ours is no reason to fail somebody's tests."""

    @wraps(hook)
    def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (as the hook)
        try:
            return hook(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  (the very point)
            PROBLEMS.append(f"{hook.__name__}: {type(error).__name__}: {error}")

    return guarded  # type: ignore[return-value]


def begin(config: pytest.Config) -> None:
    """Watch the tests of this process; send, where this is not a worker."""
    worker = hasattr(config, "workerinput")
    config.pluginmanager.register(Watcher(worker=worker), "radiograph-watcher")
    if worker:
        return
    from radiograph.clients.pytest_sending import Controller  # noqa: PLC0415  (workers send nothing)

    config.pluginmanager.register(Controller(config), "radiograph-controller")


def recorder_of(item: pytest.Item) -> Recorder:
    """The recorder of the test's current try; one that keeps nothing when nobody listens."""
    live = item.config.pluginmanager.has_plugin("radiograph-watcher")
    return item.stash.setdefault(_RECORDER, Recorder()) if live else Recorder(live=False)


class Watcher:
    """Puts `report.radiograph` on reports: {"tests", "row", "totals"}, and what the test told so far as "told"."""

    def __init__(self, *, worker: bool) -> None:
        """`worker`: the reports are sent on to another process."""
        self.worker = worker
        self.totals: Counter[str] = Counter()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count for each Test the items that report to it."""
        self.count(session.items)

    @never_fails
    def count(self, items: list[pytest.Item]) -> None:
        """See `pytest_collection_finish`."""
        self.totals = Counter(identity(test) for item in items for test in tests_of(item))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A new try begins with nothing told."""
        item.stash[_RECORDER] = Recorder()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send along what this process knows of the test."""
        report = yield
        self.describe(item, report)
        if PROBLEMS and self.worker:
            report.radiograph_problems = PROBLEMS.copy()  # type: ignore[attr-defined]
            PROBLEMS.clear()
        return report

    @never_fails
    def describe(self, item: pytest.Item, report: pytest.TestReport) -> None:
        """See `pytest_runtest_makereport`. A try that will be repeated ends with its failure, without a teardown report."""
        tests = tests_of(item)
        known: dict[str, Any] = {"tests": tests, "row": row_of(item), "totals": [self.totals[identity(test)] for test in tests]}
        if report.failed or report.when == "teardown":
            known["told"] = item.stash[_RECORDER].told() if _RECORDER in item.stash else {}
        if report.when == "teardown":
            item.stash[_RECORDER] = Recorder()
        report.radiograph = known  # type: ignore[attr-defined]


def identity(test: dict[str, Any]) -> str:
    """What tells Tests apart."""
    return str(test.get("key") or test["definition"])


def tests_of(item: pytest.Item) -> list[dict[str, Any]]:
    """The Tests that an item reports to: one for each key of its marker, else a Generic one of its own."""
    about: dict[str, Any] = {"requirements": [], "defects": [], "definition": definition_of(item), "summary": summary_of(item)}
    keys: list[str] = []
    for marker in item.iter_markers("xray"):
        given = [*marker.args, marker.kwargs.get("test_key")]
        keys = keys or [str(key).strip() for value in given for key in _listed(value)]
        about["requirements"] += map(str, _listed(marker.kwargs.get("requirements")))
        about["defects"] += map(str, _listed(marker.kwargs.get("defects")))
    return [{"key": key, **about} for key in dict.fromkeys(keys)] if keys else [about]


def _listed(value: Any) -> list[Any]:  # noqa: ANN401  (what users write in a marker)
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


def definition_of(item: pytest.Item) -> str:
    """`tests.test_shop.TestCart.test_add`: as pytest's JUnit XML has classname and name, without the parameters."""
    call = getattr(item, "callspec", None)
    name = item.nodeid.removesuffix(f"[{call.id}]") if call is not None else item.nodeid
    path, *rest = name.split("::")
    return ".".join([path.removesuffix(".py").replace("/", "."), *rest])


def summary_of(item: pytest.Item) -> str:
    """The first line of the docstring, else the function's name."""
    function = getattr(item, "function", None)
    lines = (getattr(function, "__doc__", None) or "").strip().splitlines()
    return (lines[0].strip() if lines else "")[:255] or str(getattr(item, "originalname", None) or item.name)[:255]


def row_of(item: pytest.Item) -> dict[str, Any]:
    """The name of the item among those of its Test, and its parameters; `single` if it has none."""
    call = getattr(item, "callspec", None)
    if call is None:
        return {"name": definition_of(item)[-_MAX_NAME:], "parameters": [], "single": True}
    parameters = [{"name": str(name), "value": _shown(value)} for name, value in call.params.items()]
    return {"name": str(call.id)[:_MAX_NAME], "parameters": parameters, "single": False}


def _shown(value: object) -> str:
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception as error:  # noqa: BLE001  (a repr of the user's)
        text = f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"
    return cut(text, _MAX_VALUE)
