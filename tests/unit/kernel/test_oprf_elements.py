"""The group's part of the batch OPRF, where limbs and formulas can go wrong: equal to libsodium, bit for bit.

Each path is compared with the next simpler one: the kernel with libsodium, and libsodium with integers.
"""

import random
from functools import cache

import numpy as np
import pytest
import rbcl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.kernel import oprf

from ...integration import second_oprf as integers
from .field_elements import ALL, ENDS, EXCEPTIONAL, opposite_pairs, uniform

ORDER = integers.ORDER
RNG = random.Random(9496)
DIGITS = [int(digit * 62, 16) for digit in "1789f"] + [int("8f70" * 15, 16), int("1000" * 15, 16)]
KEYS = [
    *[*range(1, 10), 15, 16, 17, 2**251, 2**252 - 1, 2**252, 2**252 + 1],
    *[ORDER - 1, ORDER - 2, (ORDER - 1) // 2, (ORDER + 1) // 2, *DIGITS],
    *[2 * digits % ORDER for digits in DIGITS],  # the kernel multiplies by half of the key
    *[RNG.randrange(1, ORDER) for _ in range(3)],
]
PAIRS = [(a, b) for a in ALL for b in ALL]
FAR_APART = 331  # of what is compared with integers, a hundred times slower


@cache
def element(data):
    return rbcl.crypto_core_ristretto255_from_hash(data)


@cache
def multiple(key, encoded):
    try:
        return rbcl.crypto_scalarmult_ristretto255(key.to_bytes(32, "little"), encoded)
    except RuntimeError:  # how it refuses the neutral element
        return bytes(32)


def by_libsodium(key, data):
    return multiple(key, element(data))


def by_integers(key, data):
    return integers.encode(integers.times(key, integers.one_way_map(data)))


def found_and_expected(path, key, rows):
    if path is None:
        return [by_libsodium(key, row) for row in rows], [by_integers(key, row) for row in rows]
    found = oprf.elements(
        key.to_bytes(32, "little"), np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 64), kernel=path
    )
    return [row.tobytes() for row in found], [by_libsodium(key, row) for row in rows]


def differing(path, key, pairs):
    found, expected = found_and_expected(path, key, [uniform(*pair) for pair in pairs])
    return [(key, *pair) for pair, one, other in zip(pairs, found, expected, strict=True) if one != other]


@pytest.mark.parametrize("key", KEYS, ids=hex)
def test_pairs_of_adversarial_field_elements_give_the_same(path, key):
    place = KEYS.index(key)
    pairs = (PAIRS if place % 4 == 0 else PAIRS[place % 4 :: 4]) if path else PAIRS[place::FAR_APART]
    assert differing(path, key, pairs) == []


@pytest.mark.parametrize("key", [1, 2, ORDER - 1, KEYS[-1]], ids=hex)
def test_elements_that_cancel_give_the_neutral_element_and_spoil_nothing_beside_them(path, key):
    cancelling = opposite_pairs(20, seed=1)
    ordinary = [(RNG.randrange(2**256), RNG.randrange(2**256)) for _ in range(20)]
    alternating = [pair for both in zip(cancelling, ordinary, strict=False) for pair in both]
    found, expected = found_and_expected(path, key, [uniform(*pair) for pair in alternating])
    assert found == expected
    assert [any(one) for one in found] == [False, True] * 20


def test_images_of_torsion_give_the_neutral_element(path):
    torsion = [t for t in (*ENDS, *EXCEPTIONAL) if not any(element(uniform(t, 0)))]
    pairs = [(a, b) for a in torsion for b in torsion]
    found, expected = found_and_expected(path, ORDER - 2, [uniform(*pair) for pair in pairs])
    assert len(pairs) > 50 and found == expected == [bytes(32)] * len(pairs)


def test_a_whole_chunk_of_neutral_elements_and_one_other(path):
    rows = [bytes(64)] * 700
    rows[300] = uniform(2, 3)
    found, expected = found_and_expected(path, 5, rows)
    assert found == expected
    assert [n for n, one in enumerate(found) if any(one)] == [300]


LIMBS = st.sampled_from([0, 1, 18, 19, 2**25 - 1, 2**26 - 1, 2**51 - 1, 2**52 - 1]) | st.integers(
    0, 2**52 - 1
)
FIELD = st.one_of(
    st.sampled_from(ALL),
    st.integers(0, 2**256 - 1),
    st.builds(lambda *limbs: sum(one << 52 * i for i, one in enumerate(limbs)) % 2**256, *[LIMBS] * 5),
    st.builds(
        lambda *limbs: sum(one << -(-51 * i // 2) for i, one in enumerate(limbs)) % 2**256, *[LIMBS] * 10
    ),
)


@settings(deadline=None, max_examples=60)
@given(
    key=st.integers(1, ORDER - 1) | st.sampled_from(KEYS),
    pairs=st.lists(st.tuples(FIELD, FIELD), max_size=20),
)
@example(key=1, pairs=[])
def test_any_field_elements_and_any_key_give_the_same(path, key, pairs):
    assert differing(path, key, pairs) == []


@pytest.mark.parametrize("key", [0, ORDER, ORDER + 1, 2**253, 2**255 - 19, 2**256 - 1], ids=hex)
def test_what_is_no_key_is_refused(path, key):
    if path:
        with pytest.raises(ValueError, match="order"):
            oprf.elements(key.to_bytes(32, "little"), np.zeros((1, 64), np.uint8), kernel=path)
    else:
        assert oprf.lanes(path) == 0
