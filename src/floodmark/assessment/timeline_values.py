"""Timelines as JSON values (docs/reference/timeline.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from importlib.resources import files
from typing import Any

from floodmark.assessment.contradictions import Contradiction, Side
from floodmark.assessment.evidence.evidence import Evidence, Tested
from floodmark.assessment.report.assertion_words import in_words
from floodmark.assessment.statements import values
from floodmark.assessment.statements.document import statement_values
from floodmark.assessment.timeline import Entry, Timeline

SCHEMA_VERSION = 1


def schema() -> dict[str, Any]:
    """The form, as JSON Schema 2020-12 has it."""
    text = files(__package__ or "").joinpath("timeline.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def to_dict(found: Sequence[Timeline]) -> dict[str, Any]:
    """All of it: nothing that a timeline shows is left out."""
    return {"schema_version": SCHEMA_VERSION, "timelines": [_timeline(one) for one in found]}


def _timeline(one: Timeline) -> dict[str, Any]:
    return {
        "about": one.incident.slug,
        "title": one.incident.title,
        "synthetic": one.synthetic,
        "statements": [_entry(entry) for entry in one.entries],
        "contradictions": [against(found) for found in one.contradictions],
    }


def _entry(one: Entry) -> dict[str, Any]:
    assertions = [tested(each) for each in one.tested]
    return {"number": one.number, **statement_values(one.statement), "assertions": assertions}


def tested(one: Tested) -> dict[str, Any]:
    """An assertion with its state and its evidence."""
    return values.values(one.assertion) | {
        "words": in_words(one.assertion),
        "state": one.state,
        "evidence": [evidence(found) for found in one.evidence],
    }


def evidence(one: Evidence) -> dict[str, Any]:
    """One test's result."""
    found = {part.name: getattr(one, part.name) for part in fields(one)}
    return found | {"numbers": dict(one.numbers), "sources": list(one.sources)}


def against(one: Contradiction) -> dict[str, Any]:
    """What disagrees, side by side, each side with the statements that say it."""
    return {
        "thing": one.thing,
        "scope": one.scope,
        "how": list(one.how),
        "words": one.words,
        "sides": [_side(side) for side in one.sides],
        "pairs": [list(pair) for pair in one.pairs],
        "between": [_side(side) for side in one.between],
        "changed": list(one.changed),
    }


def _side(side: Side) -> dict[str, Any]:
    said = [{"statement": one.statement.id, "words": one.words} for one in side.said]
    return {"words": side.words, "said": said}
