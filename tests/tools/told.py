# SPDX-License-Identifier: Apache-2.0
"""A fresh report, read, and its results by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from radiograph.formats import known
from radiograph.formats.reading import ReadOptions, Source
from radiograph.formats.several import read_reports

if TYPE_CHECKING:
    from scripts.corpora.tool import Made

    from radiograph.domain.report import EvidenceFile, Report, TestResult

OPTIONS = ReadOptions(keep_output=True)


class Told(NamedTuple):
    """A report and how to find results in it."""

    report: Report
    made: Made

    def one(self, name: str) -> TestResult:
        """The one result whose summary ends with the name."""
        found = [r for r in self.report.results if r.info and (r.info.summary or "").endswith(name)]
        assert len(found) == 1, (self.made.name, name, [r.info and r.info.summary for r in self.report.results])
        return found[0]

    def definition(self, name: str) -> str | None:
        """The definition of that result's Test."""
        info = self.one(name).info
        return info.definition if info else None

    def files(self, name: str) -> list[str]:
        """The names of the result's files, those of its steps and rounds among them."""
        result = self.one(name)
        steps = [*result.steps, *(step for round_ in result.iterations for step in round_.steps)]
        files: list[EvidenceFile] = [*result.evidence, *(file for step in steps for file in step.evidence)]
        return [file.filename for file in files]

    def statuses(self) -> dict[str, str]:
        """The status of every result by its summary; of several the last one counts."""
        return {(r.info.summary if r.info else None) or r.test_key: r.status for r in self.report.results}


def read(made: Made) -> Told:
    """Read the report as the format that it looks like, which has to be its own."""
    data = memoryview(made.data)
    found = known.detect(data)
    assert found is not None, made.name
    assert found.name == made.format, made.name
    return Told(read_reports([Source(made.name, data)], made.format, OPTIONS)[0], made)
