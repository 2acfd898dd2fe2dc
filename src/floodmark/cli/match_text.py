"""Matches as a terminal shows them: no identifier among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from floodmark.cli.match_report import HandedOver
from floodmark.exposure import Count, Matched, Unread
from floodmark.reports.labels import field_name, plain, values_name
from floodmark.reports.numbers import listing, plural, share, size

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

SYNTHETIC = "SYNTHETIC DATA"
MOST_SHOWN = 100
NARROW = 60  # columns of a terminal
FIELDS_SHOWN = 6
LEAST_ADVISED = 0.01  # of the phone cells, no valid number: a few are in every dump
FILES_NAMED = 5
_CELLS = {
    "phone": "phone cells are no valid number",
    "email": "e-mail cells are no valid address",
    "profile_id": "profile id cells are no valid id",
    "username": "user name cells are no valid name",
}
_OWN = {"prefix": "phone", "domain": "email"}


def render(matched: Matched, handed_over: Sequence[HandedOver]) -> RenderableType:
    """The answer for a terminal."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = []
    if matched.synthetic:
        parts.append(Text(SYNTHETIC, style="bold yellow"))
    parts.append(Text(_headline(matched), style="bold"))
    kinds = matched.kinds
    if kinds:
        parts.append(_Counts("identifiers", [values_name(count.name) for count in kinds], kinds))
    for title, counts in (("domain", matched.domains), ("prefix", matched.prefixes)):
        if counts:
            found = [count for count in counts if count.found][:MOST_SHOWN]
            if found:
                parts.append(_Counts(title, [count.name for count in found], found))
            rest = sum(count.found > 0 for count in counts) - len(found)
            if rest:
                parts.append(Text(f"{rest:,} more with something found: see -o json or --csv."))
            empty = sum(not count.found for count in counts)
            if empty:
                noun = {"domain": "domains", "prefix": "prefixes"}[title]
                parts.append(Text(f"Nothing found under {empty:,} of {len(counts):,} watched {noun}."))
    if handed_over:
        parts.append(_handed_over(handed_over))
    parts.extend(Text(sentence) for sentence in _limits(matched))
    return Group(*parts)


def _headline(matched: Matched) -> str:
    found = sum(count.found for count in matched.kinds)
    asked = sum(count.entries for count in matched.kinds)
    under = sum(bool(count.found) for count in (*matched.domains, *matched.prefixes))
    watched = len(matched.domains) + len(matched.prefixes)
    parts = []
    if asked:
        parts.append(f"{found:,} of {asked:,} watched identifiers")
    if watched:
        parts.append(f"something under {under:,} of {watched:,} watched domains and prefixes")
    where = "saved leak" if matched.mode == "leak" else "dump"
    return f"In the {where} {plain(matched.target)}: {', and '.join(parts)}."


@dataclass(frozen=True)
class _Counts:
    """A table of counts; what was found with them stands in a column, or below where that would be too narrow."""

    title: str
    names: Sequence[str]
    counts: Sequence[Count]

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        """As rich asks for."""
        from rich.text import Text

        told = any(count.fields for count in self.counts)
        wide = options.max_width >= NARROW
        yield self._table(told=told and wide)
        if told and not wide:
            for name, count in zip(self.names, self.counts, strict=True):
                if fields := self._fields(count):
                    yield Text(f"{name} with {fields}")

    def _table(self, *, told: bool) -> Table:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        entries = self.title == "identifiers"
        rows = any(count.rows is not None for count in self.counts)
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        table.add_column(self.title, overflow="fold", min_width=14)
        if entries:
            table.add_column("watched", justify="right", no_wrap=True)
        found = {"identifiers": "found", "domain": "addresses", "prefix": "numbers"}[self.title]
        table.add_column(found, justify="right", no_wrap=True)
        if rows:
            table.add_column("rows", justify="right", no_wrap=True)
        if told:
            table.add_column("with them", overflow="fold")
        for name, count in zip(self.names, self.counts, strict=True):
            cells = [name, *([f"{count.entries:,}"] if entries else []), f"{count.found:,}"]
            if rows:
                cells.append("" if count.rows is None else f"{count.rows:,}")
            if told:
                cells.append(self._fields(count))
            table.add_row(*(Text(cell) for cell in cells))
        return table

    def _fields(self, count: Count) -> str:
        """The most frequent field types but the one that all of them have."""
        own = _OWN.get(self.title, count.name)
        shown = [(label, n) for label, n in (count.fields or {}).items() if label != own]
        text = ", ".join(f"{field_name(label)} {n:,}" for label, n in shown[:FIELDS_SHOWN])
        return f"{text}, …" if len(shown) > FIELDS_SHOWN else text


def _handed_over(handed_over: Sequence[HandedOver]) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("recipient", overflow="fold", min_width=14)
    table.add_column("addresses", justify="right", no_wrap=True)
    table.add_column("numbers", justify="right", no_wrap=True)
    table.add_column("sealed file", overflow="fold")
    for one in handed_over:
        counts = (one.share.addresses, one.share.numbers)
        numbers = [f"{count:,}" for count in counts] if any(counts) else ["nothing", "found"]
        table.add_row(Text(plain(one.share.constituent.name)), *map(Text, numbers), Text(one.file))
    return table


def _limits(matched: Matched) -> Iterator[str]:
    """How far the answer can be trusted."""
    if matched.mode == "leak":
        yield (
            f"By 64-bit digests: {matched.false_hits:.1g} false hits are expected, and no miss."
            if matched.false_hits
            else "By 64-bit digests: no miss."
        )
        yield '"Not found" holds for what could be read when the leak was saved, as its profile says.'
        if matched.domains:
            yield "A saved leak tells how many addresses are under a domain; which they are, only the dump tells."
        return
    unread = matched.unread
    yield (
        f'"Not found" holds for what was read: {size(unread.bytes - unread.unexplained)} of {size(unread.bytes)}; '
        f"{share(unread.unexplained, unread.bytes)} of the bytes are unexplained."
    )
    for file, slug in unread.problems:
        yield f"{plain(file)} was not read through ({slug})."
    yield from _invalid(unread)
    unsearched = [one for one in unread.searched if one.missing or one.unknown]
    for one in unsearched[:FILES_NAMED]:
        kinds = listing([values_name(kind) for kind in one.missing])
        missing = f" has no column of {kinds}" if one.missing else ""
        unknown = (
            f" has {plural(one.unknown, 'column')} of unknown type, not looked in" if one.unknown else ""
        )
        yield f"{plain(one.label)}{missing}{' and' if missing and unknown else ''}{unknown}: see --grammar."
    if len(unsearched) > FILES_NAMED:
        yield f"So it is with {len(unsearched) - FILES_NAMED:,} more files: see -o json."


def _invalid(unread: Unread) -> Iterator[str]:
    """How many cells could not be compared with anything: in all, then files where most are so."""
    for kind, cells in unread.cells.items():
        if cells.invalid:
            many = cells.invalid > LEAST_ADVISED * cells.filled
            national = many and kind == "phone" and not unread.region
            advice = "; with --region CC national numbers are read" if national else ""
            yield f"{cells.invalid:,} of {cells.filled:,} {_CELLS[kind]}{advice}."
    if len(unread.searched) < 2:
        return
    mostly = [(one, kind) for one in unread.searched for kind in one.mostly_invalid]
    for one, kind in mostly[:FILES_NAMED]:
        cells = one.cells[kind]
        yield f"{plain(one.label)}: {cells.invalid:,} of {cells.filled:,} {_CELLS[kind]}."
    if len(mostly) > FILES_NAMED:
        yield f"So it is in {len(mostly) - FILES_NAMED:,} more files: see -o json."
