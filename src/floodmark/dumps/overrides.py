"""Parts of a grammar that a caller states, checked before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.protect import PATTERNS
from floodmark.errors import UsageError
from floodmark.identifiers import FieldType

NEWLINES = ("lf", "crlf", "cr", "mixed")
RECORDS: tuple[str, ...] = get_args(RecordKind)
BY_PLACE = ("delimited", "jsonl", "fixed")
"""Kinds of records whose columns are stated by their place, and not by what the text calls them."""
LONGEST_DELIMITER = 16


@dataclass(frozen=True)
class StatedTable:
    """What the caller knows of one table.

    Attributes:
        name: as the text calls it; empty for the one table of a text.
        types: names of columns and what they say of a person; of other columns it is inferred.
    """

    name: str
    types: tuple[tuple[str, FieldType], ...]


@dataclass(frozen=True)
class Overrides:
    """What the caller knows; None leaves a part to inference.

    Attributes:
        delimiter: text between cells; empty where a line is one cell.
        quote: quoting character; empty for none.
        header: whether the first record names the columns.
        preamble: lines before the header or the first record.
        encoding: name of the encoding.
        newline: one of `NEWLINES`.
        record: one of `RECORDS`.
        columns: names of the columns, or labels of their types.
        protected: names of protected patterns (`protect.PATTERNS`); none when empty.
        tables: tables whose columns are stated by name.
        rest: whether the column of passwords, or else the last, takes all delimiters that the others leave.
        escape: character before a quote or a delimiter that is text; empty for none.
        after_site: in lists of credentials, what stands after the address of a site instead of the delimiter.

    Raises:
        UsageError: a part cannot be.
        UnknownEncoding: an encoding that exists but is not read.
    """

    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    preamble: int | None = None
    encoding: str | None = None
    newline: str | None = None
    record: str | None = None
    columns: tuple[str, ...] | None = None
    protected: tuple[str, ...] | None = None
    tables: tuple[StatedTable, ...] = ()
    rest: bool | None = None
    escape: str | None = None
    after_site: str | None = None

    def types_of(self, table: str) -> dict[str, FieldType]:
        """Types that are stated of the columns of a table, by name."""
        return dict(next((one.types for one in self.tables if one.name == table), ()))

    def __post_init__(self) -> None:
        """Refuse what no file could be read by."""
        self._check_kinds()
        if self.delimiter is not None and not _can_delimit(self.delimiter):
            hint = "Up to 16 characters, without line ends and double quotes."
            raise UsageError("The delimiter cannot be used", hint)
        if self.quote and not _can_quote(self.quote):
            raise UsageError(
                "The quoting character cannot be used", "Use one ASCII mark such as \" or ', or none."
            )
        if self.quote and self.delimiter and self.quote in self.delimiter:
            raise UsageError("Quoting character and delimiter overlap", "State another of the two.")
        if self.escape and (not _can_quote(self.escape) or self.escape in (self.quote, self.delimiter)):
            raise UsageError(
                "The escaping character cannot be used", "Use one ASCII mark such as \\, or none."
            )
        if self.after_site and (len(self.after_site) != 1 or not _can_delimit(self.after_site)):
            raise UsageError(
                "What stands after a site cannot be that", "State one character, such as a blank."
            )
        if self.newline is not None and self.newline not in NEWLINES:
            raise UsageError("No such kind of line end", f"One of {', '.join(NEWLINES)}.")
        if self.record is not None and self.record not in RECORDS:
            raise UsageError("No such kind of record", f"One of {', '.join(RECORDS)}.")
        if self.preamble is not None and self.preamble < 0:
            raise UsageError("The preamble cannot have fewer than no lines", "State 0 or more.")
        if self.columns is not None and not self.columns:
            raise UsageError("No column is named", "Name at least one column, or leave columns to inference.")
        if unknown := sorted(set(self.protected or ()) - {pattern.name for pattern in PATTERNS}):
            known = ", ".join(pattern.name for pattern in PATTERNS)
            raise UsageError(f"There is no protected pattern {unknown[0][:40]!r}", f"There are {known}.")
        if self.encoding is not None:
            _check_encoding(self.encoding)

    def _check_kinds(self) -> None:
        texts = ("delimiter", "quote", "escape", "after_site", "encoding", "newline", "record")
        kinds = {**dict.fromkeys(texts, str), "header": bool, "rest": bool, "preamble": int}
        wrong = [name for name, kind in kinds.items() if not isinstance(getattr(self, name), kind | None)]
        if not all(isinstance(name, str) for name in self.columns or ()):
            wrong.append("columns")
        if wrong:
            raise UsageError(
                f"Wrong kind of value: {', '.join(wrong)}", "Texts are quoted, header is true or false."
            )


def _can_delimit(text: str) -> bool:
    surrogates = any(0xD800 <= ord(c) <= 0xDFFF for c in text)
    return len(text) <= LONGEST_DELIMITER and not set(text) & set('\r\n\0"') and not surrogates


def _can_quote(text: str) -> bool:
    return len(text) == 1 and text.isascii() and not text.isalnum() and text not in "\r\n\0 "


def _check_encoding(name: str) -> None:
    if name.strip().lower() not in ("utf-16", "utf-32"):
        code_page(name)
