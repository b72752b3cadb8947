# SPDX-License-Identifier: Apache-2.0
"""The Xray JSON format as types for the document: what is decoded later, or not at all, has the type that it is written as."""

from __future__ import annotations

import functools
import operator
import re
import types
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from radiograph.formats import xray_wire as wire

_BASE64 = Annotated[str, Meta(description="The file in base64.", extra_json_schema={"contentEncoding": "base64"})]
LATER: dict[tuple[type[Struct], str], Any] = {
    (wire.WireReport, "info"): wire.WireInfo | None,
    (wire.WireReport, "tests"): list[wire.WireTest] | None,
    (wire.WireEvidence, "data"): _BASE64 | None,
    (wire.WireTest, "results"): Annotated[Any, Meta(description="Of an older version of the format; ignored.")],
    (wire.WireTest, "test_version"): Annotated[Any, Meta(description="Ignored: a result is of the Test's current version.")],
}
"""The types of members that the reader keeps as `Raw`."""


@functools.cache
def written(kind: type[Struct]) -> type[Struct]:
    """The struct, and those inside it, with every `Raw` as what it is written as."""
    fields = []
    for f in msgspec.structs.fields(kind):
        inside = _inside(LATER.get((kind, f.name), f.type))
        fields.append((f.name, inside, msgspec.field(name=f.encode_name, default=None if isinstance(f.default, Raw) else f.default)))
    what = re.split("[;.]", kind.__doc__ or "")[0]
    return msgspec.defstruct(kind.__name__, fields, namespace={"__doc__": f"{what}."})


def _inside(kind: Any) -> Any:  # noqa: ANN401  (any annotation)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return written(kind)
    if isinstance(kind, types.UnionType):
        return functools.reduce(operator.or_, map(_inside, kind.__args__))
    return list[_inside(kind.__args__[0])] if getattr(kind, "__origin__", None) is list else kind  # type: ignore[misc]
