"""Rows per second of `synth.leak`, facebook-2021, on one core, beside a plain generator with `csv` and Faker.

Both write lines of the same 12 columns to a temporary file; the plain one makes no runs of numbers, no damage and
no truth. Run: `python benchmarks/synth.py [ROWS] [PLAIN_ROWS]`. The last line is the ratio
of the rows per core second, which other work on the machine disturbs least.
"""

import os

# One core: Polars reads this when it is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

import csv
import random
import sys
import tempfile
import time
from pathlib import Path

from faker import Faker

from floodmark.synth import leak


def peak_mib():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def plain(path, rows):
    """A generator as one writes it in an afternoon."""
    draw = random.Random(7)
    people = Faker("en_US")
    people.seed_instance(7)

    def maybe(share, make):
        return make() if draw.random() < share else ""

    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, delimiter=":", quoting=csv.QUOTE_NONE, escapechar="\\", lineterminator="\n")
        for row in range(rows):
            lines.writerow(
                (
                    maybe(0.8901, lambda: f"1201{draw.randrange(10**7):07}"),
                    100_000_000_000_004 + row,
                    people.first_name(),
                    people.last_name(),
                    draw.choice(("male", "female")),
                    maybe(0.6058, people.city),
                    maybe(0.45, people.city),
                    maybe(0.3, lambda: draw.choice(("Single", "Married"))),
                    maybe(0.183, people.company),
                    people.date_between("-3y").strftime("%m/%d/%Y 12:00:00 AM"),
                    maybe(0.0476, people.safe_email),
                    maybe(0.06, lambda: people.date_of_birth().strftime("%m/%d/%Y")),
                )
            )


def timed(name, rows, write):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "twin.txt"
        started, worked = time.perf_counter(), time.process_time()
        write(path)
        seconds, busy = time.perf_counter() - started, time.process_time() - worked
        size = path.stat().st_size
    print(
        f"{name:16} {rows:>11,} rows {size / 1e6:>7,.0f} MB {seconds:>7.1f} s, {busy:>6.1f} s of the core: "
        f"{rows / seconds:>9,.0f} rows/s, {rows / busy:>9,.0f} rows per core second, peak {peak_mib():,.0f} MiB",
        flush=True,
    )
    return rows / busy


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    plain_rows = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    slow = timed("csv and Faker", plain_rows, lambda path: plain(path, plain_rows))
    fast = timed("floodmark synth", rows, lambda path: leak("facebook-2021", rows, 7, path))
    print(f"ratio {fast / slow:.0f}")


if __name__ == "__main__":
    main()
