"""How often the advert fingerprint finds what is not there, and misses what is: the tables of its page in the docs.

Run: `python benchmarks/fingerprint_rates.py [REPLICATES] [SEED]`: adverts of every cell (1,000; 1), each compared with
20 known tables at once, in all pairings. Nothing is read: all tables are made up with the seed. First adverts that are
unrelated to every known table, by how far unrelated tables differ; then adverts that are one known table times noise,
with no factor and with one of 1.03, a fifth as many (20 at least); then how often chances of one table come out as
small as they say, of four times as many; then copies of one of the 20, of a tenth as many (20 at least). The last line
is the share of unrelated adverts that were "found", with the upper end of its 95 % interval.
"""

import sys

import numpy as np

from floodmark.assessment.fingerprint import simulated
from floodmark.assessment.fingerprint.compare import compare
from floodmark.assessment.fingerprint.match import CONCLUSIONS
from floodmark.assessment.proportions import clopper_pearson

KNOWN = 20
DIGITS = (None, 3, 2, 1)
SIGMAS = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
LEVELS = (0.05, 0.01, 0.001)
SIZES = (3, 5, 10, 20, 40, 84)
RELATED_SIGMAS = (0.001, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1)
RELATED_DIGITS = (None, 4, 3, 2, 1)


def known_tables(generator, sigma):
    """Most are in full, as triage counts them; some as reports round them."""
    return [
        simulated.as_known(
            f"known-{place}",
            simulated.made_table(generator, int(generator.integers(10, 121)), sigma=sigma),
            DIGITS[max(0, place % 6 - 3)],
        )
        for place in range(KNOWN)
    ]


def upper(hits, trials):
    return clopper_pearson(hits, trials, 0.9)[1]


def unrelated(generator, replicates):
    """Adverts of any size and rounding against tables that have nothing to do with them."""
    print(f"{'sigma':>6}{'digits':>8}{'found':>8}{'found-if':>10}{'partly':>8}{'of':>7}")
    found = trials = 0
    for sigma in SIGMAS:
        for digits in DIGITS:
            known = known_tables(generator, sigma)
            counted = dict.fromkeys(CONCLUSIONS, 0)
            for _ in range(replicates):
                made = simulated.made_table(generator, int(generator.integers(1, 121)), sigma=sigma)
                matches = compare(simulated.as_advert(made, digits), None, known)
                counted[matches[0].conclusion if matches else "cannot-tell"] += 1
            print(
                f"{sigma:>6}{digits or 'all':>8}{counted['found']:>8}{counted['found-if']:>10}"
                f"{counted['partly']:>8}{replicates:>7}"
            )
            found, trials = found + counted["found"], trials + replicates
    return found, trials


def related(generator, replicates):
    """Adverts that are a known table times noise, as a later count of the same platform is."""
    for rows, factor in ((25, 1.0), (84, 1.0), (84, 1.03)):
        print(
            f"\n{f'{rows} rows, x {factor}':<20}"
            + "".join(f"{digits or 'all':>14}" for digits in RELATED_DIGITS)
        )
        for sigma in RELATED_SIGMAS:
            cells = [
                related_cell(generator, rows, factor, sigma, digits, replicates) for digits in RELATED_DIGITS
            ]
            print(f"{sigma:<20}" + "".join(f"{cell:>14}" for cell in cells))
    print("(percent found / found-if / partly, by digits)")


def related_cell(generator, rows, factor, sigma, digits, replicates):
    conclusions = []
    for _ in range(replicates):
        known = simulated.made_table(generator, rows, sigma=0.5)
        noise = factor * np.exp(generator.normal(0, sigma, rows))
        said = {
            code: max(1, round(count * one)) for (code, count), one in zip(known.items(), noise, strict=True)
        }
        match = compare(simulated.as_advert(said, digits), None, [simulated.as_known("known", known)])[0]
        conclusions.append(match.conclusion)
    return percents(conclusions)


def percents(conclusions):
    return "/".join(f"{100 * conclusions.count(name) // len(conclusions)}" for name in CONCLUSIONS[:3])


def calibration(generator, replicates):
    """Chances of one known table: the share that is at most 5 %, 1 %, 0.1 % under each null hypothesis."""
    print(f"\n{'null':>16}{'digits':>8}" + "".join(f"{level:>16}" for level in LEVELS))
    for digits in (3, 2):
        for sigma in (None, 0.05, 0.25, 1.0):
            logs = [one_chance(generator, sigma, digits) for _ in range(replicates)]
            shares = [sum(log <= np.log10(level) for log in logs) for level in LEVELS]
            words = "".join(f"{hits / replicates:>8.4f} <{upper(hits, replicates):<6.4f}" for hits in shares)
            print(f"{'digits' if sigma is None else f'sigma {sigma}':>16}{digits:>8}{words}")


def one_chance(generator, sigma, digits):
    known = simulated.made_table(generator, int(generator.integers(5, 101)), sigma=1.0)
    if sigma is None:
        said = {code: redrawn(generator, count) for code, count in known.items()}
    else:
        said = {
            code: max(1, round(count * np.exp(generator.normal(0, sigma)))) for code, count in known.items()
        }
    match = compare(simulated.as_advert(said, digits), None, [simulated.as_known("known", known)])[0]
    return match.log10_p if sigma is None else match.sensitivity[sigma]


def redrawn(generator, count):
    """A count with the same two leading digits and others at random."""
    step = 10 ** max(0, len(str(count)) - 2)
    return count // step * step + int(generator.integers(step))


def copies(generator, replicates):
    """Adverts that were copied from one of the tables, with what happens to copies."""
    kinds = {
        "in full": (lambda counts: counts, None),
        "a fifth mistyped": (lambda counts: simulated.mistyped(generator, counts, 0.2), None),
        "all mistyped": (lambda counts: simulated.mistyped(generator, counts, 1.0), None),
        "half altered": (lambda counts: simulated.altered(generator, counts, 0.5), None),
        "three quarters altered": (lambda counts: simulated.altered(generator, counts, 0.75), None),
        "last three digits redrawn": (
            lambda counts: {
                code: max(1, count // 1000 * 1000 + int(generator.integers(1000)))
                for code, count in counts.items()
            },
            None,
        ),
        "a thousandth changed": (lambda counts: noisy(generator, counts, 0.001), None),
        "a hundredth changed": (lambda counts: noisy(generator, counts, 0.01), None),
        "times 1.1": (lambda counts: times(counts, 1.1), None),
        "times 1.1, 3 digits": (lambda counts: times(counts, 1.1), 3),
        "shuffled": (lambda counts: shuffled(generator, counts), None),
        "shuffled, 3 digits": (lambda counts: shuffled(generator, counts), 3),
        "3 digits": (lambda counts: counts, 3),
        "3 digits, a fifth altered": (lambda counts: simulated.altered(generator, counts, 0.2), 3),
        "2 digits": (lambda counts: counts, 2),
        "2 digits, a fifth altered": (lambda counts: simulated.altered(generator, counts, 0.2), 2),
        "1 digit": (lambda counts: counts, 1),
    }
    print(f"\n{'copied':<28}" + "".join(f"{f'{size} rows':>20}" for size in SIZES))
    for name, (change, digits) in kinds.items():
        cells = []
        for size in SIZES:
            others = known_tables(generator, 0.5)[1:]
            conclusions = []
            for _ in range(replicates):
                original = simulated.made_table(generator, size, sigma=0.5)
                known = [*others, simulated.as_known("original", original)]
                matches = compare(simulated.as_advert(change(original), digits), None, known)
                best = next((one for one in matches if one.known.id == "original"), None)
                conclusions.append(best.conclusion if best else "cannot-tell")
            cells.append(percents(conclusions))
        print(f"{name:<28}" + "".join(f"{cell:>20}" for cell in cells))
    print("(percent found / found-if / partly)")


def noisy(generator, counts, sigma):
    return {code: max(1, round(count * np.exp(generator.normal(0, sigma)))) for code, count in counts.items()}


def times(counts, factor):
    return {code: round(count * factor) for code, count in counts.items()}


def shuffled(generator, counts):
    return dict(zip(counts, generator.permutation(list(counts.values())).tolist(), strict=True))


def main(replicates=1000, seed=1):
    # A generator each, so that one part can be run without the others.
    one, two, three, four = (np.random.default_rng([seed, part]) for part in range(4))
    found, trials = unrelated(one, replicates)
    related(two, max(20, replicates // 5))
    calibration(three, 4 * replicates)
    copies(four, max(20, replicates // 10))
    print(f"\nunrelated and found: {found} of {trials}, below {upper(found, trials):.2g}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
