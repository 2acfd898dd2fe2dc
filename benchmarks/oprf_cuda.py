"""Evaluations on a graphics card beside this processor's fastest path and libsodium, by the clock, in turns.

    python benchmarks/oprf_cuda.py [--inputs 1048576] [--turns 5] [--threads 2]

The card and the processor do all that sealing asks of them, checks and all; libsodium one input after another, on one
thread. Medians. Where there is no card it says so, and that is all.
"""

from __future__ import annotations

import argparse
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np
import polars as pl

from floodmark.exposure.oprf import Engine, Scalar, engine, random_scalar
from floodmark.exposure.oprf.context import Mode, context
from floodmark.kernel import cuda
from floodmark.kernel.cupy_device import NoDevice, find
from floodmark.kernel.oprf import Seal

TAG = b"HashToGroup-" + context(Mode.VOPRF)
SEAL = Seal(bytes(16), 2)
BY_PROCESSOR = 1 << 16  # inputs a turn
BY_LIBSODIUM = 1 << 10


def rate(one: Engine, private: Scalar, texts: pl.Series, threads: int) -> float:
    """Places a second of several pieces at once."""
    parts = [texts[at : at + one.piece] for at in range(0, texts.len(), one.piece)]
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        list(pool.map(lambda part: one.places(private, part, SEAL), parts))
        return texts.len() / (time.perf_counter() - start)


def bare(private: Scalar, texts: pl.Series, device: cuda.Device) -> float:
    """Evaluations a second with copies to and from the card, before any check on the processor."""
    start = time.perf_counter()
    for at in range(0, texts.len(), cuda.PIECE):
        cuda.evaluate(private, TAG, texts[at : at + cuda.PIECE], random=os.urandom, device=device)
    return texts.len() / (time.perf_counter() - start)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--inputs", type=int, default=1 << 20)
    given.add_argument("--turns", type=int, default=5)
    given.add_argument("--threads", type=int, default=2)
    options = given.parse_args()
    try:
        device = find()
    except NoDevice as none:
        print(f"Nothing was measured. {none.message}")
        return
    card, processor, libsodium = engine("cuda"), engine(), engine("libsodium")
    private = random_scalar()
    numbers = [f"phone:+{secrets.randbelow(9 * 10**11) + 10**11}" for _ in range(options.inputs)]
    texts = pl.Series(numbers)
    few, fewer = texts[:BY_PROCESSOR], texts[:BY_LIBSODIUM]
    start = time.perf_counter()
    first = card.outputs(private, fewer)  # compiles the kernels, or finds them compiled
    print(f"{device.name}; its first evaluation came after {time.perf_counter() - start:.1f} s")
    assert np.array_equal(first, libsodium.outputs(private, fewer))
    turns = [
        (
            bare(private, texts, device),
            rate(card, private, texts, options.threads),
            rate(processor, private, few, options.threads),
            rate(libsodium, private, fewer, 1),
        )
        for _ in range(options.turns)
    ]
    named = ["the card, before checks", f"{device.name}, {options.threads} threads"]
    named += [f"{processor.name}, {options.threads} threads", "libsodium, 1 thread"]
    for name, rates in zip(named, zip(*turns, strict=True), strict=True):
        print(f"{name:<40}{median(rates):14,.0f} evaluations/s")
    print(f"ratio to the processor: {median(turn[1] / turn[2] for turn in turns):.1f}")
    print(f"ratio to libsodium: {median(turn[1] / turn[3] for turn in turns):.1f}")


if __name__ == "__main__":
    main()
