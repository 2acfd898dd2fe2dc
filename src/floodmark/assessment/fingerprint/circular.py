"""Known rows that rest on the advert itself, which would agree with it whatever is true.

The press printed the advert of 2022 as a list, and lists that circulate today have rows that were copied from there.
Such a row is no second source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from floodmark.assessment.fingerprint.known import KnownTable


@dataclass(frozen=True)
class Comparable:
    """A known table as it may be compared.

    Attributes:
        table: without circular rows.
        left_out: countries whose rows rest on reports of the advert alone.
    """

    table: KnownTable
    left_out: tuple[str, ...]


def without_circular(
    known: Sequence[KnownTable], *, about: str = "", sources: Iterable[str] = ()
) -> tuple[Comparable, ...]:
    """Known tables that are not the advert's own, without rows that rest on reports of it alone.

    Args:
        known: tables of every leak and incident.
        about: slug of what the advert is about: tables of it are the advert's own, or copies.
        sources: where the advert and its rows were read, as text or links. A known row is left out if all of its own
            sources, divided by semicolons, are among them.
    """
    read = {part for source in sources for part in _parts(source)}
    return tuple(_comparable(table, read) for table in known if not about or table.about != about)


def _comparable(table: KnownTable, read: set[str]) -> Comparable:
    circular = tuple(country for country in table.counts if _rests_on(read, table.sources.get(country, "")))
    if not circular:
        return Comparable(table, ())
    counts = {country: count for country, count in table.counts.items() if country not in circular}
    return Comparable(replace(table, counts=counts), circular)


def _rests_on(read: set[str], source: str) -> bool:
    parts = _parts(source)
    return bool(parts) and parts <= read


def _parts(source: str) -> set[str]:
    return {" ".join(part.casefold().split()) for part in source.split(";")} - {""}
