"""Every vector of RFC 9497, appendix A.1, for ristretto255-SHA512 in modes OPRF and VOPRF, proofs included."""

import json
from pathlib import Path

import pytest

from floodmark.exposure.oprf import (
    Mode,
    Proof,
    blind,
    blind_evaluate,
    derive_key_pair,
    element,
    evaluate,
    finalize,
    scalar,
    unblind,
)

SUITES = json.loads((Path(__file__).parents[3] / "vectors" / "rfc9497-ristretto255.json").read_text())
CASES = [(suite, vector) for suite in SUITES for vector in suite["vectors"]]


def several(text):
    return [bytes.fromhex(part) for part in text.split(",")]


def pair_of(suite):
    return derive_key_pair(bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]), Mode(suite["mode"]))


def test_there_are_vectors_of_both_modes():
    assert [(suite["mode"], len(suite["vectors"])) for suite in SUITES] == [(0, 2), (1, 3)]


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: f"mode {suite['mode']}")
def test_the_key_is_the_one_that_is_derived(suite):
    pair = pair_of(suite)
    assert pair.private.hex() == suite["skSm"]
    assert pair.public.hex() == suite.get("pkSm", pair.public.hex())


@pytest.mark.parametrize(("suite", "vector"), CASES)
def test_every_step_gives_what_the_vector_says(suite, vector):
    pair, mode = pair_of(suite), Mode(suite["mode"])
    inputs, outputs = several(vector["Input"]), several(vector["Output"])
    factors = [scalar(one) for one in several(vector["Blind"])]
    asked = [blind(data, factor, mode) for data, factor in zip(inputs, factors, strict=True)]
    assert asked == several(vector["BlindedElement"])
    random = scalar(bytes.fromhex(vector["Proof"]["r"])) if "Proof" in vector else factors[0]
    answers, proof = blind_evaluate(pair, asked, random, mode)
    assert answers == several(vector["EvaluationElement"])
    assert [evaluate(pair.private, data, mode) for data in inputs] == outputs
    if mode is Mode.OPRF:
        assert [unblind(*one) for one in zip(inputs, factors, answers, strict=True)] == outputs
        return
    assert proof.to_bytes().hex() == vector["Proof"]["proof"]
    received = Proof.from_bytes(bytes.fromhex(vector["Proof"]["proof"]))
    found = [element(one) for one in several(vector["EvaluationElement"])]
    assert finalize(inputs, factors, asked, found, received, pair.public) == outputs
