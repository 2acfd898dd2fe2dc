"""The statistics as a profile has them: counts in bins, no identifier and no name.

Pairs such as `[numbers, blocks]` are lists of two integers, because thousands of them are written. Bins without a
count are left out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CountryNumbers:
    """Distinct phone numbers of one of the largest countries: how they fill blocks, and how they end."""

    country: str
    numbers: int
    blocks: list[list[int]]  # [numbers in the block, blocks]
    endings: list[int]  # numbers by last two digits, 100


@dataclass(frozen=True)
class PrefixCounts:
    """Distinct numbers by their leading digits; blocks with fewer than `floor` numbers are only summed up."""

    size: int
    floor: int
    blocks: list[list[int]]  # [number // size, numbers]
    other_blocks: int
    other_numbers: int


@dataclass(frozen=True)
class PhoneStatistics:
    """Distinct phone numbers in blocks of `block_size`, by last two digits and by leading digits.

    Serves the tests for generated numbers (block counts against a Dirichlet-multinomial, last digits) and the
    share of a sample that a generator would hit by chance.
    """

    numbers: int
    block_size: int
    blocks: list[list[int]]  # [numbers in the block, blocks]
    endings: list[int]  # numbers by last two digits, 100
    countries: list[CountryNumbers]
    prefixes: PrefixCounts


@dataclass(frozen=True)
class ProfileIdStatistics:
    """Distinct profile ids by size, in the bins of `statistics.profile_ids`; `beyond` are 2**63 and above.

    Serves the tests for generated ids and the interval in which a scrape ended, from the highest ids. The bins have
    the same relative width everywhere; `prefixes` tell ids apart that share their first digits, as those of one
    platform do.
    """

    ids: int
    bins: list[list[int]]  # [bin, ids]
    prefixes: PrefixCounts
    beyond: int


@dataclass(frozen=True)
class DerivedAddresses:
    """Addresses whose local part is made of the row's name in one way; `shuffled`: of another row's name."""

    pattern: str
    digits: bool
    addresses: int
    shuffled: int


@dataclass(frozen=True)
class EmailStatistics:
    """How many addresses can be derived from the names beside them, and from names of other rows by chance.

    Serves the test for addresses derived from names.
    """

    addresses: int
    compared: int
    shuffled: int
    patterns: list[DerivedAddresses]


@dataclass(frozen=True)
class NameCount:
    """Rows of one country with one first name, by the name's keyed digest (16 hexadecimal digits)."""

    name: str
    country: str
    rows: int


@dataclass(frozen=True)
class NameStatistics:
    """First names by country of the phone number; names are keyed digests, and rare ones are only summed up.

    Serves value agreement between whole leaks and the tests for made-up rows: names and countries that do not
    depend on each other. A count is too low by at most `error`.
    """

    key: str
    rows: int
    countries: list[dict[str, str | int]]  # {country, rows}
    floor: int
    names: list[NameCount]
    other_rows: int
    error: int


@dataclass(frozen=True)
class DateStatistics:
    """One date column: rows by day of the year, by month, and by time of day; sentinels are left out of all.

    Serves the tests for heaping and sentinels, and the rate of new rows over time.
    """

    file: str
    column: str
    calendar: list[list[int]]  # 12 months of 31 days
    months: list[list[int]]  # [year, month, rows]
    timed: int
    hours: list[int]
    minutes: list[int]
    seconds: list[int]


@dataclass(frozen=True)
class TypePair:
    """Rows that have both field types; of one type with itself, rows that have it."""

    first: str
    second: str
    rows: int


@dataclass(frozen=True)
class CopyCounts:
    """How often values repeat: phones, addresses, ids and user names over rows, and whole rows.

    Serves the bound on the multiplicity of rows, which needs `pairs`: pairs of equal values.
    """

    kind: str
    total: int
    distinct: int
    pairs: int
    copies: list[list[int]]  # [copies, values]; from 4 on [4, values with 4 to 7 copies], [8, 8 to 15], …


@dataclass(frozen=True)
class StatisticsProfile:
    """Everything that is kept for later tests; a part is null where no column, or no key, gave it."""

    phones: PhoneStatistics | None
    profile_ids: ProfileIdStatistics | None
    emails: EmailStatistics | None
    names: NameStatistics | None
    dates: list[DateStatistics]
    field_pairs: list[TypePair]
    copies: list[CopyCounts]
