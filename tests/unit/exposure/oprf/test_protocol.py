"""A client and a server that follow the protocol, and others that do not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.oprf import (
    BadElement,
    BadInput,
    BadScalar,
    Mode,
    Proof,
    ProofFailed,
    Scalar,
    blind,
    blind_evaluate,
    derive_key_pair,
    element,
    evaluate,
    finalize,
    random_scalar,
    scalar,
)
from floodmark.exposure.oprf.group import ORDER, expand_message, minus, times_base
from floodmark.exposure.oprf.proof import holds

PAIR = derive_key_pair(bytes(range(32)), b"test")
OTHER = derive_key_pair(bytes(32), b"test")


def asked_of(inputs):
    factors = [random_scalar() for _ in inputs]
    return factors, [blind(data, factor) for data, factor in zip(inputs, factors, strict=True)]


@settings(max_examples=15)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_what_the_client_gets_is_what_the_key_gives(inputs):
    factors, asked = asked_of(inputs)
    answers, proof = blind_evaluate(PAIR, asked, random_scalar())
    proof = Proof.from_bytes(proof.to_bytes())
    found = finalize(inputs, factors, asked, answers, proof, PAIR.public)
    assert found == [evaluate(PAIR.private, data) for data in inputs]
    assert all(len(output) == 64 for output in found)


def test_one_input_is_blinded_otherwise_each_time_and_evaluated_alike():
    first, second = (blind(b"email:ada@example.org", random_scalar()) for _ in range(2))
    assert first != second
    assert evaluate(PAIR.private, b"x") != evaluate(OTHER.private, b"x")
    assert evaluate(PAIR.private, b"x") != evaluate(PAIR.private, b"x", Mode.OPRF)


def test_an_answer_of_another_key_or_to_another_question_is_refused():
    inputs = [b"one", b"two", b"three"]
    factors, asked = asked_of(inputs)
    answers, proof = blind_evaluate(PAIR, asked, random_scalar())
    others, their_proof = blind_evaluate(OTHER, asked, random_scalar())
    for wrong in (
        (answers, proof, OTHER.public),
        (others, their_proof, PAIR.public),
        (others, proof, PAIR.public),
        ([others[0], *answers[1:]], proof, PAIR.public),
        (answers[::-1], proof, PAIR.public),
        (answers, replace(proof, challenge=minus(proof.challenge, scalar(b"\1" + bytes(31)))), PAIR.public),
        (answers, replace(proof, response=Scalar(bytes(32))), PAIR.public),
        (answers, Proof(Scalar(bytes(32)), Scalar(bytes(32))), PAIR.public),
    ):
        with pytest.raises(ProofFailed):
            finalize(inputs, factors, asked, *wrong)


def test_any_flipped_bit_of_a_proof_is_refused():
    _, asked = asked_of([b"one", b"two"])
    answers, proof = blind_evaluate(PAIR, asked, random_scalar())
    data = proof.to_bytes()
    for place in range(0, len(data) * 8, 5):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        try:
            received = Proof.from_bytes(bytes(changed))
        except BadScalar:
            continue
        assert not holds(received, PAIR.public, asked, answers, Mode.VOPRF)


@pytest.mark.parametrize(
    "wrong",
    [
        bytes(32),  # the identity
        b"\1" + bytes(31),  # a negative field element
        b"\xff" * 32,
        (2**255 - 19).to_bytes(32, "little"),  # p, which is another spelling of 0
        (2**255 - 18).to_bytes(32, "little"),
        bytes(31),
        bytes(33),
        b"",
        *(
            bytes([*point[:31], point[31] | 0x80])
            for point in (times_base(Scalar(bytes([n] + 31 * [0]))) for n in (1, 2, 3))
        ),
    ],
)
def test_bytes_that_are_no_element_are_refused(wrong):
    with pytest.raises(BadElement):
        element(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        bytes(32),
        ORDER.to_bytes(32, "little"),
        (ORDER + 1).to_bytes(32, "little"),
        b"\xff" * 32,
        b"",
        bytes(31),
    ],
)
def test_bytes_that_are_no_scalar_are_refused(wrong):
    with pytest.raises(BadScalar):
        scalar(wrong)
    assert scalar((ORDER - 1).to_bytes(32, "little"))


def test_an_input_that_is_too_long_is_refused():
    with pytest.raises(BadInput):
        evaluate(PAIR.private, bytes(65_536))
    assert len(evaluate(PAIR.private, bytes(65_535))) == 64


def test_a_key_does_not_show_its_private_part():
    assert PAIR.private.hex() not in repr(PAIR)
    assert repr(bytes(PAIR.private)) not in repr(PAIR)


def test_expansion_takes_any_size_that_the_standard_allows():
    long = expand_message(b"", b"tag", 255 * 64)
    assert len(long) == 255 * 64
    assert expand_message(b"", b"tag", 64) != long[:64]  # the size is hashed, too
    for wrong in ((b"", b"", 64), (b"", bytes(256), 64), (b"", b"tag", 0), (b"", b"tag", 255 * 64 + 1)):
        with pytest.raises(ValueError, match="tag"):
            expand_message(*wrong)
