"""What of a profile may be public: counts that no single person moves, and no word that the dump brought with it.

    >>> rounded(533_313_128), rounded(14), rounded(10), rounded(9)
    (533313130, 10, 10, 0)

The rule (docs/reference/public-profiles.md says why):

1. Every number is rounded to tens, and 0 stands for nine and fewer.
2. A kind of data, a set of them, a country, a year or a domain is named only where ten different rows, with as many
   different identifiers, are behind it. What is not named is summed up as `other`.
3. Nothing is passed on that the dump's maker could have chosen: no name of a file, a column or a value, but for the
   domains of large e-mail providers. Dates are years; nothing says which is the first or the last of all.
4. Of a file its SHA-256 is told only where it holds so many rows that nobody could try what is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from floodmark.identifiers import KINDS, FieldType
from floodmark.triage.profile import (
    CountryProfile,
    DomainsProfile,
    FieldProfile,
    FieldSetProfile,
    IdentifierProfile,
    LocationProfile,
    MinorsProfile,
    Profile,
)
from floodmark.triage.statistics.copies import SINGLES
from floodmark.triage.statistics.profile import CopyCounts

LEAST = 10
"""Of what is told; every number is a multiple of it."""
LEAST_DOMAIN = 1_000  # rows of a domain that is named
LEAST_DOMAIN_SHARE = 0.001  # of the rows with an address
MOST_DOMAINS = 10
MOST_SETS = 40
LEAST_RECORDS = 1_000  # of a file whose SHA-256 is told
FIRST_YEAR, LAST_YEAR = 1900, 2100
_COUNTRY = re.compile(r"[A-Z]{2}|001")
_DOMAIN = re.compile(r"(?=.{4,40}\Z)(?!.*[0-9]{4})(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True)
class PublicYears:
    """Rows by year in the dates of one field type, over all its columns.

    Attributes:
        type: label of the field type.
        rows: with a date of it.
        placeholders: rows whose date stands for none, such as 1970-01-01.
        years: `{year, rows}`, in order.
        other: rows of years that are not named.
    """

    type: str
    rows: int
    placeholders: int
    years: list[dict[str, int]]
    other: int


@dataclass(frozen=True)
class PublicField:
    """Rows that have one field type: how many, their share of all, and those where it is valid (None: no check)."""

    type: str
    rows: int
    share: float
    valid: int | None
    special_category: bool


@dataclass(frozen=True)
class PublicFile:
    """A file that was read: its size in bytes and SHA-256, and the rows that came of it."""

    size: int
    sha256: str
    records: int


@dataclass(frozen=True)
class PublicProfile:
    """A profile as everybody may see it.

    Attributes:
        synthetic: whether it is of made-up data.
        estimated: whether its counts are estimates from a part of the dump.
        rows: of the dump.
        repeats: rows that repeat another cell for cell.
        identifiers: by kind.
        countries: of phone numbers, most rows first; `other` sums up those that are not named.
        other_countries: the same.
        locations: countries that location text names.
        other_locations: rows whose location text names another.
        fields: field types, most rows first.
        field_sets: sets of field types that rows have exactly, most rows first.
        other_field_sets: rows with a set that is not named.
        years: of each field type that is a date.
        minors: rows whose birth date makes somebody younger than 18; None where there are no birth dates.
        neighbours: distinct phone numbers that stand in runs of neighbours.
        email_domains: the largest.
        files: that were read, those of few rows left out.
        other_files: how many were left out.
    """

    synthetic: bool
    estimated: bool
    rows: int
    repeats: int
    identifiers: list[IdentifierProfile]
    countries: list[CountryProfile]
    other_countries: int
    locations: LocationProfile
    other_locations: int
    fields: list[PublicField]
    field_sets: list[FieldSetProfile]
    other_field_sets: int
    years: list[PublicYears]
    minors: MinorsProfile | None
    neighbours: int
    email_domains: DomainsProfile
    files: list[PublicFile]
    other_files: int

    def to_dict(self) -> dict[str, Any]:
        """The profile as JSON-ready values."""
        return asdict(self)


def rounded(value: int) -> int:
    """A count to tens, nearest first; 0 for nine and fewer."""
    return 0 if value < LEAST else (value + LEAST // 2) // LEAST * LEAST


def public_profile(profile: Profile) -> PublicProfile:
    """What of a profile may be public.

    Args:
        profile: of a saved leak.
    """
    least = _least_rows(profile)
    countries, others = _countries(profile.countries)
    located = [one for one in profile.locations.countries if _COUNTRY.fullmatch(str(one["country"]))]
    places = [one for one in located if one["rows"] >= least]
    sets, other_sets = _field_sets(profile, least)
    files = [one for one in profile.files if one.records >= LEAST_RECORDS and one.sha256]
    return PublicProfile(
        synthetic=profile.synthetic,
        estimated=profile.mode != "exact",
        rows=rounded(profile.rows),
        repeats=rounded(profile.duplicates.repeats),
        identifiers=[_identifier(one) for one in profile.identifiers if one.kind in KINDS],
        countries=countries,
        other_countries=others,
        locations=LocationProfile(
            rounded(profile.locations.rows),
            rounded(profile.locations.unknown),
            [{"country": one["country"], "rows": rounded(one["rows"])} for one in places],
        ),
        other_locations=rounded(
            sum(one["rows"] for one in profile.locations.countries) - sum(one["rows"] for one in places)
        ),
        fields=[_field(one, profile.rows) for one in _held(profile.fields, least)],
        field_sets=sets,
        other_field_sets=other_sets,
        years=[*_years(profile, least)],
        minors=_minors(profile.minors),
        neighbours=rounded(profile.runs.in_runs),
        email_domains=_domains(profile.email_domains),
        files=[PublicFile(one.size, str(one.sha256), rounded(one.records)) for one in files],
        other_files=len(profile.files) - len(files),
    )


def _least_rows(profile: Profile) -> int:
    """Rows that are enough to be named: ten of them differ, and so do their identifiers as far as rows have them.

    A person of whom a leak has two hundred orders would otherwise be two hundred rows. Identifiers of the kind that is
    repeated least are looked at, of those that half of the rows have.
    """
    found = profile.duplicates
    copies = [] if profile.statistics is None else profile.statistics.copies
    of_identifiers = [
        _enough(_most_copies(one), one.total - one.distinct)
        for one in copies
        if one.kind in KINDS and 2 * one.total >= profile.rows and one.copies
    ]
    return max(_enough(found.most_copies, found.repeats), min(of_identifiers, default=0))


def _enough(most_copies: int, repeats: int) -> int:
    """Rows that hold ten different values, of which each occurs so often at most, and so many repeat another.

    Of n rows in which a value occurs k times at most, n / k differ; and but for those that repeat another, all do.

    >>> _enough(1, 0), _enough(200, 1_000_000), _enough(200, 3)
    (10, 2000, 13)
    """
    return max(LEAST, min(LEAST * most_copies, LEAST + repeats))


def _most_copies(found: CopyCounts) -> int:
    """Copies of the value that has most, or a little more: bins from 4 on are twice as wide as they begin."""
    last = found.copies[-1][0]
    return last if last < SINGLES else 2 * last - 1


def _identifier(found: IdentifierProfile) -> IdentifierProfile:
    return IdentifierProfile(found.kind, rounded(found.rows), rounded(found.valid), rounded(found.distinct))


def _countries(found: Iterable[CountryProfile]) -> tuple[list[CountryProfile], int]:
    named, others = [], 0
    for one in sorted(found, key=lambda one: (-one.phones, one.country)):
        if one.distinct >= LEAST and _COUNTRY.fullmatch(one.country):
            named.append(CountryProfile(one.country, rounded(one.phones), rounded(one.distinct)))
        else:
            others += one.phones
    return named, rounded(others)


def _held(found: Iterable[FieldProfile], least: int) -> list[FieldProfile]:
    known = [one for one in found if _is_type(one.type) and one.rows >= least]
    return sorted(known, key=lambda one: (-one.rows, one.type))


def _field(found: FieldProfile, rows: int) -> PublicField:
    special = FieldType.from_label(found.type).special_category
    valid = None if found.valid is None else rounded(found.valid)
    whole = rounded(rows)
    share = min(1.0, rounded(found.rows) / whole) if whole else 0.0
    return PublicField(found.type, rounded(found.rows), round(share, 4), valid, special)


def _field_sets(profile: Profile, least: int) -> tuple[list[FieldSetProfile], int]:
    known = [one for one in profile.field_sets if one.rows >= least and all(map(_is_type, one.fields))]
    named = sorted(known, key=lambda one: (-one.rows, one.fields))[:MOST_SETS]
    others = profile.rows - sum(one.rows for one in named)
    return [FieldSetProfile([*one.fields], rounded(one.rows)) for one in named], rounded(others)


def _years(profile: Profile, least: int) -> Iterable[PublicYears]:
    by_type: dict[str, list[Any]] = {}
    for date in profile.dates:
        if _is_type(date.type):
            by_type.setdefault(date.type, []).append(date)
    for label, dates in sorted(by_type.items()):
        # A row can have several dates of one type, so that as many rows may be fewer people.
        needed = least * len(dates)
        counts: dict[int, int] = {}
        for date in dates:
            for one in date.years:
                counts[one["year"]] = counts.get(one["year"], 0) + one["rows"]
        named = {
            year: rows
            for year, rows in sorted(counts.items())
            if rows >= needed and FIRST_YEAR <= year <= LAST_YEAR
        }
        if named:
            yield PublicYears(
                label,
                rounded(sum(date.parsed for date in dates)),
                rounded(sum(int(one["rows"]) for date in dates for one in date.sentinels)),
                [{"year": year, "rows": rounded(rows)} for year, rows in named.items()],
                rounded(sum(counts.values()) - sum(named.values())),
            )


def _minors(found: MinorsProfile | None) -> MinorsProfile | None:
    if found is None or not rounded(found.rows):
        return None
    return MinorsProfile(
        found.as_of[:4], rounded(found.rows), rounded(found.minors), rounded(found.low), rounded(found.high)
    )


def _domains(found: DomainsProfile) -> DomainsProfile:
    """Domains so large that nobody is known by theirs."""
    whole = found.other_rows + sum(one["rows"] for one in found.top)
    needed = max(LEAST_DOMAIN, found.floor, LEAST_DOMAIN_SHARE * whole)
    large = [one for one in found.top if one["rows"] >= needed and _DOMAIN.fullmatch(str(one["domain"]))]
    named = sorted(large, key=lambda one: (-one["rows"], one["domain"]))[:MOST_DOMAINS]
    top = [{"domain": one["domain"], "rows": rounded(one["rows"])} for one in named]
    others = whole - sum(one["rows"] for one in named)
    return DomainsProfile(rounded(found.distinct), LEAST_DOMAIN, top, rounded(others))


def _is_type(label: str) -> bool:
    return label.upper() in FieldType.__members__ and label != "unknown"
