"""Write a marked synthetic twin of a known set, and the truth about it beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import polars as pl

from floodmark import __version__
from floodmark.errors import UsageError
from floodmark.files import open_atomic, write_atomic
from floodmark.synth import sink, tables
from floodmark.synth.cells import CellMaker, Cells
from floodmark.synth.chunks import LATE_IDS, Chunk, Plan, chunks, numbering, shares
from floodmark.synth.lines import damaged, encode, join
from floodmark.synth.numbering import Numbering
from floodmark.synth.truth import AS_OF, FORMAT, TruthCounter
from floodmark.synth.twins import TWINS

MARK = "# floodmark-synthetic "
MOST = 0.25


def leak(
    twin: str,
    rows: int,
    seed: int,
    out: Path | str | BinaryIO,
    *,
    damage: float = 0.01,
    duplicates: float = 0.005,
    invalid: float = 0.005,
    order: int | Sequence[str] | None = None,
    countries: Sequence[str] = (),
    truth: Path | str | None = None,
    as_of: date = AS_OF,
    advance: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Write a synthetic twin of a known set; the same arguments write the same text.

    The first line is a mark, `# floodmark-synthetic twin=... seed=... rows=...`, and no option leaves it out.

    Args:
        twin: name of the set (`floodmark.synth.TWINS`).
        rows: lines of data, damaged, blank and repeated ones included; mark and header come on top.
        seed: 0 or more; decides every cell.
        out: file (`.gz` and `.zst` are compressed) or a binary stream, which gets plain text.
        damage: share of damaged lines, at most a quarter; the kinds take turns.
        duplicates: share of lines that repeat another one byte for byte, at most a quarter.
        invalid: share of phone numbers that their numbering plan does not have, at most a quarter.
        order: number to shuffle the columns by, or every column name once; None for the usual order.
        countries: ISO 3166-1 alpha-2 codes to restrict the twin to; empty for all that it has.
        truth: where the sidecar goes; None for `<out>.truth.json`, and for nowhere with a stream.
        as_of: day on which the sidecar counts minors.
        advance: called with the bytes of text written since its last call.

    Returns:
        What the sidecar holds (docs/reference/synth.md).

    Raises:
        UsageError: an argument that makes no sense, or more rows than a numbering plan has numbers.
        TargetTaken: the target holds something other than a twin.
        OutputFailed: the target cannot be written.

    Examples:
        >>> from io import BytesIO
        >>> text = BytesIO()
        >>> leak("whatsapp-2022", 100, 7, text, damage=0.0)["undamaged"]["rows"]
        100
        >>> text.getvalue().splitlines()[0]
        b'# floodmark-synthetic twin=whatsapp-2022 seed=7 rows=100'
    """
    plan = _plan(twin, rows, seed, damage, duplicates, invalid, order, countries)
    options = {
        "damage": damage,
        "duplicates": duplicates,
        "invalid": invalid,
        "countries": list(plan.countries),
    }
    numbers = numbering(plan)
    counter = TruthCounter(plan, as_of)
    sidecar = Path(truth) if truth is not None else None
    if isinstance(out, str | Path):
        path = Path(out)
        sink.check(path)
        if path.is_file() or not path.exists():
            sidecar = sidecar or sink.truth_path(path)
        kind = sink.container(path)
        with open_atomic(path) as file:
            tee = sink.Tee(file)
            with sink.compressed(tee, kind) as text:
                head, size = _write(plan, numbers, counter, text, advance)
    else:
        kind, tee = "plain", sink.Tee(out)
        head, size = _write(plan, numbers, counter, tee, advance)
        tee.flush()
    content = _truth(plan, counter, head, size, kind, tee, options)
    if sidecar is not None:
        write_atomic(sidecar, (json.dumps(content, indent=1) + "\n").encode())
    return content


def _plan(
    twin: str,
    rows: int,
    seed: int,
    damage: float,
    duplicates: float,
    invalid: float,
    order: int | Sequence[str] | None,
    countries: Sequence[str],
) -> Plan:
    if twin not in TWINS:
        raise UsageError("There is no twin of that name.", f"The twins are {', '.join(TWINS)}.")
    if not 0 < rows < LATE_IDS:
        raise UsageError(
            "The number of rows must be at least 1 and below 2,390,891,364.", "Give --rows another value."
        )
    if seed < 0:
        raise UsageError("The seed must be 0 or more.", "Give --seed another value.")
    for name, share in (("damage", damage), ("duplicates", duplicates), ("invalid", invalid)):
        if not 0 <= share <= MOST:
            raise UsageError(
                f"The share of {name} must be from 0 to {MOST}.", f"--{name} 0.01 is one in a hundred."
            )
    chosen = TWINS[twin]
    column = chosen.counts
    known = chosen.countries or tuple(
        row["country"] for row in tables.country_rows() if row[column] or column == "facebook_2021"
    )
    wanted = tuple(sorted({country.upper() for country in countries})) or known
    if unknown := len(set(wanted) - set(known)):
        raise UsageError(
            f"{unknown} of the countries are not in the {twin} set.",
            f"It has {', '.join(known)}.",
        )
    return Plan(
        twin=chosen,
        columns=chosen.ordered(order if order is None or isinstance(order, int) else tuple(order)),
        rows=rows,
        seed=seed,
        damaged=round(rows * damage),
        duplicates=round(rows * duplicates),
        invalid=invalid,
        countries=wanted,
        shares=shares(wanted, column),
    )


def _write(
    plan: Plan,
    numbers: Numbering,
    counter: TruthCounter,
    text: sink.Writer,
    advance: Callable[[int], None] | None,
) -> tuple[dict[str, int], int]:
    """Write the whole text; returns bytes of mark and header, and bytes in all."""
    mark = f"{MARK}twin={plan.twin.name} seed={plan.seed} rows={plan.rows}\n".encode()
    names = plan.twin.delimiter.join(column.name for column in plan.columns)
    header = f"{names}\n".encode() if plan.twin.header else b""
    text.write(mark + header)
    size = len(mark) + len(header)
    maker = CellMaker(plan)
    for chunk in chunks(plan, numbers):
        cells = maker.cells(chunk)
        lines = _lines(plan, chunk, cells).gather(pl.Series(chunk.order))
        counter.add(chunk, cells, lines.str.len_bytes().to_numpy().astype(np.int64) + 1, size)
        block = encode(lines)
        text.write(block)
        size += len(block)
        if advance is not None:
            advance(len(block))
    return {"mark": len(mark), "header": len(header)}, size


def _lines(plan: Plan, chunk: Chunk, cells: Cells) -> pl.Series:
    """Line of each record, damaged where it is to be."""
    frame = pl.DataFrame(cells.texts)
    lines = join(frame, plan.twin, plan.columns)
    for number, kind in enumerate(plan.twin.damage, start=1):
        hit = np.flatnonzero(chunk.damage == number)
        if len(hit):
            chance = chunk.random.random(len(hit))
            broken = damaged(frame[hit], kind, plan.twin, plan.columns, chance)
            lines = lines.scatter(pl.Series(hit), broken)
    return lines


def _truth(
    plan: Plan,
    counter: TruthCounter,
    head: dict[str, int],
    size: int,
    container: str,
    tee: sink.Tee,
    options: dict[str, Any],
) -> dict[str, Any]:
    fills = counter.fills()
    hurt = [tally.to_dict() for tally in counter.damage.values()]
    lines = {
        "mark": 1,
        "header": int(plan.twin.header),
        "undamaged": counter.rows,
        "damaged": sum(d["lines"] for d in hurt),
    }
    sizes = head | {"undamaged": counter.bytes, "damaged": sum(d["bytes"] for d in hurt)}
    return {
        "format": FORMAT,
        "synthetic": True,
        "twin": plan.twin.name,
        "seed": plan.seed,
        "rows": plan.rows,
        "version": __version__,
        "options": options,
        "bytes": size,
        "file": {"bytes": tee.size, "sha256": tee.sha256.hexdigest()},
        "lines": {"total": sum(lines.values())} | lines,
        "bytes_by": {"total": size} | sizes,
        "grammar": {
            "record": "delimited",
            "container": container,
            "encoding": "utf-8",
            "delimiter": plan.twin.delimiter,
            "quote": '"' if plan.twin.quoted else None,
            "newline": "lf",
            "header": plan.twin.header,
            "preamble": 1,
        },
        "columns": [
            {
                "index": index,
                "name": column.name,
                "type": column.type.label,
                "also": [kind.label for kind in column.also],
                "filled": fills[column.name],
                "fill_rate": column.fill,
                "fill_status": "published" if column.published else "shape",
            }
            for index, column in enumerate(plan.columns)
        ],
        "undamaged": counter.undamaged(),
        "damage": hurt,
    }
