# SPDX-License-Identifier: Apache-2.0
"""The tools that npm gives, installed once from their lock file into a folder outside of the tree."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from scripts.corpora.tool import SUITES, Made, Shop, Tool, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = ".complete"


def cache() -> Path:
    """Where installed packages are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "radiograph-tests"


@functools.cache
def installed(packages: str) -> Path:
    """The folder into which the packages of `tests/tools/suites/<packages>` are installed; ToolFailed says why they aren't."""
    lock = (SUITES / packages / "package-lock.json").read_bytes()
    folder = cache() / f"{packages}-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / _MARK).exists():
            _install(packages, folder)
    return folder


def _install(packages: str, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SUITES / packages / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ToolFailed(f"npm ci of {packages} failed: {done.stdout}{done.stderr}")
    (folder / "runs").mkdir(exist_ok=True)
    (folder / _MARK).touch()


def _version(shop: Shop, package: str) -> str:
    # <packages>/runs/<temporary>/project
    text = (shop.folder.parents[2] / "node_modules" / package / "package.json").read_text("utf-8")
    return f"{package.replace('@', '').replace('/', '-')}-{json.loads(text)['version']}"


def _jest(shop: Shop) -> Iterator[Made]:
    written = {"JEST_JUNIT_OUTPUT_FILE": "junit.xml", "JEST_JUNIT_ADD_FILE_ATTRIBUTE": "true", "JEST_JUNIT_CLASSNAME": "{classname}"}
    more = {"JEST_JUNIT_TITLE": "{title}", "JEST_JUNIT_REPORT_TEST_SUITE_ERRORS": "true", "JEST_JUNIT_INCLUDE_CONSOLE_OUTPUT": "true"}
    jest = ["jest", "--ci", "--runInBand", "--noStackTrace"]
    shop.run([*jest, "--reporters=jest-junit", "--reporters=jest-ctrf-json-reporter"], JEST_JUNIT_OUTPUT_FILE="plain.xml")
    yield shop.take("plain.xml", "junit", _version(shop, "jest-junit"), "checkout")
    yield shop.take("ctrf/ctrf-report.json", "ctrf", _version(shop, "jest-ctrf-json-reporter"), "checkout")
    shop.run([*jest, "--reporters=jest-junit"], **written, **more)
    yield shop.take("junit.xml", "junit", _version(shop, "jest-junit"), "options")


def _mocha(shop: Shop) -> Iterator[Made]:
    mocha = ["mocha", "--no-color", "checkout.spec.js"]
    shop.run(
        [*mocha, "--reporter", "mocha-junit-reporter", "--reporter-options", "mochaFile=junit.xml,testCaseSwitchClassnameAndName=true"]
    )
    yield shop.take("junit.xml", "junit", _version(shop, "mocha-junit-reporter"), "checkout")
    shop.run([*mocha, "--reporter", "xunit", "--reporter-option", "output=xunit.xml"])
    yield shop.take("xunit.xml", "junit", _version(shop, "mocha"), "xunit")
    yield shop.take("mocha.tap", "tap", _version(shop, "mocha"), "checkout", shop.run([*mocha, "--reporter", "tap"]))
    tap13 = shop.run([*mocha, "--reporter", "tap", "--reporter-option", "tapVersion=13"])
    yield shop.take("mocha.tap", "tap", _version(shop, "mocha"), "version-13", tap13)
    shop.run([*mocha, "--reporter", "mocha-ctrf-json-reporter"])
    yield shop.take("ctrf/ctrf-report.json", "ctrf", _version(shop, "mocha-ctrf-json-reporter"), "checkout")
    shop.run([*mocha, "--reporter", "mocha-trx-reporter", "--reporter-option", "output=mocha.trx"])
    yield shop.take("mocha.trx", "trx", _version(shop, "mocha-trx-reporter"), "checkout")
    shop.run([*mocha, "--reporter", "mocha-xunit-reporter", "--reporter-options", "mochaFile=assemblies.xml"])
    yield shop.take("assemblies.xml", "xunit", _version(shop, "mocha-xunit-reporter"), "checkout")
    shop.run([*mocha, "--reporter", "allure-mocha"])
    yield shop.take_folder("allure-results", "allure", _version(shop, "allure-mocha"), "checkout")


def _vitest(shop: Shop) -> Iterator[Made]:
    shop.run(["vitest", "run", "--reporter=junit", "--outputFile=junit.xml"])
    yield shop.take("junit.xml", "junit", _version(shop, "vitest"), "checkout")
    yield shop.take("vitest.tap", "tap", _version(shop, "vitest"), "checkout", shop.run(["vitest", "run", "--reporter=tap"]))


def _playwright(shop: Shop) -> Iterator[Made]:
    shop.run(["playwright", "test"])
    yield shop.take("junit.xml", "junit", _version(shop, "@playwright/test"), "checkout")
    yield shop.take("retries.xml", "junit", _version(shop, "@playwright/test"), "retries")
    yield shop.take("ctrf.json", "ctrf", _version(shop, "playwright-ctrf-json-reporter"), "checkout")
    yield shop.take_folder("allure-results", "allure", _version(shop, "allure-playwright"), "checkout")


def _cucumber(shop: Shop) -> Iterator[Made]:
    command = ["cucumber-js", "features/*.feature", "--require", "steps/*.js", "--retry", "1", "--retry-tag-filter", "@flaky"]
    writer = _version(shop, "@cucumber/cucumber").replace("cucumber-cucumber", "cucumber-js")
    junit = [] if re.search(r"-7\.", writer) else ["--format", "junit:junit.xml"]
    shop.run([*command, "--format", "json:cucumber.json", *junit])
    yield shop.take("cucumber.json", "cucumber", writer, "checkout")
    if junit:
        yield shop.take("junit.xml", "junit", writer, "checkout")


def _node(shop: Shop) -> Iterator[Made]:
    writer = f"node-{shop.run(['node', '--version']).decode().strip().lstrip('v')}"
    for reporter, ending in (("tap", "tap"), ("junit", "xml")):
        shop.run(["node", "--test", f"--test-reporter={reporter}", f"--test-reporter-destination=report.{ending}"])
        yield shop.take(f"report.{ending}", reporter, writer, "checkout")


def _jasmine(shop: Shop) -> Iterator[Made]:
    shop.run(["jasmine", "--random=false", "checkout.spec.js"])
    yield shop.take("reports/jasmine.xml", "junit", _version(shop, "jasmine-reporters"), "checkout")


def _tap(shop: Shop) -> Iterator[Made]:
    printed = shop.run(["tap", "run", "--disable-coverage", "--allow-empty-coverage", "--reporter=tap", "checkout.test.js"])
    yield shop.take("report.tap", "tap", _version(shop, "tap"), "checkout", printed)
    printed = shop.run(["tap", "run", "--disable-coverage", "--allow-empty-coverage", "--reporter=junit", "checkout.test.js"])
    yield shop.take("report.xml", "junit", _version(shop, "tap"), "checkout", printed)


def _vitest_more(shop: Shop) -> Iterator[Made]:
    config = f"{shop.folder}/more.config.js"
    shop.run(["vitest", "run", "--config", config])
    yield shop.take("ctrf/ctrf-report.json", "ctrf", _version(shop, "@d2t/vitest-ctrf-json-reporter"), "checkout")
    yield shop.take_folder("allure-results", "allure", _version(shop, "allure-vitest"), "checkout")
    yield shop.take("vitest.tap", "tap", _version(shop, "vitest"), "flat", shop.run(["vitest", "run", "--reporter=tap-flat"]))


def _jest_more(shop: Shop) -> Iterator[Made]:
    shop.run(["jest", "--ci", "--runInBand", "--noStackTrace", "--testEnvironment", "allure-jest/node"])
    yield shop.take_folder("allure-results", "allure", _version(shop, "allure-jest"), "checkout")


def _live() -> Path:
    return installed("npm")


def _more() -> Path:
    return installed("npm-more")


LIVE = [
    Tool("jest", "jest", ("node", "npm"), _jest, _live),
    Tool("mocha", "mocha", ("node", "npm"), _mocha, _live),
    Tool("vitest", "vitest", ("node", "npm"), _vitest, _live),
    Tool("playwright", "playwright", ("node", "npm"), _playwright, _live),
    Tool("cucumber-js", "cucumber-js", ("node", "npm"), _cucumber, _live),
    Tool("node", "node", ("node",), _node),
]
"""The tests run these."""
TOOLS = [
    *LIVE,
    Tool("jasmine", "jasmine", ("node", "npm"), _jasmine, _more),
    Tool("tap", "tap", ("node", "npm"), _tap, _more),
    Tool("vitest-more", "vitest", ("node", "npm"), _vitest_more, _more),
    Tool("jest-more", "jest", ("node", "npm"), _jest_more, _more),
    Tool("cucumber-js-7", "cucumber-js", ("node", "npm"), _cucumber, _more),
]
