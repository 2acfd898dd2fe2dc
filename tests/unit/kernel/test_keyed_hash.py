"""Keyed hashes against the standard library's HMAC, on every path of the kernel and without it."""

import hmac

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.kernel import keyed_hash

KEY = bytes(range(200, 232))


def by_hmac(key, messages):
    return [int.from_bytes(hmac.digest(key, message, "sha256")[:8], "big") for message in messages]


def test_texts_of_every_length_around_the_block_boundaries(kernel):
    texts = ["x" * length for length in range(301)]
    found = keyed_hash.of_texts(KEY, b"email:", pl.Series(texts), kernel=kernel)
    assert found.dtype == np.uint64
    assert found.tolist() == by_hmac(KEY, [b"email:" + text.encode() for text in texts])


@settings(deadline=None)
@given(
    key=st.binary(max_size=64),
    prefix=st.binary(max_size=32),
    texts=st.lists(
        st.one_of(st.text(max_size=70), st.sampled_from(["", "é" * 40, "\0", "🦆" * 99])), max_size=40
    ),
)
def test_any_key_prefix_and_texts_give_what_hmac_gives(kernel, key, prefix, texts):
    found = keyed_hash.of_texts(key, prefix, pl.Series(texts, dtype=pl.String), kernel=kernel)
    assert found.tolist() == by_hmac(key, [prefix + text.encode() for text in texts])


@settings(deadline=None)
@given(
    key=st.binary(max_size=64),
    prefix=st.binary(max_size=32),
    numbers=st.lists(st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 10**13)), max_size=40),
)
def test_any_key_prefix_and_numbers_give_what_hmac_gives(kernel, key, prefix, numbers):
    found = keyed_hash.of_numbers(key, prefix, np.array(numbers, np.uint64), kernel=kernel)
    assert found.tolist() == by_hmac(key, [prefix + b"%d" % number for number in numbers])


def test_numbers_around_every_power_of_ten_and_of_two(kernel):
    around = {base**n + step for base in (2, 10) for n in range(65) for step in (-1, 0, 1)}
    numbers = sorted(number for number in around if 0 <= number < 2**64)
    found = keyed_hash.of_numbers(KEY, b"phone:+", np.array(numbers, np.uint64), kernel=kernel)
    assert found.tolist() == by_hmac(KEY, [b"phone:+%d" % number for number in numbers])


def test_a_text_of_many_blocks_among_short_ones(kernel):
    texts = ["short"] * 20 + ["long " * 50_000] + ["middling " * 20] * 3 + ["short again"] * 15
    found = keyed_hash.of_texts(KEY, b"", pl.Series(texts), kernel=kernel)
    assert found.tolist() == by_hmac(KEY, [text.encode() for text in texts])


def test_slices_chunks_and_filtered_columns_are_hashed_in_their_order(kernel):
    texts = pl.Series([f"a text that does not fit its view {n}" if n % 3 else str(n) for n in range(200)])
    for column in (
        texts[17:120],
        texts[5:5],
        texts.filter(pl.Series([n % 7 == 0 for n in range(200)])),
        texts.sort(),
        pl.concat([texts[:3], texts[:0], texts[90:180], texts[50:51]], rechunk=False),
        pl.DataFrame({"a": texts}).lazy().collect(engine="streaming")["a"][3:],
        texts.cast(pl.Categorical).cast(pl.String),
    ):
        found = keyed_hash.of_texts(KEY, b"kind:", column, kernel=kernel)
        assert found.tolist() == by_hmac(KEY, [b"kind:" + text.encode() for text in column.to_list()])


def test_numbers_that_are_strided_or_read_only_are_hashed_as_they_are(kernel):
    numbers = np.arange(100, dtype=np.uint64)
    numbers.flags.writeable = False
    found = keyed_hash.of_numbers(KEY, b"n:", numbers[::-3], kernel=kernel)
    assert found.tolist() == by_hmac(KEY, [b"n:%d" % number for number in range(99, -1, -3)])


def test_wrong_types_and_nulls_are_refused(kernel):
    for numbers in (np.arange(3), np.zeros((2, 2), np.uint64), np.arange(3).astype(">u8")):
        with pytest.raises(TypeError, match="uint64"):
            keyed_hash.of_numbers(KEY, b"", numbers, kernel=kernel)
    for texts in (pl.Series([1, 2]), pl.Series(["a", None]), pl.Series([b"a"]), pl.Series([None, None])):
        with pytest.raises(TypeError, match="String"):
            keyed_hash.of_texts(KEY, b"", texts, kernel=kernel)


def test_a_key_or_prefix_that_would_not_fit_its_block_is_refused(kernel):
    for key, prefix in ((bytes(65), b""), (KEY, bytes(33))):
        with pytest.raises(ValueError, match="up to"):
            keyed_hash.of_numbers(key, prefix, np.arange(3, dtype=np.uint64), kernel=kernel)
        with pytest.raises(ValueError, match="up to"):
            keyed_hash.of_texts(key, prefix, pl.Series(["a"]), kernel=kernel)
