"""The guard's proof: what it lets scrapers have and whom it limits, beside CrowdSec's rule and simpler ones.

Run: `python benchmarks/guard_proof.py [ACTORS] [DAYS] [SEED] [--quick]`: honest accounts of each part (4,000; 14; 8).
All traffic is made up with the seed. Thresholds are frozen on one part, the model is learnt from a second, its
reference is a third, and what is printed is measured on a fourth: other days, accounts and networks, and families of
scrapers that stood in none of the others (`tests/acceptance/guard_proof`). After the first table, parts are half as
large. The tables are those of `docs/explanation/guard-proof.md`. The last line is the ratio of honest actors limited,
evidence to CrowdSec's rule.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.guard_proof.contenders import ALPHA, COST, EPSILON, Frozen, contenders
from tests.acceptance.guard_proof.measure import Share, outcome
from tests.acceptance.guard_proof.ours import granted, learnt, policy
from tests.acceptance.guard_proof.tuning import own_budget
from tests.acceptance.guard_proof.worlds import HELD_OUT, KNOWN, World

from floodmark.guard.actors import who
from floodmark.guard.evidence import evidence
from floodmark.synth.traffic import Traffic

OF_EACH = 3  # scrapers of each family
RATES = (0.1, 0.05, 0.02, 0.01, 0.005)
DIRT = (0.0, 0.005, 0.02, 0.05, 0.1, 0.2)
SEEN = ("drip", "spread", "ring")  # held-out families that a clean reference finds
FAMILIES = (*KNOWN, *HELD_OUT)


def row(cells, widths):
    print("| " + " | ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)) + " |")


def table(head, rows):
    """As Markdown; the first column to the left."""
    rows = [[str(cell) for cell in cells] for cells in rows]
    widths = [max(len(cells[place]) for cells in [head, *rows]) for place in range(len(head))]
    for first, *others in [head, ["---"] + ["---:"] * (len(head) - 1), *rows]:
        row([first.ljust(widths[0]), *others], widths)
    print()


def percent(value):
    return "." if value != value else f"{value:.1%}" if value >= 0.0995 else f"{value:.2%}"


def compare(world, title):
    """Every rule: honest actors limited, and the share that each family got."""
    fixed = Frozen.of(world)
    made = world.part("test", dict.fromkeys(FAMILIES, OF_EACH))
    print(f"## {title}: {made.lookups.height:,} lookups, {made.truth['honest'].sum():,} honest actors\n")
    found = {name: outcome(made, answered) for name, answered in contenders(made.lookups, fixed)}
    rows = []
    for name, one in found.items():
        shares = [percent(one.share_scraped(family)) for family in FAMILIES]
        rows.append([name, one.limited, percent(one.lost), *shares])
    table(["rule", "honest limited", "lost", *KNOWN, *(f"{family}*" for family in HELD_OUT)], rows)
    print("Honest actors limited, by decile of identifiers asked about\n")
    deciles = {name: one.deciles["limited"].to_list() for name, one in found.items()}
    largest = next(iter(found.values())).deciles["largest"].to_list()
    table(
        ["rule", *(f"to {size:,}" for size in largest)], [[n, *map(percent, d)] for n, d in deciles.items()]
    )
    print("Honest actors limited, by sort\n")
    kinds = made.truth.filter("honest")["kind"].unique().sort().to_list()
    table(["rule", *kinds], [[n, *(percent(o.limited_of(k)) for k in kinds)] for n, o in found.items()])
    return found


def false_flags(world, repeats):
    """Fresh honest traffic and a fresh reference each time, at stated rates."""
    training = world.part("training").lookups
    counts = {alpha: [0, 0, 1.0] for alpha in RATES}
    for repeat in range(repeats):
        learned = learnt(training, world.part("reference", repeat=repeat).lookups)
        made = world.part("test", repeat=repeat)
        judged = evidence(made.lookups, learned.model, learned.reference, ALPHA, EPSILON)
        for alpha, tally in counts.items():
            tally[0] += int((judged["m"] >= 1 / alpha).sum())
            tally[1] += int((judged["reached"] > 0).sum())
            tally[2] = min(tally[2], float(judged["reachable"].min()))
    print(f"## False flags: {repeats} fresh references and tests of {world.actors:,} accounts, ε {EPSILON}\n")
    table(
        ["stated α", "flagged", "of", "empirical rate", "smallest reachable α"],
        [[a, f, n, Share(f, n), f"{least:.4f}"] for a, (f, n, least) in counts.items()],
    )


def new_app(world):
    """The user agent family that most people use, in no part before the test; then only its clients are judged."""
    made = world.part("test", dict.fromkeys(FAMILIES, OF_EACH))
    honest = made.truth.filter("honest")["who"]
    people = made.lookups.filter(who().is_in(honest.implode()))
    held_out = people["app"].mode()[0]
    before = [
        world.part(role).lookups.filter(pl.col("app") != held_out) for role in ("training", "reference")
    ]
    learned = learnt(*before)
    its = made.lookups.filter((pl.col("app") == held_out) | ~who().is_in(honest.implode()))
    truth = made.truth.join(its.select(who()).unique(), on="who", how="semi")
    one = outcome(Traffic(its, truth), granted(its, policy((), ALPHA, EPSILON), learned))
    print(f"## An app that nobody had before the test, evidence at α {ALPHA}\n")
    head = ["honest limited", "got, known families", "got, held out"]
    table(head, [[one.limited, percent(one.share_scraped(*KNOWN)), percent(one.share_scraped(*HELD_OUT))]])


def contamination(world):
    """Scrapers of known families among those that evidence learns from and is compared with."""
    families = (*KNOWN, *SEEN)
    made = world.part("test", dict.fromkeys(families, 1))
    own = policy(own_budget(world.part("tuning").lookups.with_columns(who()), COST))
    rows = []
    for share in DIRT:
        dirty = [world.contaminated(role, share).lookups for role in ("training", "reference")]
        clean = [part.filter(~who().is_in(_refused(part, own).implode())) for part in dirty]
        for name, parts, cluster in (
            ("one for each network", dirty, "network"),
            ("one for each /24", dirty, "prefix"),
            ("the same, without whom an own budget refused", clean, "prefix"),
        ):
            learned = learnt(*parts, cluster)
            row = [percent(share), name]
            for alpha in (ALPHA, 0.05):
                one = outcome(made, granted(made.lookups, policy((), alpha, EPSILON), learned))
                row += [percent(one.limited.value), percent(one.share_scraped(*families))]
            rows.append(row)
    print("## Contamination of training and reference\n")
    rates = [f"{what}, α {alpha}" for alpha in (ALPHA, 0.05) for what in ("honest limited", "got")]
    table(["actors that scrape", "reference", *rates], rows)


def _refused(lookups, stated):
    return lookups.select(who()).filter(~granted(lookups, stated)).to_series().unique()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("actors", nargs="?", type=int, default=4000)
    options.add_argument("days", nargs="?", type=int, default=14)
    options.add_argument("seed", nargs="?", type=int, default=8)
    options.add_argument("--quick", action="store_true", help="the first table alone")
    chosen = options.parse_args()
    started = time.perf_counter()
    world = World(chosen.actors, chosen.days, chosen.seed)
    found = compare(world, "Address books")
    if not chosen.quick:
        smaller = replace(world, actors=chosen.actors // 2)
        compare(replace(smaller, searches=True), "Searches alone")
        allowed = replace(smaller, searches=True, heavy=False)
        compare(allowed, "Searches alone, whoever works with them on an allow-list")
        false_flags(smaller, 10)
        new_app(smaller)
        contamination(smaller)
    print(f"{time.perf_counter() - started:.0f} s")
    ours, theirs = found["evidence"].limited.value, found["CrowdSec rule, 300"].limited.value
    print(f"honest actors limited, evidence to CrowdSec's rule: {ours / theirs:.4f}")


if __name__ == "__main__":
    main()
