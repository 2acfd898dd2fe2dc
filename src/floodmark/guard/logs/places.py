"""Where in a request the identifiers are, and cutting them out of one request.

>>> Place.of("query:phone").texts(Request("/search", "phone=%2B447400123456&phone=x"), "phone")
['+447400123456', 'x']
>>> Place.of("body:to[].phone").texts(Request(body=b'{"to": [{"phone": "+44"}, {}, {"phone": 7}]}'), "phone")
['+44', '7']
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from floodmark.errors import UsageError
from floodmark.guard.logs import targets
from floodmark.identifiers import IdentifierKind

Source = Literal["path", "query", "form", "body", "field"]
SOURCES: tuple[Source, ...] = ("path", "query", "form", "body", "field")
EXACT = 1 << 53
"""Whole numbers below it are exact in floating point."""
_KEY = re.compile(r"[^.\[\]]+")


class BadMapping(UsageError):
    """A mapping file says something that cannot be."""

    slug = "bad-mapping"
    hint = "Compare the reference, docs/reference/guard-mapping.md."


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as far as a mapping looks at it.

    Attributes:
        path: as of `targets.split`.
        query: as of `targets.split`.
        body: as it was sent.
        named: what the template of the path names.
        fields: of a log line, by name.
    """

    path: str = "/"
    query: str = ""
    body: bytes = b""
    named: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the identifiers are.

    Attributes:
        source: the part of the request, or `field` of a log line.
        name: of the parameter, the field, or what the path's template names.
        steps: of a JSON body, the keys to go down by; None goes into every member of a list.
    """

    source: Source
    name: str
    steps: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The place that a mapping file means, such as `query:phone`, `body:contacts[].phone` or `path`.

        Raises:
            BadMapping: it means none.
        """
        source, mark, name = text.partition(":")
        if source == "path" and not mark:
            name = "identifier"
        if source not in SOURCES or not name:
            raise BadMapping(
                "A place is none of " + ", ".join(f"{one}:NAME" for one in SOURCES),
                "Say where the identifier is, such as query:phone or body:contacts[].phone.",
            )
        return cls(source, name, steps_of(name) if source == "body" else ())

    @property
    def in_body(self) -> bool:
        """Whether the body has to be read for it."""
        return self.source in {"form", "body"}

    def texts(self, request: Request, kind: IdentifierKind, most: int = 1 << 20) -> list[str]:
        """The identifiers of one request, in order, empty ones left out; at most `most` and one."""
        if self.source == "body":
            return _of_json(request.body, self.steps, most + 1)
        if self.source == "field":
            found = [request.fields.get(self.name, "")]
        elif self.source == "path":
            found = [targets.decoded(request.named.get(self.name, ""), form=False, plus=False)]
        else:
            text = request.query if self.source == "query" else _form(request.body)
            cut = targets.values(text, self.name)[: most + 1]
            found = [targets.decoded(value, form=True, plus=kind == "phone") for value in cut]
        return [text for text in found if text]


def steps_of(name: str) -> tuple[str | None, ...]:
    """Steps of a path into JSON: `contacts[].phone` is contacts, every member, phone.

    Raises:
        BadMapping: it is none.
    """
    steps: list[str | None] = []
    rest = name
    while rest:
        if rest.startswith("[]"):
            steps.append(None)
            rest = rest[2:]
            continue
        key = _KEY.match(rest.removeprefix(".") if steps else rest)
        if key is None:
            raise BadMapping("A path into JSON is not of the form a.b[].c")
        steps.append(key[0])
        rest = (rest.removeprefix(".") if len(steps) > 1 else rest)[key.end() :]
    return tuple(steps)


def _form(body: bytes) -> str:
    return targets.normal("/?" + body.decode("utf-8", "replace"))[2:]


def _of_json(body: bytes, steps: tuple[str | None, ...], most: int) -> list[str]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    _walk(value, steps, found, most)
    return found


def _walk(value: Any, steps: tuple[str | None, ...], found: list[str], most: int) -> None:
    """Add the texts at the end of the steps; numbers count as text, for ids come as such."""
    if len(found) >= most:
        return
    if not steps:
        if isinstance(value, str) and value:
            found.append(value)
        elif isinstance(value, int | float):
            found.append(_of_number(value))
    elif steps[0] is None:
        for member in value if isinstance(value, list) else ():
            _walk(member, steps[1:], found, most)
    elif isinstance(value, dict) and steps[0] in value:
        _walk(value[steps[0]], steps[1:], found, most)


def _of_number(value: float) -> str:
    """A number as the whole one that it is, for most servers read 1.0 and 1e0 as 1; what is not whole as it is."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        value = int(value)
    return str(value).lower()
