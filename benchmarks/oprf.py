"""The batch OPRF beside libsodium, stage by stage, in turns of some hundredths of a second in one process.

    python benchmarks/oprf.py [--inputs 16384] [--turns 15] [--threads 2]

libsodium does one input at a time and is asked for nothing more than the stage needs: its own functions by rbcl,
SHA-512 and HMAC by OpenSSL, without the checks that the kernel's turns have. One core is measured by the processor's
time of one thread, so that others on the machine disturb little; several cores by the clock, so the machine must be
idle. Medians; in brackets the quartiles. Prints every path that this processor has, the fastest last, then its ratio.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

import polars as pl
import rbcl

from floodmark.exposure.oprf import Engine, Mode, Scalar, engine, random_scalar
from floodmark.exposure.oprf.context import context
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features, Kernel
from floodmark.kernel.oprf import STAGES, Seal
from floodmark.kernel.processor import processor, usable_cores

TAG = b"HashToGroup-" + context(Mode.VOPRF)
SEAL = Seal(bytes(16), 2)
BY_LIBSODIUM = 512  # inputs a turn


def by_libsodium(private: Scalar, inputs: list[bytes]) -> dict[str, float]:
    """Seconds that libsodium and OpenSSL take for each stage, of inputs of one length."""
    taken: dict[str, float] = {}
    prime = TAG + bytes([len(TAG)])
    zeros = hashlib.sha512(bytes(128))
    before, after = len(inputs[0]).to_bytes(2, "big"), b"\x00\x20"
    message = b"floodmark/seal/1" + SEAL.seal_id

    def hashed(text: bytes) -> bytes:
        state = zeros.copy()
        state.update(text + b"\x00\x40\x00" + prime)
        return hashlib.sha512(state.digest() + b"\x01" + prime).digest()

    def stage(name: str, work: Callable[[], list[bytes]]) -> list[bytes]:
        start = time.process_time()
        found = work()
        taken[name] = (time.process_time() - start) / len(inputs)
        return found

    uniform = stage("hash", lambda: [hashed(text) for text in inputs])
    points = stage("map", lambda: [rbcl.crypto_core_ristretto255_from_hash(one) for one in uniform])
    answers = stage("multiply", lambda: [rbcl.crypto_scalarmult_ristretto255(private, one) for one in points])
    outputs = stage(
        "finalize",
        lambda: [
            hashlib.sha512(before + text + after + one + b"Finalize").digest()
            for text, one in zip(inputs, answers, strict=True)
        ],
    )
    stage("place", lambda: [hmac.digest(one[32:], message, "sha256") for one in outputs])
    return taken


def by_kernel(kernel: Kernel, private: Scalar, texts: pl.Series) -> dict[str, float]:
    """Seconds that the kernel takes for each stage."""
    start = time.process_time()
    done = oprf.evaluate(private, TAG, texts, SEAL, random=os.urandom, kernel=kernel)
    seconds = time.process_time() - start
    ticks = sum(done.ticks.values())
    return {name: seconds * ticked / ticks / texts.len() for name, ticked in done.ticks.items()}


def by_engine(one: Engine, private: Scalar, texts: pl.Series, *, places: bool) -> float:
    """Seconds an input, with everything that sealing does to it, checks and all."""
    start = time.process_time()
    for at in range(0, texts.len(), one.piece):
        part = texts[at : at + one.piece]
        if places:
            one.places(private, part, SEAL)
        else:
            one.outputs(private, part)
    return (time.process_time() - start) / texts.len()


def together(one: Engine, private: Scalar, texts: pl.Series, threads: int) -> tuple[float, float]:
    """Evaluations a second by the clock, and seconds of all processors an evaluation."""
    parts = [texts[at : at + one.piece] for at in range(0, texts.len(), one.piece)] * 2 * threads
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: time.sleep(0.001), range(threads)))  # threads are started before
        start, busy = time.perf_counter(), time.process_time()
        list(pool.map(lambda part: one.places(private, part, SEAL), parts))
        done = sum(map(len, parts))
        return done / (time.perf_counter() - start), (time.process_time() - busy) / done


def spread(values: list[float], form: str) -> str:
    low, _, high = quantiles(values, n=4)
    return f"{median(values):{form}} ({low:{form}} to {high:{form}})"


def compare(kernel: Kernel, count: int, turns: int, threads: int) -> float:
    """Print what one path takes beside libsodium; the ratio on one core."""
    one = engine(kernel=kernel)
    private, texts = random_scalar(), numbers(count)
    few = [text.encode() for text in texts[:BY_LIBSODIUM]]
    peers, stages, outputs, places, alone, several = [], [], [], [], [], []
    by_engine(one, private, texts, places=True)
    for _ in range(turns):
        peers.append(by_libsodium(private, few))
        stages.append(by_kernel(kernel, private, texts))
        outputs.append(by_engine(one, private, texts, places=False))
        places.append(by_engine(one, private, texts, places=True))
        alone.append(together(one, private, texts, 1))
        several.append(together(one, private, texts, threads))
    print(
        f"\n{one.name}, beside libsodium; {count:,} inputs a turn, {turns} turns; ns an input on one core\n"
    )
    print(f"{'stage':<10}{'libsodium':>10}{'kernel':>10}{'share':>8}{'times':>8}")
    whole = median(sum(turn.values()) for turn in stages)
    for name in STAGES:
        mine = median(turn[name] for turn in stages)
        if name in peers[0]:
            theirs = median(turn[name] for turn in peers)
            mine_too = mine + (median(turn["encode"] for turn in stages) if name == "multiply" else 0)
            shown = f"{theirs * 1e9:10,.0f}", f"{theirs / mine_too:8.1f}"
        else:
            shown = f"{'':10}", ""
        print(f"{name:<10}{shown[0]}{mine * 1e9:10,.0f}{mine / whole:8.1%}{shown[1]}")
    peer = median(sum(turn.values()) for turn in peers)
    print(f"{'all':<10}{peer * 1e9:10,.0f}{whole * 1e9:10,.0f}{1:8.0%}{peer / whole:8.1f}")
    print("libsodium's functions map with an encoding and multiply with decoding and encoding.\n")
    without_places = [sum(turn.values()) - turn["place"] for turn in peers]
    pairs = {"outputs": (without_places, outputs), "places": ([sum(turn.values()) for turn in peers], places)}
    for name, (theirs, mine) in pairs.items():
        ratios = [a / b for a, b in zip(theirs, mine, strict=True)]
        print(
            f"{name}, checks and all, one core: {1 / median(mine):,.0f}/s, libsodium {1 / median(theirs):,.0f}/s, "
            f"ratio {spread(ratios, '.1f')}"
        )
    gains = [b[0] / a[0] for a, b in zip(alone, several, strict=True)]
    rates = [median(turn[0] for turn in each) for each in (alone, several)]
    busy = [median(turn[1] for turn in each) * 1e9 for each in (alone, several)]
    print(
        f"places by the clock: {rates[0]:,.0f}/s on one thread, {rates[1]:,.0f}/s on {threads}, "
        f"{spread(gains, '.2f')} times; each takes {busy[0]:,.0f} and {busy[1]:,.0f} ns of a processor"
    )
    return median([a / b for a, b in zip(*pairs["places"], strict=True)])


def numbers(count: int) -> pl.Series:
    return pl.Series([f"phone:+{secrets.randbelow(9 * 10**11) + 10**11}" for _ in range(count)])


def paths() -> list[Kernel]:
    """The kernel with each of its paths that this processor has, the fastest last."""
    if library.kernel is None:
        return []
    every = library.kernel.features
    choices = [library.kernel.using(every & ~Features.IFMA), library.kernel.using(every)]
    found = {oprf.lanes(one): one for one in choices}
    return [kernel for lanes, kernel in sorted(found.items()) if lanes]


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--inputs", type=int, default=16384)
    given.add_argument("--turns", type=int, default=15)
    given.add_argument("--threads", type=int, default=usable_cores())
    options = given.parse_args()
    there = processor()
    print(f"{there.name}: {', '.join(there.features)}; {usable_cores()} cores")
    ratio = 1.0  # of libsodium to itself, where there is no other path
    for kernel in paths():
        ratio = compare(kernel, options.inputs, options.turns, options.threads)
    print(f"\nratio (places on one core, to libsodium): {ratio:.1f}")


if __name__ == "__main__":
    main()
