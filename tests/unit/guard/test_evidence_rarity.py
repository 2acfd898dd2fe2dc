"""How often an identifier is asked about anyway."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.evidence.askings import folds
from floodmark.guard.evidence.rarity import CAP, FOLDS, Rarity, count

digest = st.integers(0, 2**64 - 1)


def counted(pairs: list[tuple[int, int]]) -> Rarity:
    identifiers = np.array([identifier for identifier, _ in pairs], np.uint64)
    clusters = np.array([cluster for _, cluster in pairs], np.uint64)
    return count(identifiers, clusters, folds(clusters, FOLDS), 1e6)


@given(st.lists(st.tuples(st.sampled_from(range(1, 6)) | digest, digest), min_size=1, max_size=200))
def test_as_many_askers_are_counted_as_there_are_clusters_outside_the_fold(
    pairs: list[tuple[int, int]],
) -> None:
    rarity = counted(pairs)
    own = folds(np.array([pairs[0][1]], np.uint64), FOLDS)
    for identifier in {identifier for identifier, _ in pairs}:
        others = {
            cluster
            for one, cluster in pairs
            if one == identifier and folds(np.array([cluster], np.uint64), FOLDS)[0] != own[0]
        }
        assert rarity.askers(np.array([identifier], np.uint64), own)[0] == len(others)


def test_a_scraper_that_was_trained_on_does_not_make_its_own_list_ordinary() -> None:
    rng = np.random.default_rng(3)
    listed = rng.integers(0, 2**63, 5000).astype(np.uint64)
    rarity = counted([(int(one), 77) for one in listed])
    own, other = folds(np.array([77, 78], np.uint64), FOLDS)
    assert own != other
    assert rarity.askers(listed, np.full(5000, own)).mean() < 0.002
    assert rarity.askers(listed, np.full(5000, other)).mean() > 0.998


def test_sketches_overcount_as_rarely_as_they_say() -> None:
    rng = np.random.default_rng(4)
    identifiers = rng.integers(0, 2**63, 50_000).astype(np.uint64)
    clusters = rng.integers(1, 2**63, 50_000).astype(np.uint64)
    rarity = count(identifiers, clusters, folds(clusters, FOLDS), 1e9)
    strangers = rng.integers(0, 2**63, 100_000).astype(np.uint64)
    wrong = (rarity.askers(strangers, np.zeros(100_000, np.uint64)) > 0).mean()
    assert wrong <= 1.5 * (100_000 / rarity.counts.shape[1]) ** 4


def test_the_unknown_speaks_for_a_scraper_and_the_popular_for_a_person() -> None:
    pairs = [
        (identifier, cluster) for identifier in range(1, 50) for cluster in range(1000, 1000 + identifier)
    ]
    pairs += [(10_000 + single, 2000 + single) for single in range(500)]
    rarity = counted(pairs)
    fold = np.zeros(2, np.uint64)
    unknown, popular = rarity.log_factors(np.array([999_999, 49], np.uint64), fold).T
    assert (unknown[:2] > 0).all()
    assert (popular < 0).all()
    assert (rarity.log_factors(np.array([999_999], np.uint64), fold[:1]) <= np.log(CAP)).all()


def test_counts_stop_at_255_instead_of_starting_again() -> None:
    rarity = counted([(7, cluster) for cluster in range(1, 2000)])
    assert rarity.counts.max() == 255
    assert rarity.askers(np.array([7], np.uint64), np.array([3], np.uint64))[0] > 100
