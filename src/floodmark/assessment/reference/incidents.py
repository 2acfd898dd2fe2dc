"""The incidents of the reference set and what was said of them, read from `data/*.toml`.

A file is one incident, named by its slug: a title, when it came out, and its statements. A figure is one that the
source prints and a date is no more exact than the source. Where sources disagree, each has a statement of its own.

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
    """Every incident of the reference set, in the order in which they came out."""
    return tuple(incident for _, incident, _ in _read())


def statements(about: str | None = None) -> tuple[Statement, ...]:
    """Statements of the reference set, by incident, and in it by the day on which they were made.

    Args:
        about: slug of the incident; None for all. One that the set does not have gives none.
    """
    return tuple(one for _, incident, found in _read() for one in found if about in {None, incident.slug})


@cache
def _read() -> tuple[tuple[str, Incident, tuple[Statement, ...]], ...]:
    files_ = [file for file in folder().iterdir() if file.name.endswith(".toml")]
    return tuple(sorted(map(_incident, files_), key=lambda one: (one[0], one[1].slug)))


def _incident(file: Traversable) -> tuple[str, Incident, tuple[Statement, ...]]:
    content = tomllib.loads(file.read_text("utf-8"))
    slug = file.name.removesuffix(".toml")
    found = [_statement(slug, one) for one in content["statement"]]
    found.sort(key=lambda one: f"{one.said_on}~")  # a year stands after its months, a month after its days
    return content["came_out"], Incident(slug, content["title"]), tuple(found)


def _statement(slug: str, found: Mapping[str, Any]) -> Statement:
    plain = {name: value for name, value in found.items() if name not in {"name", "assertions"}}
    said = tuple(_assertion(one) for one in found.get("assertions", ()))
    return Statement(id=f"{slug}/{found['name']}", about=slug, assertions=said, **plain)


def _assertion(found: Mapping[str, Any]) -> Assertion:
    """An assertion as `values.assertion` reads it, or one whose table lies in a file of its own."""
    if isinstance(found.get("table"), str):
        found = {**found, "table": read_rows(folder() / found["table"])}
    return assertion(found)
