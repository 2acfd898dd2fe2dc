"""libsodium has the last word on what was computed in bulk: on sums that were made up here, and on a sample."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.oprf import EvaluationFault, Mode, Scalar, derive_key_pair, evaluate, group
from floodmark.exposure.oprf.checked import SAMPLE, verify, verify_places
from floodmark.exposure.sealed.rows import Places, derive
from floodmark.kernel.oprf import Seal, Sums

PAIR = derive_key_pair(bytes(range(32)), b"test")
TEXTS = pl.Series([f"email:user{number}@example.org" for number in range(40)])
SEAL = Seal(bytes(range(16)), 2)


def rows(*parts: bytes) -> np.ndarray:
    return np.frombuffer(b"".join(parts), np.uint8).reshape(len(parts), -1).copy()


@pytest.fixture
def outputs():
    return rows(*[evaluate(PAIR.private, text.encode()) for text in TEXTS])


@pytest.fixture
def sums():
    """As of three lanes."""
    asked = [group.times_base(Scalar(bytes([lane + 1]) + bytes(31))) for lane in range(3)]
    return Sums(rows(*asked), rows(*[group.times(PAIR.private, one) for one in asked]))


def places(outputs):
    return derive(outputs, SEAL.seal_id, SEAL.cell_bytes)


def at(*positions):
    """In place of randomness: the sample is of these."""
    chosen = (list(positions) * SAMPLE)[:SAMPLE]
    return lambda size: np.array(chosen, np.uint64).tobytes()[:size]


def test_what_is_right_passes(outputs, sums):
    verify(PAIR.private, TEXTS, outputs, sums)
    verify_places(PAIR.private, TEXTS, places(outputs), SEAL, sums)


def test_nothing_of_nothing_passes():
    none = np.empty((0, 32), np.uint8)
    verify(PAIR.private, TEXTS[:0], np.empty((0, 64), np.uint8), Sums(none, none))


@pytest.mark.parametrize("lane", range(3))
def test_one_wrong_sum_is_refused_in_whatever_lane(outputs, sums, lane):
    for part in (sums.asked, sums.answered):
        part[lane] = rows(group.times_base(Scalar(bytes([77]) + bytes(31))))[0]
        with pytest.raises(EvaluationFault):
            verify(PAIR.private, TEXTS, outputs, sums)


def test_sums_exchanged_between_lanes_are_refused(outputs, sums):
    with pytest.raises(EvaluationFault):
        verify(PAIR.private, TEXTS, outputs, Sums(sums.asked, sums.answered[[1, 0, 2]]))


def test_sums_of_another_key_are_refused(outputs, sums):
    other = derive_key_pair(bytes(32), b"test").private
    with pytest.raises(EvaluationFault):
        verify(other, TEXTS, outputs, sums)


@pytest.mark.parametrize("asked", [bytes(32), b"\xff" * 32, b"\x01" + bytes(31)])
def test_sums_that_are_no_elements_or_neutral_are_refused(outputs, asked):
    with pytest.raises(EvaluationFault):
        verify(PAIR.private, TEXTS, outputs, Sums(rows(asked), rows(asked)))


def test_results_without_sums_are_refused(outputs, sums):
    none = np.empty((0, 32), np.uint8)
    for lacking in (Sums(none, none), Sums(sums.asked, sums.answered[:2])):
        with pytest.raises(EvaluationFault):
            verify(PAIR.private, TEXTS, outputs, lacking)
        with pytest.raises(EvaluationFault):
            verify_places(PAIR.private, TEXTS, places(outputs), SEAL, lacking)


@pytest.mark.parametrize("bit", [0, 255, 256, 511])
def test_one_wrong_bit_of_an_output_in_the_sample_is_refused(outputs, sums, bit):
    outputs[17, bit // 8] ^= 1 << bit % 8
    with pytest.raises(EvaluationFault):
        verify(PAIR.private, TEXTS, outputs, sums, random=at(3, 17))


def test_outputs_outside_the_sample_are_not_looked_at(outputs, sums):
    """So what is wrong in few of many is for the kernel's own checks and the sums to see."""
    outputs[17, 5] ^= 1
    verify(PAIR.private, TEXTS, outputs, sums, random=at(3, 18))


def test_few_inputs_are_all_in_the_sample(outputs, sums):
    for wrong in range(SAMPLE):
        few = outputs[:SAMPLE].copy()
        few[wrong, 63] ^= 128
        with pytest.raises(EvaluationFault):
            verify(PAIR.private, TEXTS[:SAMPLE], few, sums)


@pytest.mark.parametrize("name", ["buckets", "tags", "pads"])
def test_one_wrong_bit_of_a_place_in_the_sample_is_refused(outputs, sums, name):
    found = places(outputs)
    getattr(found, name)[21] ^= 1
    with pytest.raises(EvaluationFault):
        verify_places(PAIR.private, TEXTS, found, SEAL, sums, random=at(21))


def test_places_under_another_seal_are_refused(outputs, sums):
    with pytest.raises(EvaluationFault):
        verify_places(PAIR.private, TEXTS, places(outputs), Seal(bytes(16), 2), sums)


def test_as_many_results_as_inputs_are_asked_for(outputs, sums):
    found = places(outputs)
    with pytest.raises(EvaluationFault):
        verify(PAIR.private, TEXTS, outputs[1:], sums)
    with pytest.raises(EvaluationFault):
        verify_places(PAIR.private, TEXTS, Places(found.buckets, found.tags, found.pads[1:]), SEAL, sums)


def test_the_mode_is_part_of_what_is_checked(outputs, sums):
    with pytest.raises(EvaluationFault):
        verify(PAIR.private, TEXTS, outputs, sums, mode=Mode.OPRF)


def test_the_refusal_says_what_to_do_and_names_nobody(outputs, sums):
    """What the sample alone saw may have been wrong before, unseen; what the sums saw was not."""
    for wrong, of_sums, earlier in (
        (outputs ^ 1, sums, True),
        (outputs, Sums(sums.answered, sums.asked), False),
    ):
        with pytest.raises(EvaluationFault) as refused:
            verify(PAIR.private, TEXTS, wrong, of_sums)
        said = refused.value.message + refused.value.hint
        assert refused.value.slug == "evaluation-fault"
        assert "floodmark doctor" in said
        assert ("earlier pieces" in said) == earlier
        assert "@" not in said
