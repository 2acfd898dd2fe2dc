"""A report on lookups as JSON values (docs/reference/guard-report.md)."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from floodmark.guard.report.guard_report import GuardReport
from floodmark.guard.report.words import words

SCHEMA_VERSION = 1


def schema() -> dict[str, Any]:
    """The form, as JSON Schema 2020-12 has it."""
    text = files(__package__ or "").joinpath("report.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def to_dict(found: GuardReport) -> dict[str, Any]:
    """All of it, with what can and what cannot be said."""
    said = words(found)
    return {
        "schema_version": SCHEMA_VERSION,
        "synthetic": found.synthetic,
        **_value(found),
        "summary": {"can_say": said.can, "cannot_say": said.cannot, "ask_next": said.ask},
    }


def _value(value: Any) -> Any:
    """A value as JSON has it: no number that JSON cannot write."""
    if is_dataclass(value):
        return {one.name: _value(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
