"""Values against a JSON Schema: the first place that does not fit, named without anything of what stands there.

Knows the keywords that `profile.schema.json` uses and refuses a schema with others, so that nothing goes unchecked.
Where it differs from JSON Schema 2020-12 it is stricter: an integer is written without a fraction.

>>> schema = {"type": "object", "properties": {"rows": {"type": "integer"}}, "required": ["rows"]}
>>> first_fault({"rows": 3}, schema) is None, first_fault({"rows": "many"}, schema), first_fault({}, schema)
(True, '/rows', '/rows')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]
_SAID_ONLY = frozenset({"description", "title", "format", "$schema", "$id", "$defs"})
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def first_fault(value: Any, schema: Schema) -> str | None:
    """JSON pointer (RFC 6901) of the first place that does not fit; None when all does.

    Args:
        value: what `json.loads` gives.
        schema: with its `$defs`, to which each `$ref` leads.

    Returns:
        A pointer made of the schema's own names and of indices. A key that the schema does not name is reported as its
        object, since it may be anything.

    Raises:
        ValueError: the schema has a keyword that is not known here.
    """
    return next(_faults(value, schema, "", schema), None)


def _faults(value: Any, part: Schema, at: str, root: Schema) -> Iterator[str]:
    for keyword, wanted in part.items():
        if keyword in _SAID_ONLY:
            continue
        if keyword == "$ref":
            yield from _faults(value, root["$defs"][wanted.rsplit("/", 1)[1]], at, root)
        elif keyword == "anyOf":
            found = [next(_faults(value, one, at, root), None) for one in wanted]
            if None not in found:
                yield max((place for place in found if place is not None), key=len)
        elif keyword in _TESTS:
            if not _TESTS[keyword](value, wanted):
                yield at
        elif keyword in _INSIDE:
            yield from _INSIDE[keyword](value, part, at, root)
        else:
            raise ValueError(f"the keyword {keyword} is not known")


def _is_type(value: Any, wanted: str | list[str]) -> bool:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, _TYPES[kind]) for kind in kinds)


# Tests of a value by itself; those of another type than they are about pass, as JSON Schema has it.
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "type": _is_type,
    "const": lambda value, wanted: type(value) is type(wanted) and value == wanted,
    "enum": lambda value, wanted: any(type(value) is type(one) and value == one for one in wanted),
    "minimum": lambda value, least: not isinstance(value, (int, float)) or value >= least,
    "maximum": lambda value, most: not isinstance(value, (int, float)) or value <= most,
    "pattern": lambda value, form: not isinstance(value, str) or re.search(form, value) is not None,
    "minItems": lambda value, least: not isinstance(value, list) or len(value) >= least,
    "maxItems": lambda value, most: not isinstance(value, list) or len(value) <= most,
}


def _items(value: Any, part: Schema, at: str, root: Schema) -> Iterator[str]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, part["items"], f"{at}/{index}", root)


def _properties(value: Any, part: Schema, at: str, root: Schema) -> Iterator[str]:
    if isinstance(value, dict):
        for name, described in part["properties"].items():
            if name in value:
                yield from _faults(value[name], described, f"{at}/{_escaped(name)}", root)


def _required(value: Any, part: Schema, at: str, root: Schema) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{at}/{_escaped(name)}" for name in part["required"] if name not in value)


def _others(value: Any, part: Schema, at: str, root: Schema) -> Iterator[str]:
    """Keys that `properties` does not name."""
    if not isinstance(value, dict):
        return
    others = [value[name] for name in value if name not in part.get("properties", {})]
    allowed = part["additionalProperties"]
    if isinstance(allowed, dict):
        yield from (at for other in others if next(_faults(other, allowed, at, root), None) is not None)
    elif not allowed and others:
        yield at


def _names(value: Any, part: Schema, at: str, root: Schema) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (at for name in value for _ in _faults(name, part["propertyNames"], at, root))


_INSIDE: dict[str, Callable[[Any, Schema, str, Schema], Iterator[str]]] = {
    "items": _items,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _others,
    "propertyNames": _names,
}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
