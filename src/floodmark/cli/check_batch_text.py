"""What a batch of checks found, in numbers, for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from floodmark.reports.labels import field_name, plain, values_name, words
from floodmark.reports.numbers import listing, plural

if TYPE_CHECKING:
    from rich.console import RenderableType

FIELD_SETS = 5  # of a leak, shown
LONGEST_TITLE = 120
SYNTHETIC = "SYNTHETIC DATA"


def render(table: dict[str, Any]) -> RenderableType:
    """The counts for a terminal.

    Args:
        table: as `organisation_cardinality.table_of` gives it.
    """
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    parts: list[RenderableType] = []
    if table["snapshot"]["synthetic"]:
        some = "all" if table["snapshot"]["synthetic"] == table["snapshot"]["leaks"] else "some"
        parts.append(Text(f"{SYNTHETIC}: {some} of these leaks were made for a test.", style="bold yellow"))
    parts.append(Text(_headline(table), style="bold"))
    parts += [_leak(leak) for leak in table["leaks"] if leak["identifiers"]]
    parts.append(Padding(Text(" ".join(_limits(table))), (1, 0, 0, 0)))
    return Group(*parts)


def _headline(table: dict[str, Any]) -> str:
    snapshot = table["snapshot"]
    found, of = _count(table["identifiers_found"]), plural(table["identifiers"], "identifier")
    on = f" on {_count(table['rows_found'])} of {plural(table['rows'], 'row')}," if table["exact"] else ""
    where = (
        f"{plural(snapshot['leaks'], 'leak')} of snapshot {snapshot['number']} ({snapshot['made_at'][:10]})"
    )
    return f"Found: {found} of {of},{on} in {where}."


def _leak(leak: dict[str, Any]) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    mark = " (synthetic)" if leak["synthetic"] else ""
    title = (plain(leak["title"], LONGEST_TITLE) or plain(leak["slug"])) + mark
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for one in leak["field_sets"][:FIELD_SETS]:
        types = one["field_types"]
        names = _all([field_name(label) for label in types]) if types else "other data, of few each"
        grid.add_row(Text(_count(one["identifiers"])), Text(names))
    if (more := len(leak["field_sets"]) - FIELD_SETS) > 0:
        grid.add_row(Text("…"), Text(f"and {plural(more, 'more set')} of data: see -o json"))
    return Padding(Group(Text(f"{title}: {_count(leak['identifiers'])}", style="bold"), grid), (1, 0, 0, 0))


def _limits(table: dict[str, Any]) -> Iterator[str]:
    if table["invalid"]:
        reasons = _all([f"{count:,} {words(reason)}" for reason, count in table["invalid"].items()])
        rows = plural(sum(table["invalid"].values()), "row")
        yield f"Not asked about, for want of a valid identifier: {rows} ({reasons})."
    if table["not_looked_in"]:
        slugs = _all([plain(slug) for slug in table["not_looked_in"]])
        yield f"Not looked in for every kind of identifier, as they were not sealed for all: {slugs}."
    if table["kinds_unknown"]:
        kinds = _all([values_name(kind) for kind in table["kinds_unknown"]])
        yield f"Nothing is known of {kinds}: no leak was sealed for them."
    if not table["exact"]:
        yield "Counts of 1 to 4 are shown as <5, and field sets of few are counted together."
        yield "How many are in any of several leaks is not told: beside the counts of each it could tell of one person."
    yield f"Spent in this epoch: {table['spent']:,} of {plural(table['budget'], 'element')}."


def _all(items: list[str]) -> str:
    return listing(items, most=len(items))


def _count(value: int | str) -> str:
    return value.replace(">=", "at least ") if isinstance(value, str) else f"{value:,}"
