# SPDX-License-Identifier: Apache-2.0
"""The reference of the API as pages: one section an operation, one entry a type, from the OpenAPI document."""

from __future__ import annotations

import json
import re
from typing import Any

from radiograph.web.api import ENDPOINTS
from radiograph.web.openapi import ALIASES, document

NOTE = "<!-- Written by scripts/reference.py from the code: change it there. -->"
_HEAD = """# {title}

Every operation with its parameters, its body and its answers; [Endpoints](endpoints.md) has them all in one table.
The same is in `/openapi.json`, for programs. `{{v}}` is {versions}. Errors that every operation can have (401, 429,
500, 503, 507) are in [Errors and statuses](errors.md).
"""
_COMMON = {"401", "413", "415", "429", "500", "503", "507"}
_VERSION = re.compile(r"/rest/(raven|api)/(?:1\.0|2\.0|latest|2)/")
_PLAIN = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null", "array": "list"}


def page(title: str, versions: str, tags: tuple[str, ...]) -> str:
    """The page of the operations of these groups."""
    whole = document(ENDPOINTS, "http://localhost:8080")
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] in tags:
                groups.setdefault((_VERSION.sub(r"/rest/\1/{v}/", path), method.upper()), []).append(operation)
    sections = [_section(path, method, operations) for (path, method), operations in sorted(groups.items())]
    names = _named([o for operations in groups.values() for o in operations], whole["components"]["schemas"])
    types = [_type(name, whole["components"]["schemas"][name]) for name in names]
    return "\n\n".join([NOTE, _HEAD.format(title=title, versions=versions).rstrip(), *sections, "## Types", *types]) + "\n"


def _section(path: str, method: str, operations: list[dict[str, Any]]) -> str:
    last = operations[-1]
    parts = [f"## `{method} {path}`", f"{last['summary']}.", last.get("description", "")]
    others = dict.fromkeys(_VERSION.sub(r"/rest/\1/{v}/", alias) for o in operations for alias in o.get(ALIASES, ()))
    parts.append(", ".join(["Also at", *(f"`{o}`" for o in others if o != path)]) + "." if set(others) - {path} else "")
    parts.append(_parameters(last.get("parameters", [])))
    parts += [_body(last["requestBody"])] if "requestBody" in last else []
    parts.append(_answers(operations))
    return "\n\n".join(part for part in parts if part)


def _parameters(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return ""
    lines = ["| parameter | in | type | meaning |", "| --- | --- | --- | --- |"]
    for row in rows:
        needed = " Must be given." if row.get("required") and row["in"] != "path" else ""
        lines.append(f"| `{row['name']}` | {row['in']} | {_kind(row['schema'])} | {_cell(row['description'])}{needed} |")
    return "\n".join(lines)


def _body(body: dict[str, Any]) -> str:
    ((media, content),) = body["content"].items()
    example = json.dumps(content["example"], indent=2, ensure_ascii=False, default=str)
    return f"Body (`{media}`): {_kind(content['schema'])}\n\n```json\n{example}\n```"


def _answers(operations: list[dict[str, Any]]) -> str:
    rows: dict[tuple[str, str], list[str]] = {}
    for operation in operations:
        version = operation["tags"][0].removeprefix("Xray ") if operation["tags"][0].startswith("Xray ") else "all"
        for status, answer in operation["responses"].items():
            if "$ref" not in answer:
                rows.setdefault((status, _answer(answer)), []).append(version)
    lines = ["| status | in | answer |", "| --- | --- | --- |"]
    lines += [f"| {status} | {', '.join(versions)} | {text} |" for (status, text), versions in rows.items()]
    refused = sorted({s for o in operations for s, a in o["responses"].items() if "$ref" in a and s not in _COMMON})
    return "\n".join(lines) + (f"\n\nRefused with {', '.join(refused)}." if refused else "")


def _answer(answer: dict[str, Any]) -> str:
    (_, content), *_ = answer.get("content", {"": {}}).items()
    text = _cell(answer["description"])
    return f"{text.removesuffix('.')}: {_kind(content['schema'])}" if "schema" in content else text


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{v}`" for v in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}" if schema.get("items") else "list"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    return _PLAIN.get(str(schema.get("type", "")), str(schema.get("type", "any JSON")))


def _named(value: Any, schemas: dict[str, Any]) -> list[str]:  # noqa: ANN401  (any JSON)
    """The types that are spoken of, by themselves or inside others, by name."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).removeprefix("#/components/schemas/")
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return sorted(found)


def _type(name: str, schema: dict[str, Any]) -> str:
    lines = [f"### {name}", _cell(schema.get("description", "")), "| member | type |\n| --- | --- |"]
    rows = [f"| `{member}` | {_kind(kind)} |" for member, kind in schema.get("properties", {}).items()]
    return "\n\n".join(part for part in lines[:2] if part) + (f"\n\n{lines[2]}\n" + "\n".join(rows) if rows else "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
