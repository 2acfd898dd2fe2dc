"""Known rows that rest on the advert itself, or may do, which would agree with it whatever is true.

The press printed the advert of 2022 as a list, and lists that circulate today have rows that were copied from there.
Such a row is no second source. Nor is one that was read in a text of a later year, whatever it is said to be of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from floodmark.assessment.fingerprint.known import KnownTable

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")  # of 2021-04, and of a link as well
_LINK = re.compile(r"^(?:https?://)?(?:www\.)?|[?&]utm_[^&#]*|#.*$")


@dataclass(frozen=True)
class Comparable:
    """A known table as it may be compared.

    Attributes:
        table: without the rows that are left out.
        left_out: countries whose rows rest on reports of the advert, or on texts of a later year, alone.
        later: those of them that rest on texts of a later year alone.
    """

    table: KnownTable
    left_out: tuple[str, ...]
    later: tuple[str, ...] = ()


def without_circular(
    known: Sequence[KnownTable], *, about: str = "", sources: Iterable[str] = (), said_on: str = ""
) -> tuple[Comparable, ...]:
    """Known tables that are not the advert's own, without rows that may rest on it.

    Args:
        known: tables of every leak and incident.
        about: slug of what the advert is about: tables of it are the advert's own, or copies.
        sources: where the advert and its rows were read, as text or links. A known row is left out if all of its own
            sources, divided by semicolons, are among them, or are of a later year.
        said_on: when the advert was published; empty where it is not known, and then no source is later.
    """
    read = {part for source in sources for part in _parts(source)}
    return tuple(
        Comparable(table, ()) if table.statistic else _comparable(table, read, said_on)
        for table in known
        if not about or table.about != about
    )


def _comparable(table: KnownTable, read: set[str], said_on: str) -> Comparable:
    left_out, later = [], []
    for country in table.counts:
        parts = _parts(table.sources.get(country, ""))
        others = parts - read
        if parts and all(_is_later(part, said_on) for part in others):
            left_out.append(country)
            later += [country] if others else []
    if not left_out:
        return Comparable(table, ())
    counts = {country: count for country, count in table.counts.items() if country not in left_out}
    return Comparable(replace(table, counts=counts), tuple(left_out), tuple(later))


def _parts(source: str) -> set[str]:
    """Sources, each written in one way: links without what can be left off."""
    parts = (" ".join(part.casefold().split()) for part in source.split(";"))
    return {part if " " in part else _LINK.sub("", part).rstrip("/") for part in parts} - {""}


def _is_later(part: str, said_on: str) -> bool:
    """Whether the latest year that a source names is after that of the advert."""
    years = _YEAR.findall(part)
    return bool(years and said_on) and max(years) > said_on[:4]
