"""What splitting needs of a grammar, and of the sample that it was inferred from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from floodmark.dumps.asides import NO_ASIDES, Asides
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.protect import combined
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

T = TypeVar("T")
TIME_TYPES = frozenset(
    {FieldType.REGISTERED_AT, FieldType.ACTIVE_AT, FieldType.LAST_SEEN_AT, FieldType.BIRTH_DATE}
)
URL_TYPES = frozenset({FieldType.URL, FieldType.AVATAR})
# Types whose cells are numbers, dates or addresses, so that such a cell is no stranger there.
NUMBER_TYPES = TIME_TYPES | {
    FieldType.PHONE,
    FieldType.EMAIL,
    FieldType.PROFILE_ID,
    FieldType.AGE,
    FieldType.POSTCODE,
    FieldType.NATIONAL_ID,
    FieldType.PASSPORT,
    FieldType.TAX_ID,
    FieldType.CARD_NUMBER,
    FieldType.BANK_ACCOUNT,
    FieldType.PASSWORD,
    FieldType.DEVICE_ID,
    FieldType.FOLLOWER_COUNT,
}
WORD_TYPES = frozenset(
    {
        FieldType.FIRST_NAME,
        FieldType.LAST_NAME,
        FieldType.FULL_NAME,
        FieldType.LOCATION,
        FieldType.HOMETOWN,
        FieldType.EMPLOYER,
        FieldType.EDUCATION,
        FieldType.JOB_TITLE,
    }
)


@dataclass(frozen=True)
class Plan:
    """What splitting needs of a grammar.

    Attributes:
        delimiter: as in the file.
        names: column names.
        types: column types.
        strong: indices of columns whose cells nearly always fit their type in the sample, so that a cell that
            does not fit is a sign of a shift.
        protected: pattern whose delimiters do not split, or None.
        usual_extra: raw cells beyond the columns that ordinary lines have, for protected delimiters.
        known: for columns of few different cells, those of the sample that fit their type.
        times: texts with protected delimiters that are hidden before splitting (`protect.usual_times`).
        quote: quoting character, or None.
        escape: character before a quote or a delimiter that is text, or None.
        asides: lines that are no records.
        pads: whether empty cells at the end of a line are left out.
        rest: the column that takes all delimiters that the others leave, or None.
        after_site: as in the grammar.
    """

    delimiter: str
    names: tuple[str, ...]
    types: tuple[FieldType, ...]
    strong: tuple[int, ...]
    protected: str | None
    usual_extra: int = 0
    known: dict[int, pl.Series] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    quote: str | None = None
    escape: str | None = None
    asides: Asides = NO_ASIDES
    pads: bool = False
    rest: int | None = None
    after_site: str = ""
    _kept: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """Expressions that depend on the plan alone, made once and asked for in every chunk."""
        if name not in self._kept:
            self._kept[name] = make()
        made: T = self._kept[name]
        return made

    @classmethod
    def of(
        cls,
        grammar: Grammar,
        strong: dict[int, pl.Series | None] | None = None,
        times: tuple[str, ...] = (),
        asides: Asides = NO_ASIDES,
        pads: bool = False,
    ) -> Plan:
        """Plan of a grammar; `strong` columns with their known cells, and all after them, come from the sample."""
        strong = strong or {}
        types = tuple(column.type for column in grammar.columns)
        clocks = sum(kind in TIME_TYPES for kind in types) if "timestamp" in grammar.protected else 0
        return cls(
            delimiter=grammar.delimiter,
            names=tuple(grammar.names),
            types=types,
            strong=tuple(i for i in strong if recogniser(grammar.columns[i].type) is not None),
            protected=combined(grammar.protected, quoted=grammar.quote is None),
            usual_extra=1 + sum(kind in URL_TYPES for kind in types) if grammar.rest else min(2 * clocks, 4),
            known={i: cells for i, cells in strong.items() if cells is not None},
            times=times,
            quote=grammar.quote,
            escape=grammar.escape,
            asides=asides,
            pads=pads,
            rest=rest_column(types) if grammar.rest else None,
            after_site=grammar.after_site if grammar.rest else "",
        )


def rest_column(types: Sequence[FieldType]) -> int:
    """Which column takes what the others leave: that of the password, else the last."""
    secret = [i for i, kind in enumerate(types) if kind is FieldType.PASSWORD]
    return secret[0] if len(secret) == 1 else len(types) - 1


def cell_of(at: int, width: int, delimiter: str) -> pl.Expr:
    """`width` raw cells from number `at` on, joined as the file has them."""
    if width == 1:
        return pl.col(str(at))
    return pl.concat_str([pl.col(str(at + i)) for i in range(width)], separator=delimiter)
