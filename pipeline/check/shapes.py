"""Hold a JSON value against a JSON Schema, as far as the schema of `pipeline.write` goes.

Written out here so that `zhengce check` needs no further package; the tests hold it against `jsonschema`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

KINDS: Mapping[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


def wrong_shape(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Give what is wrong, each with its place: `plans[0].sections[3].kind: …`."""
    yield from _wrong(value, schema, schema, "")


def _wrong(value: Any, shape: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    if "$ref" in shape:
        shape = schema["$defs"][shape["$ref"].removeprefix("#/$defs/")]
    if "oneOf" in shape:
        choices = [list(_wrong(value, choice, schema, place)) for choice in shape["oneOf"]]
        if all(choices):
            yield from max(choices, key=len)
        return
    allowed = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if not any(_is(value, kind) for kind in allowed):
        yield f"{place or 'the document'}: {str(value)[:40]!r} is not {' or '.join(allowed)}"
        return
    if "enum" in shape and value not in shape["enum"]:
        yield f"{place}: {value!r} is none of the listed values"
    if isinstance(value, dict):
        yield from _members(value, shape, schema, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _wrong(item, shape["items"], schema, f"{place}[{index}]")


def _members(value: dict[str, Any], shape: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    inside = f"{place}." if place else ""
    for name in shape["required"]:
        if name not in value:
            yield f"{inside}{name}: is missing"
    for name, item in value.items():
        if name not in shape["properties"]:
            yield f"{inside}{name}: is not known"
        else:
            yield from _wrong(item, shape["properties"][name], schema, inside + name)


def _is(value: Any, kind: str) -> bool:
    # In Python true is an integer, in JSON it is not.
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
