"""Why a table of countries cannot be read. No message quotes a cell: what was given may be a dump."""

from __future__ import annotations

from floodmark.errors import FloodmarkError, LimitExceeded, UsageError


class NoCountryTable(FloodmarkError):
    """Nothing in the text is a table of countries; exit code 3."""

    slug = "no-country-table"
    exit_code = 3
    hint = (
        "Give a line a country, as in: Egypt, 44823547. docs/reference/country-tables.md lists the layouts."
    )


class Unread(NoCountryTable):
    """There are countries, and no number of them is a count or a price; exit code 3."""

    slug = "unread-counts"
    hint = (
        "Write a count in full and a price with its currency; name columns by --count-column and --price-column, and "
        "a currency by --currency."
    )


class TooLargeTable(LimitExceeded):
    """The text is larger than any table of countries."""

    slug = "too-large-table"
    hint = "A table of countries has a row a country. A leaked file is read with: floodmark triage FILE"


class LooksLikeDump(FloodmarkError):
    """The text has rows of people, which are not read here."""

    slug = "looks-like-dump"
    hint = "Look into a leaked file with: floodmark triage FILE"


class UnclearColumns(UsageError):
    """Several columns may be the one that is meant; exit code 2."""

    slug = "unclear-columns"
    hint = "Name the column by its heading or its number, from 1."
