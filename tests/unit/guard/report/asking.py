"""Lookups made by hand and at random, for tests of the report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from floodmark.guard.actors import PARTS
from floodmark.guard.lookups import SCHEMA, LookupsFile

START = datetime(2026, 3, 1, tzinfo=UTC)
MADE_AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
ABOUT = LookupsFile(
    key_id="0123456789abcdef", rows=0, sources=(("access.log", "ab" * 32),), counts=(("used", 7),)
)


def frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """Rows by what is told of them; the rest is as little as can be."""
    least = dict.fromkeys(PARTS, 0) | {
        "at": START, "endpoint": "sync", "kind": "phone", "identifier": 1, "block": 1, "position": 0, "hit": None,
    }  # fmt: skip
    return pl.DataFrame([least | row for row in rows], schema=SCHEMA)


def asks(
    account: int, identifiers: Iterable[int], minutes: int = 1, **more: object
) -> list[dict[str, object]]:
    """One actor that asks for each identifier in turn, so many minutes apart."""
    return [
        {"account": account, "identifier": one, "at": START + timedelta(minutes=place * minutes), **more}
        for place, one in enumerate(identifiers)
    ]


def many(actors: int = 400, seed: int = 1) -> pl.DataFrame:
    """Log-normal address books over two weeks, two thirds asked again; the last actor asks for 3,000 in a row."""
    random = np.random.default_rng(seed)
    sizes = np.clip(random.lognormal(3.5, 1.0, actors), 1, 1500).astype(int)
    sizes[-1] = 3000
    account = np.repeat(np.arange(1, actors + 1), sizes)
    number = random.integers(0, 5_000_000, len(account))
    number[account == actors] = 7_000_000 + np.arange(3000)
    again = random.random(len(account)) < 0.66
    account, number = np.concatenate([account, account[again]]), np.concatenate([number, number[again]])
    seconds = random.integers(0, 14 * 86_400, len(account))
    columns = dict.fromkeys(PARTS, np.zeros(len(account), np.uint64)) | {
        "account": account.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15),
        "address": account.astype(np.uint64) + np.uint64(10**9),
        "prefix": account.astype(np.uint64) // np.uint64(4) + np.uint64(10**12),
        "network": account.astype(np.uint64) // np.uint64(50) + np.uint64(10**15),
    }
    table = pl.DataFrame(columns).with_columns(
        at=pl.lit(START) + pl.duration(seconds=pl.Series(seconds)),
        endpoint=pl.Series(
            np.where(again[np.arange(len(account)) % len(again)], "contacts/sync", "contacts/delta")
        ),
        kind=pl.lit("phone"),
        identifier=pl.Series(number.astype(np.uint64)),
        block=pl.Series(number.astype(np.uint64) // np.uint64(10**6)),
        position=pl.Series((number % 10**6).astype(np.uint32)),
        hit=pl.Series(number % 3 == 0),
    )
    return table.select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()]).sort("at")
