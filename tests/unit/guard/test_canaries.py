"""Canaries: how they are drawn, kept and scored."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import NothingToRead, UnreadableInput, UsageError
from floodmark.guard import SCHEMA, Canaries, CanarySet, GuardFileError, LookupsFile, reduce, write_lookups
from floodmark.guard.canaries_held import asked_before, in_file, lines
from floodmark.guard.canaries_making import drawn_again, make, make_from_list
from floodmark.guard.canaries_ranges import Range
from floodmark.guard.canaries_score import e_value
from floodmark.guard.keyed_json import OtherKey
from floodmark.identifiers import IdentifierKind
from floodmark.identifiers.digests import DigestKey

KEY, OTHER = DigestKey(bytes(range(32))), DigestKey(bytes(32))
RANGES: list[tuple[IdentifierKind, str]] = [
    ("phone", "+447400"),
    ("phone", "+2010"),
    ("phone", "+1202555"),
    ("profile_id", "100000000-100999999"),
    ("username", "an*"),
    ("email", "an*@example.org"),
]


def canaries(
    kind: IdentifierKind = "phone", text: str = "+447400", name: str = "blue", count: int = 20
) -> CanarySet:
    return make(name, Range.read(kind, text), count, KEY, held=[], made=1000.0)


@pytest.mark.parametrize(("kind", "text"), RANGES)
def test_canaries_are_valid_in_form_and_drawn_again_by_who_has_the_key(
    kind: IdentifierKind, text: str
) -> None:
    made = canaries(kind, text)
    texts = drawn_again(made, KEY)
    digests = reduce(kind, pl.Series(texts), KEY)["identifier"]
    assert digests.null_count() == 0
    assert sorted(digests.to_list()) == list(made.digests)
    assert len(set(made.digests)) == 20


@pytest.mark.parametrize("text", ["+447400", "+2010", "+1202555", "+49151", "+5511", "+3906"])
def test_no_canary_is_a_number_that_the_numbering_plan_cannot_have(text: str) -> None:
    for number in drawn_again(canaries("phone", text), KEY):
        assert number.startswith(text)
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_who_lacks_the_key_draws_others() -> None:
    ours = canaries()
    theirs = make("blue", Range.read("phone", "+447400"), 20, OTHER, held=[], made=1000.0)
    assert set(drawn_again(ours, KEY)).isdisjoint(drawn_again(theirs, OTHER))
    assert set(drawn_again(ours, KEY)).isdisjoint(drawn_again(canaries(name="red"), KEY))


def test_what_somebody_holds_is_never_a_canary() -> None:
    first = canaries()
    held = [np.array(first.digests[:12], np.uint64), np.array(first.digests[12:], np.uint64)]
    second = make("blue", Range.read("phone", "+447400"), 20, KEY, held=held, made=0.0)
    assert set(first.digests).isdisjoint(second.digests)
    assert second.checked == 20


def test_a_range_that_somebody_holds_almost_all_of_says_how_much_is_free() -> None:
    where = Range.read("profile_id", "1000000-1099999")
    texts = where.texts(np.arange(90_000, dtype=np.uint64))
    held = [reduce("profile_id", texts, KEY)["identifier"].sort().to_numpy()]
    made = make("ids", where, 100, KEY, held=held, made=0.0)
    assert made.valid == 100_000
    assert 8_000 < made.unheld < 12_000
    free = reduce("profile_id", where.texts(np.arange(90_000, 100_000, dtype=np.uint64)), KEY)["identifier"]
    assert set(made.digests) <= set(free.to_list())


def test_a_range_without_room_is_refused() -> None:
    where = Range.read("profile_id", "1000000-1009999")
    held = [
        reduce("profile_id", where.texts(np.arange(10_000, dtype=np.uint64)), KEY)["identifier"]
        .sort()
        .to_numpy()
    ]
    for count, taken in ((101, []), (50, held)):
        with pytest.raises(UsageError):
            make("ids", where, count, KEY, held=taken, made=0.0)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "447400"),
        ("phone", "+4474001234567"),
        ("phone", "+999"),
        ("phone", "+0"),
        ("profile_id", "7"),
        ("profile_id", "200-100"),
        ("profile_id", "100-200"),
        ("profile_id", "1-99999999999999999999"),
        ("username", "ann"),
        ("username", "*"),
        ("username", "Ann*"),
        ("email", "ann*"),
        ("email", "ann*@"),
    ],
)
def test_what_describes_no_range_is_refused(kind: IdentifierKind, text: str) -> None:
    with pytest.raises(UsageError):
        Range.read(kind, text)


def test_an_address_at_what_is_no_domain_makes_no_canary() -> None:
    with pytest.raises(UsageError, match="Too few"):
        make("mail", Range.read("email", "an*@-"), 20, KEY, held=[], made=0.0)


@pytest.mark.parametrize("name", ["", "Blue", "a b", "../x", "x" * 41, "-a"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        make(name, Range.read("phone", "+447400"), 20, KEY, held=[], made=0.0)


def test_of_a_list_only_free_entries_become_canaries() -> None:
    texts = pl.Series([f"Ann.{number}" for number in range(300)] + ["", "a b", "ann.7"])
    held = [reduce("username", texts.head(100), KEY)["identifier"].sort().to_numpy()]
    made = make_from_list("names", "username", texts, 50, KEY, held=held, made=0.0)
    free = reduce("username", texts.slice(100, 200), KEY)["identifier"].to_list()
    assert (made.valid, made.unheld, len(made.digests)) == (300, 200, 50)
    assert set(made.digests) <= set(free)
    assert drawn_again(made, KEY) == []
    with pytest.raises(UsageError):
        make_from_list("names", "username", texts, 201, KEY, held=held, made=0.0)


def test_nothing_readable_lies_at_rest(tmp_path: Path) -> None:
    path = tmp_path / "canaries.json"
    made = canaries()
    Canaries([made]).write(path, KEY.id)
    assert path.stat().st_mode & 0o777 == 0o600
    stored = path.read_text()
    for text in drawn_again(made, KEY):
        assert text.removeprefix("+") not in stored
        assert text.removeprefix("+447400") not in stored
    assert Canaries.read(path, KEY.id).sets == (made,)
    with pytest.raises(OtherKey):
        Canaries.read(path, OTHER.id)


GOOD = {
    "name": "blue",
    "kind": "phone",
    "range": "+447400",
    "valid": 10,
    "unheld": 10,
    "checked": 0,
    "made": 0.0,
    "digests": ["07"],
}


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {**GOOD, "name": "../x"},
        {**GOOD, "kind": "planet"},
        {**GOOD, "unheld": 0},
        {**GOOD, "unheld": 11},
        {**GOOD, "valid": "x"},
        {**GOOD, "valid": float("inf")},
        {**GOOD, "made": -1},
        {**GOOD, "made": float("nan")},
        {**GOOD, "digests": []},
        {**GOOD, "digests": ["1" * 17]},
        {**GOOD, "digests": ["-1"]},
        {**GOOD, "digests": [7]},
        {**GOOD, "digests": None},
    ],
)
def test_a_damaged_set_is_refused(tmp_path: Path, entry: dict[str, object]) -> None:
    path = tmp_path / "canaries.json"
    path.write_text(json.dumps({"version": 1, "key_id": KEY.id, "canaries": [GOOD]}))
    assert len(Canaries.read(path, KEY.id).sets) == 1
    path.write_text(json.dumps({"version": 1, "key_id": KEY.id, "canaries": [entry]}))
    with pytest.raises(GuardFileError):
        Canaries.read(path, KEY.id)


def test_sets_have_names_of_their_own() -> None:
    sets = Canaries().with_one(canaries())
    with pytest.raises(UsageError):
        sets.with_one(canaries())
    both = sets.with_one(canaries(name="red"))
    assert len(both.digests) == 40
    assert [one.name for one in both.without("blue").sets] == ["red"]
    with pytest.raises(UsageError):
        both.without("green")


def test_a_lookup_of_a_canary_is_dated_and_says_nothing_before_it_was_made() -> None:
    made = canaries()
    sets = Canaries([made])
    rows = [
        (at, 5, digest) for at, digest in ((999.0, made.digests[0]), (1000.0, made.digests[1]), (1001.0, 77))
    ]
    table = pl.DataFrame(
        {
            "at": [datetime.fromtimestamp(at, UTC) for at, _, _ in rows],
            "account": [account for _, account, _ in rows],
            "identifier": pl.Series([digest for _, _, digest in rows], dtype=pl.UInt64),
        }
    ).with_columns(pl.col("at").cast(SCHEMA["at"]))
    found = sets.lookups(table).select("at", "canaries", "made").collect()
    assert found.rows() == [
        (datetime.fromtimestamp(1000, UTC), "blue", datetime.fromtimestamp(1000, UTC)),
    ]
    assert sets.set_of(made.digests[0]) == made
    assert sets.set_of(77) is None


def _mean(count: int, rate: float, by_chance: float, by_listing: float) -> float:
    """The exact mean of the e-value where each of so many identifiers is a canary at this rate."""
    return math.fsum(
        math.comb(count, k) * rate**k * (1 - rate) ** (count - k) * e_value(k, count, by_chance, by_listing)
        for k in range(count + 1)
    )


@given(
    st.integers(0, 60),
    st.floats(0.001, 0.2),
    st.floats(1.1, 4.0),
    st.floats(0, 1),
)
def test_an_ordinary_client_has_an_e_value_of_one_on_average_at_most(
    count: int, by_chance: float, times: float, share: float
) -> None:
    by_listing = min(0.9, by_chance * times)
    assert _mean(count, by_chance, by_chance, by_listing) == pytest.approx(1.0)
    assert _mean(count, by_chance * share, by_chance, by_listing) <= 1.0 + 1e-9


def test_a_client_that_lists_the_range_is_soon_beyond_doubt() -> None:
    sets = Canaries([canaries(count=1000)])
    assert sets.score(0, 1_000) < 1
    assert sets.score(1, 1_000, stale=0.05) > 5
    assert sets.score(10, 10_000, stale=0.05) > 1e6
    assert 1 < sets.score(1, 100) < 2.01
    assert math.isfinite(sets.score(1000, 1_000_000))


def test_where_listing_is_no_likelier_than_chance_a_canary_says_nothing() -> None:
    assert e_value(7, 100, by_chance=0.1, by_listing=0.1) == 1.0
    assert e_value(7, 100, by_chance=0.0, by_listing=0.1) == 1.0
    assert Canaries().score(0, 10) == 1.0


def test_files_of_holders_are_read_whatever_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "held.txt"
    path.write_bytes(
        b"\xef\xbb\xbf+44 7400 000001\r\n\xff\xfe\n"
        + b"9" * 5_000_000
        + b"\n\n+447400000002\n+447400000002\n1234"
    )
    done: list[int] = []
    found = in_file(path, "phone", KEY, "GB", done.append)
    expected = reduce("phone", pl.Series(["+447400000001", "+447400000002"]), KEY)["identifier"].sort()
    assert found.tolist() == expected.to_list()
    assert sum(done) == path.stat().st_size
    with pytest.raises(NothingToRead):
        in_file(tmp_path / "none.txt", "phone", KEY)
    with pytest.raises(NothingToRead):
        in_file(path, "email", KEY)
    with pytest.raises(UnreadableInput):
        in_file(tmp_path, "phone", KEY)


@given(st.lists(st.binary(max_size=6), max_size=30))
def test_lines_are_those_between_line_feeds(pieces: list[bytes]) -> None:
    text = b"\n".join(pieces)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "held.txt"
        path.write_bytes(text)
        found = [line for series in lines(path) for line in series.to_list()]
    assert found == [line.decode(errors="replace") for line in text.split(b"\n")]


def test_what_was_asked_before_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "lookups.parquet"
    row = dict.fromkeys(SCHEMA, 0) | {
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "endpoint": "x",
        "kind": "phone",
        "identifier": 7,
        "hit": None,
    }
    table = pl.DataFrame(
        [row, {**row, "identifier": 5}, {**row, "kind": "email", "identifier": 3}], schema=SCHEMA
    )
    write_lookups(path, [table], LookupsFile(KEY.id, 0))
    assert [array.tolist() for array in asked_before([path], "phone", KEY.id)] == [[5, 7]]
    with pytest.raises(UnreadableInput):
        asked_before([path], "phone", OTHER.id)
