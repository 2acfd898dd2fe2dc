"""Replaying an access log beside Polars' own regular expression and distinct count, and beside CrowdSec.

Run: `python benchmarks/guard_replay.py [LOOKUPS] [CROWDSEC_LINES]`: lines of the log (1,000,000) and how many of them
CrowdSec reads (50,000), which it does where `crowdsec` is on PATH or `CROWDSEC` names its folder. The log is made up
(`floodmark.synth.traffic`), in the combined form. Each of five rounds runs, in turns and in processes of their own:

- the replay: time, actor (digests of five parts), identifier (canonical form, digest, block, position), hit, the
  fate of every line and the log's SHA-256, written to a lookups file;
- Polars: one regular expression over all lines for account, time, number and status, and distinct numbers by account,
  streaming, which is its faster way;
- the same with one that reads all nine fields of the combined form, and a second for the number in the target.

Medians of seconds passed and of the processor's, and the peak of memory. Last, the ratios of rates: the replay's to
CrowdSec's with the rule on distinct identifiers in `benchmarks/crowdsec`, to Polars' on all fields, and to Polars'.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from floodmark.guard import LookupsFile, write_lookups
from floodmark.guard.logs import Mapping, Replay
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic.log_lines import chunks
from floodmark.synth.traffic.log_mapping import mapping
from floodmark.synth.traffic.traffic import make

ROUNDS = 5
NARROW = (
    r'^\S+ \S+ (?<account>\S+) \[([^\]]+)\] "\S+ [^ ?]+\?(?:[^ "]*&)?phone=(?<phone>[^ "&]+)[^"]*" (\d{3})'
)
WIDE = r'^(\S+) (\S+) (?<account>\S+) \[([^\]]+)\] "(\S+) (?<target>\S+) [^"]*" (\d{3}) (\S+) "([^"]*)" "([^"]*)"'


def peer(log, pattern):
    groups = pl.col("line").str.extract_groups(pattern).alias("cut")
    rows = pl.scan_lines(log).select(groups).unnest("cut").drop_nulls("account")
    if pattern == WIDE:
        rows = rows.with_columns(pl.col("target").str.extract("[?&]phone=([^&]+)").alias("phone"))
    found = rows.group_by("account").agg(pl.col("phone").n_unique())
    print(found.collect(engine="streaming").height, "accounts")


def replay(log, out):
    key = DigestKey(bytes(32))
    read = Replay(Mapping.parse(mapping("combined")), key)
    frames = list(read.read(Path(log)))
    sources = tuple((one.label, one.sha256) for one in read.sources)
    about = write_lookups(Path(out), frames, LookupsFile(key.id, 0, True, sources, read.counts.pairs()))
    print(about.rows, "lookups")


def timed(*arguments):
    """Seconds passed and of the processor, and MiB at the peak, of one run in a process of its own."""
    command = [sys.executable, __file__, "--run", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(text) for text in done.stdout.splitlines()[-1].split()]


def run(what, *arguments):
    """One run; to start and to import is not in it."""
    start, processor = time.perf_counter(), time.process_time()
    {"replay": replay, "peer": peer}[what](*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - start, time.process_time() - processor, peak)


def crowdsec(log, lines, folder):
    """Lines a second that CrowdSec reads; None where it is not there."""
    if shutil.which("crowdsec", path=os.environ.get("CROWDSEC", os.environ["PATH"])) is None:
        return None
    sys.path.insert(0, str(Path(__file__).parent))
    from guard_proof_crowdsec import stops_of_crowdsec

    part = folder / "part.log"
    with log.open("rb") as whole, part.open("wb") as cut:
        for _, line in zip(range(lines), whole, strict=False):
            cut.write(line)
    work = folder / "crowdsec"
    work.mkdir()
    return lines / stops_of_crowdsec(part, work)[1]


def made_up(log, lookups):
    """A log of about so many lookups, cut to that."""
    made = make(actors=max(1, lookups // 450), days=7, scrapers={"fast": 1, "slow": 5, "shuffled": 1}, seed=8)
    left = lookups + 1
    with log.open("wb") as file:
        for chunk in chunks(made, "combined"):
            lines = chunk.splitlines(keepends=True)[:left]
            file.write(b"".join(lines))
            left -= len(lines)
    return lookups - left + 1


def main(lookups, crowdsec_lines):
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name), Path(name) / "access.log"
        count = made_up(log, lookups)
        print(f"{count:,} lookups, {log.stat().st_size / 2**20:,.0f} MiB")
        work = {
            "replay": ("replay", log, folder / "lookups.parquet"),
            "Polars, four fields": ("peer", log, NARROW),
            "Polars, all fields": ("peer", log, WIDE),
        }
        found = {what: [] for what in work}
        for _ in range(ROUNDS):
            for what, arguments in work.items():
                found[what].append(timed(*arguments))
        rates = {}
        for what, figures in found.items():
            took, processor, peak = (statistics.median(column) for column in zip(*figures, strict=True))
            rates[what] = count / took
            print(
                f"{what:22} {took:6.2f} s  {processor:6.2f} s of processor  {peak:7,.0f} MiB  {count / took:12,.0f}/s"
            )
        there = crowdsec(log, crowdsec_lines, folder)
        if there is not None:
            print(f"{'CrowdSec':22} {there:12,.0f} lines/s")
            print(f"ratio to CrowdSec: {rates['replay'] / there:.0f}")
        print(f"ratio to Polars on all fields: {rates['replay'] / rates['Polars, all fields']:.2f}")
        print(f"ratio: {rates['replay'] / rates['Polars, four fields']:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(*sys.argv[2:])
    else:
        main(*(int(text) for text in [*sys.argv[1:], *("1000000", "50000")[len(sys.argv) - 1 :]]))
