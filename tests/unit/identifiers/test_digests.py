"""Digests against shared vectors, and what a digest key gives away, which is nothing."""

import copy
import json
import pickle
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "digest-1.json").read_text())
KEY = DigestKey(bytes.fromhex(VECTORS["secret"]))


@pytest.mark.parametrize("vector", VECTORS["identifiers"], ids=lambda vector: vector["kind"])
def test_an_identifier_has_the_digest_of_the_vectors_by_every_way_to_make_it(vector):
    kind, canonical, expected = vector["kind"], vector["canonical"], int(vector["digest"], 16)
    assert digests.one(kind, canonical, KEY) == expected
    assert digests.of_texts(kind, pl.Series([canonical]), KEY).tolist() == [expected]
    if kind in ("phone", "profile_id"):
        of_numbers = {"phone": digests.of_phones, "profile_id": digests.of_profile_ids}[kind]
        assert of_numbers(np.array([int(canonical)], np.uint64), KEY).tolist() == [expected]


@pytest.mark.parametrize("name", ["name", "location"])
def test_values_have_the_digests_of_the_vectors(name):
    vectors = [vector for vector in VECTORS["values"] if vector["name"] == name]
    texts = pl.Series([vector["text"] for vector in vectors], dtype=pl.String)
    found = digests.value_digests(name, texts, KEY)
    assert found.dtype == np.uint16
    assert found.tolist() == [vector["digest"] for vector in vectors]


def test_the_vectors_hold_a_value_whose_hash_begins_with_zero_and_so_is_one():
    assert 1 in [vector["digest"] for vector in VECTORS["values"]]


@settings(deadline=None)
@given(texts=st.lists(st.one_of(st.none(), st.just(""), st.text(max_size=30)), max_size=30))
def test_a_value_digest_is_zero_where_there_is_no_text_and_nowhere_else(texts):
    found = digests.value_digests("name", pl.Series(texts, dtype=pl.String), KEY)
    assert [digest != 0 for digest in found] == [bool(text) for text in texts]


@settings(deadline=None)
@given(numbers=st.lists(st.integers(1, 2**64 - 1), max_size=30))
def test_numbers_and_their_texts_have_the_same_digests(numbers):
    array, texts = (
        np.array(numbers, np.uint64),
        pl.Series([str(number) for number in numbers], dtype=pl.String),
    )
    assert np.array_equal(digests.of_profile_ids(array, KEY), digests.of_texts("profile_id", texts, KEY))
    assert np.array_equal(digests.of_phones(array, KEY), digests.of_texts("phone", "+" + texts, KEY))


def test_one_identifier_has_unrelated_digests_under_two_keys_and_of_two_kinds():
    other = DigestKey(bytes(32))
    assert digests.one("username", "ada", KEY) != digests.one("username", "ada", other)
    assert digests.one("username", "ada", KEY) != digests.one("domain", "ada", KEY)
    assert KEY.id != other.id


def test_no_rows_give_no_digests():
    none = pl.Series([], dtype=pl.String)
    for found in (
        digests.of_phones(np.empty(0, np.uint64), KEY),
        digests.of_texts("email", none, KEY),
        digests.value_digests("name", none, KEY),
    ):
        assert found.shape == (0,)


def test_nulls_other_types_and_long_kinds_are_refused():
    with pytest.raises(ValueError, match="never null"):
        digests.of_texts("email", pl.Series(["ada@example.org", None]), KEY)
    for call in (digests.of_texts, digests.value_digests):
        with pytest.raises(TypeError, match="String"):
            call("name", pl.Series([1, 2]), KEY)
        with pytest.raises(ValueError, match="prefix"):
            call("n" * 40, pl.Series(["a"]), KEY)
    for call in (digests.of_phones, digests.of_profile_ids):
        with pytest.raises(TypeError, match="uint64"):
            call(np.array([447700900123]), KEY)


def test_a_key_has_32_bytes_and_the_id_of_the_vectors():
    assert KEY.id == VECTORS["key_id"]
    for size in (0, 16, 31, 33):
        with pytest.raises(ValueError, match="32 bytes") as raised:
            DigestKey(b"\xaa" * size)
        assert "aa" not in str(raised.value)


def test_a_key_shows_its_secret_in_no_text_and_leaves_the_process_by_no_copy():
    secret = KEY.secret
    for text in (repr(KEY), str(KEY), f"{KEY}", repr([KEY]), repr(vars(type(KEY)))):
        assert secret.hex() not in text
        assert repr(secret) not in text
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leave(KEY)
