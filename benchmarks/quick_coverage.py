"""Coverage of the 95 % intervals of `--quick` over clustered files.

Run: `python benchmarks/quick_coverage.py [REPLICATES]`. Each cell is a file of 5,000 chunks, made anew for every
replicate; a cell passes at nominal coverage less two standard errors. `width` is the median of high less low, over
the truth. The hard cells, a few rows everywhere and a stretch of nothing else, are shown and not counted: there
`unseen` must be read with the interval. The last line counts the cells that pass.
"""

import sys

import numpy as np

from floodmark.triage.sampling import estimate_total

POPULATION = 5_000
ROWS = 400.0


def rows_per_chunk(rng):
    """Rows get longer along the file, as where many fields are filled."""
    level = ROWS * np.linspace(1.15, 0.85, POPULATION)
    return rng.poisson(level).astype(np.int64)


def all_rows(spread, thick=0.0):
    """Rows themselves: chunks differ by a log-normal factor; in a share `thick` rows are a quarter as long."""

    def make(rng, rows):
        counts = rows * rng.lognormal(0, spread, POPULATION)
        counts[: int(thick * POPULATION)] *= 4
        return np.rint(counts).astype(np.int64)

    return make


def mixed(share):
    def make(rng, rows):
        return rng.binomial(rows, share)

    return make


def sorted_by_country(share):
    """All rows of the country lie together, in one stretch of whole chunks with a broken one at each end."""

    def make(rng, rows):
        length = share * POPULATION
        start = rng.uniform(0, POPULATION - length)
        edges = np.arange(POPULATION)
        inside = np.clip(np.minimum(edges + 1, start + length) - np.maximum(edges, start), 0, 1)
        return np.rint(rows * inside).astype(np.int64)

    return make


def patches(share, patch=50):
    """Sorted within parts of 50 chunks each, as in a file that was put together from many."""

    def make(rng, rows):
        parts = POPULATION // patch
        shares = rng.beta(share * 2, (1 - share) * 2, parts)
        starts = rng.uniform(0, 1, parts)
        position = (np.arange(patch) + 0.5) / patch
        inside = ((position - starts[:, None]) % 1.0 < shares[:, None]).ravel()
        return rows * inside

    return make


def correlated(share, rho):
    """Beta-binomial chunks with intra-chunk correlation rho."""

    def make(rng, rows):
        scale = (1 - rho) / rho
        return rng.binomial(rows, rng.beta(share * scale, (1 - share) * scale, POPULATION))

    return make


def thin_and_thick(thin, stretch):
    """A few everywhere and a stretch of nothing else: what a sample can miss."""

    def make(rng, rows):
        counts = rng.binomial(rows, thin)
        length = int(stretch * POPULATION)
        start = rng.integers(POPULATION - length)
        counts[start : start + length] = rows[start : start + length]
        return counts

    return make


CELLS = {
    **{f"mixed {share:g}": mixed(share) for share in (0.98, 0.5, 0.05, 1e-3, 1e-4, 1e-5)},
    **{f"sorted {share:g}": sorted_by_country(share) for share in (0.98, 0.9, 0.5, 0.1, 0.03, 0.005, 2e-4)},
    **{f"patches {share:g}": patches(share) for share in (0.9, 0.3, 0.05, 0.01)},
    **{
        f"correlated {share:g} {rho:g}": correlated(share, rho)
        for share in (0.3, 0.05)
        for rho in (0.02, 0.3)
    },
    "correlated 0.005 0.05": correlated(0.005, 0.05),
}
ROWS_ALONE = {
    "rows, even": all_rows(0.0),
    "rows, lengths log-normal 0.5": all_rows(0.5),
    "rows, a tenth of the file short": all_rows(0.1, 0.1),
}
HARD = {
    f"thin {thin:g} and stretch {stretch:g}": thin_and_thick(thin, stretch)
    for thin, stretch in ((0.001, 0.005), (0.001, 0.02), (0.02, 0.05))
}


def coverage(make, chunks, replicates, seed, bounded=True):
    """Share of replicates that hold the truth, the same with `unseen` added, and the median width over the truth."""
    rng = np.random.default_rng(seed)
    held = held_unseen = 0
    widths = []
    for _ in range(replicates):
        rows = rows_per_chunk(rng)
        counts = make(rng, rows)
        truth = int(counts.sum())
        drawn = rng.choice(POPULATION, chunks, replace=False)
        sizes = np.full(chunks, 1 << 16)
        within = rows[drawn] if bounded else None
        found = estimate_total(counts[drawn], sizes, POPULATION << 16, POPULATION, within)
        held += found.low <= truth <= found.high
        held_unseen += found.low <= truth <= found.high + found.unseen
        widths.append((found.high - found.low) / max(truth, 1))
    return held / replicates, held_unseen / replicates, float(np.median(widths))


def main(replicates=2000):
    least = 0.95 - 2 * (0.95 * 0.05 / replicates) ** 0.5
    passed = tried = 0
    print(f"{replicates} replicates a cell; a cell passes at {least:.4f}")
    print(f"{'cell':32} {'chunks':>6} {'coverage':>9} {'+unseen':>8} {'width':>8}")
    for name, make in {**ROWS_ALONE, **CELLS, **HARD}.items():
        for chunks in (64, 128, 256):
            share, unseen, width = coverage(
                make, chunks, replicates, [chunks, len(name)], name not in ROWS_ALONE
            )
            note = "" if share >= least else "  undercovers"
            print(f"{name:32} {chunks:6} {share:9.4f} {unseen:8.4f} {width:8.3g}{note}", flush=True)
            if name not in HARD:
                tried += 1
                passed += share >= least
    print(f"cells that pass {passed}/{tried}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
