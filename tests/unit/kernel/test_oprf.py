"""Texts through the batch OPRF: equal to libsodium one by one, and that to integers, in every mode, size and layout."""

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha512
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.oprf import BadInput, Mode, derive_key_pair, evaluate, evaluate_texts, group
from floodmark.exposure.oprf.context import context
from floodmark.kernel import oprf

from ...integration import second_oprf as integers

SUITES = json.loads((Path(__file__).parents[2] / "vectors" / "rfc9497-ristretto255.json").read_text())
PRIVATE = derive_key_pair(bytes(range(32)), b"test").private
TAG = b"HashToGroup-" + context(Mode.VOPRF)
ALPHABET = "aZ09.@:+-\0éß\u0416中🦆"
RNG = random.Random(9497)


def text_of(size):
    """A text of so many bytes of UTF-8, many of them of several."""
    text = "".join(RNG.choice(ALPHABET) for _ in range(size)).encode()[:size]
    text = text.decode(errors="ignore")
    return text + "x" * (size - len(text.encode()))


LENGTHS = [text_of(size) for size in range(401)]
TEXTS = [text_of(RNG.choice([0, 1, 11, 12, 13, 20, 62, 63, 64, 107, 108, 150, 300])) for _ in range(1200)]


def outputs_of(path, texts, mode=Mode.VOPRF, key=PRIVATE):
    series = texts if isinstance(texts, pl.Series) else pl.Series(texts, dtype=pl.String)
    found = evaluate_texts(key, series, mode=mode, workers=1, kernel=path)
    assert found.dtype == np.uint8 and found.shape == (series.len(), 64)
    return [row.tobytes() for row in found]


def in_one_call(path, series):
    found = oprf.evaluate(PRIVATE, TAG, series, random=os.urandom, kernel=path)
    return [row.tobytes() for row in found.outputs]


@cache
def by_libsodium(text):
    return evaluate(PRIVATE, text.encode())


def by_integers(text):
    return integers.evaluate(int.from_bytes(PRIVATE, "little"), text.encode())


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: f"mode {suite['mode']}")
def test_the_vectors_of_the_rfc_in_both_modes(path, suite):
    inputs = [one for vector in suite["vectors"] for one in vector["Input"].split(",")]
    outputs = [one for vector in suite["vectors"] for one in vector["Output"].split(",")]
    texts = [bytes.fromhex(one).decode() for one in inputs]
    found = outputs_of(path, texts, Mode(suite["mode"]), group.scalar(bytes.fromhex(suite["skSm"])))
    assert [one.hex() for one in found] == outputs


def test_every_length_up_to_400_bytes(path):
    assert [len(text.encode()) for text in LENGTHS] == [*range(401)]
    assert outputs_of(path, LENGTHS) == [by_libsodium(text) for text in LENGTHS]
    sample = LENGTHS[::29]
    assert outputs_of(path, sample) == [by_integers(text) for text in sample]


@pytest.mark.parametrize("size", [65_535, 65_534, 60_000, 4_096])
def test_the_longest_texts_among_short_ones(path, size):
    texts = ["", text_of(size), "é", "y" * size, *TEXTS[:10], "z" * (size - 1), ""]
    assert outputs_of(path, texts) == [by_libsodium(text) for text in texts]


SIZES = [
    *range(20),
    31,
    32,
    33,
    63,
    64,
    65,
    255,
    256,
    257,
    504,
    505,
    510,
    511,
    512,
    513,
    519,
    520,
    521,
    1023,
    1024,
    1025,
]


@pytest.mark.parametrize("size", SIZES)
def test_batches_of_every_size_around_lanes_and_chunks(path, size):
    expected = [by_libsodium(text) for text in TEXTS[:size]]
    assert outputs_of(path, TEXTS[:size]) == expected
    assert path is None or in_one_call(path, pl.Series(TEXTS[:size], dtype=pl.String)) == expected


def test_slices_chunks_and_filtered_columns_are_evaluated_in_their_order(path):
    texts = pl.Series([f"a text that does not fit its view {n}" if n % 3 else str(n) for n in range(700)])
    for column in (
        texts[17:620],
        texts[5:5],
        texts.filter(pl.Series([n % 7 == 0 for n in range(700)])),
        texts.sort(),
        pl.concat([texts[:3], texts[:0], texts[90:680], texts[50:51]], rechunk=False),
        pl.concat([texts[:9], texts[690:], pl.Series(["of a buffer of its own, " * 3])], rechunk=True),
        pl.DataFrame({"a": texts}).lazy().collect(engine="streaming")["a"][3:],
    ):
        expected = [by_libsodium(text) for text in column.to_list()]
        assert outputs_of(path, column) == expected
        assert path is None or in_one_call(path, column) == expected


@settings(deadline=None, max_examples=40)
@given(texts=st.lists(st.text(max_size=200), max_size=30), data=st.data())
def test_any_texts_any_key_and_any_mode_give_the_same(path, texts, data):
    key = group.scalar(data.draw(st.integers(1, group.ORDER - 1)).to_bytes(32, "little"))
    mode = data.draw(st.sampled_from(Mode))
    assert outputs_of(path, texts, mode, key) == [evaluate(key, text.encode(), mode) for text in texts]


def test_threads_evaluate_at_once_under_keys_of_their_own(path):
    keys = [derive_key_pair(bytes([n]) * 32, b"test").private for n in range(4)]
    parts = [TEXTS[100 * n : 100 * n + 90] for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda key, part: outputs_of(path, part * 3, key=key), keys, parts))
    for key, part, outputs in zip(keys, parts, found, strict=True):
        assert outputs == [evaluate(key, text.encode()) for text in part] * 3


def test_what_it_is_given_stays_as_it_is(path):
    series = pl.Series(TEXTS[:50])
    outputs_of(path, series)
    assert series.to_list() == TEXTS[:50]


@pytest.mark.parametrize("size", [1, 2, 40, 44, 45])
def test_tags_of_every_length_that_is_taken(path, size):
    tag, texts = b"HashToGroup-" * 5 + b"tag", TEXTS[:20]
    if path is None:
        assert group.expand_message(b"x", tag[:size], 64) == integers.expand(b"x", tag[:size])
        return
    found = oprf.evaluate(PRIVATE, tag[:size], pl.Series(texts), random=os.urandom, kernel=path)
    for text, output in zip(texts, found.outputs, strict=True):
        evaluated = group.times(PRIVATE, group.hash_to_element(text.encode(), tag[:size]))
        assert output.tobytes() == sha512(integers.framed(text.encode(), evaluated) + b"Finalize").digest()


def test_what_cannot_be_evaluated_is_refused(path):
    for wrong in (pl.Series([1, 2]), pl.Series(["a", None]), pl.Series([b"a"])):
        with pytest.raises(TypeError):
            outputs_of(path, wrong)
    with pytest.raises(BadInput, match="65,535"):
        outputs_of(path, ["short", "é" * 32_768])
    if path:
        texts = pl.Series(["a"])
        for key in (bytes(32), group.ORDER.to_bytes(32, "little"), bytes([255]) * 32, bytes(31), bytes(33)):
            with pytest.raises(ValueError, match="key"):
                oprf.evaluate(key, TAG, texts, random=os.urandom, kernel=path)
        with pytest.raises(ValueError, match="tag"):
            oprf.evaluate(PRIVATE, bytes(46), texts, random=os.urandom, kernel=path)
