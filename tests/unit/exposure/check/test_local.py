"""The evaluator with the key at hand: a proof whose randomness is known, or comes twice, would give its key away."""

from __future__ import annotations

import inspect
import secrets

import pytest

from floodmark.exposure.check import LocalEvaluator
from floodmark.exposure.check.evaluation import blind_one
from floodmark.exposure.oprf import Proof, scalar
from floodmark.exposure.oprf.group import hash_to_scalar, minus, product, times_base
from floodmark.exposure.snapshots import WrongEpoch

from .published import KEY, drawn

ONE, OTHER = (
    blind_one(data, drawn(at)).element for at, data in enumerate([b"email:a@b.org", b"email:c@b.org"])
)


class Drawing:
    """Random bytes, of which it is kept how many were drawn, and which."""

    def __init__(self):
        self.drawn = []

    def __call__(self, size):
        self.drawn.append(secrets.token_bytes(size))
        return self.drawn[-1]


def nonce_of(proof):
    """The random scalar of a proof, by whoever has the key (RFC 9497, section 2.2.1: s = r - c k)."""
    read = Proof.from_bytes(proof)
    return minus(read.response, minus(bytes(32), product(read.challenge, KEY.pair.private)))


def test_the_same_element_twice_gives_one_answer_and_two_proofs():
    evaluator = LocalEvaluator(KEY)
    first, second = evaluator.evaluate(1, [ONE]), evaluator.evaluate(1, [ONE])
    assert first.elements == second.elements
    assert first.proof != second.proof
    assert nonce_of(first.proof) != nonce_of(second.proof)


def test_every_proof_draws_its_own_64_bytes_and_is_made_with_exactly_these():
    drawing = Drawing()
    evaluator = LocalEvaluator(KEY, drawing)
    for count, elements in enumerate([[ONE], [ONE], [OTHER], [ONE, OTHER], [ONE] * 5], 1):
        proof = evaluator.evaluate(1, elements).proof
        assert len(drawing.drawn) == count
        wanted = scalar(hash_to_scalar(drawing.drawn[-1], b"floodmark/check/prove"))
        assert times_base(nonce_of(proof)) == times_base(wanted)
    assert {len(one) for one in drawing.drawn} == {64}


def test_what_is_drawn_without_being_told_is_the_systems_randomness():
    assert inspect.signature(LocalEvaluator).parameters["random"].default is secrets.token_bytes


def test_a_key_of_another_epoch_draws_nothing():
    drawing = Drawing()
    with pytest.raises(WrongEpoch):
        LocalEvaluator(KEY, drawing).evaluate(2, [ONE])
    assert drawing.drawn == []
