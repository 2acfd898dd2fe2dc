"""Phone numbers beside `phonenumbers`, and the check that both agree.

python benchmarks/phones.py                      # speed; the last line is the ratio
python benchmarks/phones.py --verify 1000000     # that many international numbers, and national ones
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import phone_oracle as oracle

from floodmark.identifiers import phones

STEP = 20_000
NATIONAL = 400  # numbers typed in each region


def verify_international(count: int, seed: int) -> tuple[int, int]:
    """Valid ones and disagreements among `count` numbers typed after a plus."""
    texts = ["+" + number for number in oracle.international(count, seed)]
    answers = oracle.read(texts)
    wrong = sum(answer != oracle.ask(text) for text, answer in zip(texts, answers, strict=True))
    return sum(answer.valid for answer in answers), wrong


def verify_national(region: str, seed: int) -> tuple[int, int, int]:
    """Valid ones, disagreements, and those that are valid as bare international digits alone, of one region."""
    valid = wrong = more = 0
    texts = list(oracle.national(region, NATIONAL, seed))
    for text, answer in zip(texts, oracle.read(texts, region), strict=True):
        expected = oracle.ask(text, region)
        bare = not expected.valid and answer.valid and answer == oracle.ask("+" + text.removeprefix("00"))
        valid += expected.valid
        more += bare
        wrong += answer != expected and not bare
    return valid, wrong, more


def verify(count: int, seed: int, jobs: int) -> int:
    """Compare on `count` international numbers and on 400 national forms of each region; the disagreements."""
    sizes = [min(STEP, count - start) for start in range(0, count, STEP)]
    regions = sorted(oracle.phonenumbers.SUPPORTED_REGIONS)
    with get_context("spawn").Pool(jobs) as pool:
        parts = pool.starmap(
            verify_international, [(size, seed + part) for part, size in enumerate(sizes)], 1
        )
        valid, wrong = map(sum, zip(*parts, strict=True))
        print(f"{count} international numbers, seed {seed}: {valid} valid, {wrong} disagree", flush=True)
        parts = pool.starmap(verify_national, [(region, seed) for region in regions], 4)
        valid, national_wrong, more = map(sum, zip(*parts, strict=True))
    print(
        f"{len(regions) * NATIONAL} national forms: {valid} valid, {national_wrong} disagree, "
        f"{more} not valid as national but as bare international"
    )
    return wrong + national_wrong


def timed(work: Callable[[], object], count: int) -> float:
    """Best of five, in nanoseconds of processor time a number, so that a busy machine tells the same."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best / count * 1e9


def compare(count: int, seed: int) -> None:
    """Time every way in on `count` numbers, and `phonenumbers` on 20,000 of them."""
    rng = random.Random(seed)
    regions = sorted(oracle.phonenumbers.SUPPORTED_REGIONS)
    heads = [
        oracle.phonenumbers.format_number(one, oracle.E164)[1:]
        for region in regions
        for one in oracle.examples(region)
    ]
    plain = [head[:-4] + f"{rng.randrange(10_000):04}" for head in rng.choices(heads, k=count)]
    cells = pl.Series("phone", plain)
    integers, plus = cells.cast(pl.UInt64), ("+" + cells).alias("phone")
    spaced = "+" + cells.str.head(2) + " " + cells.str.slice(2, 4) + "-" + cells.str.slice(6)
    phones.resolve(cells.head(10), "GB")
    rows = {
        "resolve, UInt64": lambda: phones.resolve(integers),
        "resolve, text of digits": lambda: phones.resolve(cells),
        "resolve, text of digits, region GB": lambda: phones.resolve(cells, "GB"),
        "resolve, text with a plus": lambda: phones.resolve(plus),
        "resolve, text with spaces and dashes": lambda: phones.resolve(spaced),
        "parse, text with a plus": lambda: plus.to_frame().select(phones.parse("phone")),
    }
    figures = {name: timed(work, count) for name, work in rows.items()}
    sample = plus.head(20_000).to_list()
    start = time.process_time()
    peer = [oracle.ask(text) for text in sample]
    figures["phonenumbers"] = (time.process_time() - start) / len(sample) * 1e9
    if peer != oracle.read(sample):
        sys.exit("the two disagree")
    for name, figure in figures.items():
        print(f"{figure:12,.0f} ns  {figures['phonenumbers'] / figure:10,.0f} x  {name}")
    print(
        f"ratio, text to region, kind and validity: {figures['phonenumbers'] / figures['resolve, text of digits']:.0f}"
    )
    print(
        f"ratio, the same answers as text: {figures['phonenumbers'] / figures['parse, text with a plus']:.0f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--verify", type=int, default=0, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.verify:
        sys.exit(1 if verify(options.verify, options.seed, options.jobs) else 0)
    compare(options.rows, options.seed)
