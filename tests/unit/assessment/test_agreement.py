"""What agreement is read as, also over many draws of leaks whose making is known."""

from math import comb

import numpy as np
import pytest

from floodmark.assessment.agreement import COPIED, FEWEST, agreement_of, judge
from floodmark.assessment.meaning import ALONE, meaning_of
from floodmark.assessment.overlap import Overlap, PairOverlap, overlap
from floodmark.kernel.shared_rows import Agreement

from .memory import leak, moved, people

DRAWS = 200


def pair_of(overlapped: Overlap, a: str, b: str) -> PairOverlap:
    return next(pair for pair in overlapped.kinds[0].pairs if {pair.a, pair.b} == {a, b})


@pytest.mark.parametrize(
    ("a", "b", "suggests"),
    [
        ("first-2019", "copy-2020", "copied"),
        ("copy-2020", "copy-2021", "copied"),
        ("first-2019", "again-2022", "collected-apart"),
        ("again-2022", "again-2023", "collected-apart"),
        ("first-2019", "made-up-2024", "unrelated-values"),
    ],
)
def test_copies_later_scrapes_and_made_up_values_are_told_apart(
    six: Overlap, a: str, b: str, suggests: str
) -> None:
    assert pair_of(six, a, b).meaning.suggests == suggests


def test_every_meaning_says_that_overlap_alone_says_nothing(six: Overlap) -> None:
    for kind in six.kinds:
        for pair in kind.pairs:
            assert not pair.shared or pair.meaning.words[-1] == ALONE


def test_names_that_stay_do_not_hide_that_people_moved(six: Overlap) -> None:
    name, location = pair_of(six, "first-2019", "again-2022").agreement
    assert (name.judgement.reading, location.judgement.reading) == ("agrees", "drifts")


def test_few_identifiers_cannot_tell_however_well_they_agree() -> None:
    assert judge(FEWEST - 1, FEWEST - 1, 0.0).reading == "cannot-tell"
    assert judge(182, 182, 0.0).reading == "cannot-tell"
    assert judge(183, 183, 0.0).reading == "agrees"
    assert "182" in judge(182, 182, 0.0).why or "few" in judge(182, 182, 0.0).why


def test_a_value_that_all_have_cannot_tell() -> None:
    assert judge(10_000, 10_000, 1.0).reading == "cannot-tell"
    assert judge(10_000, 9_990, 0.96).reading == "cannot-tell"


def test_agreement_that_chance_explains_for_the_most_part_is_not_read_as_copying() -> None:
    assert judge(10_000, 9_900, 0.9).reading == "drifts"


def test_no_value_at_all_cannot_tell() -> None:
    found = judge(0, 0, None)
    assert (found.reading, found.low, found.high, found.beyond_chance) == ("cannot-tell", 0.0, 1.0, None)
    assert meaning_of(5, []).suggests == "cannot-tell"


@pytest.mark.parametrize("size", [40, 150, 400, 1500])
def test_a_second_scrape_with_one_in_ten_moved_is_almost_never_called_a_copy(size: int) -> None:
    rng = np.random.default_rng(size)
    found = []
    for _ in range(DRAWS):
        first = people(rng, size)
        found.append(overlap([leak("a", first), leak("b", moved(rng, first, 0.1))]).kinds[0].pairs[0])
    location = [pair.agreement[1].judgement.reading for pair in found]
    assert location.count("agrees") <= 0.025 * DRAWS
    assert location.count("chance") == 0
    if size >= 400:
        assert location.count("drifts") >= 0.95 * DRAWS


@pytest.mark.parametrize("size", [40, 400])
def test_a_copy_is_never_called_anything_else_and_is_seen_from_some_hundred_identifiers_on(size: int) -> None:
    rng = np.random.default_rng(size)
    for _ in range(20):
        first = people(rng, size)
        pair = overlap([leak("a", first), leak("b", first)]).kinds[0].pairs[0]
        assert pair.meaning.suggests == ("copied" if size == 400 else "cannot-tell")


@pytest.mark.parametrize("size", [40, 400, 2000])
def test_strangers_are_never_called_copies_and_seen_as_strangers_in_most_draws(size: int) -> None:
    rng = np.random.default_rng(size)
    readings = []
    for _ in range(DRAWS):
        first = people(rng, size)
        other = dict(zip(first, people(rng, size).values(), strict=True))
        pair = overlap([leak("a", first), leak("b", other)]).kinds[0].pairs[0]
        readings += [one.judgement.reading for one in pair.agreement]
    assert readings.count("agrees") == 0
    # By chance alone an interval of 95 % lies above what strangers agree by in one of forty draws.
    assert readings.count("drifts") <= 0.05 * len(readings)
    if size >= 400:
        assert readings.count("chance") >= 0.9 * len(readings)


def test_a_copy_with_few_mended_names_is_still_a_copy() -> None:
    assert COPIED < 0.99
    assert judge(5000, 4960, 0.001).reading == "agrees"


def test_chance_is_exact_where_sums_of_products_outgrow_64_bits() -> None:
    tally = Agreement.empty()
    count = 2**32 - 1
    for histogram in (tally.histogram_a, tally.histogram_b):
        histogram[0] = 12345  # means nothing
        histogram[1:4] = count
    tally.tally[:2] = 3 * count, 3 * count
    expected = (3 * count**2 - 3 * count) / (3 * count * (3 * count - 1))
    assert agreement_of("name", tally, 3 * count).chance == expected


@pytest.mark.parametrize("both", [30, 183, 400])
@pytest.mark.parametrize("chance", [0.0, 0.05, 0.4])
def test_a_wrong_reading_is_as_rare_as_the_interval_promises(both: int, chance: float) -> None:
    """Exactly, over all outcomes of independent draws with a known agreement beyond chance and a known chance."""
    readings = [judge(both, equal, chance).reading for equal in range(both + 1)]

    def probability(reading: str, beyond: float) -> float:
        share = chance + beyond * (1 - chance)
        return sum(
            comb(both, equal) * share**equal * (1 - share) ** (both - equal)
            for equal, read in enumerate(readings)
            if read == reading
        )

    for beyond in (0.0, 0.5, 0.9, 0.97, 0.9799):
        assert probability("agrees", beyond) <= 0.025
    for beyond in (0.98, 0.99, 1.0):
        assert probability("drifts", beyond) <= 0.025
    assert probability("drifts", 0.0) <= 0.025
    for beyond in (0.1, 0.5, 1.0):
        assert probability("chance", beyond) <= 0.025
