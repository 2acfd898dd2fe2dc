"""Made-up traffic as a web server would have logged it, each line marked as made up.

Two forms: the combined format of nginx and Apache, one line for each identifier; and JSON lines, one for each request,
with all identifiers of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from floodmark.synth.traffic.asks import ENDPOINTS
from floodmark.synth.traffic.traffic import Made, actor_texts, moments

MARK = "floodmark-synthetic"
FORMS = ("combined", "json")
CHUNK = 250_000  # identifiers written at once


def chunks(made: Made, form: str) -> Iterator[bytes]:
    """Lines of a log, in order of time, after a first line that says that all is made up.

    Args:
        made: the traffic.
        form: one of `FORMS`.
    """
    mark = f"traffic seed={made.seed} lookups={len(made.part.asks)}"
    if form == "combined":
        yield f"# {MARK} {mark}\n".encode()
    else:
        yield f'{{"synthetic":true,"mark":"{MARK} {mark}"}}\n'.encode()
    seats = pl.DataFrame({**actor_texts(made)})
    table = pl.DataFrame(
        {
            "seat": made.part.asks.seat,
            "at": moments(made),
            "endpoint": made.part.asks.endpoint,
            "phone": "+" + pl.Series(made.part.asks.number).cast(pl.String),
            "hit": made.service.member(made.part.asks.number),
        }
    )
    lines = _combined if form == "combined" else _json
    for begin in range(0, table.height, CHUNK):
        yield lines(table.slice(begin, CHUNK), seats)


def _combined(rows: pl.DataFrame, seats: pl.DataFrame) -> bytes:
    """One line for each identifier; whether it is a member's is the status."""
    at = seats.select("account", "app", "address").with_row_index("seat").cast({"seat": pl.Int64})
    line = pl.format(
        '{} - {} [{}] "GET /v1/{}?phone=%2B{} HTTP/1.1" {} {} "-" "{}"\n',
        pl.col("address"),
        pl.col("account").fill_null("-"),
        pl.col("at").dt.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        _path(),
        pl.col("phone").str.slice(1),
        pl.when("hit").then(pl.lit("200")).otherwise(pl.lit("404")),
        pl.when("hit").then(pl.lit("312")).otherwise(pl.lit("19")),
        pl.col("app"),
    )
    text = rows.join(at, on="seat", maintain_order="left").select(line.alias("line").str.join(""))
    return str(text.item()).encode()


def _json(rows: pl.DataFrame, seats: pl.DataFrame) -> bytes:
    """One line for each request; a batch has the identifiers and what was found of each side by side."""
    at = seats.with_row_index("seat").cast({"seat": pl.Int64})
    requests = (
        rows.group_by("at", "seat", "endpoint", maintain_order=True)
        .agg(phones=pl.col("phone"), found=pl.col("hit"))
        .join(at, on="seat", maintain_order="left")
        .select(
            pl.lit(True).alias("synthetic"),
            pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").alias("time"),
            "address",
            "account",
            "app",
            "device",
            "cohort",
            pl.lit("POST").alias("method"),
            (pl.lit("/v1/") + _path()).alias("target"),
            pl.lit(200).alias("status"),
            "phones",
            "found",
        )
    )
    return requests.write_ndjson().encode()


def _path() -> pl.Expr:
    return pl.col("endpoint").replace_strict(
        list(range(len(ENDPOINTS))), list(ENDPOINTS), return_dtype=pl.String
    )
