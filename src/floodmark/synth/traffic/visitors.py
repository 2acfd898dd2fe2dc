"""Visitors: nobody is signed in, and most ask for one identifier, their own, once."""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.synth.traffic import places
from floodmark.synth.traffic.asks import RECOVER, SEARCH, Asks, Part
from floodmark.synth.traffic.clock import SECOND, in_day
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.seats import apps, seats

MORE = 0.3  # lookups after the first, on average: a typing error, a second number
OUT = 0.5  # share of visitors who come by a mobile carrier
MEMBERS = 0.75


def visitors(service: Service, count: int, days: int, random: np.random.Generator) -> Part:
    """So many visitors; those who share an address are one actor to whoever sees no account."""
    home, way = places.homes(random, count), places.carriers(random, count)
    out = random.random(count) < OUT
    table = seats("visitor", None, way.zip_with(pl.Series(out), home), apps(random, count), None)
    seat = np.repeat(np.arange(count), 1 + random.poisson(MORE, count))
    begin = in_day(random, (random.random(count) * days).astype(np.int64))
    at = begin[seat] + random.integers(0, 120, len(seat)) * SECOND
    endpoint = np.where(random.random(len(seat)) < 0.7, RECOVER, SEARCH).astype(np.int8)
    return Part(table, Asks(seat, at, endpoint, service.drawn(random, len(seat), MEMBERS)))
