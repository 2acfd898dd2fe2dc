"""Whether an engine computes what libsodium does on this machine, and how fast, in a second.

Both are asked here and now: a processor may be damaged, and a rate on paper is none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

import numpy as np
import polars as pl

from floodmark.exposure.oprf.engine import Engine, engine
from floodmark.exposure.oprf.group import Scalar
from floodmark.exposure.sealed.rows import derive_one_by_one
from floodmark.kernel.oprf import Seal

INPUTS = 521  # more than one chunk of the kernel, and no whole group of lanes at the end
LONGEST = 300  # bytes: a few blocks of SHA-512


@dataclass(frozen=True)
class Rates:
    """Evaluations a second.

    Attributes:
        one: by the engine, on one thread.
        all: by the engine, on `threads`.
        threads: how many those were.
        libsodium: by libsodium, on one thread, in turns with the engine.
        busy: seconds of processors that `threads` got, of those that they asked for; from 0 to 1.
    """

    one: float
    all: float
    threads: int
    libsodium: float
    busy: float

    @property
    def ratio(self) -> float:
        """How many times libsodium's rate the engine has on one thread."""
        return self.one / self.libsodium


def equal_to_libsodium(by: Engine, private: Scalar, random: Callable[[int], bytes]) -> bool:
    """Whether outputs and places of random inputs, of 0 to 300 bytes, are libsodium's bit for bit.

    Args:
        by: the engine.
        private: a key, which need be nobody's.
        random: gives the inputs.

    Raises:
        EvaluationFault: the engine itself found that it computes wrongly.
    """
    sizes = np.frombuffer(random(2 * INPUTS), np.uint16) % (LONGEST // 2)
    texts = pl.Series([random(int(size)).hex() for size in sizes])
    outputs, seal = engine("libsodium").outputs(private, texts), Seal(random(16), 4)
    if not np.array_equal(by.outputs(private, texts), outputs):
        return False
    found = by.places(private, texts, seal)
    expected = derive_one_by_one(outputs, seal.seal_id, seal.cell_bytes)
    return (
        np.array_equal(found.buckets, expected.buckets)
        and np.array_equal(found.tags, expected.tags)
        and np.array_equal(found.pads, expected.pads)
    )


def measure(
    by: Engine,
    private: Scalar,
    *,
    threads: int,
    seconds: float = 1.0,
    random: Callable[[int], bytes],
    clock: Callable[[], float] = time.perf_counter,
    processor: Callable[[], float] = time.process_time,
) -> Rates:
    """The engine's rates and libsodium's, which take turns on one thread.

    Args:
        by: the engine.
        private: a key, which need be nobody's.
        threads: how many to keep busy at once, afterwards.
        seconds: how long it may take, more or less.
        random: gives what is evaluated and the seal.
        clock: gives seconds.
        processor: gives seconds that this process had of all processors.
    """
    peer, seal = engine("libsodium"), Seal(random(16), 2)
    texts = _numbers(by.piece, random)
    few = texts[: peer.piece]

    def once(one: Engine, inputs: pl.Series) -> float:
        start = clock()
        one.places(private, inputs, seal)
        return inputs.len() / (clock() - start)

    once(by, texts)  # the first call finds nothing in the processor's caches
    mine: list[float] = []
    theirs: list[float] = []
    end = clock() + seconds / 2
    while clock() < end or not mine:
        mine.append(once(by, texts))
        theirs.append(once(peer, few))
    start, before = clock(), processor()
    end = start + seconds / 2

    def work(_: int) -> int:
        done = 0
        while clock() < end or done == 0:
            by.places(private, texts, seal)
            done += texts.len()
        return done

    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(work, range(threads)))
    spent = clock() - start
    return Rates(
        one=median(mine),
        all=done / spent,
        threads=threads,
        libsodium=median(theirs),
        busy=min((processor() - before) / (spent * threads), 1.0),
    )


def _numbers(count: int, random: Callable[[int], bytes]) -> pl.Series:
    """Inputs as long as telephone numbers are."""
    drawn = np.frombuffer(random(8 * count), np.uint64) % np.uint64(10**11) + np.uint64(10**11)
    return pl.select(pl.concat_str(pl.lit("phone:+"), pl.Series(drawn).cast(pl.String))).to_series()
