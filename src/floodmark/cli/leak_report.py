"""Leaks as a terminal shows them and as JSON has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from floodmark.cli.deadlines import render_cases, rows_of_cases, style_of
from floodmark.register.cases import CaseDeadline
from floodmark.register.free_text import visible
from floodmark.register.leak_words import FLAGS
from floodmark.register.leaks import ArrayFile, Leak
from floodmark.register.sealed_leaks import SealedRow
from floodmark.reports.labels import field_name, values_name
from floodmark.reports.numbers import size

if TYPE_CHECKING:
    from rich.console import RenderableType

SYNTHETIC = "SYNTHETIC"


def leak_values(leak: Leak, clocks: Sequence[CaseDeadline]) -> dict[str, Any]:
    """One leak as JSON values; `deadlines` are those that run in its open cases, most pressing first."""
    values = asdict(leak) | {"field_types": list(leak.field_types), "deadlines": rows_of_cases(clocks)}
    del values["folder"]
    return values


def array_values(arrays: Sequence[ArrayFile]) -> list[dict[str, Any]]:
    """Arrays of a leak as JSON values."""
    return [asdict(array) for array in arrays]


def render_list(leaks: Sequence[Leak], clocks: Mapping[str, Sequence[CaseDeadline]]) -> RenderableType:
    """Every leak in a table, with the most pressing deadline of its open cases."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    if not leaks:
        return Text("No leak was saved here yet. Save one with: floodmark save SLUG FILE...")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("leak", overflow="fold", min_width=20)
    table.add_column("counted", justify="right", no_wrap=True)
    table.add_column("field types", overflow="fold")
    table.add_column("deadline", overflow="fold")
    for leak in leaks:
        counts = [f"{leak.rows:,} rows"]
        counts += [f"{count:,} {values_name(kind)}" for kind, count in leak.identifiers.items()]
        types = ", ".join(field_name(label) for label in leak.field_types)
        table.add_row(
            _named(leak), Text("\n".join(counts)), Text(types or "-"), _next(clocks.get(leak.slug, ()))
        )
    return table


def sealed_values(sealed: SealedRow | None) -> dict[str, Any] | None:
    """The sealed leak of a leak as JSON values; None where it has none."""
    return None if sealed is None else asdict(sealed)


def render(
    leak: Leak, arrays: Sequence[ArrayFile], sealed: SealedRow | None, clocks: Sequence[CaseDeadline]
) -> RenderableType:
    """Everything that is known of one leak; checksums of its arrays are in the JSON alone."""
    from rich.console import Group

    return Group(*_said(leak), *_counted(leak), *_kept(arrays), *_sealed(sealed), *_due(clocks))


def _named(leak: Leak) -> RenderableType:
    from rich.text import Text

    text = Text(leak.slug, style="bold")
    text.append(f"\n{visible(leak.title)}", style="not bold")
    if leak.synthetic:
        text.append(f"\n{SYNTHETIC}", style="bold yellow")
    if leak.breach_date:
        text.append(f"\nbreach {leak.breach_date}", style="not bold")
    if flags := _flags(leak):
        text.append(f"\n{flags}", style="not bold")
    return text


def _next(clocks: Sequence[CaseDeadline]) -> RenderableType:
    from rich.text import Text

    if not clocks:
        return Text("-")
    return Text(f"{clocks[0].deadline.words()}\n{clocks[0].case}", style_of(clocks[0].deadline))


def _flags(leak: Leak) -> str:
    return ", ".join(flag.replace("_", " ") for flag in FLAGS if getattr(leak, flag))


def _said(leak: Leak) -> Iterator[RenderableType]:
    from rich.text import Text

    if leak.synthetic:
        yield Text(f"{SYNTHETIC} DATA: nothing here describes a real person.", style="bold yellow")
    yield Text(f"{leak.slug}: {visible(leak.title)}", style="bold")
    if leak.description:
        yield Text(visible(leak.description))
    facts = {
        "domain": leak.domain,
        "breach date": leak.breach_date,
        "published": leak.published_date,
        "attribution": visible(leak.attribution),
        "disclosure": visible(leak.disclosure_url),
        "flags": _flags(leak) or "none",
        "saved at": leak.saved_at,
        "modified at": leak.modified_at,
    }
    yield _grid({name: value for name, value in facts.items() if value})


def _counted(leak: Leak) -> Iterator[RenderableType]:
    facts = {"rows": f"{leak.rows:,}"}
    facts |= {f"distinct {values_name(kind)}": f"{count:,}" for kind, count in leak.identifiers.items()}
    facts |= {
        "field types": ", ".join(field_name(label) for label in leak.field_types) or "none",
        "digest key": leak.digest_key_id,
        "profile version": str(leak.profile_version),
    }
    yield _grid(facts)


def _kept(arrays: Sequence[ArrayFile]) -> Iterator[RenderableType]:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    total = size(sum(array.bytes for array in arrays))
    yield Text(f"\narrays, {total}", style="bold")
    if not arrays:
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("array")
    table.add_column("items", justify="right")
    table.add_column("size", justify="right")
    for array in arrays:
        table.add_row(Text(array.name), f"{array.length:,}", size(array.bytes))
    yield table


def _sealed(sealed: SealedRow | None) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text("\nsealed leak", style="bold")
    if sealed is None:
        yield Text("none")
        return
    facts = {"sealed at": sealed.sealed_at, "epoch": sealed.epoch, "size": size(sealed.bytes)}
    facts |= {values_name(kind): f"{count:,}" for kind, count in sealed.members.items()}
    yield _grid(facts)


def _due(clocks: Sequence[CaseDeadline]) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text("\ndeadlines of open cases", style="bold")
    if clocks:
        yield from render_cases(clocks)
    else:
        yield Text("none")


def _grid(facts: Mapping[str, Any]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts.items():
        grid.add_row(Text(name, style="dim"), Text(str(value)))
    return grid
