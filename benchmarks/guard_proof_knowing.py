"""What a scraper gets that knows the detector: thresholds, policy, model and reference, and may try for ever.

Run: `python benchmarks/guard_proof_knowing.py [ACTORS] [DAYS] [SEED]` (4,000; 14; 8), as `guard_proof.py`. Under each
rule it tries ways to ask, keeps the one that yields most, and needs so many accounts for a million identifiers in a
month. Evidence is told apart by what is asked for: numbers in a range or anywhere cost nothing to come by, a list is
of an earlier leak, a book was stolen from people; disguised, numbers that many ask about come first. The last line is
the ratio of accounts needed, evidence with a budget that fits the service to CrowdSec's rule.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.guard_proof.contenders import Frozen
from tests.acceptance.guard_proof.ours import policy
from tests.acceptance.guard_proof.worlds import KEY, World

from floodmark.synth.traffic.best_strategy import best_of_each, best_strategies
from floodmark.synth.traffic.policy_rule import PolicyRule
from floodmark.synth.traffic.rules import DistinctCount


def asks_for(way):
    return f"{way.order}, disguised" if way.cover else way.order


def main(actors=4000, days=14, seed=8):
    world = World(actors, days, seed)
    fixed = Frozen.of(world)
    rules = {
        "CrowdSec rule, 300": DistinctCount(),
        "CrowdSec, capacity tuned": DistinctCount(fixed.thresholds["CrowdSec, capacity tuned"]),
        "own budget": PolicyRule(policy(fixed.own)),
        "evidence": PolicyRule(policy(), fixed.learnt),
        "evidence, per /24": PolicyRule(policy(), fixed.finer),
        "evidence and own": PolicyRule(policy(fixed.own), fixed.learnt),
        "evidence, per /24, and own": PolicyRule(policy(fixed.own), fixed.finer),
    }
    print(
        "| rule | asks for | at once | a day | got a day | members | stopped | accounts for a million a month |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    needed = {}
    for name, rule in rules.items():
        found = best_strategies(world.service, rule, KEY, days=days, seed=seed)
        needed[name] = found[0].accounts_for_a_million
        for one in best_of_each(found) if rule.looks else found[:1]:
            way = one.strategy
            print(
                f"| {name} | {asks_for(way) if rule.looks else 'anything'} | {way.burst:,} | {way.per_day:,.0f} "
                f"| {one.identifiers_a_day:,.0f} | {one.members_a_day:,.0f} | {one.stopped:.0%} "
                f"| {one.accounts_for_a_million:,} |"
            )
    ratio = needed["evidence and own"] / needed["CrowdSec rule, 300"]
    print(f"accounts for a million a month, evidence and own budget to CrowdSec's rule: {ratio:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
