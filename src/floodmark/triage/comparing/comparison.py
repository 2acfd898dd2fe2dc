"""Two dumps side by side, as published. Every number says whether it counts rows or distinct identifiers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Side:
    """One of the two dumps.

    Attributes:
        label: what reports call it.
        rows: records in it.
        distinct: distinct records, cell for cell.
        files: files that it is of.
        tables: members of these files, and tables in them, as a report of the dump lists them: at least one a file.
        unread: files and members that could not be read, or not to their end.
        size: raw bytes of the files.
        quarantined: lines that no grammar explains.
        synthetic: whether it says of itself that it is synthetic.
        inputs: SHA-256 and size of every file, as custody has them.
    """

    label: str
    rows: int
    distinct: int
    files: int
    tables: int
    unread: int
    size: int
    quarantined: int
    synthetic: bool
    inputs: list[dict[str, Any]]


@dataclass(frozen=True)
class ColumnOf:
    """One column of one dump, over all its tables that have it.

    Attributes:
        name: header text, or the type's label where there is none.
        type: label of what it says of a person.
        rows: records of the tables that have it.
        fill_rate: share of these in which it is not empty.
    """

    name: str
    type: str
    rows: int
    fill_rate: float


@dataclass(frozen=True)
class SharedColumn:
    """A column of both dumps.

    Attributes:
        a: as the first has it.
        b: as the second has it.
        by: `name and type`, `type` (another name) or `name` (another type): what says that they are the same.
        compared: whether rows are compared by it: all tables of which rows are compared have it.
    """

    a: ColumnOf
    b: ColumnOf
    by: str
    compared: bool


@dataclass(frozen=True)
class FieldFill:
    """One field type: rows that have it in each dump, and their share of all rows of that dump."""

    type: str
    rows_a: int
    rows_b: int
    fill_a: float
    fill_b: float


@dataclass(frozen=True)
class CountryPair:
    """One country: rows with a valid phone number of it in each dump, and distinct numbers."""

    country: str
    rows_a: int
    rows_b: int
    distinct_a: int
    distinct_b: int


@dataclass(frozen=True)
class ValuePair:
    """One value on the shared identifiers of a kind; all numbers count identifiers.

    Attributes:
        value: `name` or `location`.
        both: identifiers that have it in both dumps.
        equal: of these, those for which it is the same.
        only_a: identifiers that have it in the first alone.
        only_b: in the second alone.
        chance: share of pairs of two different people that agree; None below two.
    """

    value: str
    both: int
    equal: int
    only_a: int
    only_b: int
    chance: float | None

    @property
    def share(self) -> float | None:
        """Share of `both` that is equal; None when there is none."""
        return self.equal / self.both if self.both else None


@dataclass(frozen=True)
class FieldGain:
    """Shared identifiers that have a field type in the first dump alone, in the second alone, in both."""

    type: str
    only_a: int
    only_b: int
    both: int


@dataclass(frozen=True)
class KindPair:
    """Distinct valid identifiers of one kind: exact, and neither rows nor people.

    Attributes:
        kind: of identifier.
        a: in the first dump.
        b: in the second.
        both: in both.
        values: whether the shared ones are said the same of.
        fields: what one dump has of the shared ones and the other lacks, those that differ most first.
    """

    kind: str
    a: int
    b: int
    both: int
    values: list[ValuePair]
    fields: list[FieldGain]

    @property
    def only_a(self) -> int:
        """In the first dump alone."""
        return self.a - self.both

    @property
    def only_b(self) -> int:
        """In the second dump alone."""
        return self.b - self.both


@dataclass(frozen=True)
class RowPair:
    """Rows compared by the columns that both dumps have, in all tables of which rows are compared.

    Attributes:
        columns: how many columns are compared.
        a: rows of the first dump, of tables that have all these columns, with anything in them.
        b: rows of the second.
        distinct_a: distinct ones among those.
        distinct_b: distinct ones of the second.
        distinct_both: distinct ones that both have.
        a_in_b: rows of the first, copies counted, that the second has too.
        b_in_a: rows of the second that the first has too.
        blank_a: rows of the first with nothing in these columns, which are not compared.
        blank_b: rows of the second.
        lacking_a: rows of the first in tables that lack one of these columns, which are not compared either.
        lacking_b: rows of the second.
    """

    columns: int
    a: int
    b: int
    distinct_a: int
    distinct_b: int
    distinct_both: int
    a_in_b: int
    b_in_a: int
    blank_a: int
    blank_b: int
    lacking_a: int
    lacking_b: int

    @property
    def only_a(self) -> int:
        """Rows of the first dump, copies counted, that the second has not."""
        return self.a - self.a_in_b

    @property
    def only_b(self) -> int:
        """Rows of the second dump that the first has not."""
        return self.b - self.b_in_a

    @property
    def uncompared_a(self) -> int:
        """Rows of the first dump that could not be compared."""
        return self.blank_a + self.lacking_a

    @property
    def uncompared_b(self) -> int:
        """Rows of the second dump that could not be compared."""
        return self.blank_b + self.lacking_b


@dataclass(frozen=True)
class Comparison:
    """Two dumps side by side.

    Attributes:
        a: the first.
        b: the second.
        shared_columns: columns of both.
        columns_a: columns of the first alone.
        columns_b: columns of the second alone.
        fields: the fill vectors, by field type.
        countries: by phone number, those with most rows first.
        identifiers: by kind.
        rows: None where no column is shared, or rows were not asked for.
    """

    a: Side
    b: Side
    shared_columns: list[SharedColumn]
    columns_a: list[ColumnOf]
    columns_b: list[ColumnOf]
    fields: list[FieldFill]
    countries: list[CountryPair]
    identifiers: list[KindPair]
    rows: RowPair | None

    @property
    def synthetic(self) -> bool:
        """Whether both dumps say of themselves that they are synthetic."""
        return self.a.synthetic and self.b.synthetic

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/reference/comparison.md)."""
        found = {"schema_version": SCHEMA_VERSION} | asdict(self)
        for kind, one in zip(found["identifiers"], self.identifiers, strict=True):
            kind |= {"only_a": one.only_a, "only_b": one.only_b}
        if self.rows is not None:
            found["rows"] |= {"only_a": self.rows.only_a, "only_b": self.rows.only_b}
        return found
