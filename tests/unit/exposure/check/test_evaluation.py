"""What an evaluator can say, and what of it is believed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import Evaluated, EvaluationBroken, LocalEvaluator
from floodmark.exposure.check.evaluation import blind_one, finalised, read_answer, request_body
from floodmark.exposure.oprf import evaluate

from .published import KEY, OTHER_KEY, drawn

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "protocol-1.json").read_text())
INPUTS = [b"email:ada@example.org", b"email:nobody@example.org", b"phone:+442079460001"]
BLINDED = [blind_one(data, drawn(at)) for at, data in enumerate(INPUTS)]
OTHERS = [blind_one(data, drawn(at)) for at, data in enumerate(INPUTS, 100)]


def answered(blinded=BLINDED, key=KEY):
    return LocalEvaluator(key).evaluate(key.epoch, [one.element for one in blinded])


HONEST = answered()


def test_an_honest_answer_gives_what_the_key_gives():
    assert finalised(BLINDED, HONEST, KEY.pair.public) == [
        evaluate(KEY.pair.private, data) for data in INPUTS
    ]


def with_element(element):
    return replace(HONEST, elements=(*HONEST.elements[:2], element))


@pytest.mark.parametrize(
    ("answer", "slug"),
    [
        (answered(key=OTHER_KEY), "proof-failed"),
        (replace(HONEST, proof=answered(OTHERS).proof), "proof-failed"),
        (answered(OTHERS), "proof-failed"),
        (replace(HONEST, elements=HONEST.elements[::-1]), "proof-failed"),
        (replace(HONEST, elements=HONEST.elements[:1] * 3), "proof-failed"),
        (replace(HONEST, proof=bytes(64)), "proof-failed"),
        (replace(HONEST, proof=HONEST.proof[32:] + HONEST.proof[:32]), "proof-failed"),
        (replace(HONEST, elements=HONEST.elements[:2]), "evaluation-broken"),
        (replace(HONEST, elements=(*HONEST.elements, HONEST.elements[0])), "evaluation-broken"),
        (replace(HONEST, elements=()), "evaluation-broken"),
        (replace(HONEST, proof=b"\xff" * 64), "bad-scalar"),
        (replace(HONEST, proof=HONEST.proof[:-1]), "bad-scalar"),
        (with_element(bytes(32)), "bad-element"),
        (with_element(b"\xff" * 32), "bad-element"),
        (with_element(bytes([*HONEST.elements[2][:31], HONEST.elements[2][31] | 0x80])), "bad-element"),
        (with_element(HONEST.elements[2][:31]), "bad-element"),
        (with_element(BLINDED[2].element), "proof-failed"),
    ],
)
def test_a_lie_is_refused(answer, slug):
    with pytest.raises(FloodmarkError) as refused:
        finalised(BLINDED, answer, KEY.pair.public)
    assert refused.value.slug == slug


def test_every_blinding_is_fresh_and_nothing_secret_is_in_a_repr():
    one, other = blind_one(INPUTS[0], drawn(1)), blind_one(INPUTS[0], drawn(2))
    assert one.element != other.element and one.factor != other.factor
    assert repr(one) == "Blinded()"


def test_requests_are_as_long_for_any_elements():
    assert len(request_body(1, [BLINDED[0].element])) == len(request_body(1, [BLINDED[1].element]))
    assert json.loads(request_body(7, [BLINDED[0].element])) == {
        "epoch": 7,
        "elements": [BLINDED[0].element.hex()],
    }


def test_request_and_answer_are_those_of_the_vectors():
    check = VECTORS["check"]
    elements = [bytes.fromhex(one) for one in json.loads(check["request"])["elements"]]
    assert request_body(VECTORS["epoch"], elements) == check["request"].encode()
    [share] = json.loads(check["response"])
    answer = read_answer(check["response"].encode())
    assert ([one.hex() for one in answer.elements], answer.proof.hex()) == (share["elements"], share["proof"])


SHARE = {"share": 1, "elements": ["0a" * 32], "proof": "0b" * 64}


def test_the_form_of_the_protocol_is_read():
    assert read_answer(json.dumps([SHARE]).encode()) == Evaluated((b"\x0a" * 32,), b"\x0b" * 64)


@pytest.mark.parametrize(
    "value",
    [
        *([SHARE | change] for change in ({"share": 2}, {"share": True}, {"share": 1.0}, {"more": 1})),
        *([SHARE | {"proof": proof}] for proof in (None, 7, "0B" * 64, "0b" * 63, "0b" * 64 + "\n", ["0b"])),
        *(
            [SHARE | {"elements": elements}]
            for elements in ("0a" * 32, ["0a"], [None], None, 5, {"0a" * 32: None}, {})
        ),
        [SHARE, SHARE],
        [],
        {},
        {"share": SHARE},
        SHARE,
        None,
        [[SHARE]],
        ["share"],
    ],
)
def test_any_other_form_is_refused(value):
    with pytest.raises(EvaluationBroken):
        read_answer(json.dumps(value).encode())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"[" * 100000,
        b'[{"share":1,"share":1,"elements":[],"proof":"' + b"0b" * 64 + b'"}]',
        json.dumps([SHARE]).encode() + b',"more":1',
        json.dumps([SHARE]).encode() + b"}",
        b"NaN",
        b"\xef\xbb\xbf" + json.dumps([SHARE]).encode(),
    ],
)
def test_what_is_no_strict_json_is_refused(text):
    with pytest.raises(EvaluationBroken):
        read_answer(text)


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_no_bytes_lead_to_anything_but_an_answer_or_a_refusal(data):
    with pytest.raises(EvaluationBroken):
        read_answer(data)
