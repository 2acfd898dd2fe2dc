"""Profiles read back: exactly as they were, or refused by file and place without a word of what stands there."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from floodmark.identifiers.digests import DigestKey
from floodmark.synth import leak
from floodmark.triage import (
    Profile,
    ProfileDamaged,
    ProfileTooNew,
    Statistics,
    load_profile,
    profile_from_dict,
    triage,
)
from floodmark.triage.profile import SCHEMA_VERSION
from floodmark.triage.schema import first_fault
from floodmark.triage.statistics import profile as shapes

SCHEMA: dict[str, Any] = json.loads(
    files("floodmark.triage").joinpath("profile.schema.json").read_text("utf-8")
)
SECRET = "Quixwood +447700900123"
counts = st.integers(0, 2**70)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
hexes = st.from_regex(r"^[0-9a-f]{16}\Z")
pairs = st.lists(st.lists(counts, min_size=2, max_size=2), max_size=4)


def exactly(size: int) -> st.SearchStrategy[list[int]]:
    return st.lists(counts, min_size=size, max_size=size)


prefixes = st.builds(shapes.PrefixCounts, counts, counts, pairs, counts, counts)
countries = st.builds(shapes.CountryNumbers, texts, counts, pairs, st.just([7] * 100))
dates = st.builds(
    shapes.DateStatistics,
    texts,
    texts,
    st.just([[0, 2**60] + [3] * 29] * 12),
    st.lists(exactly(3), max_size=3),
    counts,
    exactly(24),
    st.just([1] * 60),
    st.just([0] * 60),
)
names = st.builds(
    shapes.NameStatistics,
    hexes,
    counts,
    st.lists(st.fixed_dictionaries({"country": texts, "rows": counts}), max_size=2),
    counts,
    st.lists(st.builds(shapes.NameCount, hexes, texts, counts), max_size=3),
    counts,
    counts,
)
derived = st.builds(shapes.DerivedAddresses, texts, st.booleans(), counts, counts)
statistics = st.builds(
    shapes.StatisticsProfile,
    st.none()
    | st.builds(
        shapes.PhoneStatistics,
        counts,
        counts,
        pairs,
        st.just([5] * 100),
        st.lists(countries, max_size=2),
        prefixes,
    ),
    st.none() | st.builds(shapes.ProfileIdStatistics, counts, pairs, prefixes, counts),
    st.none() | st.builds(shapes.EmailStatistics, counts, counts, counts, st.lists(derived, max_size=2)),
    st.none() | names,
    st.lists(dates, max_size=2),
    st.lists(st.builds(shapes.TypePair, texts, texts, counts), max_size=3),
    st.lists(st.builds(shapes.CopyCounts, texts, counts, counts, counts, pairs), max_size=3),
)


def as_json(profile: Profile) -> Any:
    return json.loads(json.dumps(profile.to_dict()))


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every part of a JSON value stands."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield from places(part, (*way, name))


def with_part(value: Any, way: tuple[Any, ...], part: Any) -> Any:
    changed = copy.deepcopy(value)
    inside = changed
    for name in way[:-1]:
        inside = inside[name]
    if part is ...:
        del inside[way[-1]]
    else:
        inside[way[-1]] = part
    return changed


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A profile with statistics, as JSON."""
    path = tmp_path_factory.mktemp("twin") / "twin.txt"
    leak("facebook-2021-csv", rows=600, seed=4, out=path)
    return as_json(triage([path], statistics=Statistics(DigestKey(bytes(range(32))))))


def test_a_profile_is_read_back_exactly_as_it_was(any_profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(any_profile.to_dict(), indent=2), encoding="utf-8")
    assert load_profile(path) == any_profile
    assert load_profile(path).to_dict() == any_profile.to_dict()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(statistics)
def test_any_statistics_are_read_back_exactly(twin: Profile, found: shapes.StatisticsProfile) -> None:
    profile = replace(twin, statistics=found)
    assert Draft202012Validator(SCHEMA).is_valid(as_json(profile))
    assert profile_from_dict(as_json(profile)) == profile


def test_a_profile_of_schema_1_is_read_as_one_without_statistics(twin: Profile) -> None:
    old = as_json(twin) | {"schema_version": 1}
    del old["statistics"]
    assert profile_from_dict(old) == twin
    with pytest.raises(ProfileDamaged):
        profile_from_dict(old | {"schema_version": 2})


def test_a_newer_profile_is_refused_with_the_advice_to_upgrade(twin: Profile) -> None:
    newer = as_json(twin) | {"schema_version": SCHEMA_VERSION + 1, "horoscopes": []}
    with pytest.raises(ProfileTooNew) as caught:
        profile_from_dict(newer, "leak/profile.json")
    assert "leak/profile.json" in caught.value.message
    assert "Upgrade" in caught.value.hint


@pytest.mark.parametrize("version", [None, "2", 2.0, True, 0, -1, [], {}])
def test_a_profile_that_does_not_say_its_schema_is_damaged(twin: Profile, version: Any) -> None:
    with pytest.raises(ProfileDamaged, match="/schema_version"):
        profile_from_dict(as_json(twin) | {"schema_version": version})


@pytest.mark.parametrize("value", [None, [], "profile", 3, {}])
def test_what_is_no_profile_is_damaged(value: Any) -> None:
    with pytest.raises(ProfileDamaged):
        profile_from_dict(value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b"not json",
        b'{"schema_version": 2} trailing',
        b'{"schema_version": NaN}',
        b'{"rows": ' + b"9" * 5000 + b"}",
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
)
def test_a_file_that_is_no_json_is_damaged_and_named(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "leak").mkdir()
    path = tmp_path / "leak" / "profile.json"
    path.write_bytes(text)
    with pytest.raises(ProfileDamaged) as caught:
        load_profile(path)
    assert caught.value.message.startswith("leak/profile.json")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_file_that_is_cut_off_anywhere_is_damaged(twin: Profile, tmp_path: Path) -> None:
    text = json.dumps(twin.to_dict()).encode()
    path = tmp_path / "profile.json"
    for size in range(0, len(text) - 1, len(text) // 40):
        path.write_bytes(text[:size])
        with pytest.raises(ProfileDamaged):
            load_profile(path)


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "profile.json", tmp_path):
        with pytest.raises(ProfileDamaged) as caught:
            load_profile(path)
        assert path.name in caught.value.message
        assert str(tmp_path.parent) not in caught.value.message


@pytest.mark.parametrize(
    ("way", "part", "pointer"),
    [
        (("rows",), SECRET, "/rows"),
        (("rows",), -1, "/rows"),
        (("rows",), 3.0, "/rows"),
        (("rows",), True, "/rows"),
        (("mode",), SECRET, "/mode"),
        (("files", 0, "grammar", "columns", 2, "fill_rate"), None, "/files/0/grammar/columns/2/fill_rate"),
        (("files", 0, "sha256"), ..., "/files/0/sha256"),
        (("custody", "inputs", 0, "sha256"), SECRET, "/custody/inputs/0/sha256"),
        (("custody", SECRET), 3, "/custody"),
        ((SECRET,), 3, "its top"),
        (("intervals",), {SECRET: [1, 2]}, "/intervals"),
        (("intervals",), {"/" + SECRET: [1, 2, 3]}, "/intervals"),
        (("statistics",), SECRET, "/statistics"),
        (("minors", "low"), SECRET, "/minors/low"),
    ],
)
def test_a_damaged_part_is_named_by_its_pointer_and_not_quoted(
    twin: Profile, way: tuple[Any, ...], part: Any, pointer: str
) -> None:
    with pytest.raises(ProfileDamaged) as caught:
        profile_from_dict(with_part(as_json(twin), way, part))
    assert caught.value.message.endswith(f"at {pointer}")
    assert SECRET not in str(caught.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(
    st.data(),
    st.sampled_from([None, ..., True, -1, 0, 7, 1.5, "", "x", "ab" * 32, [], [1], [1, 2], {}, {"rows": 1}]),
)
def test_what_the_schema_refuses_is_refused_and_what_it_accepts_is_read(
    saved: Any, data: st.DataObject, part: Any
) -> None:
    within = data.draw(st.sampled_from([*saved, *(("statistics", name) for name in saved["statistics"])]))
    start = within if isinstance(within, tuple) else (within,)
    inside = saved
    for name in start:
        inside = inside[name]
    way = data.draw(st.sampled_from([(*start, *way) for way in places(inside)]))
    if part is ... and isinstance(way[-1], int):
        way = way[:1]
    changed = with_part(saved, way, part)
    fits = Draft202012Validator(SCHEMA).is_valid(changed)
    assert (first_fault(changed, SCHEMA) is None) == fits
    if fits:
        assert profile_from_dict(changed).to_dict() == changed
    else:
        newer = way == ("schema_version",) and type(part) is int and part > SCHEMA_VERSION
        with pytest.raises(ProfileTooNew if newer else ProfileDamaged):
            profile_from_dict(changed)


def test_a_schema_with_an_unknown_keyword_is_refused_rather_than_half_checked() -> None:
    with pytest.raises(ValueError, match="uniqueItems"):
        first_fault([1, 1], {"type": "array", "uniqueItems": True})


def test_a_name_in_a_pointer_is_escaped() -> None:
    schema = {"type": "object", "properties": {"a/b~c": {"type": "null"}}, "required": ["a/b~c"]}
    assert first_fault({"a/b~c": 3}, schema) == first_fault({}, schema) == "/a~1b~0c"
