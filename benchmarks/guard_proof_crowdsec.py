"""CrowdSec's custom rule on distinct identifiers, by CrowdSec itself and as the proof computes it, on one log.

Run: `python benchmarks/guard_proof_crowdsec.py [ACCOUNTS] [DAYS] [--record FILE]`, with `crowdsec` and `cscli` on PATH
or `CROWDSEC` naming the folder that has both. Writes a made-up access log of accounts that ask slowly, fast, again and
in bursts, runs CrowdSec on it with `benchmarks/crowdsec`, and prints for how many accounts the first stop is the same.
`--record` writes the log's lookups and CrowdSec's stops as the vector that the tests compare with. The last line is the
share of accounts on which both agree to the second.
"""

import argparse
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.guard_proof.rules import distinct_bucket

HOME = Path(__file__).parent / "crowdsec"
START = 1_767_571_200  # 2026-01-05


def made(accounts, days, seed=8):
    """Lookups of accounts of many paces: columns at (whole seconds), who, identifier."""
    generator = np.random.default_rng(seed)
    parts = []
    for who in range(1, accounts + 1):
        pace = 10 ** generator.uniform(-0.3, 3.5)  # seconds between two lookups
        size = int(min(1500, days * 86_400 / pace))
        gaps = generator.exponential(pace, size)
        gaps[generator.random(size) < 0.004] += generator.uniform(3, 9) * 3600  # about when a bucket is forgotten
        known = max(1, int(size * generator.uniform(0.2, 3)))  # asked again the more, the smaller
        asked = generator.integers(0, known, size)
        at = START + np.floor(generator.uniform(0, 86_400) + np.cumsum(gaps)).astype(np.int64)
        parts.append(pl.DataFrame({"at": at, "who": np.full(size, who), "identifier": asked}))
    rows = pl.concat(parts).filter(pl.col("at") < START + days * 86_400).sort("at", maintain_order=True)
    return rows.with_columns(pl.from_epoch("at", "s").dt.replace_time_zone("UTC").dt.cast_time_unit("us"))


def write_log(lookups, path):
    """As a combined access log, one line a lookup; accounts and identifiers are numbers."""
    line = pl.format(
        '192.0.2.1 - u{} [{}] "GET /lookup/{} HTTP/1.1" 200 12 "-" "made-up"',
        "who",
        pl.col("at").dt.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "identifier",
    )
    path.write_text("\n".join(lookups.select(line).to_series()) + "\n", encoding="ascii")


def stops_of_crowdsec(log, folder):
    """Whom CrowdSec stops on a log and when at first: columns account and stopped; and how long it took."""
    found = shutil.which("crowdsec", path=os.environ.get("CROWDSEC", os.environ["PATH"]))
    if found is None:
        raise SystemExit("needs crowdsec and cscli: on PATH, or their folder in CROWDSEC")
    config, work = folder / "config.yaml", folder
    shutil.copytree(HOME, work / "conf")
    for name in ("data", "hub"):
        (work / name).mkdir()
    kinds = ("parsers", "postoverflows", "scenarios", "collections")
    (work / "hub" / ".index.json").write_text(json.dumps({kind: {} for kind in kinds}))
    (work / "conf" / "acquis.yaml").write_text("")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (HOME / "config.yaml").read_text()
    config.write_text(text.replace("{work}", str(work)).replace("{port}", str(port)))
    machine = ["machines", "add", "proof", "--password", os.urandom(12).hex(), "--force"]
    credentials = ["-f", str(work / "conf" / "credentials.yaml"), "-u", f"http://127.0.0.1:{port}"]
    cscli = Path(found).with_name("cscli")
    subprocess.run([cscli, "-c", config, *machine, *credentials], check=True, capture_output=True)
    started = time.perf_counter()
    command = [found, "-c", config, "-dsn", f"file://{log}", "-type", "lookups"]
    with (work / "output").open("wb") as output:
        subprocess.run(command, check=True, stdout=output, stderr=output, timeout=900)
    took = time.perf_counter() - started
    query = "select source_value, min(stopped_at) from alerts group by source_value"
    with sqlite3.connect(work / "data" / "crowdsec.db") as database:
        rows = database.execute(query).fetchall()
    stops = pl.DataFrame(rows, schema={"account": pl.String, "stopped": pl.String}, orient="row")
    return stops.with_columns(pl.col("stopped").str.head(19).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")), took


def main():
    options = argparse.ArgumentParser()
    options.add_argument("accounts", nargs="?", type=int, default=400)
    options.add_argument("days", nargs="?", type=float, default=2)
    options.add_argument("--record", type=Path)
    chosen = options.parse_args()
    lookups = made(chosen.accounts, chosen.days)
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        write_log(lookups, log)
        stops, took = stops_of_crowdsec(log, Path(name))
    started = time.perf_counter()
    own = distinct_bucket(lookups)
    ours = time.perf_counter() - started
    own = own.select(account="u" + pl.col("who").cast(pl.String), own=pl.col("stopped").dt.replace_time_zone(None))
    both = stops.join(own, on="account", how="full", coalesce=True)
    different = both.filter(~pl.col("stopped").eq_missing(pl.col("own")))
    print(f"{lookups.height:,} lookups of {chosen.accounts} accounts in {chosen.days:g} days")
    print(f"CrowdSec stops {stops.height} accounts in {took:.1f} s; the proof {own.height}, in {ours:.2f} s")
    if chosen.record:
        record(lookups, stops, chosen.record)
    print(f"agree to the second: {1 - different.height / chosen.accounts:.1%}")


def record(lookups, stops, path):
    """The vector: seconds, accounts and identifiers of the lookups, and seconds of CrowdSec's stops."""
    columns = lookups.select(pl.col("at").dt.epoch("s") - START, "who", "identifier")
    first = stops.sort("account").select("account", pl.col("stopped").dt.epoch("s") - START)
    text = {"start": START, "lookups": columns.to_dict(as_series=False), "stops": dict(first.iter_rows())}
    path.write_text(json.dumps(text, separators=(",", ":")) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
