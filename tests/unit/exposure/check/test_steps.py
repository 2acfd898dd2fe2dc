"""The order of a check, and what of an answer is believed, without any I/O."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import LocalEvaluator
from floodmark.exposure.check.asked import read
from floodmark.exposure.check.asking import Evaluate, GetBucket, GetSnapshot
from floodmark.exposure.check.drive import drive
from floodmark.exposure.check.steps import steps, with_decoys
from floodmark.exposure.sealed.manifest import CONTEXT as MANIFEST_CONTEXT
from floodmark.exposure.snapshots import SnapshotDirectory
from floodmark.exposure.snapshots.snapshot import CONTEXT

from .published import EMAIL, KEY, NOW, PHONE, ROOT, STRANGER, Root, bucket_of, drawn

HIT, MISS = read(EMAIL), read(STRANGER)


def run(published, *asked, envelope=None, tampered=lambda ask, answer: answer, seed=1):
    """What was asked, and the result or the error."""
    source, evaluator = SnapshotDirectory(published.folder), LocalEvaluator(KEY)
    going = steps(asked, ROOT.public, clock=lambda: NOW, random=drawn(seed))
    asks, answer = [], None
    try:
        while True:
            ask = going.send(answer)
            asks.append(ask)
            if isinstance(ask, GetSnapshot):
                answer = source.envelope() if envelope is None else envelope
            elif isinstance(ask, Evaluate):
                answer = evaluator.evaluate(ask.epoch, ask.elements)
            else:
                answer = source.bucket(ask.snapshot, ask.number)
            answer = tampered(ask, answer)
    except StopIteration as done:
        return asks, done.value.looked_up()
    except FloodmarkError as error:
        return asks, error


def shape(asks):
    """Everything of what was asked that is not random."""
    return [
        (
            type(ask).__name__,
            len(ask.elements) if isinstance(ask, Evaluate) else None,
            getattr(ask, "epoch", None),
        )
        for ask in asks
    ]


def buckets(asks):
    return [ask.number for ask in asks if isinstance(ask, GetBucket)]


@pytest.mark.parametrize("asked", [[HIT], [MISS], [read(PHONE)], [HIT, MISS], [MISS, MISS], [HIT] * 5])
def test_one_snapshot_one_evaluation_and_four_buckets_each_are_asked_for(published, asked):
    asks, _ = run(published, *asked)
    assert shape(asks) == [
        ("GetSnapshot", None, None),
        ("Evaluate", len(asked), 1),
        *[("GetBucket", None, None)] * (4 * len(asked)),
    ]
    assert len(set(buckets(asks))) == 4 * len(asked)
    assert {bucket_of(one.data) for one in asked} <= set(buckets(asks))


def test_decoys_are_drawn_anew_and_the_own_bucket_comes_in_any_place(published):
    own = bucket_of(HIT.data)
    drawings = [buckets(run(published, HIT, seed=seed)[0]) for seed in range(40)]
    assert len({number for drawing in drawings for number in drawing if number != own}) > 115
    assert {drawing.index(own) for drawing in drawings} == {0, 1, 2, 3}


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=64), st.integers(0, 1 << 30))
def test_buckets_that_are_needed_are_among_four_different_ones_each(own, seed):
    numbers = with_decoys(own, Random(seed).randbytes)
    assert len(numbers) == len(set(numbers)) == 4 * len(own)
    assert set(own) <= set(numbers)


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 1 << 30))
def test_decoys_are_the_same_chance_for_every_bucket(one, other, seed):
    decoys = set(with_decoys([one], Random(seed).randbytes)) - {one}
    others = set(with_decoys([other], Random(seed).randbytes)) - {other}
    assert decoys - {other} <= others | {one} and others - {one} <= decoys | {other}


def test_the_own_bucket_is_as_likely_in_each_place():
    places = Counter(with_decoys([7], Random(seed).randbytes).index(7) for seed in range(4000))
    assert max(abs(count - 1000) for count in places.values()) < 120


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(
    "how", [lambda raw: raw[:-1], lambda raw: raw + b"\0", lambda raw: b"", lambda raw: raw[::-1]]
)
def test_an_answer_that_was_tampered_with_is_refused_alike_for_a_hit_and_a_miss(published, place, how):
    told = []
    for asked in (HIT, MISS, read(PHONE)):
        seen = []

        def tampered(ask, answer, seen=seen):
            if isinstance(ask, GetBucket):
                seen.append(ask.number)
                return how(answer) if len(seen) == place + 1 else answer
            return answer

        asks, error = run(published, asked, tampered=tampered)
        assert error.slug == "answer-broken"
        told.append((shape(asks), error.message, error.hint, str(error)))
        assert not any(str(number) in str(error) for number in seen)
    assert len(set(map(repr, told))) == 1


def test_a_single_bit_in_any_answer_is_found(published):
    random = Random(5)
    for _ in range(40):
        place, seen = random.randrange(4), []

        def tampered(ask, answer, place=place, seen=seen):
            if not isinstance(ask, GetBucket):
                return answer
            seen.append(ask.number)
            changed = bytearray(answer)
            if len(seen) == place + 1:
                changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
            return bytes(changed)

        assert run(published, HIT, tampered=tampered)[1].slug == "answer-broken"


def test_another_buckets_answer_is_refused(published):
    other = SnapshotDirectory(published.folder).bucket(published.snapshot, 5)
    _, error = run(
        published, HIT, tampered=lambda ask, answer: other if isinstance(ask, GetBucket) else answer
    )
    assert error.slug == "answer-broken"


def signed_anew(published, change, root=ROOT):
    """The envelope of a snapshot whose text was changed, signed by the root key itself."""
    text = json.dumps(change(json.loads(published.snapshot.to_text())), separators=(",", ":")) + "\n"
    table = {
        "format": "floodmark/signed/1",
        "snapshot": text,
        "public_key": root.public.hex(),
        "signature": root.sign(CONTEXT + text.encode()).hex(),
    }
    return (json.dumps(table, separators=(",", ":")) + "\n").encode()


def in_a_manifest(name, value):
    """A change of one value in the first manifest, which the root key signs anew."""

    def change(table):
        text = (
            json.dumps(json.loads(table["leaks"][0]["manifest"]) | {name: value}, separators=(",", ":"))
            + "\n"
        )
        table["leaks"][0] |= {
            "manifest": text,
            "signature": ROOT.sign(MANIFEST_CONTEXT + text.encode()).hex(),
        }
        return table

    return change


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (lambda table: table | {"mode": 0}, "protocol-refused"),
        (lambda table: table | {"canon": 0}, "protocol-refused"),
        (lambda table: table | {"suite": "P256-SHA256"}, "protocol-refused"),
        (lambda table: table | {"format": "floodmark/snapshot/0"}, "protocol-refused"),
        (lambda table: table | {"epoch": 2}, "wrong-epoch"),
        (lambda table: table | {"extra": 1}, "snapshot-broken"),
        (in_a_manifest("mode", 0), "protocol-refused"),
        (in_a_manifest("canon", 2), "protocol-refused"),
        (in_a_manifest("epoch", 2), "wrong-epoch"),
        (in_a_manifest("slug", "another"), "snapshot-broken"),
    ],
)
def test_a_downgraded_snapshot_is_refused_before_anything_is_blinded(published, change, slug):
    asks, error = run(published, HIT, envelope=signed_anew(published, change))
    assert (error.slug, shape(asks)) == (slug, [("GetSnapshot", None, None)])


def test_a_snapshot_out_of_its_time_or_by_another_key_is_refused_before_anything_is_blinded(published):
    for envelope, slug in [
        (published.envelope(made_at=NOW - timedelta(2), expires_at=NOW), "snapshot-expired"),
        (published.envelope(made_at=NOW + timedelta(2)), "snapshot-from-the-future"),
        (published.envelope(Root(8)), "wrong-root-key"),
        (published.envelope()[:-40] + published.envelope()[-39:], "snapshot-broken"),
        (b"", "snapshot-broken"),
        (b"<html>", "snapshot-broken"),
    ]:
        asks, error = run(published, HIT, envelope=envelope)
        assert (error.slug, shape(asks)) == (slug, [("GetSnapshot", None, None)])


def test_a_snapshot_with_another_root_of_its_buckets_finds_every_answer_broken(published):
    buckets_of_it = replace(published.snapshot.buckets, root=bytes(32))
    _, error = run(published, HIT, envelope=published.envelope(buckets=buckets_of_it))
    assert error.slug == "answer-broken"


def test_what_was_fetched_shows_nothing(published):
    source, evaluator = SnapshotDirectory(published.folder), LocalEvaluator(KEY)
    fetched = drive(steps([HIT], ROOT.public, clock=lambda: NOW, random=drawn(1)), source, evaluator)
    assert repr(fetched) == "Fetched()"
    assert fetched.looked_up() == fetched.looked_up()
