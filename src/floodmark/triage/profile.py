"""Triage's result: a profile of one or more files. Counts say whether they count rows or identifiers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from floodmark.triage.statistics.profile import StatisticsProfile

SCHEMA_VERSION = 3


@dataclass(frozen=True)
class ColumnProfile:
    """One column as found.

    `fill_rate` is non-empty cells over records; `valid_rate` valid over non-empty cells, None where the type has
    no check (names, free text).
    """

    index: int
    name: str
    type: str
    confidence: float
    fill_rate: float
    valid_rate: float | None
    date_order: str | None = None
    alternatives: list[dict[str, Any]] = field(default_factory=list)  # {type, confidence}
    hash_kind: str | None = None


@dataclass(frozen=True)
class GrammarProfile:
    """The grammar of one text, or of one table in it, as reported."""

    record: str
    delimiter: str
    encoding: str
    container: str
    header: bool
    columns: list[ColumnProfile]
    quote: str | None = None
    newline: str = "lf"
    preamble: int = 0
    protected: list[str] = field(default_factory=list)
    confidence: float = 1.0
    alternatives: list[dict[str, Any]] = field(
        default_factory=list
    )  # {delimiter, columns, confidence, reason, record}
    table: str = ""
    encoding_confidence: float = 1.0


@dataclass(frozen=True)
class Shares:
    """Lines or bytes by fate; `total` is the sum of the other four."""

    total: int
    accepted: int
    repaired: int
    quarantined: int
    skipped: int


@dataclass(frozen=True)
class ReasonCount:
    """Lines and bytes of one repair, quarantine reason or kind of skipped line, with its first offsets."""

    reason: str
    lines: int
    bytes: int
    offsets: list[int]


@dataclass(frozen=True)
class FileProfile:
    """One file (or member): grammar, accounting, records. `problem` is set when it could not be read."""

    label: str
    size: int
    sha256: str | None
    records: int
    grammar: GrammarProfile | None
    lines: Shares
    bytes: Shares
    repairs: list[ReasonCount]
    quarantine: list[ReasonCount]
    skipped: list[ReasonCount]
    problem: dict[str, str] | None = None  # {slug, message, hint}


@dataclass(frozen=True)
class IdentifierProfile:
    """Identifiers of one kind: rows that have one, rows where it is valid, exact distinct valid values."""

    kind: str
    rows: int
    valid: int
    distinct: int


@dataclass(frozen=True)
class CountryProfile:
    """Rows with a valid phone number of this country (ISO 3166-1 alpha-2, `ZZ` unknown); distinct numbers."""

    country: str
    phones: int
    distinct: int


@dataclass(frozen=True)
class LocationProfile:
    """Countries read from location text, apart from phones. `unknown` rows have text that names no country."""

    rows: int
    unknown: int
    countries: list[dict[str, Any]]  # {country, rows}, most rows first


@dataclass(frozen=True)
class FieldProfile:
    """One field type over all files: rows with it, share of all rows, valid rows (None: no check)."""

    type: str
    rows: int
    fill_rate: float
    valid: int | None
    columns: list[str]
    special_category: bool


@dataclass(frozen=True)
class FieldSetProfile:
    """Rows that have exactly this set of field types, and no others."""

    fields: list[str]
    rows: int


@dataclass(frozen=True)
class DateProfile:
    """One date column. Sentinels (`0001-01-01`, `1970-01-01`, …) are counted apart from `earliest`/`latest`.

    `order` is how day, month and year were read; `ambiguous` counts rows whose day and month could swap
    where the column itself does not decide. `years` is `[{year, rows}]`.
    """

    file: str
    column: str
    type: str
    rows: int
    parsed: int
    earliest: str | None
    latest: str | None
    order: str | None
    ambiguous: int
    sentinels: list[dict[str, Any]]  # {value, rows}
    years: list[dict[str, int]]  # {year, rows}


@dataclass(frozen=True)
class MinorsProfile:
    """Rows whose birth date makes the person younger than 18 on `as_of`; `low`..`high` spans partial dates."""

    as_of: str
    rows: int
    minors: int
    low: int
    high: int


@dataclass(frozen=True)
class DuplicatesProfile:
    """Rows that repeat another row cell for cell, as read. `repeats` = rows - distinct."""

    rows: int
    distinct: int
    repeats: int
    most_copies: int


@dataclass(frozen=True)
class RunsProfile:
    """Runs of neighbouring phone numbers (distinct, sorted, difference 1), of at least `shortest` numbers."""

    numbers: int
    shortest: int
    in_runs: int
    runs: int
    longest: int
    lengths: list[dict[str, int]]  # {low, high, runs, numbers}


@dataclass(frozen=True)
class DomainsProfile:
    """Most frequent e-mail domains by rows; domains below `floor` rows are in `other_rows` only."""

    distinct: int
    floor: int
    top: list[dict[str, Any]]  # {domain, rows}
    other_rows: int
    error: int = 0


@dataclass(frozen=True)
class Finding:
    """Something to notice first. `severity` is `info`, `warning` or `danger`; `rows` None where not countable."""

    slug: str
    severity: str
    message: str
    rows: int | None = None


@dataclass(frozen=True)
class Summary:
    """First screen: what can be said, what cannot, what to ask next; each a list of plain sentences."""

    can_say: list[str]
    cannot_say: list[str]
    ask_next: list[str]


@dataclass(frozen=True)
class Profile:
    """The whole result.

    `mode` is `exact` or `quick`; a quick profile's counts are estimates and `intervals` maps a JSON pointer
    (`/rows`) to its `[low, high]` at 95 %. `unseen_rows` is the most that stretches hold of which nothing was read.
    `statistics` are there where a leak is saved.
    """

    mode: str
    synthetic: bool
    rows: int
    summary: Summary
    files: list[FileProfile]
    identifiers: list[IdentifierProfile]
    countries: list[CountryProfile]
    locations: LocationProfile
    fields: list[FieldProfile]
    field_sets: list[FieldSetProfile]
    dates: list[DateProfile]
    minors: MinorsProfile | None
    duplicates: DuplicatesProfile
    runs: RunsProfile
    email_domains: DomainsProfile
    warnings: list[Finding]
    custody: dict[str, Any]
    intervals: dict[str, list[int]] = field(default_factory=dict)
    unseen_rows: int = 0
    statistics: StatisticsProfile | None = None
    schema_version: int = SCHEMA_VERSION

    def largest_files(self, most: int) -> list[tuple[int, FileProfile]]:
        """The files with the most records, at most so many, with their numbers and in their order."""
        ranked = sorted(enumerate(self.files), key=lambda item: (item[1].problem is None, -item[1].records))
        return sorted(ranked[:most], key=lambda item: item[0])

    def to_dict(self) -> dict[str, Any]:
        """The profile as JSON-ready values, in the shape that `profile.schema.json` publishes."""
        return asdict(self)
