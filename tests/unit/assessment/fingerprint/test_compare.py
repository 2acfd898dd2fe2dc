from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from floodmark.assessment.fingerprint import simulated
from floodmark.assessment.fingerprint.compare import compare
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import APART, CONCLUSIONS, FLOOR, Match
from floodmark.assessment.fingerprint.ways import by_digits, by_noise
from floodmark.assessment.reference.known_tables import known_tables
from floodmark.assessment.statements.country_table import CountryRow, CountryTable
from floodmark.assessment.statements.quantity import BOUNDS, Quantity, exactly

DOCS = Path(__file__).parents[4] / "docs"
SEEDS = st.integers(0, 2**32 - 1)


def table(counts: dict[str, Quantity]) -> CountryTable:
    return CountryTable(tuple(CountryRow(country, count) for country, count in counts.items()))


def made(seed: int, rows: int) -> dict[str, int]:
    return simulated.made_table(np.random.default_rng(seed), rows, sigma=0.5)


def large(seed: int, rows: int) -> dict[str, int]:
    """Counts of seven digits or more."""
    return {country: 10**6 + 31 * count for country, count in made(seed, rows).items()}


def beside(advert: dict[str, int], known: dict[str, int], digits: int | None = None) -> Match:
    """What is found when one table is printed as an advert and the other one is known."""
    return compare(simulated.as_advert(advert, digits), None, [simulated.as_known("old", known)])[0]


def test_the_advert_of_2022_is_found_in_the_table_of_2021() -> None:
    advert = next(one for one in known_tables() if one.about == "whatsapp-2022")
    found = compare(
        table(advert.counts), advert.total, known_tables(), about="whatsapp-2022", said_on="2022-11-16"
    )
    match = found[0]
    assert (match.known.about, match.conclusion, match.order) == ("facebook-2021", "found", "before")
    assert (match.p, match.at_floor, match.alignment) == (FLOOR, True, "country")
    how = {row.country: row.how for row in match.rows}
    assert {"EG", "US", "MY", "ID"} <= {country for country, way in how.items() if way == "exact"}
    assert {how[country] for country in ("SA", "FR", "TR", "DZ", "GB", "SG")} == {"rounded"}
    assert how[""] == "differs"  # 487 million are not 533 million
    assert {"IT", "NG", "DE", "GH", "AF"} <= set(
        match.only_said
    )  # whose known figures rest on the advert alone
    assert match.least_sigma is not None
    assert match.least_sigma < 1e-4
    assert all(row.source for row in match.rows if row.country)


def test_the_page_on_the_fingerprint_says_what_is_found_of_2022() -> None:
    advert = next(one for one in known_tables() if one.about == "whatsapp-2022")
    match = compare(table(advert.counts), advert.total, known_tables(), about="whatsapp-2022")[0]
    page = " ".join((DOCS / "explanation" / "advert-fingerprint.md").read_text("utf-8").split())
    assert f"Of {len(match.rows)} rows in both, counting the totals, {len(match.matching)} agree" in page


QUANTITIES = st.builds(
    lambda value, digits, bound: Quantity(value, min(digits, len(str(value))), bound),
    st.integers(0, 10**15),
    st.integers(1, 16),
    st.sampled_from(BOUNDS),
)
TABLES = st.dictionaries(st.sampled_from(["AA", "BB", "CC", "DD", "EE", "FF", "GG"]), QUANTITIES)


@settings(max_examples=60)
@given(TABLES, TABLES, st.none() | QUANTITIES, st.none() | QUANTITIES)
def test_any_two_tables_can_be_compared(
    advert: dict[str, Quantity], known: dict[str, Quantity], total: Quantity | None, other: Quantity | None
) -> None:
    tables = [replace(simulated.as_known("old", {}), counts=known, total=other)]
    for match in compare(table(advert), total, tables):
        assert FLOOR <= match.p <= 1
        assert {row.country for row in match.rows} - {""} <= {*advert} & {*known}
        assert match.conclusion in CONCLUSIONS


def test_the_table_of_an_advert_is_no_evidence_on_the_advert() -> None:
    advert = next(one for one in known_tables() if one.about == "whatsapp-2022")
    assert compare(table(advert.counts), advert.total, [advert], about="whatsapp-2022") == ()


def test_a_known_row_that_was_read_in_reports_of_the_advert_alone_is_left_out() -> None:
    counts = {country: exactly(count) for country, count in made(1, 6).items()}
    first, second, third, *_ = counts
    report = "daily.example 2022"
    sources = {first: report, second: f"{report}; register of 2021", third: " Daily.example  2022 "}
    known = KnownTable(id="old/list", about="old", title="", dated="2021", counts=counts, sources=sources)
    match = compare(table(counts), None, [known], sources=[report])[0]
    assert match.left_out == (first, third)
    assert {row.country for row in match.rows} == set(counts) - {first, third}


def test_a_known_row_that_was_read_in_texts_of_a_later_year_alone_is_left_out() -> None:
    counts = {country: exactly(count) for country, count in made(1, 5).items()}
    first, second, third, fourth, fifth = counts
    sources = {
        first: "gazette.example, 25 March 2023, on a court's decision of 2021",
        second: "https://gazette.example/2023/03/25/table; register of 2021",
        third: "https://gazette.example/2023/03/25/table",
        fourth: "register, article 202399",
    }
    known = KnownTable(id="old/list", about="old", title="", dated="2021", counts=counts, sources=sources)
    match = compare(table(counts), None, [known], said_on="2022-11-16")[0]
    assert (match.left_out, match.later) == ((first, third), (first, third))
    assert {row.country for row in match.rows} == {second, fourth, fifth}
    for said_on in ("", "2023"):
        assert compare(table(counts), None, [known], said_on=said_on)[0].left_out == ()


def test_a_row_of_a_report_of_the_advert_and_of_a_later_text_is_left_out() -> None:
    counts = {country: exactly(count) for country, count in made(1, 2).items()}
    first, second = counts
    sources = {first: "daily.example; gazette of 2024", second: "gazette of 2021"}
    known = KnownTable(id="old/list", about="old", title="", dated="2021", counts=counts, sources=sources)
    match = compare(table(counts), None, [known], said_on="2022", sources=["daily.example"])[0]
    assert (match.left_out, match.later) == ((first,), (first,))


@pytest.mark.parametrize(
    "link",
    [
        "https://daily.example/table",
        "http://www.daily.example/table/",
        "HTTPS://Daily.example/table?utm_source=a&utm_medium=b#top",
        "daily.example/table",
    ],
)
def test_a_link_is_the_same_however_it_is_written(link: str) -> None:
    counts = {country: exactly(count) for country, count in made(1, 3).items()}
    first, second, _ = counts
    sources = {first: link, second: "https://daily.example/table?id=2"}
    known = KnownTable(id="old/list", about="old", title="", dated="", counts=counts, sources=sources)
    assert compare(table(counts), None, [known], sources=["https://www.daily.example/table/"])[
        0
    ].left_out == (first,)


def test_sources_of_the_rows_of_an_advert_count_as_reports_of_it() -> None:
    counts = {country: exactly(count) for country, count in made(1, 3).items()}
    rows = tuple(CountryRow(country, count, source="daily.example") for country, count in counts.items())
    sources = dict.fromkeys(counts, "daily.example")
    known = KnownTable(id="old/list", about="old", title="", dated="", counts=counts, sources=sources)
    assert compare(CountryTable(rows), None, [known]) == ()


@settings(max_examples=20)
@given(SEEDS, st.integers(3, 60))
def test_a_copy_is_found_whatever_its_order_and_without_half_of_its_rows(seed: int, rows: int) -> None:
    counts = made(seed, 2 * rows)
    copied = simulated.thinned(np.random.default_rng(seed), counts, 0.5)
    backwards = dict(reversed(copied.items()))
    one, other = beside(copied, counts), beside(backwards, counts)
    assert one.log10_p == pytest.approx(other.log10_p)
    if min(copied.values()) >= 10_000:
        assert (one.conclusion, other.conclusion) == ("found", "found")


@settings(max_examples=20)
@given(SEEDS, st.integers(1, 40), st.sampled_from([None, 3, 2, 1]))
def test_a_chance_is_never_said_to_be_below_one_in_a_million(
    seed: int, rows: int, digits: int | None
) -> None:
    advert = simulated.as_advert(made(seed, rows), digits)
    known = [simulated.as_known("a", made(seed + 1, 40)), simulated.as_known("b", made(seed, rows))]
    for match in compare(advert, None, known):
        assert FLOOR <= match.p <= 1
        assert match.at_floor == (match.p == FLOOR)
        told = [max(-100, log10_p) for log10_p in match.sensitivity.values()]
        assert all(one >= other for one, other in pairwise(told))
        assert len(match.matching) + len(match.differing) == len(match.rows)


@settings(max_examples=10)
@given(SEEDS)
def test_more_known_tables_make_a_match_likelier_by_chance(seed: int) -> None:
    counts = made(seed, 8)
    others = [simulated.as_known(f"other-{place}", made(seed + place, 30)) for place in range(1, 20)]
    advert, known = simulated.as_advert(counts, 3), simulated.as_known("old", counts)
    few, many = (
        next(one for one in compare(advert, None, tables) if one.known.id == "old")
        for tables in ([known], [known, *others])
    )
    assert many.log10_p == pytest.approx(min(0.0, few.log10_p + np.log10(20)))


@pytest.mark.parametrize(("rows", "expected"), [(1, "cannot-tell"), (2, "partly")])
def test_one_or_two_numbers_are_never_called_a_table(rows: int, expected: str) -> None:
    counts = made(5, 40)
    assert beside(dict(list(counts.items())[:rows]), counts).conclusion == expected


def test_a_total_alone_is_a_number_and_no_table() -> None:
    known = replace(simulated.as_known("old", {}), total=exactly(533_313_128))
    totals = exactly(533_313_128), Quantity(487_000_000, 3)
    exact, rounded = (compare(table({}), total, [known])[0] for total in totals)
    assert (exact.conclusion, rounded.conclusion) == ("partly", "cannot-tell")


def test_a_total_that_is_the_sum_of_its_rows_says_nothing_new() -> None:
    counts = {country: exactly(count) for country, count in made(6, 20).items()}
    whole = sum(count.value for count in counts.values())
    known = KnownTable(id="old", about="old", title="", dated="", counts=counts, total=exactly(whole))
    some = table(dict(list(counts.items())[:6]))
    follows = compare(some, exactly(whole), [known])[0]
    stands = compare(some, exactly(3 * whole + 7), [replace(known, total=exactly(3 * whole + 7))])[0]
    assert [(one.rows[-1].how, one.rows[-1].unscored) for one in (follows, stands)] == [
        ("exact", "a total follows from its rows"),
        ("exact", ""),
    ]
    assert stands.log10_p < follows.log10_p - 4


def test_rows_rounded_to_one_digit_cannot_tell() -> None:
    assert beside(made(7, 12), made(7, 12), 1).conclusion == "cannot-tell"


def test_two_digits_tell_only_if_unrelated_tables_are_far_apart() -> None:
    match = beside(made(8, 30), made(8, 30), 2)
    assert (match.conclusion, match.log10_p) == ("found-if", 0)
    assert match.least_sigma is not None
    assert 0.01 < match.least_sigma < 0.25


def test_ends_of_two_digits_tell_nothing() -> None:
    counts = made(9, 20)
    steps = {country: 10 ** (len(str(count)) - 2) for country, count in counts.items()}
    ends = {one: Quantity(count // steps[one] * steps[one], 2, "at-least") for one, count in counts.items()}
    match = compare(table(ends), None, [simulated.as_known("old", counts)])[0]
    assert {row.how for row in match.rows} == {"bound"}
    assert match.log10_p == 0
    assert match.conclusion in ("cannot-tell", "not-found")


def test_a_known_table_may_be_the_rounded_one() -> None:
    counts = made(10, 30)
    known = simulated.as_known("old", counts, 3)
    assert compare(simulated.as_advert(counts, None), None, [known])[0].conclusion == "found"


def test_a_number_that_stands_in_many_rows_of_both_counts_once() -> None:
    default = dict.fromkeys(made(11, 40), 123456)
    match = beside(default, default)
    assert match.conclusion not in ("found", "found-if")
    assert sum(row.reached is not None for row in match.rows) == 1
    assert {row.unscored for row in match.rows[1:]} == {"the same two numbers as in a row before"}


def test_a_few_rows_of_a_table_are_not_the_table() -> None:
    counts = made(12, 60)
    match = beside(simulated.altered(np.random.default_rng(12), counts, 0.8), counts)
    assert (match.conclusion, match.at_floor) == ("partly", True)


def test_three_figures_of_a_known_table_in_a_long_advert_are_not_the_table() -> None:
    counts = made(23, 80)
    own = {country: 7 * count + 12_345 for country, count in list(counts.items())[3:]}
    copied = dict(list(counts.items())[:3])
    few = dict(list(counts.items())[:5])
    for rows, conclusion in [(9, "found"), (10, "partly"), (77, "partly")]:
        advert = copied | dict(list(own.items())[:rows])
        known = {country: count for country, count in few.items() if country in copied}
        match = beside(advert, known)
        assert (match.advert_rows, len(match.rows)) == (3 + rows, 3)
        assert match.share == pytest.approx(3 / (3 + rows))
        assert match.conclusion == conclusion


def test_two_digits_of_a_few_figures_are_not_the_table_either() -> None:
    counts = made(24, 80)
    known = dict(list(counts.items())[:15])
    assert beside(dict(list(counts.items())[:60]), known, 2).conclusion == "found-if"
    assert beside(counts, known, 2).conclusion == "partly"


@settings(max_examples=30)
@given(SEEDS, st.integers(4, 30), st.integers(0, 20), st.sampled_from([None, 4, 3, 2]))
def test_as_many_figures_as_are_said_to_be_enough_are_enough_whichever_they_be(
    seed: int, rows: int, rounded: int, digits: int | None
) -> None:
    generator = np.random.default_rng(seed)
    counts = {country: count + 10**6 for country, count in made(seed, rows + rounded).items()}
    printed = dict(zip(counts, [digits] * rows + [1] * rounded, strict=True))
    known = simulated.as_known("old", counts)
    others = {
        country: simulated.said(round(count * generator.uniform(2, 5)), printed[country])
        for country, count in counts.items()
    }
    match = compare(table(others), None, [known])[0]
    assume(not match.matching and match.needed is not None)
    telling = [row.country for row in match.rows if row.attainable(by_digits)]
    if len(telling) != match.telling:
        telling = [row.country for row in match.rows if row.attainable(by_noise(APART))]
    chosen = generator.choice(telling, match.needed, replace=False)
    right = {country: simulated.said(counts[country], printed[country]) for country in chosen}
    assert compare(table(others | right), None, [known])[0].conclusion in ("found", "found-if")


@pytest.mark.parametrize("change", [37, 211])
def test_numbers_that_were_changed_in_their_last_digits_are_found(change: int) -> None:
    counts = large(25, 40)
    shifted = {country: count + change for country, count in counts.items()}
    redrawn = {country: count // 1000 * 1000 + (count * 7919) % 1000 for country, count in counts.items()}
    for advert in (shifted, redrawn):
        match = beside(advert, counts)
        assert (match.conclusion, match.alignment) == ("found", "country")
        assert any(row.how == "first digits" for row in match.rows)


def test_rows_too_round_to_count_for_a_table_count_against_it_where_they_differ() -> None:
    counts = made(20, 12)
    copied = dict(list(counts.items())[:4])
    wrong = {country: simulated.said(7 * counts[country], 1) for country in list(counts)[4:]}
    known = simulated.as_known("old", counts)
    exact = {country: exactly(count) for country, count in copied.items()}
    assert compare(table(exact), None, [known])[0].conclusion == "found"
    assert compare(table(exact | wrong), None, [known])[0].conclusion == "partly"


def test_a_table_times_a_factor_is_found_and_said_to_be_one() -> None:
    counts = made(13, 30)
    match = beside({country: round(count * 1.173) for country, count in counts.items()}, counts)
    assert (match.conclusion, match.alignment) == ("found", "scaled")
    assert match.factor == pytest.approx(1.173, rel=1e-6)
    for row in match.matching:
        assert row.original == exactly(counts[row.country])
        assert row.known.value == pytest.approx(1.173 * counts[row.country], rel=1e-4)


@pytest.mark.parametrize(("factor", "expected"), [(1.009, "country"), (0.991, "country"), (1.011, "scaled")])
def test_a_factor_of_about_one_is_no_factor(factor: float, expected: str) -> None:
    counts = large(26, 40)
    match = beside({country: round(count * factor) for country, count in counts.items()}, counts)
    assert match.alignment == expected
    assert (match.conclusion == "found") == (expected == "scaled")
    assert all(row.original is None for row in match.rows) == (expected == "country")


def test_numbers_under_other_countries_are_found_and_said_to_be_moved() -> None:
    counts = made(14, 20)
    numbers = list(counts.values())
    match = beside(dict(zip(counts, [*numbers[1:], numbers[0]], strict=True)), counts)
    assert (match.conclusion, match.alignment) == ("found", "moved")
    assert all(row.known_country != row.country for row in match.matching)


def test_round_numbers_of_two_guesses_are_not_found() -> None:
    guess = {country: round(count, 1 - len(str(count))) for country, count in made(15, 60).items()}
    match = compare(simulated.as_advert(guess, None), None, [simulated.as_known("old", guess, 1)])[0]
    assert match.log10_p == 0
    assert match.conclusion not in ("found", "partly")


def test_tables_of_one_platform_a_year_apart_are_not_found() -> None:
    generator = np.random.default_rng(16)
    for digits in (None, 3) * 10:
        before = simulated.made_table(generator, 80, sigma=0.5)
        factors = np.exp(generator.normal(0.1, 0.05, 80))
        after = {
            country: max(1, round(before[country] * one))
            for country, one in zip(before, factors, strict=True)
        }
        assert beside(after, before, digits).conclusion == "not-found"


def test_a_table_that_has_nothing_in_common_is_no_match() -> None:
    known = simulated.as_known("old", {"US": 32_315_282})
    assert compare(table({"EG": exactly(44_823_547)}), None, [known]) == ()
    assert compare(table({}), None, []) == ()


def test_zeros_are_shown_and_not_counted() -> None:
    row = compare(table({"EG": exactly(0)}), None, [simulated.as_known("old", {"EG": 0})])[0].rows[0]
    assert (row.how, row.unscored) == ("exact", "a zero")


def test_every_two_letters_as_a_country_are_compared_at_once() -> None:
    codes = [chr(65 + one) + chr(65 + other) for one in range(26) for other in range(26)]
    counts = {code: 10_000_019 + 104_729 * place for place, code in enumerate(codes)}
    match = beside(counts, counts)
    assert (match.conclusion, len(match.rows)) == ("found", 676)


def test_matches_come_with_what_was_found_first() -> None:
    counts = made(17, 30)
    rounded, copied = simulated.as_known("a-rounded", counts, 2), simulated.as_known("z-copy", counts)
    matches = compare(
        simulated.as_advert(counts, None), None, [rounded, simulated.as_known("m", made(18, 30)), copied]
    )
    assert [one.known.id for one in matches] == ["z-copy", "a-rounded", "m"]


def test_of_tables_that_are_found_as_surely_the_one_with_more_of_the_figures_comes_first() -> None:
    counts = made(27, 40)
    short = simulated.as_known("a-short", dict(list(counts.items())[:20]))
    whole, noisy = (simulated.as_known(name, counts) for name in ("b-whole", "c-noisy"))
    more = replace(noisy, counts=noisy.counts | {"ZY": exactly(12_345_678)})
    advert = table({"ZY": exactly(98_765_432)} | simulated.as_advert(counts, 2).counts)
    found = compare(advert, None, [short, whole, more])
    assert {one.log10_p for one in found} == {0}
    assert [(one.known.id, one.conclusion) for one in found] == [
        ("c-noisy", "found-if"),
        ("b-whole", "found-if"),
        ("a-short", "found-if"),
    ]


@pytest.mark.parametrize(
    ("dated", "said_on", "order"),
    [
        ("2021-04", "2022-11-16", "before"),
        ("2023", "2022-11-16", "after"),
        ("2022", "2022-11-16", ""),
        ("", "2022", ""),
    ],
)
def test_whether_a_table_was_known_before_is_said_where_dates_tell(
    dated: str, said_on: str, order: str
) -> None:
    counts = made(19, 5)
    known = replace(simulated.as_known("old", counts), dated=dated)
    assert compare(simulated.as_advert(counts, None), None, [known], said_on=said_on)[0].order == order
