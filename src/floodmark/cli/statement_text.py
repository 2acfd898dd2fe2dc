"""Statements as a terminal shows them and as JSON has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from floodmark.register.free_text import visible
from floodmark.register.statements import Statement

if TYPE_CHECKING:
    from rich.console import RenderableType


def values(statement: Statement) -> dict[str, Any]:
    """One statement as JSON values."""
    from floodmark.assessment.statements.values import values as assertion_values

    shown = {"id": statement.id, "about": statement.about} | asdict(statement)
    return shown | {"assertions": [assertion_values(one) for one in statement.assertions]}


def render(found: Sequence[Statement]) -> RenderableType:
    """Statements for `rich.console.Console.print`, each with who said it and its source."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = []
    for one in found:
        known = f", known since {one.learnt_on}" if one.learnt_on else ""
        parts.append(
            Text(f"{one.said_on}  {one.kind.replace('-', ' ')}, statement {one.id} of {one.about}", "bold")
        )
        parts.append(Text(f"  {visible(one.speaker)} ({one.speaker_kind.replace('-', ' ')}){known}"))
        parts.append(Padding(Text(visible(one.text)), (0, 0, 0, 2)))
        source = "; ".join(filter(None, (visible(one.source), one.source_url)))
        parts.append(Padding(Text(f"source: {source}", "dim"), (0, 0, 0, 2)))
    return Group(*parts)
