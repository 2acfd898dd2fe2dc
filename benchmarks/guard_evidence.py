"""What the evidence of the guard promises, and what it costs, on made-up traffic.

    python benchmarks/guard_evidence.py [--actors 2000] [--draws 8] [--redraws 200]

1. Fresh honest traffic, learnt from the past and looked at afterwards: how many are flagged at each alpha, with the
   exact interval, and the mean of M.
2. The same actors, with the reference drawn anew many times: the rate averaged over draws, which is promised, and that
   of unlucky draws, which is not.
3. Scrapers in the reference: how many others are still flagged, and how many honest actors.
4. Lookups a second, beside a count of distinct identifiers per actor by Polars on the same table; and of `Watch`.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from math import lgamma
from time import perf_counter

import numpy as np
import polars as pl

from floodmark.guard import Actor, Reduced
from floodmark.guard.actors import who
from floodmark.guard.evidence import Model, Reference, Watch, evidence, reference, split, train
from floodmark.guard.evidence.askings import askings
from floodmark.guard.evidence.conformal import weigh
from floodmark.guard.evidence.scores import scored
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import traffic

START = datetime(2026, 1, 5, tzinfo=UTC)
PAST, NEXT = timedelta(days=30), timedelta(days=15)
ALPHAS = (0.1, 0.05, 0.01)
FAMILIES = ("steady", "slow", "drip", "shuffled", "spread", "listed", "mimic", "ring", "farm", "aware")


def interval(count: int, total: int) -> tuple[float, float]:
    """Exact (Clopper-Pearson) 95 % interval of a rate."""

    def tail(rate: float, low: int, high: int) -> float:
        ks = np.arange(low, high + 1)
        logs = np.array([lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1) for k in ks])
        return float(np.exp(logs + ks * np.log(rate) + (total - ks) * np.log1p(-rate)).sum())

    def solve(below) -> float:
        low, high = 1e-12, 1 - 1e-12
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) else (low, middle)
        return (low + high) / 2

    least = solve(lambda rate: tail(rate, count, total) < 0.025) if count else 0.0
    return least, solve(lambda rate: tail(rate, 0, count) > 0.025)


def learned(lookups: pl.DataFrame, cluster: str) -> tuple[Model, Reference]:
    training, others = split(lookups, cluster=cluster)
    model = train(training, cluster=cluster)
    return model, reference(others, model)


def fresh(actors: int, draws: int, cluster: str) -> list[tuple[Model, Reference, pl.DataFrame]]:
    print(f"\n1. Fresh honest traffic: {draws} times {actors:,} accounts, one per {cluster}")
    flagged, total, means, made = dict.fromkeys(ALPHAS, 0), 0, [], []
    for seed in range(draws):
        key = DigestKey(
            bytes([seed]) * 32
        )  # which decides, too, who is trained on and who is in the reference
        lookups = traffic(key, actors=actors, days=45, seed=seed, scrapers={}, start=START).lookups
        past, later = (
            lookups.filter(pl.col("at") < START + PAST),
            lookups.filter(pl.col("at") >= START + PAST),
        )
        model, compared = learned(past, cluster)
        found = evidence(later, model, compared).filter(pl.col("reached") > 0)
        for alpha in ALPHAS:
            flagged[alpha] += (found["m"] >= 1 / alpha).sum()
        total += found.height
        means.append(found["m"].mean())
        made.append((model, compared, later))
    print(f"   mean M {np.mean(means):.3f} (draws: {', '.join(f'{mean:.3f}' for mean in means)})")
    for alpha, count in flagged.items():
        low, high = interval(count, total)
        print(
            f"   alpha {alpha:<5g} flagged {count:>4} of {total:,}: {count / total:.4f} ({low:.4f} to {high:.4f})"
        )
    return made


def redraw(model: Model, later: pl.DataFrame, redraws: int, cluster: str) -> None:
    asked = askings(later, last=model.checkpoints[-1], cluster=cluster)
    found = scored(asked, model).sort("actor").unique(["cluster", "checkpoint"], keep="first")
    clusters = found["cluster"].unique().to_numpy()
    rng = np.random.default_rng(1)
    print(f"\n2. The reference drawn anew {redraws} times among {len(clusters):,} honest clusters")
    weights = dict(zip(model.checkpoints, model.weights, strict=True))
    mean = found["checkpoint"].replace_strict(weights, return_dtype=pl.Float64).sum() / len(clusters)
    print(f"   for exchangeable actors the mean of M is {mean:.3f}: the weights of what they reach")
    for size in (100, 400):
        rates, means = {alpha: [] for alpha in ALPHAS}, []
        for _ in range(redraws):
            chosen = rng.choice(clusters, size, replace=False)
            held = found["cluster"].is_in(chosen.tolist())
            m = _m(found.filter(~held), found.filter(held), model)
            means.append(m.mean())
            for alpha in ALPHAS:
                rates[alpha].append((m >= 1 / alpha).mean())
        error = np.std(means) / np.sqrt(redraws)
        print(f"   {size} clusters: mean M {np.mean(means):.3f} (standard error {error:.3f})")
        for alpha, each in rates.items():
            worst = np.quantile(each, [0.95, 1.0])
            print(
                f"      alpha {alpha:<5g} flagged {np.mean(each):.4f} on average, {worst[0]:.4f} in one draw of twenty,"
                f" {worst[1]:.4f} in the worst"
            )


def _m(tested: pl.DataFrame, held: pl.DataFrame, model: Model) -> np.ndarray:
    weights = dict(zip(model.checkpoints, model.weights, strict=True))
    names = ["stratum", "checkpoint"]
    others = {key: group["score"].to_numpy() for key, group in held.group_by(names)}
    parts = [
        group.select("cluster").with_columns(
            m=pl.Series(weights[key[1]] * weigh(group["score"].to_numpy(), others.get(key, np.zeros(0)), 0.0))
        )
        for key, group in tested.group_by(names)
    ]
    return pl.concat(parts).group_by("cluster").agg(pl.col("m").sum())["m"].to_numpy()


def dirty(actors: int, cluster: str) -> None:
    print("\n3. Scrapers among the clusters of the reference, of the same families as those that come later")
    key = DigestKey(bytes(32))
    honest = traffic(key, actors=actors, days=45, seed=0, scrapers={}, start=START).lookups
    before, after = honest.filter(pl.col("at") < START + PAST), honest.filter(pl.col("at") >= START + PAST)
    later = START + PAST
    single = dict.fromkeys(("steady", "slow", "drip", "shuffled", "spread", "listed", "mimic"), 6)
    bad = traffic(key, actors=0, days=15, seed=9, scrapers=single, start=later, visitors=0)
    now = pl.concat([after, bad.lookups]).sort("at")
    training, others = split(before, cluster=cluster)
    model = train(training, cluster=cluster)
    names = bad.truth["who"]
    begun = others["at"].min()
    size = reference(others, model).clusters
    for each in (0, 1, 2, 4, 8, 20):
        share = each * 7 / (size + each * 7)
        extra = (
            traffic(
                key, actors=0, days=20, seed=77, scrapers=dict.fromkeys(single, each), start=begun, visitors=0
            )
            if each
            else None
        )
        mixed = pl.concat([others, extra.lookups]).sort("at") if extra else others
        found = evidence(now, model, reference(mixed, model), epsilon=share)
        caught = found.filter(pl.col("who").is_in(names.implode()))
        innocent = found.filter(~pl.col("who").is_in(names.implode()) & (pl.col("reached") > 0))
        print(
            f"   {share:>5.1%} bad: of {caught.height} scrapers flagged {caught['flagged'].sum()} at alpha 0.01, "
            f"{(caught['m'] >= 20).sum()} at 0.05; of {innocent.height:,} honest actors "
            f"{innocent['flagged'].sum()} and {(innocent['m'] >= 20).sum()}"
        )


def speed(model: Model, compared: Reference, later: pl.DataFrame) -> None:
    print(f"\n4. Speed, {later.height:,} lookups")
    begun = perf_counter()
    later.lazy().group_by(who()).agg(pl.col("identifier").n_unique()).collect()
    peer = perf_counter() - begun
    begun = perf_counter()
    evidence(later, model, compared)
    ours = perf_counter() - begun
    few = later.head(100_000)
    times = (few["at"].dt.timestamp("us") / 1e6).to_list()
    rows = [
        (
            at,
            Actor(
                account=row["account"], address=row["address"], prefix=row["prefix"], network=row["network"]
            ),
            (Reduced(row["identifier"], row["block"], row["position"]),),
            (row["hit"],),
        )
        for at, row in zip(times, few.iter_rows(named=True), strict=True)
    ]
    watch = Watch(model, compared)
    took = np.empty(len(rows))
    for index, (at, actor, identifiers, hits) in enumerate(rows):
        begun = perf_counter()
        watch.observe(at, actor, "contacts", identifiers, hits)
        took[index] = perf_counter() - begun
    print(f"   distinct identifiers per actor (Polars): {later.height / peer:,.0f} lookups a second")
    print(f"   evidence: {later.height / ours:,.0f} lookups a second")
    p50, p99, most = np.quantile(took, [0.5, 0.99, 1.0]) * 1e6
    print(
        f"   Watch: {len(rows) / took.sum():,.0f} lookups a second; "
        f"p50 {p50:.1f} us, p99 {p99:.0f} us, most {most:.0f} us"
    )
    print(f"   time of evidence, in times of counting distinct identifiers: {ours / peer:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--actors", type=int, default=2000)
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--redraws", type=int, default=200)
    parser.add_argument("--one-per", default="prefix", choices=["prefix", "network", "account"])
    given = parser.parse_args()
    made = fresh(given.actors, given.draws, given.one_per)
    model, compared, later = made[0]
    redraw(model, later, given.redraws, given.one_per)
    dirty(given.actors, given.one_per)
    speed(model, compared, later)


if __name__ == "__main__":
    main()
