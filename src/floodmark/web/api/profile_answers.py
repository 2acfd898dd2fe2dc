"""The public profile of a leak, as the JSON API answers it. docs/reference/public-profiles.md has its rule."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from floodmark.triage.public_profile import PublicProfile
from floodmark.web.api.answers import Answer, Count, Country, Kind, Label, Moment, Sha256, Slug, Tens
from floodmark.web.register_reading import Custody

Share = Annotated[float, Field(ge=0, le=1)]


class Identifiers(Answer):
    """Identifiers of one kind: rows that have one, rows where it is valid, distinct valid ones."""

    kind: Kind
    rows: Tens
    valid: Tens
    distinct: Tens


class NumbersOfCountry(Answer):
    """Rows with a valid phone number of a country, and distinct numbers."""

    country: Country
    rows: Tens
    distinct: Tens


class Numbers(Answer):
    """Phone numbers by country of their numbering plan."""

    named: list[NumbersOfCountry]
    other_rows: Tens


class RowsOfCountry(Answer):
    """Rows that name a country."""

    country: Country
    rows: Tens


class Locations(Answer):
    """Countries that location text names."""

    rows: Tens
    unknown: Tens
    named: list[RowsOfCountry]
    other_rows: Tens


class FieldCount(Answer):
    """Rows that have one kind of data."""

    type: Label
    rows: Tens
    share: Share = Field(description="Of all rows.")
    valid: Tens | None = Field(description="Rows where it is valid; null where it has no check.")
    special_category: bool = Field(description="Article 9(1) of the GDPR names it.")


class FieldSet(Answer):
    """Rows that have exactly these kinds of data."""

    fields: list[Label]
    rows: Tens


class FieldSets(Answer):
    """Which kinds of data stand together."""

    named: list[FieldSet]
    other_rows: Tens


class RowsOfYear(Answer):
    """Rows with a date in one year."""

    year: int
    rows: Tens


class Years(Answer):
    """Dates of one kind by year; placeholders such as 1970-01-01 are counted apart."""

    type: Label
    rows: Tens
    placeholders: Tens
    named: list[RowsOfYear]
    other_rows: Tens


class Minors(Answer):
    """Rows whose birth date makes somebody younger than 18; low to high spans dates that are not whole."""

    year: str
    rows: Tens
    minors: Tens
    low: Tens
    high: Tens


class RowsOfDomain(Answer):
    """Rows with an address at one large provider."""

    domain: str
    rows: Tens


class Domains(Answer):
    """Domains of e-mail addresses; only large ones are named."""

    distinct: Tens
    named: list[RowsOfDomain]
    other_rows: Tens


class FileRead(Answer):
    """A file that was read."""

    size: Count = Field(description="Bytes.")
    sha256: Sha256
    records: Tens


class CustodyFacts(Answer):
    """How it was read, so that whoever has the same files can say so."""

    started_at: Moment | None
    finished_at: Moment | None
    saved_at: Moment
    floodmark: str = Field(description="Version that read it.")
    phone_metadata: str = Field(description="Version of the numbering plans.")
    files: list[FileRead]
    other_files: Count = Field(description="Files that are not named, as they hold too few rows.")


class Profile(Answer):
    """What was counted in a leak, in tens. Rows are not people."""

    slug: Slug
    synthetic: bool
    estimated: bool = Field(description="Counts are estimates from a part of the files.")
    rows: Tens
    repeats: Tens = Field(description="Rows that repeat another cell for cell.")
    identifiers: list[Identifiers]
    numbers: Numbers
    locations: Locations
    fields: list[FieldCount]
    field_sets: FieldSets
    years: list[Years]
    minors: Minors | None
    neighbours: Tens = Field(description="Distinct phone numbers in runs of neighbouring ones.")
    email_domains: Domains
    custody: CustodyFacts


def answered(slug: str, found: PublicProfile, custody: Custody) -> Profile:
    """A public profile and its custody as the API answers them."""
    domains = found.email_domains
    return Profile(
        slug=slug,
        synthetic=found.synthetic,
        estimated=found.estimated,
        rows=found.rows,
        repeats=found.repeats,
        identifiers=[Identifiers.model_validate(one) for one in found.identifiers],
        numbers=Numbers(
            named=[
                NumbersOfCountry(country=one.country, rows=one.phones, distinct=one.distinct)
                for one in found.countries
            ],
            other_rows=found.other_countries,
        ),
        locations=Locations(
            rows=found.locations.rows,
            unknown=found.locations.unknown,
            named=[RowsOfCountry(**one) for one in found.locations.countries],
            other_rows=found.other_locations,
        ),
        fields=[FieldCount.model_validate(one) for one in found.fields],
        field_sets=FieldSets(
            named=[FieldSet.model_validate(one) for one in found.field_sets],
            other_rows=found.other_field_sets,
        ),
        years=[
            Years(
                type=one.type,
                rows=one.rows,
                placeholders=one.placeholders,
                named=[RowsOfYear(**year) for year in one.years],
                other_rows=one.other,
            )
            for one in found.years
        ],
        minors=None
        if found.minors is None
        else Minors(
            year=found.minors.as_of,
            rows=found.minors.rows,
            minors=found.minors.minors,
            low=found.minors.low,
            high=found.minors.high,
        ),
        neighbours=found.neighbours,
        email_domains=Domains(
            distinct=domains.distinct,
            named=[RowsOfDomain(**one) for one in domains.top],
            other_rows=domains.other_rows,
        ),
        custody=CustodyFacts(
            started_at=custody.started_at or None,
            finished_at=custody.finished_at or None,
            saved_at=custody.saved_at,
            floodmark=custody.floodmark,
            phone_metadata=custody.phone_metadata,
            files=[FileRead.model_validate(one) for one in found.files],
            other_files=found.other_files,
        ),
    )
