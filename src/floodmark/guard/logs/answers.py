"""What an answer looks like that says whether an identifier exists.

>>> rule = Answer.of({"status": [200, 204], "size_over": 100})
>>> rule.fits(200, 2_326), rule.fits(200, 2), rule.fits(404, 2_326)
(True, False, False)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import polars as pl

from floodmark.guard.logs.places import BadMapping
from floodmark.guard.logs.roles import named_field

_KEYS = {"status", "size_over", "size_up_to", "field", "equals", "matches"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule for answers; all that it states must hold.

    Attributes:
        statuses: status codes, any of which fits; none for all.
        over: the body has more bytes.
        up_to: the body has no more bytes.
        field: of the log line, for what follows.
        equals: the field is this text.
        matches: the field matches this regular expression (Rust's, in linear time); for logs alone.
    """

    statuses: tuple[int, ...] = ()
    over: int | None = None
    up_to: int | None = None
    field: str = ""
    equals: str | None = None
    matches: str | None = None

    @classmethod
    def of(cls, table: Any) -> Self:
        """The rule of a table of a mapping file.

        Raises:
            BadMapping: it states nothing, or something else.
        """
        if not isinstance(table, dict) or not table or set(table) - _KEYS:
            raise BadMapping(f"hit and miss are tables of {', '.join(sorted(_KEYS))}")
        statuses = table.get("status", [])
        statuses = [statuses] if isinstance(statuses, int) else statuses
        sizes = [table.get(name) for name in ("size_over", "size_up_to")]
        whole = (*(statuses if isinstance(statuses, list) else [None]), *(s for s in sizes if s is not None))
        if not all(isinstance(number, int) for number in whole):
            raise BadMapping("status and sizes are whole numbers")
        if not isinstance(table.get("field", "-"), str) or table.get("field") == "":
            raise BadMapping("The field of an answer is a name")
        if ("field" in table) != bool({"equals", "matches"} & set(table)):
            raise BadMapping("A field of an answer needs equals or matches, and they a field")
        matches = table.get("matches")
        if matches is not None:
            _check(matches)
        equals = table.get("equals")
        return cls(
            statuses=tuple(statuses),
            over=sizes[0],
            up_to=sizes[1],
            field=str(table.get("field", "")),
            equals=None if equals is None else text_of(equals),
            matches=matches,
        )

    def fits(self, status: int, size: int | None = None, fields: Mapping[str, str] | None = None) -> bool:
        """Whether one answer fits; `matches` is not looked at."""
        return (
            (not self.statuses or status in self.statuses)
            and (self.over is None or (size is not None and size > self.over))
            and (self.up_to is None or (size is not None and size <= self.up_to))
            and (self.equals is None or (fields or {}).get(self.field) == self.equals)
        )

    def expression(self) -> pl.Expr:
        """`fits` of columns `status`, `size` and those of the log; never null."""
        parts = [pl.lit(True)]
        if self.statuses:
            parts.append(pl.col("status").is_in(self.statuses))
        if self.over is not None:
            parts.append(pl.col("size") > self.over)
        if self.up_to is not None:
            parts.append(pl.col("size") <= self.up_to)
        if self.equals is not None:
            parts.append(pl.col(named_field(self.field)) == self.equals)
        if self.matches is not None:
            parts.append(pl.col(named_field(self.field)).str.contains(self.matches))
        return pl.all_horizontal(parts).fill_null(False)


def text_of(value: Any) -> str:
    """A value of TOML or JSON as a log has it as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check(pattern: Any) -> None:
    try:
        pl.Series([""]).str.contains(pattern)
    except (pl.exceptions.PolarsError, TypeError) as error:
        raise BadMapping("matches is no regular expression of the kind that Rust has") from error
