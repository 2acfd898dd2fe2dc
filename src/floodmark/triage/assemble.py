"""From sums to the profile that is published: pure functions over what was observed."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps import Accounting, Grammar, InputDigest
from floodmark.errors import FloodmarkError
from floodmark.identifiers import KINDS, FieldType, phones
from floodmark.identifiers.recognise import recogniser
from floodmark.triage.frequent import FrequentCounter
from floodmark.triage.observe import Observed, field_types
from floodmark.triage.profile import (
    ColumnProfile,
    CountryProfile,
    DateProfile,
    DomainsProfile,
    FieldProfile,
    FieldSetProfile,
    FileProfile,
    GrammarProfile,
    IdentifierProfile,
    LocationProfile,
    MinorsProfile,
    ReasonCount,
    Shares,
)

DOMAIN_FLOOR = 5
DOMAINS_SHOWN = 100
SETS_SHOWN = 200


@dataclass(frozen=True)
class FileResult:
    """One file, read or not.

    Attributes:
        label: what reports call it.
        size: raw bytes.
        sha256: of the raw bytes; None where not all were read.
        grammar: None where it could not be read.
        accounting: where its text went.
        observed: what its records showed.
        synthetic: whether it says of itself that it is synthetic.
        problem: why it could not be read, or not to the end.
        input: the input that it is, or is a part of, as custody names it.
    """

    label: str
    size: int
    sha256: str | None
    grammar: Grammar | None = None
    accounting: Accounting = field(default_factory=Accounting)
    observed: Observed | None = None
    synthetic: bool = False
    problem: FloodmarkError | None = None
    input: InputDigest | None = None

    @property
    def read(self) -> tuple[Grammar, Observed] | None:
        """Grammar and sums of a file that was read."""
        return (self.grammar, self.observed) if self.grammar and self.observed else None


def file_profile(result: FileResult) -> FileProfile:
    """The published profile of one file."""
    problem = result.problem
    return FileProfile(
        label=result.label,
        size=result.size,
        sha256=result.sha256,
        records=result.accounting.records,
        grammar=_grammar(*result.read) if result.read else None,
        lines=_shares(result.accounting.lines),
        bytes=_shares(result.accounting.bytes),
        repairs=_reasons(result.accounting, "repaired"),
        quarantine=_reasons(result.accounting, "quarantined"),
        skipped=_reasons(result.accounting, "skipped"),
        problem={"slug": problem.slug, "message": problem.message, "hint": problem.hint} if problem else None,
    )


def _shares(counts: dict[str, int]) -> Shares:
    return Shares(sum(counts.values()), **counts)


def _reasons(accounting: Accounting, kind: str) -> list[ReasonCount]:
    tallies = sorted(accounting.reasons[kind].items(), key=lambda item: -item[1].lines)
    return [ReasonCount(reason, tally.lines, tally.bytes, tally.offsets) for reason, tally in tallies]


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Most first, ties by name, so that the same input gives the same profile."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def checkable(kind: FieldType) -> bool:
    """Whether a cell of this type can be valid or not."""
    return kind.identifier_kind is not None or kind.is_date or recogniser(kind) is not None


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0


def _grammar(grammar: Grammar, observed: Observed) -> GrammarProfile:
    columns = [
        ColumnProfile(
            index=column.index,
            name=column.name,
            type=column.type.label,
            confidence=round(column.confidence, 3),
            fill_rate=_share(int(observed.filled[column.index]), observed.rows),
            valid_rate=_share(int(observed.valid[column.index]), int(observed.filled[column.index]))
            if checkable(column.type) and observed.filled[column.index]
            else None,
            date_order=column.date_order,
            alternatives=[{"type": kind.label, "confidence": round(p, 3)} for kind, p in column.alternatives],
            hash_kind=column.hash_kind,
        )
        for column in grammar.columns
    ]
    alternatives: list[dict[str, Any]] = [
        {
            "delimiter": a.delimiter,
            "columns": a.columns,
            "confidence": a.confidence,
            "reason": a.reason,
            "record": a.record,
        }
        for a in grammar.alternatives
    ]
    return GrammarProfile(
        record=grammar.record,
        delimiter=grammar.delimiter,
        encoding=grammar.encoding,
        container=grammar.container,
        header=grammar.header,
        columns=columns,
        quote=grammar.quote,
        newline=grammar.newline,
        preamble=grammar.preamble,
        protected=list(grammar.protected),
        confidence=grammar.confidence,
        alternatives=alternatives,
        table=grammar.table,
        encoding_confidence=round(grammar.encoding_confidence, 3),
    )


def identifiers(files: list[FileResult], distinct: dict[str, int]) -> list[IdentifierProfile]:
    """Identifiers by kind, over all files."""
    rows: Counter[str] = Counter()
    valid: Counter[str] = Counter()
    for file in files:
        if file.observed:
            rows.update(file.observed.kind_rows)
            valid.update(file.observed.kind_valid)
    return [IdentifierProfile(kind, rows[kind], valid[kind], distinct[kind]) for kind in KINDS if rows[kind]]


def countries(files: list[FileResult], distinct: NDArray[np.int64]) -> list[CountryProfile]:
    """Valid phone numbers by country, most first."""
    total = np.zeros(len(phones.REGIONS), np.int64)
    for file in files:
        if file.observed:
            total += file.observed.regions
    order = np.argsort(-total, kind="stable")
    return [
        CountryProfile(phones.REGIONS[i], int(total[i]), int(distinct[i])) for i in order.tolist() if total[i]
    ]


def largest_regions(files: list[FileResult], most: int) -> list[int]:
    """Regions with the most rows that have a valid number, at most `most` of them, most rows first."""
    total = np.zeros(len(phones.REGIONS), np.int64)
    for file in files:
        if file.observed:
            total += file.observed.regions
    order = np.argsort(-total, kind="stable")[:most]
    return [region for region in order.tolist() if total[region]]


def locations(files: list[FileResult]) -> LocationProfile:
    """Rows by the country that their location text names."""
    total: Counter[str] = Counter()
    for file in files:
        if file.observed:
            total.update(file.observed.places)
    unknown = total.pop("", 0)
    named = [{"country": country, "rows": rows} for country, rows in _ranked(total)]
    return LocationProfile(rows=total.total() + unknown, unknown=unknown, countries=named)


def fields(files: list[FileResult], rows: int) -> list[FieldProfile]:
    """Field types over all files, in the order of their numbers."""
    with_type: Counter[FieldType] = Counter()
    valid: Counter[FieldType] = Counter()
    names: dict[FieldType, list[str]] = {}
    uncounted: set[FieldType] = set()
    for grammar, observed in (file.read for file in files if file.read):
        with_type.update(rows_by_type(grammar, observed))
        for kind in {column.type for column in grammar.columns}:
            found = valid_rows(grammar, observed, kind)
            uncounted |= {kind} if found is None else set()
            valid[kind] += found or 0
        for column in grammar.columns:
            names.setdefault(column.type, []).append(column.name)
    return [
        FieldProfile(
            type=kind.label,
            rows=with_type[kind],
            fill_rate=_share(with_type[kind], rows),
            valid=None if kind in uncounted else valid[kind],
            columns=list(dict.fromkeys(names[kind])),
            special_category=kind.special_category,
        )
        for kind in sorted(names)
    ]


def rows_by_type(grammar: Grammar, observed: Observed) -> Counter[FieldType]:
    """Rows that have each field type, in one column or several."""
    found = Counter({FieldType.UNKNOWN: observed.untyped})
    types = field_types(grammar)
    for mask, count in observed.sets.items():
        found.update({kind: count for bit, kind in enumerate(types) if mask >> bit & 1})
    return found


def valid_rows(grammar: Grammar, observed: Observed, kind: FieldType) -> int | None:
    """Rows where a type is valid; None where it has no check, or where several columns were checked one by one."""
    if kind.identifier_kind is not None:
        return observed.kind_valid[kind.identifier_kind]
    columns = [column.index for column in grammar.columns if column.type is kind]
    if not checkable(kind) or len(columns) > 1:
        return None
    return sum(int(observed.valid[index]) for index in columns)


def field_sets(files: list[FileResult]) -> list[FieldSetProfile]:
    """Rows by the exact set of field types that they have, most first."""
    total: Counter[tuple[FieldType, ...]] = Counter()
    for grammar, observed in (file.read for file in files if file.read):
        types = field_types(grammar)
        for mask, count in observed.sets.items():
            total[tuple(sorted(kind for bit, kind in enumerate(types) if mask >> bit & 1))] += count
    shown = heapq.nsmallest(SETS_SHOWN, total.items(), key=lambda item: (-item[1], item[0]))
    return [FieldSetProfile([kind.label for kind in kinds], rows) for kinds, rows in shown]


def date_profiles(files: list[FileResult]) -> list[DateProfile]:
    """Every date column of every file."""
    profiles: list[DateProfile] = []
    for file in files:
        if not file.read:
            continue
        grammar, observed = file.read
        for index, tally in sorted(observed.dates.items()):
            column = grammar.columns[index]
            profiles.append(
                DateProfile(
                    file=file.label,
                    column=column.name,
                    type=column.type.label,
                    rows=tally.rows,
                    parsed=tally.parsed,
                    earliest=tally.earliest.isoformat() if tally.earliest else None,
                    latest=tally.latest.isoformat() if tally.latest else None,
                    order=column.date_order,
                    ambiguous=tally.ambiguous,
                    sentinels=[{"value": value, "rows": rows} for value, rows in _ranked(tally.sentinels)],
                    years=[{"year": year, "rows": rows} for year, rows in sorted(tally.years.items())],
                )
            )
    return profiles


def birth_column(grammar: Grammar, observed: Observed) -> int | None:
    """The column of birth dates; of several the fullest, since each row is about one person."""
    columns = [
        c.index for c in grammar.columns if c.type is FieldType.BIRTH_DATE and c.index in observed.dates
    ]
    return max(columns, key=lambda index: observed.dates[index].rows, default=None)


def minors(files: list[FileResult], as_of: str) -> MinorsProfile | None:
    """Minors by birth date over all files; None without birth dates."""
    tallies = [
        observed.dates[column]
        for grammar, observed in (file.read for file in files if file.read)
        if (column := birth_column(grammar, observed)) is not None
    ]
    if not tallies:
        return None
    certain, perhaps = sum(t.minors for t in tallies), sum(t.perhaps for t in tallies)
    rows = sum(t.rows for t in tallies)
    return MinorsProfile(as_of=as_of, rows=rows, minors=certain, low=certain, high=certain + perhaps)


def domains(counter: FrequentCounter) -> DomainsProfile:
    """Most frequent e-mail domains; rare ones can name a person and are only counted."""
    top = [(key, count) for key, count, _ in counter.top(DOMAINS_SHOWN).iter_rows() if count >= DOMAIN_FLOOR]
    return DomainsProfile(
        distinct=counter.distinct,
        floor=DOMAIN_FLOOR,
        top=[{"domain": key, "rows": count} for key, count in top],
        other_rows=counter.total - sum(count for _, count in top),
        error=counter.error,
    )
