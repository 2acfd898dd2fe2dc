"""Records of JSON to columns: those that are built alike at once, the others one by one."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import Lines
from floodmark.dumps.fates import REPAIRED, Fates
from floodmark.dumps.kinds.json_records import read_members
from floodmark.dumps.kinds.json_skeleton import Alike, Group
from floodmark.dumps.kinds.json_tokens import tokens
from floodmark.dumps.kinds.keyed import Shape, gather
from floodmark.dumps.kinds.stretches import texts
from floodmark.dumps.utf8_lines import is_utf8

UNIT, LINE = 0x1F, 0x0A
WORD = r"^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$"
TOGETHER = 1 << 21  # bytes of records that are looked at together
FEW = 16
TRIES = 8  # ways of being built that are looked for in a group
Places = NDArray[np.int64]


def gather_members(data: bytes, fates: Fates, places: Places, inner: bool, shape: Shape) -> pl.DataFrame:
    """The frame of some records; those that are none are set aside. As `keyed.gather`, only faster.

    Args:
        data: the chunk.
        fates: fates of its stretches.
        places: numbers of those that are records.
        inner: whether each begins with its key.
        shape: columns of their table.
    """
    parts: list[tuple[Places, pl.DataFrame]] = []
    slow = (
        [places]
        if inner
        else [_fast(data, fates.lines, group, shape, parts) for group in _groups(places, fates)]
    )
    rest = np.sort(np.concatenate(slow))
    members = read_members(texts(data, fates.lines, rest), inner)
    frame = gather(members, rest.tolist(), fates, shape)
    parts.append((rest[fates.fates[rest] <= REPAIRED], frame))
    if len(parts) == 1:
        return frame
    order = np.argsort(np.concatenate([part for part, _ in parts]))
    return pl.concat([part for _, part in parts])[order]


def _groups(places: Places, fates: Fates) -> list[Places]:
    """Records in groups that lie one after the other, of some bytes each."""
    steps = np.diff(places) > 1
    size = fates.lines.ends[places] // TOGETHER
    cuts = np.flatnonzero(steps | (np.diff(size) > 0)) + 1
    return [np.asarray(group) for group in np.split(places, cuts)]


def _fast(
    data: bytes, lines: Lines, places: Places, shape: Shape, parts: list[tuple[Places, pl.DataFrame]]
) -> Places:
    """Add frames of those records of a group that are built alike; returns the others."""
    if len(places) < FEW:
        return places
    start = int(lines.starts[places[0]])
    piece = data[start : int(lines.ends[places[-1]])]
    found = tokens(piece)
    if found.inside or b"\0" in piece or not is_utf8(piece):
        return places
    group = Group(piece, lines.ends[places] - start, found)
    pending = np.arange(len(places))
    others: list[Places] = []
    for _ in range(TRIES):
        if len(pending) < FEW:
            break
        looked_at, alike = group.alike(pending)
        pending = np.setdiff1d(pending, looked_at, assume_unique=True)
        if alike is None or not set(alike.keys) <= set(shape.keys):
            others.append(looked_at)
            continue
        frame, right = columns_of(piece, alike)
        others.append(np.setdiff1d(looked_at, alike.records[right], assume_unique=True))
        cells = [pl.col(key) if key in alike.keys else pl.lit("").alias(key) for key in shape.keys]
        frame = frame.filter(pl.Series(right)).select(cells)
        frame.columns = list(shape.labels)
        parts.append((places[alike.records[right]], frame))
    left: Places = places[np.concatenate([pending, *others])]
    return left


def columns_of(data: bytes, alike: Alike) -> tuple[pl.DataFrame, NDArray[np.bool_]]:
    """Columns of records, named by their keys, and which rows of them are right.

    Args:
        data: what `alike` was found in, valid UTF-8.
        alike: the records.
    """
    width = len(alike.keys)
    buffer = np.frombuffer(data, np.uint8).copy()
    separators = np.full(alike.stops.shape, UNIT, np.uint8)
    separators[:, -1] = LINE
    buffer[alike.stops] = separators
    steps = np.zeros(len(buffer) + 2, np.int8)
    steps[alike.starts] = 1
    # A value is followed by at least its separator and the next key, so that no two of these meet.
    steps[alike.stops + 1] = -1
    text = buffer[np.cumsum(steps[: len(buffer)], dtype=np.int8).astype(np.bool_)].tobytes()
    frame = pl.read_csv(
        text,
        separator="\x1f",
        has_header=False,
        quote_char=None,
        schema={str(i): pl.String for i in range(width)},
        empty_string_is_null=False,
        eol_char="\n",
    )
    right = np.ones(len(alike.records), np.bool_)
    if frame.height != len(right):
        return frame.clear(), ~right
    columns = []
    for number in range(width):
        column, fine = _cells(frame.to_series(number), alike.quoted[:, number])
        columns.append(column.alias(str(number)))
        right &= fine
    frame = pl.DataFrame(columns)
    frame.columns = list(alike.keys)
    return frame, right


def _cells(column: pl.Series, quoted: NDArray[np.bool_]) -> tuple[pl.Series, NDArray[np.bool_]]:
    """Cells as text: strings without escapes, nothing for null; and which of them JSON allows."""
    fine = np.ones(len(column), np.bool_)
    if not quoted.all():
        bare = pl.Series(~quoted)
        words = column.filter(bare)
        fine[~quoted] = words.str.contains(WORD).to_numpy()
        if quoted.any():
            column = column.zip_with(~(bare & (column == "null")), pl.Series([""]))
        else:
            column = column.replace({"null": ""})
    escaped = column.str.contains("\\", literal=True)
    if escaped.any():
        plain, good = _unescaped(column.filter(escaped).to_list())
        places = np.flatnonzero(escaped.to_numpy())
        column = column.scatter(places, pl.Series(plain, dtype=pl.String))
        fine[places] &= good
    return column, fine


def _unescaped(cells: list[str]) -> tuple[list[str], NDArray[np.bool_]]:
    """Strings as they are meant, and which of them are strings."""
    good = np.ones(len(cells), np.bool_)
    try:
        plain: list[str] = json.loads('["' + '","'.join(cells) + '"]')
    except ValueError:
        plain = []
        for number, cell in enumerate(cells):
            try:
                plain.append(json.loads(f'"{cell}"'))
            except ValueError:
                plain.append("")
                good[number] = False
    return [cell.encode("utf-8", "replace").decode() for cell in plain], good
