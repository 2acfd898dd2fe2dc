"""The guard and simple rules on real traffic, as far as real traffic can say anything.

Run: `FLOODMARK_GUARD_DATA=FOLDER python benchmarks/guard_real_traffic.py [auth|access|college]...` (all), with the
files that `docs/explanation/guard-proof.md` names in the folder. Prints counts alone, and with every figure what its
labels are worth. The last line is the share that scrapers got in `college`: evidence to distinct a day.
"""

import json
import os
import re
import sys
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.guard_proof.college import Background
from tests.acceptance.guard_proof.measure import outcome, until
from tests.acceptance.guard_proof.ours import granted, learnt, policy
from tests.acceptance.guard_proof.rules import any_miss, distinct, distinct_bucket, volume
from tests.acceptance.guard_proof.tuning import frozen
from tests.acceptance.guard_proof.worlds import KEY

from floodmark.guard.actors import who
from floodmark.guard.budgets import PROFILES
from floodmark.guard.evidence import evidence
from floodmark.guard.logs import Mapping, Replay

ALPHAS = (0.2, 0.1, 0.05)


def replayed(path, ready):
    """Lookups of a log by a mapping that comes with the guard, and what became of its lines."""
    replay = Replay(Mapping.ready(ready), KEY)
    lookups = pl.concat(list(replay.read(path)))
    print("lines by fate: " + ", ".join(f"{name} {count:,}" for name, count in replay.counts.pairs()))
    return lookups.sort("at").with_columns(who())


def lines_of(path):
    return pl.DataFrame({"line": path.read_text("utf-8", "replace").splitlines()})


def auth(folder):
    print("## elastic_auth.log: sshd, 25 days\n")
    lookups = replayed(folder / "elastic_auth.log", "sshd")
    invalid = lines_of(folder / "elastic_auth.log").select(
        name=pl.col("line").str.extract(r"sshd\[\d+\]: Invalid user (.*) from \S+$", 1),
        address=pl.col("line").str.extract(r"sshd\[\d+\]: Invalid user .* from (\S+)$", 1),
    )
    invalid = invalid.drop_nulls()
    print(
        f"by a regular expression: {invalid.height} lines with Invalid user, {(invalid['name'] == '').sum()} of them "
        f"with no name, {invalid['address'].n_unique()} addresses"
    )
    guessers = lookups.filter(pl.col("endpoint") == "ssh/invalid")["who"].unique()
    honest = lookups.filter(pl.col("endpoint") == "ssh/accepted")["who"].unique()
    print(f"addresses that the labels call guessers: {guessers.len()}, that signed in: {honest.len()}")
    own = lookups.filter(pl.col("who").is_in(guessers.implode()))
    names = own.group_by("who").agg(pl.col("identifier").n_unique())["identifier"]
    print(
        f"distinct names per guesser: median {names.median():.0f}, largest {names.max()}; "
        f"with one name {(names == 1).sum()}, with 20 or more (what evidence needs) {(names >= 20).sum()}\n"
    )
    print("stopped, and lookups before that; the label is a miss, so a rule on misses cannot but be right")
    rules = {"any miss": any_miss(lookups), "CrowdSec rule, 300": distinct_bucket(lookups)}
    rules |= {f"distinct a day, {n}": distinct(lookups, n) for n in (1, 2, 5)}
    for name, stops in rules.items():
        stopped = own.join(stops, on="who")
        earlier = pl.col("at") < pl.col("stopped")
        before = stopped.group_by("who").agg(earlier.sum())["at"]
        print(
            f"  {name:20} guessers {stops['who'].is_in(guessers.implode()).sum():3} of {guessers.len()}, "
            f"honest {stops['who'].is_in(honest.implode()).sum()} of {honest.len()}, "
            f"lookups before: median {before.median() or 0:.0f}"
        )
    print(
        f"  {'budgets, strict':20} refuse {(~granted(lookups.drop('who'), policy(PROFILES['strict']))).sum()} lookups"
    )
    print(f"evidence: {honest.len()} honest addresses are no reference, at any α\n")


def access(folder):
    print("## elastic_apache_logs.log: a website, four days\n")
    replayed(folder / "elastic_apache_logs.log", "combined")
    line = re.compile(r'^(\S+) \S+ \S+ \[([^\]]+)\] "(?:\S+) (\S+)[^"]*" (\d{3}) \S+(?: "[^"]*" "(.*?)"?)?$')
    parts = (
        lines_of(folder / "elastic_apache_logs.log")
        .select(pl.col("line").str.extract_groups(line.pattern))
        .unnest("line")
    )
    parts.columns = ["address", "time", "page", "status", "agent"]
    addresses = parts["address"].drop_nulls()
    print(f"by a regular expression: {addresses.len():,} lines, {addresses.n_unique():,} addresses")
    patterns = [
        re.compile(one["pattern"]) for one in json.loads((folder / "crawler-user-agents.json").read_text())
    ]
    agents = parts["agent"].unique().drop_nulls()
    crawling = [agent for agent in agents if any(pattern.search(agent) for pattern in patterns)]
    at = pl.col("time").str.to_datetime("%d/%b/%Y:%H:%M:%S %z", time_unit="us")
    asked = (
        parts.drop_nulls("address")
        .select(
            at=at,
            who=pl.col("address").rank("dense").cast(pl.UInt64),
            identifier="page",
            hit=pl.col("status") != "404",
            crawler=pl.col("agent").is_in(crawling).fill_null(False),
        )
        .sort("at", maintain_order=True)
    )
    each = asked.group_by("who").agg(
        pl.col("crawler").any(),
        volume=pl.len(),
        pages=pl.col("identifier").n_unique(),
        misses=(~pl.col("hit")).sum(),
    )
    print(
        f"addresses that call themselves crawlers: {each['crawler'].sum()} of {each.height:,}. They read pages and "
        "enumerate nobody, and crawlers that hide count as people\n"
    )
    for least in (1, 5):
        some = each.filter(pl.col("volume") >= least)
        figures = ", ".join(
            f"{name} {auc(some['crawler'], some[name]):.3f}" for name in ("volume", "pages", "misses")
        )
        print(f"AUC of telling them, {some.height:,} addresses with {least} requests or more: {figures}")
    crawlers = each.filter("crawler")["who"]
    rules = {"any miss": any_miss(asked), "CrowdSec rule, 300": distinct_bucket(asked)}
    rules |= {"pages a day, 40": distinct(asked, 40), "requests a day, 40": volume(asked, 40)}
    for name, stops in rules.items():
        right = stops["who"].is_in(crawlers.implode()).sum()
        others = each.height - crawlers.len()
        print(
            f"  {name:20} stops {right} of {crawlers.len()} crawlers, {stops.height - right} of {others:,} others"
        )
    print()


def auc(labels, values):
    """That of a pair of one of each label the labelled has the larger value; ties count half."""
    ranks = values.rank("average").to_numpy()
    good = labels.to_numpy()
    return (ranks[good].sum() - good.sum() * (good.sum() + 1) / 2) / (good.sum() * (~good).sum())


def college(folder):
    print("## CollegeMsg: who wrote to whom, with scrapers put in\n")
    background = Background.read(folder / "CollegeMsg.txt")
    training, reference, made = background.training, background.reference, background.test
    put_in = made.lookups.height - background.honest
    print(
        f"lookups: {training.height:,} to learn from, {reference.height:,} of the reference; tested "
        f"{background.honest:,} and {put_in:,} put in ({put_in / made.lookups.height:.1%})"
    )
    print(
        "split by time and person; there are no addresses, so not by fleet. "
        "Every id that was ever written to is a hit\n"
    )
    learned = learnt(training, reference, "account")
    named = made.lookups.with_columns(who())
    limit = frozen(reference.with_columns(who()), 0.01)["distinct a day"]
    rules = {
        "any miss": any_miss(named),
        "CrowdSec rule, 300": distinct_bucket(named),
        f"distinct a day, {limit}": distinct(named, limit),
    }
    answered = {name: until(made.lookups, stops) for name, stops in rules.items()}
    for alpha in ALPHAS:
        answered[f"evidence, α {alpha}"] = granted(made.lookups, policy((), alpha, 0.0), learned)
    families = made.truth.filter(~pl.col("honest"))["kind"].unique().sort().to_list()
    found = {name: outcome(made, which) for name, which in answered.items()}
    for name, one in found.items():
        shares = ", ".join(f"{family} {one.share_scraped(family):.1%}" for family in families)
        print(f"  {name:20} honest limited {one.limited!s:24} scraped: {shares}")
    judged = evidence(made.lookups, learned.model, learned.reference, ALPHAS[0], 0.0)
    judged = judged.filter(pl.col("reached") > 0)
    print(
        f"\nevidence judges {judged.height} actors, the others asked for fewer than 20; reference actors: "
        f"{judged['reference'].min()} to {judged['reference'].max()}; smallest "
        f"reachable α {judged['reachable'].min():.3f}, largest M {judged['m'].max():.1f}"
    )
    names = (f"evidence, α {ALPHAS[0]}", f"distinct a day, {limit}")
    ours, theirs = (np.mean([found[name].share_scraped(family) for family in families]) for name in names)
    print(f"share scraped, evidence to distinct a day: {ours / theirs:.3f}")


def main():
    folder = os.environ.get("FLOODMARK_GUARD_DATA")
    if not folder:
        raise SystemExit("FLOODMARK_GUARD_DATA names the folder with the files")
    for part in sys.argv[1:] or ("auth", "access", "college"):
        {"auth": auth, "access": access, "college": college}[part](Path(folder))


if __name__ == "__main__":
    main()
