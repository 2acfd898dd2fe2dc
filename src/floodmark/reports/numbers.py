"""Numbers as reports print them: thousands separators, shares, sizes, intervals beside estimates."""

from __future__ import annotations

from dataclasses import dataclass


def count(value: int) -> str:
    """A count with commas.

    >>> count(299812)
    '299,812'
    """
    return f"{value:,}"


def share(part: float, whole: float = 1.0) -> str:
    """A percentage that never rounds something to nothing, nor almost all to all.

    >>> share(1, 3), share(1, 300_000), share(299_999, 300_000), share(0, 5), share(5, 5), share(1, 0)
    ('33.3 %', '< 0.1 %', '> 99.9 %', '0 %', '100 %', '–')
    """
    if whole <= 0:
        return "–"
    percent = 100 * part / whole
    if percent in (0, 100):
        return f"{percent:.0f} %"
    if percent < 0.1:
        return "< 0.1 %"
    if percent > 99.9:
        return "> 99.9 %"
    return f"{percent:.1f} %"


def rate(value: float | None) -> str:
    """A rate between 0 and 1 as a percentage; a dash where there is none."""
    return "–" if value is None else share(value)


def size(value: int) -> str:
    """Bytes in decimal units.

    >>> size(999), size(31_415_926), size(1_000_000_000)
    ('999 B', '31.4 MB', '1.0 GB')
    """
    amount = float(value)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.95:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def rows(value: int) -> str:
    """`1 row`, `2 rows`, with commas."""
    return plural(value, "row")


def plural(value: int, noun: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "country", "countries"), plural(1200, "country", "countries")
    ('1 country', '1,200 countries')
    """
    return f"{value:,} {noun if value == 1 else many or noun + 's'}"


def listing(items: list[str], most: int = 8) -> str:
    """Items as one phrase, at most `most` of them.

    >>> listing(["a", "b", "c"]), listing(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else "none"


@dataclass(frozen=True)
class Intervals:
    """The 95 % intervals of a quick profile, by JSON pointer; empty for an exact one."""

    by_pointer: dict[str, list[int]]

    def bounds(self, pointer: str) -> tuple[int, int] | None:
        """Low and high of the number at `pointer`, None when the number is exact."""
        found = self.by_pointer.get(pointer)
        return (found[0], found[1]) if found else None

    def beside(self, pointer: str) -> str:
        """` (1,200 to 1,400)`, or nothing.

        >>> Intervals({"/rows": [1200, 1400]}).beside("/rows")
        ' (1,200 to 1,400)'
        """
        found = self.bounds(pointer)
        return f" ({found[0]:,} to {found[1]:,})" if found else ""

    def number(self, value: int, pointer: str) -> str:
        """The number with its interval beside it, if it has one."""
        return count(value) + self.beside(pointer)
