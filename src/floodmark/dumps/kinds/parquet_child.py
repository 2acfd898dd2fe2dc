"""The program that decodes Parquet, in a process of its own: what a hostile file breaks is that process.

Run by `kinds.parquet` as `python -I parquet_child.py MEMORY ROWS`, with the file as standard input. It writes frames
of text columns to its standard output, each after its size as 8 bytes (big-endian): an Arrow stream, the first with
one row that holds the number of rows of the file. Its last message has the size 0.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import stat
import sys

import polars as pl
import polars.selectors as cs
from polars.datatypes import DataTypeClass

DEPTH = 8
MOST_COLUMNS = 10_000
CELLS = 2_000_000  # of a batch
PARENT_DEATH = 1  # of prctl(2)
TOO_WIDE = 3  # exit code
EXACT = 2.0**53


def main() -> None:
    """Decode the file at standard input."""
    memory, rows = int(sys.argv[1]), int(sys.argv[2])
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seekable = stat.S_ISREG(os.fstat(0).st_mode)
    source = "/dev/fd/0" if seekable else io.BytesIO(sys.stdin.buffer.read())
    frame = pl.scan_parquet(source, use_statistics=False)
    schema = frame.collect_schema()
    texts = distinct([text for name, kind in schema.items() for text in flattened(pl.col(name), name, kind)])
    if len(texts) > MOST_COLUMNS:
        sys.exit(TOO_WIDE)
    rows = max(1, min(rows, CELLS // max(1, len(texts))))
    _send(frame.select(rows=pl.len()).collect())
    for batch in frame.select(texts).collect_batches(chunk_size=rows, maintain_order=True):
        for part in batch.iter_slices(rows):
            _send(part.with_columns(map(bytes_written, part.select(~cs.string()).iter_columns())))
    sys.stdout.buffer.write(bytes(8))
    sys.stdout.buffer.flush()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL, 0, 0, 0)


def _send(frame: pl.DataFrame) -> None:
    message = io.BytesIO()
    frame.write_ipc_stream(message)
    sys.stdout.buffer.write(len(message.getbuffer()).to_bytes(8, "big"))
    sys.stdout.buffer.write(message.getbuffer())
    sys.stdout.buffer.flush()


def flattened(value: pl.Expr, name: str, kind: pl.DataType, depth: int = 0) -> list[pl.Expr]:
    """Text columns of one column; structs give one for each field, their names joined by dots."""
    if isinstance(kind, pl.Struct) and kind.fields and depth < DEPTH:
        return [
            text
            for field in kind.fields
            for text in flattened(
                value.struct.field(field.name), f"{name}.{field.name}", _made(field.dtype), depth + 1
            )
        ]
    if has_bytes(kind):
        return [value.alias(name)]
    return [written(value, kind).fill_null("").alias(name)]


def distinct(columns: list[pl.Expr]) -> list[pl.Expr]:
    """The columns, those renamed that are called like one before them."""
    found: dict[str, pl.Expr] = {}
    for number, column in enumerate(columns, 1):
        name = column.meta.output_name()
        while name in found:
            name = f"{name}_{number}"
        found[name] = column.alias(name)
    return list(found.values())


def written(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Cells of a column as a person would have typed them; null where there is nothing."""
    if kind.is_nested():
        # A struct around it, whose braces and key are taken off again.
        text = pl.struct(value.alias("v")).struct.json_encode().str.slice(5).str.head(-1)
        return pl.when(value.is_not_null()).then(text)
    if kind.is_float():
        whole = (value == value.floor()) & (value.abs() <= EXACT)
        text = pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String))
        return pl.when(value.is_finite()).then(text.otherwise(value.cast(pl.String)))
    if isinstance(kind, pl.Datetime):
        zone = "%:z" if kind.time_zone else ""
        return value.dt.to_string(f"%Y-%m-%d %H:%M:%S%.f{zone}")
    if kind == pl.Duration:
        return value.dt.to_string("iso")
    return value.cast(pl.String, strict=False)


def has_bytes(kind: pl.DataType) -> bool:
    """Whether there are bytes in a type, for which neither JSON nor text has a form of its own."""
    inner = [field.dtype for field in kind.fields] if isinstance(kind, pl.Struct) else []
    inner += [kind.inner] if isinstance(kind, pl.List | pl.Array) else []
    return kind == pl.Binary or any(has_bytes(_made(part)) for part in inner)


def bytes_written(cells: pl.Series) -> pl.Series:
    """A column of bytes, or of values with bytes in them: the bytes that are UTF-8 as text, others in hexadecimal."""
    if cells.dtype == pl.Binary:
        try:
            return cells.cast(pl.String).fill_null("")
        except pl.exceptions.ComputeError:
            return pl.Series(cells.name, ["" if cell is None else _text(cell) for cell in cells], pl.String)
    texts = [
        "" if cell is None else json.dumps(cell, ensure_ascii=False, default=_text)
        for cell in cells.to_list()
    ]
    return pl.Series(cells.name, texts, pl.String)


def _text(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


def _made(kind: pl.DataType | DataTypeClass) -> pl.DataType:
    return kind() if isinstance(kind, type) else kind


if __name__ == "__main__":
    main()
