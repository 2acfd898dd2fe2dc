"""The tables of a profile as CSV files that a spreadsheet opens without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from floodmark.reports.csv_tables import LONGEST_CELL, Row, write_tables
from floodmark.reports.labels import column_name, country_name
from floodmark.reports.numbers import Intervals
from floodmark.triage.profile import Profile, ReasonCount


def write(profile: Profile, folder: Path) -> list[Path]:
    """Write every table into `folder`, which is made when missing; each file appears whole or not at all.

    Returns:
        The files, in the order of `tables`.

    Raises:
        OutputFailed: the folder or a file cannot be written.
    """
    return write_tables(tables(profile), folder)


def tables(profile: Profile) -> dict[str, list[Row]]:
    """The tables by name, each with its header as first row. `low` and `high` are filled in quick mode only."""
    intervals = Intervals(profile.intervals)
    return {
        "summary": [*_summary(profile)],
        "files": [*_files(profile)],
        "columns": [*_columns(profile)],
        "quarantine": [*_reasons(profile)],
        "identifiers": [*_identifiers(profile, intervals)],
        "countries": [*_countries(profile, intervals)],
        "fields": [*_fields(profile, intervals)],
        "field_sets": [*_field_sets(profile, intervals)],
        "dates": [*_dates(profile)],
    }


def _bounds(intervals: Intervals, pointer: str) -> tuple[int | None, int | None]:
    return intervals.bounds(pointer) or (None, None)


def _summary(profile: Profile) -> Iterator[Row]:
    """The first screen, a sentence a row."""
    yield ["part", "sentence"]
    for part in ("can_say", "cannot_say", "ask_next"):
        for sentence in getattr(profile.summary, part):
            yield [part, sentence]
    for finding in profile.warnings:
        yield [finding.severity, finding.message]


def _files(profile: Profile) -> Iterator[Row]:
    fates = ("total", "accepted", "repaired", "quarantined", "skipped")
    yield (
        *(
            "file",
            "size",
            "sha256",
            "records",
            "record",
            "delimiter",
            "encoding",
            "container",
            "header",
            "table",
            "encoding_confidence",
        ),
        *(f"{unit}_{fate}" for unit in ("lines", "bytes") for fate in fates),
        "problem",
    )
    for file in profile.files:
        grammar = file.grammar
        yield (
            *(file.label, file.size, file.sha256, file.records),
            *(
                (
                    grammar.record,
                    _visible(grammar.delimiter),
                    grammar.encoding,
                    grammar.container,
                    grammar.header,
                    grammar.table,
                    grammar.encoding_confidence,
                )
                if grammar
                else (None,) * 7
            ),
            *(getattr(shares, fate) for shares in (file.lines, file.bytes) for fate in fates),
            file.problem["slug"] if file.problem else None,
        )


def _visible(delimiter: str) -> str:
    r"""A delimiter with white space as an escape (`\t`), since a cell keeps none."""
    return delimiter.encode("unicode_escape").decode() if delimiter.strip() != delimiter else delimiter


def _columns(profile: Profile) -> Iterator[Row]:
    yield "file", "index", "name", "type", "confidence", "fill_rate", "valid_rate", "date_order", "hash_kind"
    for file in profile.files:
        for column in file.grammar.columns if file.grammar else ():
            yield (
                *(file.label, column.index, column_name(column.name, LONGEST_CELL), column.type),
                *(
                    column.confidence,
                    column.fill_rate,
                    column.valid_rate,
                    column.date_order,
                    column.hash_kind,
                ),
            )


def _reasons(profile: Profile) -> Iterator[Row]:
    yield "file", "fate", "reason", "lines", "bytes", "first_offsets"
    for file in profile.files:
        kinds: dict[str, list[ReasonCount]] = {
            "quarantined": file.quarantine,
            "repaired": file.repairs,
            "skipped": file.skipped,
        }
        for fate, reasons in kinds.items():
            for one in reasons:
                offsets = " ".join(str(offset) for offset in one.offsets[:20])
                yield file.label, fate, one.reason, one.lines, one.bytes, offsets


def _identifiers(profile: Profile, intervals: Intervals) -> Iterator[Row]:
    yield "kind", "rows", "valid_rows", "distinct", "distinct_low", "distinct_high"
    for place, one in enumerate(profile.identifiers):
        yield (
            one.kind,
            one.rows,
            one.valid,
            one.distinct,
            *_bounds(intervals, f"/identifiers/{place}/distinct"),
        )


def _countries(profile: Profile, intervals: Intervals) -> Iterator[Row]:
    """Countries by phone and by location text, told apart by `source`."""
    yield "source", "country", "name", "rows", "distinct", "rows_low", "rows_high"
    for place, one in enumerate(profile.countries):
        bounds = _bounds(intervals, f"/countries/{place}/phones")
        yield "phone", one.country, country_name(one.country), one.phones, one.distinct, *bounds
    for place, named in enumerate(profile.locations.countries):
        bounds = _bounds(intervals, f"/locations/countries/{place}/rows")
        code = named["country"]
        yield "location", code, country_name(code), named["rows"], None, *bounds


def _fields(profile: Profile, intervals: Intervals) -> Iterator[Row]:
    yield "type", "rows", "fill_rate", "valid_rows", "special_category", "columns", "rows_low", "rows_high"
    for place, one in enumerate(profile.fields):
        columns = "; ".join(dict.fromkeys(column_name(name) for name in one.columns))
        bounds = _bounds(intervals, f"/fields/{place}/rows")
        yield one.type, one.rows, one.fill_rate, one.valid, one.special_category, columns, *bounds


def _field_sets(profile: Profile, intervals: Intervals) -> Iterator[Row]:
    yield "fields", "rows", "rows_low", "rows_high"
    for place, one in enumerate(profile.field_sets):
        yield "; ".join(one.fields), one.rows, *_bounds(intervals, f"/field_sets/{place}/rows")


def _dates(profile: Profile) -> Iterator[Row]:
    """One row for the whole of each column, then one for each sentinel and one for each year of it."""
    yield "file", "column", "type", "what", "value", "rows", "earliest", "latest", "order", "ambiguous"
    for one in profile.dates:
        start = (one.file, column_name(one.column), one.type)
        yield *start, "parsed", None, one.parsed, one.earliest, one.latest, one.order, one.ambiguous
        for sentinel in one.sentinels:
            yield *start, "sentinel", sentinel["value"], sentinel["rows"], None, None, None, None
        for year in one.years:
            yield *start, "year", year["year"], year["rows"], None, None, None, None
