"""What address books make their owners ask: all contacts now and then, and new ones one by one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from floodmark.synth.traffic.asks import BATCH, DELTA, FULL, SEARCH, Asks, joined
from floodmark.synth.traffic.books import Books
from floodmark.synth.traffic.clock import DAY, SECOND, Moments, in_day
from floodmark.synth.traffic.mixing import mixed
from floodmark.synth.traffic.numbers import Service

TYPED = 0.4  # new contacts that are searched for, before the app has noticed them
KNOWN = 0.65  # new contacts who are members


def uploads(filled: Books, first: Moments, days: int, every: float, random: np.random.Generator) -> Asks:
    """Each book as a whole at `first`, and again every so many days; requests of `BATCH`, a second apart.

    Args:
        filled: the books; owners are the seats of what comes back.
        first: int64, shape (owners,): first upload of each.
        days: that the traffic lasts.
        every: days between two uploads, on average.
        random: decides all.
    """
    found = []
    at = first
    while (going := np.flatnonzero(at < days * DAY)).size:
        lengths = np.diff(filled.edges)[going]
        seat = np.repeat(going, lengths)
        within = np.arange(len(seat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        numbers = filled.numbers[filled.edges[seat] + within]
        moments = at[seat] + within // BATCH * SECOND
        found.append(Asks(seat, moments, np.full(len(seat), FULL, np.int8), numbers))
        pause = np.maximum(1, np.rint(random.exponential(every, len(first)))).astype(np.int64)
        at = in_day(random, at // DAY + pause)
    return joined(found)


def growth(service: Service, first: Moments, days: int, a_day: float, random: np.random.Generator) -> Asks:
    """New contacts after the first upload, so many a day on average, few by most and many by some.

    Args:
        service: whose numbers they have.
        first: int64, shape (owners,): first upload of each.
        days: that the traffic lasts.
        a_day: of each owner on average.
        random: decides all.
    """
    pace = a_day * np.exp(random.normal(-0.5, 1.0, len(first)))
    counts = random.poisson(pace * np.maximum(0.0, days - first / DAY))
    seat = np.repeat(np.arange(len(first)), counts)
    begin = first[seat] // DAY
    day = begin + ((days - begin) * random.random(len(seat))).astype(np.int64)
    at = np.maximum(in_day(random, day), first[seat] + 60 * SECOND)
    endpoint = np.where(random.random(len(seat)) < TYPED, SEARCH, DELTA).astype(np.int8)
    return Asks(seat, at, endpoint, service.drawn(random, len(seat), KNOWN))


def at_home_or_out(asks: Asks, owners: int, seed: int) -> Asks:
    """The same asks from two seats of each owner, the second `owners` rows further, for six hours each at least."""
    out = (mixed(seed, asks.seat, asks.at // (DAY // 4)) % np.uint64(2)).astype(np.int64)
    return Asks(asks.seat + owners * out, asks.at, asks.endpoint, asks.number)


def sizes(
    random: np.random.Generator, count: int, median: float, spread: float, most: int
) -> NDArray[np.int64]:
    """Log-normal sizes of address books, shape (count,), from 1 to `most`."""
    return np.clip(np.exp(random.normal(np.log(median), spread, count)), 1, most).astype(np.int64)
