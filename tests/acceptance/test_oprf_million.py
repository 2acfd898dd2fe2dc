"""The batch OPRF is bit for bit libsodium's on random inputs under random keys; FLOODMARK_EVALUATIONS asks for more.

FLOODMARK_EVALUATIONS=1000000 python -m pytest -n 0 -s tests/acceptance/test_oprf_million.py
"""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from floodmark.exposure.oprf import evaluate, group
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features, Kernel

from ..integration import second_oprf as integers

EVALUATIONS = int(os.environ.get("FLOODMARK_EVALUATIONS", "65536"))
SEED = os.environ.get("FLOODMARK_SEED", "9497")
PIECE = 500  # inputs under one key
BY_INTEGERS = 500  # of which one is evaluated a third time, in integers
TAG = b"HashToGroup-OPRFV1-\x01-ristretto255-SHA512"
LONGEST = 64  # characters, each of one or two bytes


def paths() -> dict[str, Kernel]:
    """Every path that this processor has."""
    if library.kernel is None:
        return {}
    parts = {str(feature.name): library.kernel.using(feature) for feature in (Features.AVX2, Features.IFMA)}
    return {name: part for name, part in parts.items() if oprf.lanes(part)}


def differing(piece: int, found_by: dict[str, Kernel]) -> list[tuple[str, int, int]]:
    """Name of a path, piece and place in it of every output that is another."""
    rng = random.Random(f"{SEED}/{piece}")
    secret = rng.randrange(1, group.ORDER)
    key = group.scalar(secret.to_bytes(32, "little"))
    texts = [rng.randbytes(rng.randint(1, LONGEST)).decode("latin-1") for _ in range(PIECE)]
    expected = [evaluate(key, text.encode()) for text in texts]
    found = {
        name: oprf.evaluate(key, TAG, pl.Series(texts), random=rng.randbytes, kernel=kernel).outputs
        for name, kernel in found_by.items()
    }
    wrong = [
        (name, piece, place)
        for name, outputs in found.items()
        for place, one in enumerate(expected)
        if outputs[place].tobytes() != one
    ]
    for place in range(0, PIECE, BY_INTEGERS):
        if integers.evaluate(secret, texts[place].encode()) != expected[place]:
            wrong.append(("libsodium", piece, place))
    return wrong


def test_random_inputs_under_random_keys_give_what_libsodium_gives() -> None:
    pieces, found_by, start = -(-EVALUATIONS // PIECE), paths(), time.perf_counter()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        wrong = [one for found in pool.map(lambda n: differing(n, found_by), range(pieces)) for one in found]
    assert wrong == []
    print(
        f"\n{pieces * PIECE:,} inputs under {pieces:,} keys: libsodium and {', '.join(found_by) or 'integers'} agree; "
        f"{time.perf_counter() - start:.0f} s"
    )
