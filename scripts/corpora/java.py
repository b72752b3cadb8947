# SPDX-License-Identifier: Apache-2.0
"""Java's tools as Debian has them: TestNG, Ant's JUnit task, Maven's Surefire offline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.corpora.tool import Made, Shop, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator

_JARS = Path("/usr/share/java")
_TESTNG = ":".join(str(_JARS / f"{n}.jar") for n in ("testng", "jcommander", "slf4j-api", "slf4j-nop"))
_SETTINGS = "/etc/maven/settings-debian.xml"
_SUREFIRE = str(_JARS / "maven-surefire-plugin.jar")


_JAVA = ("-Dfile.encoding=UTF-8", "-XX:MaxJavaStackTraceDepth=8")


def _version(jar: str) -> str:
    """The version of a Debian jar: what its link points to, or a sibling's name."""
    found = sorted(_JARS.glob(f"{jar}-[0-9]*.jar"))
    return re.sub(rf"^{jar}-|-SNAPSHOT$|\.jar$", "", found[-1].name) if found else "unknown"


def _testng(shop: Shop) -> Iterator[Made]:
    sources = [str(p.relative_to(shop.folder)) for p in sorted(shop.folder.rglob("*.java"))]
    shop.run(["javac", "-encoding", "UTF-8", "-cp", _TESTNG, "-d", "build", *sources])
    # The default listeners need jQuery, which Debian's jar is without.
    listeners = "org.testng.reporters.XMLReporter,org.testng.reporters.JUnitReportReporter"
    java = ["java", *_JAVA, "-cp", f"build:{_TESTNG}", "org.testng.TestNG", "-usedefaultlisteners", "false"]
    shop.run([*java, "-listener", listeners, "-d", "reports", "testng.xml"])
    writer = f"testng-{_version('testng')}"
    yield shop.take("reports/testng-results.xml", "testng", writer, "checkout")
    yield shop.take("reports/junitreports/TEST-org.example.CheckoutTest.xml", "junit", writer, "checkout")
    yield shop.take("reports/junitreports/TEST-org.example.ClosedTest.xml", "junit", writer, "closed")


def _ant(shop: Shop) -> Iterator[Made]:
    shop.run(["ant", "-q"])
    writer = f"ant-{_version('ant')}"
    yield shop.take("reports/TEST-org.example.CheckoutTest.xml", "junit", writer, "checkout")


def _maven(shop: Shop) -> str:
    shop.run(["mvn", "-o", "-q", "-B", "-ntp", "-s", _SETTINGS, "-Dmaven.repo.local=/usr/share/maven-repo", "test"])
    return f"surefire-{_version('maven-surefire-plugin')}"


def _jupiter(shop: Shop) -> Iterator[Made]:
    writer = _maven(shop)
    yield shop.take("target/surefire-reports/TEST-org.example.CheckoutTest.xml", "junit", writer, "jupiter")
    yield shop.take("target/surefire-reports/TEST-org.example.ClosedTest.xml", "junit", writer, "jupiter-closed")


def _reruns(shop: Shop) -> Iterator[Made]:
    yield shop.take("target/surefire-reports/TEST-org.example.SteadyTest.xml", "junit", _maven(shop), "junit4-reruns")


def _console(shop: Shop) -> Iterator[Made]:
    sources = [str(p.relative_to(shop.folder)) for p in sorted(shop.folder.rglob("*.java"))]
    jars = ":".join(str(p) for p in sorted(_JARS.glob("junit-*.jar")) if not re.search(r"\d\.jar$|standalone|vintage", p.name))
    others = ":".join(
        str(_JARS / f"{n}.jar")
        for n in (
            "opentest4j",
            "opentest4j-reporting-events",
            "opentest4j-reporting-schema",
            "apiguardian-api",
            "picocli",
            "univocity-parsers",
        )
    )
    shop.run(["javac", "-encoding", "UTF-8", "-cp", f"{jars}:{others}", "-d", "build", *sources])
    java = ["java", *_JAVA, "-cp", f"build:{jars}:{others}", "org.junit.platform.console.ConsoleLauncher"]
    shop.run([*java, "--scan-classpath", "build", "--reports-dir", "reports", "--details", "none"])
    writer = f"junit-platform-{_version('junit-platform-console')}"
    yield shop.take("reports/TEST-junit-jupiter.xml", "junit", writer, "jupiter")


TOOLS = [
    Tool("testng", "testng", ("java", "javac", *_TESTNG.split(":")), _testng),
    Tool("ant", "ant", ("ant", "javac", f"{_JARS}/ant-junit4.jar", f"{_JARS}/junit4.jar", f"{_JARS}/hamcrest-core.jar"), _ant),
    Tool("surefire-jupiter", "junit", ("mvn", "javac", _SETTINGS, _SUREFIRE, f"{_JARS}/junit-jupiter-engine.jar"), _jupiter),
    Tool("surefire-junit4", "junit4", ("mvn", "javac", _SETTINGS, _SUREFIRE, f"{_JARS}/junit4.jar"), _reruns),
    Tool("junit-platform", "junit", ("java", "javac", f"{_JARS}/junit-platform-console.jar"), _console),
]
