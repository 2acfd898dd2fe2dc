"""Every identifier is claimed once, whoever asks and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.sealing.ranks import DumpDiffers, Ranks


@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=60, unique=True),
    st.lists(st.integers(0, 2**64 - 1), max_size=60, unique=True),
    st.randoms(use_true_random=False),
)
def test_claims_of_all_digests_in_any_order_and_repeated_give_every_rank_once(phones, emails, draw) -> None:
    digests = {"phone": np.sort(np.array(phones, np.uint64)), "email": np.sort(np.array(emails, np.uint64))}
    ranks = Ranks(digests)
    seen: list[int] = []
    for kind, known in digests.items():
        asked = known.tolist() * 2
        draw.shuffle(asked)
        while asked:
            size = draw.randint(1, 20)
            batch, asked = np.array(asked[:size], np.uint64), asked[size:]
            at, found = ranks.claim(kind, batch)
            assert np.array_equal(known[found - ranks.first(kind)], batch[at])
            seen += found.tolist()
    assert sorted(seen) == list(range(len(phones) + len(emails)))
    assert ranks.left == 0


def test_threads_that_claim_the_same_get_each_identifier_once() -> None:
    known = np.sort(np.random.default_rng(1).integers(0, 2**64, 20_000, np.uint64))
    known = np.unique(known)
    ranks = Ranks({"phone": known})
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda start: ranks.claim("phone", known[start::2])[1], [0, 1, 0, 1, 1, 0, 0, 1])
        )
    joined = np.concatenate(found)
    assert len(joined) == len(known)
    assert np.array_equal(np.sort(joined), np.arange(len(known)))


@pytest.mark.parametrize("known", [[], [5], [3, 9]])
def test_an_identifier_that_the_leak_has_not_is_refused(known) -> None:
    ranks = Ranks({"phone": np.array(known, np.uint64)})
    with pytest.raises(DumpDiffers):
        ranks.claim("phone", np.array([7], np.uint64))


def test_what_was_done_before_is_not_claimed_again() -> None:
    ranks = Ranks({"phone": np.arange(10, dtype=np.uint64)})
    ranks.mark(np.array([3, 3, 4], np.uint64))
    assert ranks.left == 8
    _, found = ranks.claim("phone", np.arange(10, dtype=np.uint64))
    assert found.tolist() == [0, 1, 2, 5, 6, 7, 8, 9]
