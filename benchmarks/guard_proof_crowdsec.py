"""CrowdSec's custom rule on distinct identifiers, by CrowdSec itself and as the proof computes it, on the same logs.

Run: `python benchmarks/guard_proof_crowdsec.py [ACCOUNTS] [DAYS] [--record FILE]`, with `crowdsec` and `cscli` on PATH
or `CROWDSEC` naming the folder that has both. Runs CrowdSec with `benchmarks/crowdsec` on two made-up logs: one of
accounts (120, for a day) that ask slowly, fast, again and with long pauses, and one of address books with scrapers
among them, and prints how many accounts it stops, and how often at the same second as the proof's own computation.
`--record` writes CrowdSec's stops on the first, in seconds since the log began: the vector that the tests compare with.
The last line is the share of accounts of both logs on which both agree.
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
from tests.acceptance.guard_proof.worlds import KEY

from floodmark.guard.actors import actor_columns, who
from floodmark.synth.traffic.log_lines import chunks
from floodmark.synth.traffic.traffic import looked_up, make

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


def compared(title, log, lookups, accounts):
    """Accounts, those on which both agree, and CrowdSec's stops.

    Args:
        log: the text.
        lookups: columns at (whole seconds), who and identifier.
        accounts: names in the log by who.
    """
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "log"
        path.write_bytes(log)
        stops, took = stops_of_crowdsec(path, Path(name))
    started = time.perf_counter()
    own = distinct_bucket(lookups)
    ours = time.perf_counter() - started
    own = own.join(accounts, on="who").select("account", own=pl.col("stopped").dt.replace_time_zone(None))
    both = stops.join(own, on="account", how="full", coalesce=True)
    same = accounts.height - both.filter(~pl.col("stopped").eq_missing(pl.col("own"))).height
    print(f"{title}: {lookups.height:,} lookups of {accounts.height:,} accounts")
    print(
        f"  CrowdSec stops {stops.height} in {took:.1f} s, the proof {own.height} in {ours:.2f} s; same {same}"
    )
    return accounts.height, same, stops


def address_books(actors, days):
    """Made-up traffic of honest people and a few scrapers: log, lookups, accounts, truth."""
    made = make(
        actors=actors, days=days, scrapers=dict.fromkeys(("fast", "slow", "steady", "mimic"), 1), seed=SEED
    )
    traffic = looked_up(made, KEY)
    names = made.part.seats.select("account", "address")
    actors = actor_columns(KEY, {name: names[name] for name in names.columns}).select(who())
    known = pl.concat([actors, names.select(account=pl.coalesce("account", "address"))], how="horizontal")
    accounts = known.unique("who").join(traffic.truth, on="who")
    lookups = traffic.lookups.select(pl.col("at").dt.truncate("1s"), who(), "identifier")
    return b"".join(chunks(made, "combined")), lookups, accounts


def main():
    options = argparse.ArgumentParser()
    options.add_argument("accounts", nargs="?", type=int, default=120)
    options.add_argument("days", nargs="?", type=float, default=1)
    options.add_argument("--record", type=Path)
    chosen = options.parse_args()
    lookups = paced(chosen.accounts, chosen.days, SEED)
    text = access_log(lookups).encode()
    accounts = lookups.select("who", account="u" + pl.col("who").cast(pl.String)).unique()
    all_of, same, stops = compared("many paces", text, lookups, accounts)
    if chosen.record:
        first = stops.sort("account").select("account", pl.col("stopped").dt.epoch("s") - START)
        vector = {
            "crowdsec": "1.4.6",
            "accounts": chosen.accounts,
            "days": chosen.days,
            "seed": SEED,
            "log_sha256": hashlib.sha256(text).hexdigest(),
            "stops": dict(first.iter_rows()),
        }
        chosen.record.write_text(json.dumps(vector, indent=1) + "\n", encoding="ascii")
    log, lookups, accounts = address_books(150, 7)
    more, also, stops = compared("address books", log, lookups, accounts.select("who", "account"))
    stopped = accounts.join(stops, on="account", how="left").group_by("honest", "kind")
    for honest, kind, count, found in (
        stopped.agg(pl.len(), pl.col("stopped").count()).sort("honest", "kind").rows()
    ):
        print(f"  {'honest' if honest else 'scraper'} {kind:12} stops {found} of {count}")
    print(f"agree to the second: {(same + also) / (all_of + more):.2%}")


if __name__ == "__main__":
    main()
