"""Does the time of an evaluation tell anything of its key? A test by hand, as dudect does it.

    python benchmarks/oprf_timing.py [--path ifma|avx2] [--measurements 20000]
    python benchmarks/oprf_timing.py --steps

Each of a few keys that a leak would show (1, 2, 2^252, the order less 1, one with few digits that are not 0) takes
turns with random keys, in random order, on the same inputs; the clock is read before and after the call. Welch's t
compares the two kinds of times, of all of them and of those below each of several percentiles, since what disturbs a
machine only ever adds time; once as they are, and once as squares about their mean. |t| above 4.5 in any of them is
evidence for a difference. Below, none was seen, which proves nothing: what can be proved is proved of the machine code
(tests/unit/kernel/constant_time).

Two controls say what the test can see. Random keys against random keys must stay below 4.5. Inputs of which one is 128
bytes longer, so that one more block is hashed, are told apart from the others: a difference of well under one percent.

With --steps the same keys evaluate three inputs each, one instruction at a time under ptrace, by the fastest path: the
number of instructions and a hash of their addresses must be the same for all. That takes a minute for each key.

After Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?" (2017).
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from floodmark.exposure.oprf.group import ORDER
from floodmark.kernel import arrow_strings, library, oprf
from floodmark.kernel.library import Features

PATHS = {"ifma": Features(0xFFFF), "avx2": Features.SHA | Features.AVX2}
EVIDENCE = 4.5
CROPS = [1 - 0.5 ** (10 * (k + 1) / 20) for k in range(20)]  # dudect's percentiles
FIXED = {
    "1": 1,
    "2": 2,
    "2^252": 2**252,
    "the order less 1": ORDER - 1,
    "few digits": 2**200 + 2**100 + 2,
}


class Call:
    """One call of the kernel for 16 inputs, with a key that is written into place before each."""

    def __init__(self, features: Features, longest: int) -> None:
        assert library.kernel is not None
        self.kernel = library.kernel.using(features)
        if not oprf.lanes(self.kernel):
            raise SystemExit("This processor has no such path.")
        self.texts = pl.Series([f"phone:+4477009{n:05}" for n in range(15)] + ["x" * longest])
        self.chunks = list(arrow_strings.chunks(self.texts))
        _, views, buffers = self.chunks[0]
        self.key, self.out = ctypes.create_string_buffer(32), np.empty((16, oprf.OUTPUT_BYTES), np.uint8)
        tag = b"HashToGroup-timing"
        self.batch = oprf._Batch(None, tag, len(tag), views, buffers, None, 16)
        self.batch.outputs = self.out.ctypes.data
        ctypes.memmove(
            ctypes.addressof(self.batch), ctypes.addressof(ctypes.c_void_p(ctypes.addressof(self.key))), 8
        )

    def time(self, key: bytes) -> int:
        ctypes.memmove(self.key, key, 32)
        call, batch, features = (
            self.kernel.functions.fm_oprf_evaluate,
            ctypes.byref(self.batch),
            self.kernel.features,
        )
        start = time.perf_counter_ns()
        result = call(batch, features)
        taken = time.perf_counter_ns() - start
        assert result == 0
        return taken


def welch(a: np.ndarray, b: np.ndarray) -> float:
    return float((a.mean() - b.mean()) / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))


def most_telling(a: np.ndarray, b: np.ndarray) -> float:
    """The largest |t| over all crops and both orders."""
    both, found = np.concatenate([a, b]), [welch(a, b)]
    for crop in CROPS:
        limit = np.quantile(both, crop)
        low_a, low_b = a[a <= limit], b[b <= limit]
        if min(len(low_a), len(low_b)) > 1000:
            found.append(welch(low_a, low_b))
            found.append(welch((low_a - low_a.mean()) ** 2, (low_b - low_b.mean()) ** 2))
    return max(found, key=abs)


def compare(calls: tuple[Call, Call], fixed: bytes | None, measurements: int) -> tuple[float, float]:
    """t, and the medians' difference in parts of the second; class 0 has the fixed key, if there is one."""
    keys = [random.randrange(1, ORDER).to_bytes(32, "little") for _ in range(1024)]
    times: tuple[list[int], list[int]] = ([], [])
    for _ in range(measurements * 2):
        kind = random.getrandbits(1)
        key = random.choice(keys)
        times[kind].append(calls[kind].time(fixed if fixed and kind == 0 else key))
    a, b = (np.array(one[100:], np.float64) for one in times)
    return most_telling(a, b), float(np.median(a) / np.median(b) - 1)


def steps() -> None:
    """Compile the stepper with the compiler that is there, and feed it the keys."""
    source = Path(__file__).with_name("oprf_steps.c")
    kernel = Path(library.__file__).with_name(library.NAME)
    with tempfile.TemporaryDirectory() as folder:
        stepper = Path(folder) / "steps"
        subprocess.run(["cc", "-O2", f"-I{kernel.parent / 'c'}", source, "-o", stepper, "-ldl"], check=True)
        keys = b"".join(key.to_bytes(32, "little") for key in FIXED.values())
        said = subprocess.run(
            [stepper, kernel], input=keys, stdout=subprocess.PIPE, check=True
        ).stdout.decode()
    for name, line in zip(FIXED, said.splitlines(), strict=True):
        count, digest = line.split()
        print(f"{name:>24}: {int(count):,} instructions, of which the addresses hash to {digest}")
    print("the same for all keys" if len(set(said.splitlines())) == 1 else "the path depends on the key")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--path", choices=PATHS, default="ifma")
    parser.add_argument("--measurements", type=int, default=20_000)
    parser.add_argument("--steps", action="store_true")
    options = parser.parse_args()
    if options.steps:
        return steps()
    call, longer = Call(PATHS[options.path], 20), Call(PATHS[options.path], 148)
    print(
        f"{options.path}, {oprf.lanes(call.kernel)} lanes, {options.measurements:,} measurements of each kind, ",
        end="",
    )
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    seen = []
    for name, key in FIXED.items():
        t, difference = compare((call, call), key.to_bytes(32, "little"), options.measurements)
        seen.append(t)
        print(
            f"{name:>24} against random keys: t = {t:7.2f}, medians differ by {difference * 100:+.3f} %",
            flush=True,
        )
    t, difference = compare((call, call), None, options.measurements)
    print(
        f"{'random keys':>24} against random keys: t = {t:7.2f}, medians differ by {difference * 100:+.3f} %"
    )
    t, difference = compare((longer, call), None, options.measurements)
    print(
        f"{'one more block to hash':>24}              : t = {t:7.2f}, medians differ by {difference * 100:+.3f} %"
    )
    worst = max(map(abs, seen))
    verdict = (
        "evidence that time depends on the key"
        if worst > EVIDENCE
        else "no evidence that time depends on the key"
    )
    print(f"{verdict}: largest |t| of a key {worst:.2f}, {EVIDENCE} would be")


if __name__ == "__main__":
    main()
