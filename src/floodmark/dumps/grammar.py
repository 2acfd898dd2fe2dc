"""The grammar of a dump: how its bytes become records, and how sure we are of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from floodmark.identifiers.field_types import FieldType

RecordKind = Literal[
    "delimited", "tables", "jsonl", "json", "sql", "blocks", "fixed", "xml", "xlsx", "parquet"
]


@dataclass(frozen=True)
class Column:
    """One column of a record.

    Attributes:
        index: position in the record, from 0.
        name: header text or, without a header, the type's label (made unique by a number).
        type: what the column says of a person.
        confidence: probability between 0 and 1 that `type` is right.
        alternatives: other types that the cells allow, best first, each with its confidence.
        date_order: for dates, the order and form that the cells have (`identifiers.dates`), else None.
        hash_kind: for password hashes, their kinds (`identifiers.password_hashes`), most frequent first, else None.
    """

    index: int
    name: str
    type: FieldType
    confidence: float
    alternatives: tuple[tuple[FieldType, float], ...] = ()
    date_order: str | None = None
    hash_kind: str | None = None


@dataclass(frozen=True)
class Alternative:
    """A runner-up of inference: another way to read the sample, with its confidence and why it lost."""

    delimiter: str
    columns: int
    confidence: float
    reason: str
    record: RecordKind = "delimited"


@dataclass(frozen=True)
class Grammar:
    """How the bytes of one file become records.

    Attributes:
        record: kind of record.
        container: what wraps the text, from the outside in (`zip > gzip`); `plain` for nothing.
        encoding: name of the text's encoding.
        bom: whether a byte order mark precedes the text.
        delimiter: text between two cells, one character or more; empty for JSON Lines.
        quote: quoting character, or None where quotes are ordinary text.
        newline: `lf`, `crlf`, `cr` or `mixed`.
        header: whether the first record names the columns.
        preamble: lines before the header or the first record.
        protected: names of the protected patterns (`dumps.protect`) whose delimiters do not split.
        columns: the columns, in file order.
        confidence: probability between 0 and 1 that delimiter and column count are right.
        alternatives: runners-up, best first.
        table: name of the table where the text has several, or calls its one by a name; else empty.
        rest: whether the column of passwords, or else the last, takes all delimiters that the others leave
            (`email:password`).
        widths: for fixed width, characters of each column.
        encoding_confidence: probability between 0 and 1 that the encoding is right.
        escape: for delimited text, character before a quote or a delimiter that is text; None where there is none.
        after_site: where lines begin with the address of a site, what stands after it instead of the delimiter; else
            empty.
        path: for JSON and XML, where the records are (`data.users`, `export/user`); else empty.
    """

    record: RecordKind
    container: str
    encoding: str
    bom: bool
    delimiter: str
    quote: str | None
    newline: str
    header: bool
    preamble: int
    protected: tuple[str, ...]
    columns: tuple[Column, ...]
    confidence: float
    alternatives: tuple[Alternative, ...] = ()
    table: str = ""
    rest: bool = False
    widths: tuple[int, ...] = ()
    path: str = ""
    encoding_confidence: float = 1.0
    escape: str | None = None
    after_site: str = ""

    @property
    def names(self) -> list[str]:
        """Column names, in file order."""
        return [column.name for column in self.columns]

    def with_types(self, types: dict[int, FieldType]) -> Grammar:
        """The same grammar with some column types set by hand, their confidence 1."""
        columns = tuple(
            replace(column, type=types[column.index], confidence=1.0, alternatives=())
            if column.index in types
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)
