import pytest

from floodmark.assessment.fingerprint import simulated
from floodmark.assessment.fingerprint.compare import compare
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.fingerprint.statistics import POPULATION, SUBSCRIPTIONS, statistics_tables
from floodmark.assessment.population import population
from floodmark.assessment.subscriptions import subscriptions


def best(counts: dict[str, int], digits: int | None, said_on: str = "2019-01-01") -> Match:
    advert = simulated.as_advert(counts, digits)
    return compare(advert, None, statistics_tables(), about="leak", said_on=said_on)[0]


def test_every_figure_of_a_statistic_names_its_source_and_none_is_a_leak() -> None:
    for known in statistics_tables():
        assert known.statistic
        assert not known.dated
        assert set(known.sources) >= set(known.counts)
        assert all(count.value for count in known.counts.values())


def test_populations_are_found_in_the_statistic_whatever_the_date_of_the_advert() -> None:
    match = best(population(), None)
    assert (match.known.id, match.conclusion, match.alignment) == (POPULATION, "found", "country")
    assert (match.order, match.left_out) == ("", ())


@pytest.mark.parametrize("share", [0.0613, 0.7])
def test_figures_that_are_one_share_of_every_population_are_found_and_the_share_is_said(share: float) -> None:
    counts = {country: round(share * count) for country, count in population().items() if count > 10**6}
    match = best(counts, None)
    assert (match.known.id, match.conclusion, match.alignment) == (POPULATION, "found", "scaled")
    assert match.factor == pytest.approx(share, rel=1e-4)
    assert match.share > 0.9


def test_subscriptions_are_found_as_round_as_they_are_published() -> None:
    counts = {country: count for country, (count, _) in subscriptions().items() if count}
    for digits in (None, 3):
        assert (best(counts, digits).known.id, best(counts, digits).conclusion) == (SUBSCRIPTIONS, "found")


def test_counts_that_do_not_follow_a_statistic_are_not_found_in_it() -> None:
    counts = {country: 1 + (count * 7919) % 10**7 for country, count in population().items()}
    assert best(counts, None).conclusion == "not-found"
