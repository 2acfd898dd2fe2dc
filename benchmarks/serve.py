"""The server's hot endpoints beside the least that could answer, on the same uvicorn, under 64 connections, in one run.

    python benchmarks/serve.py [SECONDS] [ROWS]

Evaluations of one element stand beside a route that multiplies as often with bare libsodium, and beside a loop of such
multiplications without a server; ranges of buckets.bin beside a route that has as many bytes in memory. Servers and
clients share the machine's cores, and take turns: ten rounds, of which the first is thrown away. Prints what was
measured, and the ratios at the 50th and the 99th percentile last.
"""

from __future__ import annotations

import itertools
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

import rbcl
from bare import POINTS
from load import Seen, load
from served import evaluations, floodmark, make, ranges, running

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 40.0
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
ROUNDS = 10
CONNECTIONS = 64
BARE = b"GET /bucket HTTP/1.1\r\nHost: bench\r\n\r\n"


def multiplications() -> float:
    """Evaluations a second that a loop of bare multiplications would be worth, on one core."""
    key = rbcl.crypto_core_ristretto255_scalar_random()
    point = rbcl.crypto_core_ristretto255_from_hash(secrets.token_bytes(64))
    count, start = 2_000, time.perf_counter()
    for _ in range(count):
        for _ in range(POINTS):
            rbcl.crypto_scalarmult_ristretto255(key, point)
        rbcl.crypto_scalarmult_ristretto255_base(key)
    return count / (time.perf_counter() - start)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = make(folder, ROWS)
        (folder / "answer").write_bytes(os.urandom(made.answer_bytes))
        bare = [sys.executable, str(Path(__file__).with_name("bare.py")), str(folder / "answer")]
        with (
            running(floodmark(made), folder / "log", made.environment) as (ours, _),
            running(bare, folder / "bare") as (theirs, _),
        ):
            blinded, wanted = (itertools.cycle(some) for some in (evaluations(2_000), ranges(made, 20_000)))
            multiplied = itertools.cycle(
                one.replace(b"/v1/evaluate", b"/multiply") for one in evaluations(200)
            )
            sides = {
                "evaluate": (ours, blinded),
                "bare multiplications": (theirs, multiplied),
                "buckets": (ours, wanted),
                "bare bytes": (theirs, itertools.repeat(BARE)),
            }
            seen = {name: Seen() for name in sides}
            for number in range(ROUNDS):
                for name, (address, drawn) in sides.items():
                    found = load(address, drawn.__next__, SECONDS / ROUNDS / len(sides), CONNECTIONS)
                    if set(found.statuses) - {200, 206}:
                        raise SystemExit(f"{name}: {found.statuses}")
                    if number:
                        seen[name].seconds += found.seconds
                        seen[name].wall += found.wall
            loop = multiplications()
    print(f"{CONNECTIONS} connections, {made.answer_bytes:,} bytes an answer, {os.cpu_count()} cores for all")
    for name, one in seen.items():
        p50, p99 = one.quantile(0.5) * 1000, one.quantile(0.99) * 1000
        print(
            f"  {name:22} {one.rate:9,.0f}/s   p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   {len(one.seconds):,} answers"
        )
    print(f"  a loop of bare multiplications without a server: {loop:,.0f}/s on one core")
    print(f"ratio (evaluations a second, the loop to the server): {loop / seen['evaluate'].rate:.2f}")
    for name, peer in (("evaluate", "bare multiplications"), ("buckets", "bare bytes")):
        p50, p99 = (seen[name].quantile(part) / seen[peer].quantile(part) for part in (0.5, 0.99))
        print(f"ratio ({name} to {peer}): {p50:.2f} at p50, {p99:.2f} at p99")


if __name__ == "__main__":
    main()
