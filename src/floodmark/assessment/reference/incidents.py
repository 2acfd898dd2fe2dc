"""The incidents of the reference set and what was said of them, read from `data/*.toml`.

A file is one incident. `year` and the file's name give its place; the statements keep the file's order where they were
made on one day. A figure is one that the source prints, and a date is no more exact than the source.

>>> statements("facebook-2021")[0].about
'facebook-2021'
>>> [one.slug for one in incidents()] == [*dict.fromkeys(one.about for one in statements())]
True
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from floodmark.assessment.reference.table_file import read_rows
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Incident, Statement
from floodmark.assessment.statements.values import assertion


def folder() -> Traversable:
    """Where the files of the reference set lie."""
    return files("floodmark.assessment.reference").joinpath("data")


def incidents() -> tuple[Incident, ...]:
    """Every incident of the reference set, by the day of its first statement."""
    return tuple(incident for incident, _ in _read())


def statements(about: str | None = None) -> tuple[Statement, ...]:
    """Statements of the reference set, by incident, and in it by the day on which they were made.

    Args:
        about: slug of the incident; None for all. One that the set has not gives none.
    """
    return tuple(one for incident, found in _read() for one in found if about in {None, incident.slug})


@cache
def _read() -> tuple[tuple[Incident, tuple[Statement, ...]], ...]:
    read = [_incident(file) for file in folder().iterdir() if file.name.endswith(".toml")]
    return tuple(sorted(read, key=lambda one: (one[1][0].said_on, one[0].slug)))


def _incident(file: Traversable) -> tuple[Incident, tuple[Statement, ...]]:
    content = tomllib.loads(file.read_text("utf-8"))
    slug = file.name.removesuffix(".toml")
    found = [_statement(slug, one) for one in content["statement"]]
    return Incident(slug, content["title"]), tuple(sorted(found, key=lambda one: one.said_on))


def _statement(slug: str, found: Mapping[str, Any]) -> Statement:
    plain = {name: value for name, value in found.items() if name not in {"name", "assertions"}}
    said = tuple(_assertion(one) for one in found.get("assertions", ()))
    return Statement(id=f"{slug}/{found['name']}", about=slug, assertions=said, **plain)


def _assertion(found: Mapping[str, Any]) -> Assertion:
    """An assertion as `values.assertion` reads it, or with its table in a file of its own."""
    if not isinstance(found.get("table"), str):
        return assertion(found)
    return assertion({**found, "table": read_rows(folder() / found["table"])})
