"""CrowdSec's custom rule on distinct identifiers, by CrowdSec itself and as the proof computes it, on one log.

Run: `python benchmarks/guard_proof_crowdsec.py [ACCOUNTS] [DAYS] [--record FILE]`, with `crowdsec` and `cscli` on PATH
or `CROWDSEC` naming the folder that has both. Writes a made-up access log of accounts that ask slowly, fast, again and
in bursts, runs CrowdSec on it with `benchmarks/crowdsec`, and prints for how many accounts the first stop is the same.
`--record` writes CrowdSec's stops, in seconds since the log began: the vector that the tests compare with. The last
line is the share of accounts on which both agree to the second.
"""

import argparse
import hashlib
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

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.guard_proof.paces import START, access_log, paced
from tests.acceptance.guard_proof.rules import distinct_bucket

HOME = Path(__file__).parent / "crowdsec"
SEED = 8


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
    return stops.with_columns(
        pl.col("stopped").str.head(19).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")
    ), took


def main():
    options = argparse.ArgumentParser()
    options.add_argument("accounts", nargs="?", type=int, default=400)
    options.add_argument("days", nargs="?", type=float, default=2)
    options.add_argument("--record", type=Path)
    chosen = options.parse_args()
    lookups = paced(chosen.accounts, chosen.days, SEED)
    text = access_log(lookups)
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        log.write_text(text, encoding="ascii")
        stops, took = stops_of_crowdsec(log, Path(name))
    started = time.perf_counter()
    own = distinct_bucket(lookups)
    ours = time.perf_counter() - started
    own = own.select(
        account="u" + pl.col("who").cast(pl.String), own=pl.col("stopped").dt.replace_time_zone(None)
    )
    both = stops.join(own, on="account", how="full", coalesce=True)
    different = both.filter(~pl.col("stopped").eq_missing(pl.col("own")))
    print(f"{lookups.height:,} lookups of {chosen.accounts} accounts in {chosen.days:g} days")
    print(f"CrowdSec stops {stops.height} accounts in {took:.1f} s; the proof {own.height}, in {ours:.2f} s")
    if chosen.record:
        first = stops.sort("account").select("account", pl.col("stopped").dt.epoch("s") - START)
        vector = {
            "crowdsec": "1.4.6",
            "accounts": chosen.accounts,
            "days": chosen.days,
            "seed": SEED,
            "log_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "stops": dict(first.iter_rows()),
        }
        chosen.record.write_text(json.dumps(vector, indent=1) + "\n", encoding="ascii")
    print(f"agree to the second: {1 - different.height / chosen.accounts:.1%}")


if __name__ == "__main__":
    main()
