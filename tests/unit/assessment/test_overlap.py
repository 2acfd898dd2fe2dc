"""Overlap against Python's sets and dictionaries."""

import json
from collections import Counter
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from floodmark.assessment import ranges
from floodmark.assessment.overlap import OtherDigestKey, Overlap, kinds_of, overlap, work_bytes
from floodmark.assessment.saved import ComparedLeak
from floodmark.assessment.tally import UnknownFieldSet
from floodmark.errors import UsageError

from .memory import SETS, MemoryLeak, People, leak, people

SCHEMA = json.loads(files("floodmark.assessment").joinpath("overlap.schema.json").read_text())
values = st.tuples(st.integers(0, 3), st.integers(0, 3))
some_people = st.dictionaries(st.integers(0, 30) | st.integers(2**64 - 5, 2**64 - 1), values, max_size=40)


@pytest.fixture(params=[3, 1 << 18])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges.spans, "__defaults__", (request.param,))


@pytest.mark.usefixtures("block")
@settings(max_examples=60)
@given(found=st.lists(some_people, min_size=2, max_size=5), workers=st.integers(1, 3))
def test_sizes_pairs_patterns_and_union_are_those_of_sets(
    found: list[dict[int, tuple[int, int]]], workers: int
) -> None:
    leaks = [leak(f"leak-{n}", one) for n, one in enumerate(found)]
    (kind,) = overlap(leaks, workers=workers).kinds
    sets = {one.slug: set(given) for one, given in zip(leaks, found, strict=True)}
    together = set().union(*sets.values())
    assert {one.slug: one.identifiers for one in kind.leaks} == {slug: len(s) for slug, s in sets.items()}
    assert kind.union == len(together) == sum(one.identifiers for one in kind.patterns)
    expected = Counter(frozenset(slug for slug in sets if value in sets[slug]) for value in together)
    assert {frozenset(one.leaks): one.identifiers for one in kind.patterns} == expected
    assert len(kind.pairs) == len(found) * (len(found) - 1) // 2
    for pair in kind.pairs:
        a, b = sets[pair.a], sets[pair.b]
        assert pair.shared == len(a & b)
        assert pair.share_of_a == (len(a & b) / len(a) if a else None)
        assert pair.share_of_b == (len(a & b) / len(b) if b else None)
        assert pair.jaccard == (len(a & b) / len(a | b) if a | b else None)


@pytest.mark.usefixtures("block")
@settings(max_examples=60)
@given(a=some_people, b=some_people)
def test_values_and_fields_of_shared_identifiers_are_those_of_dictionaries(
    a: dict[int, tuple[int, int]], b: dict[int, tuple[int, int]]
) -> None:
    (pair,) = overlap([leak("a", a), leak("b", b)]).kinds[0].pairs
    if pair.a == "b":
        a, b = b, a
    shared = sorted(a.keys() & b.keys())
    for place, one in enumerate(pair.agreement):
        both = [(a[x][place], b[x][place]) for x in shared if a[x][place] and b[x][place]]
        assert one.both == len(both)
        assert one.equal == sum(x == y for x, y in both)
        assert one.only_a == sum(a[x][place] > 0 and b[x][place] == 0 for x in shared)
        assert one.only_b == sum(a[x][place] == 0 and b[x][place] > 0 for x in shared)
        assert one.neither == sum(a[x][place] == b[x][place] == 0 for x in shared)
        strangers = [both[i][0] == both[j][1] for i in range(len(both)) for j in range(len(both)) if i != j]
        assert one.chance == (pytest.approx(np.mean(strangers)) if strangers else None)
    fields = {one.type: (one.only_a, one.only_b, one.both) for one in pair.fields}
    in_a = [set(SETS[People(a).field_set(x)]) for x in shared]
    in_b = [set(SETS[People(b).field_set(x)]) for x in shared]
    expected = {
        label: (
            sum(label in x and label not in y for x, y in zip(in_a, in_b, strict=True)),
            sum(label in y and label not in x for x, y in zip(in_a, in_b, strict=True)),
            sum(label in x and label in y for x, y in zip(in_a, in_b, strict=True)),
        )
        for label in {label for one in [*in_a, *in_b] for label in one}
    }
    assert fields == expected


@given(a=some_people, b=some_people)
def test_the_order_in_which_leaks_are_named_changes_no_number(
    a: dict[int, tuple[int, int]], b: dict[int, tuple[int, int]]
) -> None:
    one = overlap([leak("a", a), leak("b", b)]).kinds[0]
    other = overlap([leak("b", b), leak("a", a)]).kinds[0]
    assert one.union == other.union
    assert one.pairs[0].shared == other.pairs[0].shared
    assert one.pairs[0].jaccard == other.pairs[0].jaccard
    assert [(x.both, x.equal, x.chance) for x in one.pairs[0].agreement] == [
        (x.both, x.equal, x.chance) for x in other.pairs[0].agreement
    ]
    assert {frozenset(x.leaks): x.identifiers for x in one.patterns} == {
        frozenset(x.leaks): x.identifiers for x in other.patterns
    }


def test_a_leak_inside_another_is_wholly_shared() -> None:
    whole = people(np.random.default_rng(1), 500)
    (kind,) = overlap([leak("whole", whole), leak("part", dict([*whole.items()][:100]))]).kinds
    assert (kind.union, kind.pairs[0].shared) == (500, 100)
    assert (kind.pairs[0].share_of_a, kind.pairs[0].share_of_b) == (0.2, 1.0)
    assert [(one.leaks, one.identifiers) for one in kind.patterns] == [
        (["whole"], 400),
        (["whole", "part"], 100),
    ]


def test_leaks_without_anything_in_common_say_so() -> None:
    rng = np.random.default_rng(2)
    (kind,) = overlap([leak("a", people(rng, 50)), leak("b", people(rng, 60))]).kinds
    assert kind.pairs[0].shared == 0
    assert kind.pairs[0].meaning.suggests == "nothing-shared"
    assert kind.union == 110


def test_an_empty_leak_has_no_share() -> None:
    (kind,) = overlap([leak("a", {}), leak("b", {}), leak("c", {1: (1, 1)})]).kinds
    assert kind.union == 1
    assert [(pair.shared, pair.jaccard) for pair in kind.pairs] == [(0, 0.0), (0, 0.0), (0, None)]


def test_a_kind_that_one_leak_alone_has_is_counted_and_compared_with_nothing() -> None:
    found = overlap([leak("a", {1: (1, 1)}), leak("b", {1: (1, 1)}, kind="email")])
    assert [(kind.kind, kind.union, kind.pairs) for kind in found.kinds] == [
        ("phone", 1, []),
        ("email", 1, []),
    ]


def test_of_more_than_twelve_leaks_the_twelve_largest_have_patterns_and_all_have_pairs_and_a_union() -> None:
    sizes = range(20, 34)
    leaks = [leak(f"leak-{n}", dict.fromkeys(range(n), (1, 1))) for n in sizes]
    (kind,) = overlap(leaks).kinds
    assert kind.union == 33
    assert len(kind.pairs) == 14 * 13 // 2
    assert kind.patterns_of == [f"leak-{n}" for n in range(33, 21, -1)]
    assert all(pair.shared == int(pair.b.removeprefix("leak-")) for pair in kind.pairs)
    apart = overlap([*leaks, leak("apart", {99: (1, 1)})]).kinds[0]
    assert apart.union == 34
    assert sum(one.identifiers for one in apart.patterns) == 33


def test_large_tables_of_field_sets_are_counted_as_small_ones_are() -> None:
    rng = np.random.default_rng(3)
    types = ["name", "location", *(f"type-{n}" for n in range(9))]
    table = [[label for bit, label in enumerate(types) if code >> bit & 1] for code in range(1 << len(types))]

    class Wide(MemoryLeak):
        def fields(self, kind: str) -> np.ndarray:
            count = len(self.people[kind].by_digest)
            return np.random.default_rng(len(self.slug)).integers(0, len(table), count).astype(np.uint32)

    shared = people(rng, 3000)
    made = [leak("a", {}), leak("bb", {})]
    wide = [
        type(one)(Wide(one.slug, {"phone": People(shared)}, table), one.digest_key_id, one.synthetic)
        for one in made
    ]
    assert len(table) ** 2 > 1 << 20
    (pair,) = overlap(wide).kinds[0].pairs
    a, b = (one.arrays.fields("phone").tolist() for one in wide)
    for one in pair.fields:
        has_a = np.array([one.type in table[x] for x in a])
        has_b = np.array([one.type in table[x] for x in b])
        assert one.only_a == int((has_a & ~has_b).sum())
        assert one.only_b == int((has_b & ~has_a).sum())
        assert one.both == int((has_a & has_b).sum())


@pytest.mark.parametrize("sets", [SETS[:1], SETS[:1] * (2**20 // 4 + 1)])
def test_a_field_set_that_the_profile_does_not_know_is_refused(sets: list[list[str]]) -> None:
    numbers = np.array([len(sets)], np.uint32)

    class Strange(MemoryLeak):
        def fields(self, kind: str) -> np.ndarray:
            return numbers

    strange = Strange("strange", {"phone": People({1: (1, 1)})}, sets)
    with pytest.raises(UnknownFieldSet, match=r"a or strange|strange or a"):
        overlap([leak("a", {1: (1, 1)}), ComparedLeak(strange, "00" * 8, synthetic=True)])


def test_digests_of_two_keys_are_refused_by_name() -> None:
    with pytest.raises(OtherDigestKey, match="a and b"):
        overlap([leak("a", {1: (1, 1)}), leak("b", {1: (1, 1)}, digest_key_id="11" * 8)])


def test_fewer_than_two_leaks_and_one_named_twice_are_refused() -> None:
    one = leak("a", {1: (1, 1)})
    with pytest.raises(UsageError, match="at least two"):
        overlap([one])
    with pytest.raises(UsageError, match="twice"):
        overlap([one, one])


@pytest.mark.parametrize("count", [2, 3, 14])
def test_progress_adds_up_to_the_bytes_that_were_announced(count: int) -> None:
    rng = np.random.default_rng(4)
    leaks = [leak(f"leak-{n}", people(rng, 300)) for n in range(count)]
    told: list[int] = []
    overlap(leaks, advance=told.append)
    assert sum(told) == work_bytes(leaks)
    assert all(size >= 0 for size in told)


def test_an_error_of_progress_ends_the_work() -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    rng = np.random.default_rng(5)
    with pytest.raises(KeyboardInterrupt):
        overlap([leak("a", people(rng, 300)), leak("b", people(rng, 300))], advance=stop)


def test_only_the_kinds_asked_for_are_compared() -> None:
    first = leak("a", {1: (1, 1)})
    first.arrays.people["email"] = People({1: (1, 1)})
    leaks = [first, leak("b", {1: (1, 1)})]
    assert kinds_of(leaks) == ["phone", "email"]
    assert [kind.kind for kind in overlap(leaks, ["email"]).kinds] == ["email"]
    assert work_bytes(leaks, ["email"]) == 0


@pytest.mark.parametrize("name", ["two", "six"])
def test_the_json_form_is_that_of_its_schema(name: str, request: pytest.FixtureRequest) -> None:
    found: Overlap = request.getfixturevalue(name)
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(found.to_dict())))


def test_synthetic_leaks_are_marked_in_the_json_form(six: Overlap) -> None:
    written = six.to_dict()
    assert "copy-2020" not in written["synthetic"]
    assert len(written["synthetic"]) == 5
    marks = {leak["slug"]: leak["synthetic"] for leak in written["kinds"][0]["leaks"]}
    assert marks == {slug: slug in written["synthetic"] for slug in written["leaks"]}


def test_every_two_leaks_come_once(six: Overlap) -> None:
    pairs = [frozenset((pair.a, pair.b)) for pair in six.kinds[0].pairs]
    assert set(pairs) == {frozenset(two) for two in combinations(six.leaks, 2)}
    assert len(pairs) == len(set(pairs))
