"""What the profile of a saved leak says of what is claimed of it: profiles as triage makes them, of synthetic twins."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark import synth
from floodmark.assessment.evidence.evidence import EFFECTS
from floodmark.assessment.evidence.material import Material
from floodmark.assessment.evidence.profile import PROFILE, profile_evidence
from floodmark.assessment.evidence.profile_dates import times
from floodmark.assessment.evidence.profile_fields import NOT_PUBLIC
from floodmark.assessment.evidence.profile_view import ProfileView
from floodmark.assessment.evidence.testing import test_all
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Quantity, exactly
from floodmark.assessment.statements.kinds import COUNTED
from floodmark.assessment.statements.statement import Statement
from floodmark.identifiers.field_types import FieldType
from floodmark.triage import quick_triage, triage
from floodmark.triage.statistics.gather import Statistics

READ_ON = datetime(2021, 4, 10, tzinfo=UTC)


def profiled(path, twin, rows, **options):
    """The profile of a twin as a saved leak has it, as JSON values."""
    text = BytesIO()
    synth.leak(twin, rows=rows, seed=2021, out=text, **options)
    path.write_bytes(text.getvalue())
    found = triage([path], statistics=Statistics(), clock=lambda: READ_ON)
    return json.loads(json.dumps(found.to_dict()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("twins")


@pytest.fixture(scope="module")
def scraped(folder):
    """20,000 lines of a twin of 2021: numbers, names, addresses of some; times from January 2018 to September 2019."""
    return profiled(folder / "2021.txt", "facebook-2021", 20_000)


@pytest.fixture(scope="module")
def numbers(folder):
    """Numbers and nothing else."""
    return profiled(folder / "2022.txt", "whatsapp-2022", 3000, countries=["EG", "IT"])


@pytest.fixture(scope="module")
def passwords(folder):
    """Addresses with passwords: no telephone number, no time."""
    return profiled(folder / "combo.txt", "combo", 1000)


def result(profile, kind, quantity=None, **parts):
    """The effects and the words on one assertion."""
    found = profile_evidence(Assertion(kind=kind, quantity=quantity, **parts), profile, slug="acme")
    return [one.effect for one in found], " ".join(one.words for one in found)


def test_every_result_says_that_the_data_is_made_up_and_names_the_leak(scraped):
    (found,) = profile_evidence(Assertion(kind="public-only"), scraped, slug="acme")
    assert found.words.startswith("Synthetic data: the saved leak")
    assert found.numbers["synthetic"] is True and found.sources == ("profile:acme",) and found.power
    (real,) = profile_evidence(Assertion(kind="public-only"), {**scraped, "synthetic": False}, slug="acme")
    assert real.words.startswith("The saved leak") and "synthetic" not in real.numbers


def test_made_up_data_says_nothing_of_a_statement_about_the_real_leak(scraped):
    said = Assertion(kind="public-only")
    assert profile_evidence(said, scraped, slug="acme", reference=True) == ()
    assert profile_evidence(said, {**scraped, "synthetic": False}, slug="acme", reference=True)


def test_a_statement_is_tested_on_the_leak_that_it_is_about_and_on_no_other(scraped):
    statement = Statement(
        id="1",
        about="acme",
        kind="denial",
        speaker_kind="company",
        speaker="the company",
        said_on="2021-04",
        text="Only public data.",
        assertions=(Assertion(kind="public-only"),),
    )
    said = statement.assertions[0]
    assert [*PROFILE.run(statement, said, Material(profiles={"acme": scraped}))]
    assert not [*PROFILE.run(statement, said, Material(profiles={"other": scraped}))]


def test_what_is_said_of_a_part_is_not_tested_on_the_whole(scraped):
    for kind in ("countries", "public-only", "fields", "fixed-before", "old"):
        parts = {"quantity": exactly(9), "fields": ("phone",), "on": "2018", "scope": "names"}
        assert result(scraped, kind, **parts)[0] == []
        assert result(scraped, kind, **parts | {"scope": ""})[0] != []


def test_states_follow_from_what_a_profile_settles(scraped):
    said = {
        "contradicted": Assertion(kind="public-only"),
        "supported": Assertion(kind="total", quantity=exactly(scraped["rows"]), of="rows"),
        "untested": Assertion(kind="total", quantity=Quantity(533_000_000, 3), of="phones"),
    }
    statement = Statement(
        id="1",
        about="acme",
        kind="report",
        speaker_kind="journalist",
        speaker="a newspaper",
        said_on="2021-04",
        text="What was said.",
        assertions=tuple(said.values()),
    )
    assert [one.state for one in test_all([statement], profiles={"acme": scraped})] == [*said]


def test_a_kind_that_no_profile_can_test_has_no_result(scraped):
    for kind in ("new", "scraped", "not-ours", "breach", "fault", "attack-by", "amount", "dated"):
        assert result(scraped, kind)[0] == [] and kind not in PROFILE.kinds


def test_as_many_rows_as_were_said_support_a_total_and_more_contradict_it(scraped):
    rows = scraped["rows"]
    assert result(scraped, "total", exactly(rows), of="rows")[0] == ["supports"]
    assert result(scraped, "total", exactly(rows))[0] == [
        "supports"
    ]  # a total that says of nothing what it counts
    effects, words = result(scraped, "total", exactly(rows - 1), of="rows")
    assert effects == ["contradicts"] and f"{rows:,} rows, more than {rows - 1:,} rows" in words
    assert result(scraped, "total", Quantity(rows - 1, 5, "at-least"), of="rows")[0] == ["supports"]


def test_a_total_that_says_of_nothing_what_it_counts_is_met_by_rows_and_only_flagged_by_more(scraped):
    rows = scraped["rows"]
    assert result(scraped, "total", exactly(rows))[0] == ["supports"]
    effects, words = result(scraped, "total", exactly(rows - 1))
    assert effects == ["flags"] and words.endswith("Whether that is what was counted is not known.")


def test_a_country_is_one_by_its_name_and_by_its_code(numbers):
    count = next(one["distinct"] for one in numbers["countries"] if one["country"] == "EG")
    for scope in ("EG", "Egypt", "Ägypten"):
        effects, words = result(numbers, "total", exactly(count), of="phones", scope=scope)
        assert effects == ["supports"] and "distinct phone numbers of Egypt" in words


def test_rows_that_fit_in_few_digits_alone_do_not_support_a_table(numbers):
    counts = {one["country"]: one["distinct"] for one in numbers["countries"]}
    exact = CountryTable(tuple(CountryRow(code, exactly(counts[code])) for code in ("EG", "IT")))
    assert result(numbers, "countries", table=exact)[0] == ["supports"]
    low = {code: counts[code] * 4 // 5 for code in ("EG", "IT")}
    rough = CountryTable(tuple(CountryRow(code, Quantity(value, 1)) for code, value in low.items()))
    assert result(numbers, "countries", table=rough)[0] == ["unremarkable"]


def test_a_file_that_is_smaller_than_was_said_may_be_a_part(scraped):
    effects, words = result(scraped, "total", Quantity(533_000_000, 3), of="phones")
    assert effects == ["flags"] and "it is a part, or the figure is too high" in words


def test_a_round_figure_that_is_met_by_far_more_is_not_supported(scraped):
    assert 18_000 < scraped["rows"] < 20_000
    assert result(scraped, "total", Quantity(10_000, 1))[0] == ["unremarkable"]
    assert result(scraped, "total", Quantity(20_000, 1))[0] == ["supports"]


def test_numbers_are_counted_once_each_and_addresses_apart(scraped):
    phones, emails = (
        next(one["distinct"] for one in scraped["identifiers"] if one["kind"] == kind)
        for kind in ("phone", "email")
    )
    assert phones < scraped["rows"]
    assert result(scraped, "total", exactly(phones), of="phones")[0] == ["supports"]
    assert result(scraped, "total", exactly(emails), of="emails")[0] == ["supports"]
    assert result(scraped, "total", exactly(phones), of="emails")[0] == ["flags"]


@pytest.mark.parametrize("of", ["people", "users", "accounts", "identifiers"])
def test_people_and_accounts_are_only_flagged_for_rows_are_neither(scraped, of):
    for value in (1000, 10**9):
        effects, words = result(scraped, "total", exactly(value), of=of)
        assert effects == ["flags"] and "Whether that is what was counted is not known." in words


def test_a_kind_of_identifier_that_the_file_lacks_tells_nothing_of_its_total(passwords):
    assert result(passwords, "total", exactly(5), of="phones")[0] == []
    assert result(passwords, "countries", exactly(84))[0] == []


def test_a_total_of_one_country_is_held_against_its_numbers(numbers):
    egypt = next(one["distinct"] for one in numbers["countries"] if one["country"] == "EG")
    assert result(numbers, "total", exactly(egypt), of="phones", scope="EG")[0] == ["supports"]
    effects, words = result(numbers, "total", exactly(egypt - 1), of="phones", scope="EG")
    assert effects == ["contradicts"] and "distinct phone numbers of Egypt" in words
    assert result(numbers, "total", exactly(9), of="phones", scope="US")[0] == ["flags"]
    assert result(numbers, "total", exactly(egypt), of="emails", scope="EG")[0] == []
    assert result(numbers, "total", exactly(egypt), of="phones", scope="sample")[0] == []


def test_countries_that_a_few_mistyped_numbers_make_do_not_contradict_how_many_were_said(scraped):
    sure = sum(one["distinct"] >= 10 for one in scraped["countries"])
    there = sum(one["country"] not in ("ZZ", "001") for one in scraped["countries"])
    assert sure < there
    assert result(scraped, "countries", exactly(sure))[0] == ["supports"]
    assert result(scraped, "countries", exactly(there))[0] == ["supports"]
    assert result(scraped, "countries", exactly(sure - 1))[0] == ["contradicts"]
    assert result(scraped, "countries", exactly(there + 1))[0] == ["flags"]


def test_among_millions_of_numbers_a_few_dozen_of_a_country_may_be_mistyped_ones(scraped):
    large = copy.deepcopy(scraped)
    large["countries"] = [
        {"country": country, "phones": distinct, "distinct": distinct}
        for country, distinct in (("EG", 1_000_000), ("IT", 100), ("FR", 99), ("ZZ", 5_000))
    ]
    effects, words = result(large, "countries", exactly(2))
    assert effects == ["supports"] and "of 3 countries, 2 of them with 100 or more" in words
    assert result(large, "countries", exactly(1))[0] == ["contradicts"]


def test_a_table_is_compared_row_by_row_and_countries_that_differ_are_named(numbers):
    counts = {one["country"]: one["distinct"] for one in numbers["countries"]}

    def table(**changed):
        found = {"EG": counts["EG"], "IT": counts["IT"]} | changed
        return CountryTable(tuple(CountryRow(country, exactly(count)) for country, count in found.items()))

    effects, words = result(numbers, "countries", table=table())
    assert effects == ["supports"]
    assert words.endswith("of 2 rows of the table, 2 fit the distinct phone numbers of the saved leak.")
    effects, words = result(numbers, "countries", table=table(EG=counts["EG"] - 1))
    assert (
        effects == ["contradicts"] and "1 fits the" in words and "of Egypt it has more than was said" in words
    )
    assert "none fits the" in result(numbers, "countries", table=table(EG=0, IT=0))[1]
    assert "of Austria it has fewer" in result(numbers, "countries", table=table(AT=1))[1]
    effects, words = result(numbers, "countries", table=table(US=1_000_000))
    assert effects == ["flags"] and "of United States it has fewer" in words


def test_kinds_of_data_that_profiles_do_not_show_contradict_public_only(scraped, numbers, passwords):
    effects, words = result(scraped, "public-only")
    assert effects == ["contradicts"] and "phone number" in words and "e-mail address" in words
    assert result(numbers, "public-only")[0] == ["contradicts"]
    assert "password" in result(passwords, "public-only")[1]


def test_names_and_workplaces_alone_do_not_show_that_all_was_public(scraped):
    named = copy.deepcopy(scraped)
    named["fields"] = [one for one in named["fields"] if one["type"] not in NOT_PUBLIC]
    assert named["fields"] and result(named, "public-only")[0] == ["unremarkable"]


def test_a_few_addresses_that_people_wrote_into_a_public_text_contradict_nothing(scraped):
    few = copy.deepcopy(scraped)
    few["fields"] = [one | {"rows": 9, "valid": 9} for one in few["fields"] if one["type"] == "email"]
    assert result(few, "public-only")[0] == ["unremarkable"]
    few["fields"][0] |= {"rows": 10, "valid": 10}
    assert result(few, "public-only")[0] == ["contradicts"]


def test_every_kind_of_data_that_is_called_not_public_is_one_and_has_a_reason():
    assert {FieldType.from_label(label).label for label in NOT_PUBLIC} == {*NOT_PUBLIC}
    assert all(NOT_PUBLIC.values())
    identifying = {one.label for one in FieldType if one.secret}
    assert identifying <= {*NOT_PUBLIC}


def test_kinds_of_data_that_were_named_are_looked_for(scraped, numbers):
    there = [one["type"] for one in scraped["fields"]]
    assert result(scraped, "fields", fields=tuple(there))[0] == ["supports"]
    assert result(numbers, "fields", fields=("phone",))[0] == ["supports"]
    effects, words = result(scraped, "fields", fields=("phone", "email", "password"))
    assert effects == ["flags"] and "it lacks password" in words
    empty = {**scraped, "fields": [one | {"rows": 0, "valid": 0} for one in scraped["fields"]]}
    assert "the saved leak lacks phone number." in result(empty, "fields", fields=("phone",))[1]


def test_less_than_the_file_has_is_not_borne_out_when_what_was_left_out_is_not_public(scraped):
    effects, words = result(scraped, "fields", fields=("first_name", "last_name"))
    assert effects == ["flags"] and "it also has phone number" in words
    small = tuple(one["type"] for one in scraped["fields"] if one["type"] not in ("relationship", "employer"))
    effects, words = result(scraped, "fields", fields=small)
    assert effects == ["supports"] and "it also has relationship and employer, which was not said" in words


def test_a_column_that_nothing_recognised_may_be_what_is_missing(scraped):
    odd = copy.deepcopy(scraped)
    odd["files"][0]["grammar"]["columns"][0]["type"] = "unknown"
    words = result(odd, "fields", fields=("password",))[1]
    assert "the saved leak lacks password, unless 1 column that no type was found for has it" in words


def test_records_that_are_later_than_the_repair_contradict_that_the_door_was_shut(scraped):
    effects, words = result(scraped, "fixed-before", on="2019-08")
    late = next(
        rows
        for year, month, rows in scraped["statistics"]["dates"][0]["months"]
        if (year, month) == (2019, 9)
    )
    assert effects == ["contradicts"]
    assert (
        f"at least {late:,} are later than August 2019" in words
        and "the latest is of 30 September 2019" in words
    )
    assert result(scraped, "fixed-before", on="2018")[0] == ["contradicts"]
    assert result(scraped, "old", on="2019-06-15")[0] == ["contradicts"]


def test_records_of_the_very_month_that_is_named_are_only_flagged(scraped):
    effects, words = result(scraped, "fixed-before", on="2019-09")
    assert effects == ["flags"] and "the latest are of the same time as September 2019" in words
    effects, words = result(scraped, "fixed-before", on="2019-09-02")
    assert effects == ["flags"] and "an unknown number are later than 2 September 2019" in words


def test_that_nothing_is_later_shows_nothing(scraped):
    assert result(scraped, "fixed-before", on="2019-10")[0] == ["unremarkable"]
    assert result(scraped, "old", on="2021")[0] == ["unremarkable"]


def test_old_without_a_day_and_data_without_times_have_no_result(scraped, numbers, passwords):
    assert result(scraped, "old")[0] == []
    assert result(numbers, "fixed-before", on="2010")[0] == result(passwords, "old", on="2010")[0] == []


def test_a_few_late_dates_may_be_mistakes(scraped):
    few = copy.deepcopy(scraped)
    months = few["statistics"]["dates"][0]["months"]
    months[-1][2] = 9
    effects, words = result(few, "fixed-before", on="2019-08")
    assert effects == ["flags"] and "no more than 9 are certainly later" in words
    months[-1][2] = 10
    assert result(few, "fixed-before", on="2019-08")[0] == ["contradicts"]


def test_a_record_of_the_very_day_is_not_later_and_is_flagged(scraped):
    assert result(scraped, "fixed-before", on="2019-09-30")[0] == ["flags"]
    assert result(scraped, "fixed-before", on="2019-10-01")[0] == ["unremarkable"]
    ends = copy.deepcopy(scraped)
    ends["dates"][0]["latest"] = "2019-09-01"
    assert result(ends, "fixed-before", on="2019-09-01")[0] == ["flags"]


def test_a_date_after_the_file_was_read_is_not_believed(scraped):
    wrong = copy.deepcopy(scraped)
    wrong["statistics"]["dates"][0]["months"].append([2037, 1, 5000])
    wrong["dates"][0]["latest"] = "2037-01-01"
    assert result(wrong, "fixed-before", on="2021")[0] == ["unremarkable"]
    assert "the latest is of September 2019" in result(wrong, "fixed-before", on="2021")[1]


def test_without_months_and_where_day_and_month_may_be_swapped_only_years_count(scraped):
    swapped = copy.deepcopy(scraped)
    swapped["dates"][0]["ambiguous"] = 5
    for bare in (swapped, {**scraped, "statistics": None}):
        assert result(bare, "fixed-before", on="2018-12")[0] == ["contradicts"]
        assert result(bare, "fixed-before", on="2019-02")[0] == ["flags"]
    assert result(scraped, "fixed-before", on="2019-02")[0] == ["contradicts"]


def test_the_times_of_several_files_are_taken_together(scraped):
    both = copy.deepcopy(scraped)
    both["dates"].append(both["dates"][0] | {"file": "second.txt", "latest": "2019-12-31"})
    both["statistics"]["dates"].append(both["statistics"]["dates"][0] | {"months": [[2019, 12, 40]]})
    effects, words = result(both, "fixed-before", on="2019-10")
    assert effects == ["contradicts"] and "at least 40 are later" in words and "31 December 2019" in words
    rows = sum(count for *_, count in scraped["statistics"]["dates"][0]["months"])
    assert f"of {rows + 40:,} rows" in words


def test_birth_dates_are_no_times_of_records(scraped):
    born = copy.deepcopy(scraped)
    born["dates"][0]["type"] = "birth_date"
    assert result(born, "fixed-before", on="2018")[0] == []


def test_estimates_of_a_quick_look_carry_their_intervals(scraped):
    quick = {**scraped, "mode": "quick", "rows": 3000, "intervals": {"/rows": [2_900, 3_100]}}
    assert result(quick, "total", exactly(3_050), of="rows")[0] == ["supports"]
    effects, words = result(quick, "total", exactly(2_899), of="rows")
    assert effects == ["contradicts"] and "about 3,000 (2,900 to 3,100) rows" in words
    wide = {**quick, "intervals": {"/rows": [2_000, 4_000]}}
    assert result(wide, "total", exactly(3_000), of="rows")[0] == ["unremarkable"]
    unseen = {**quick, "unseen_rows": 10_000}
    assert result(unseen, "total", exactly(12_000), of="rows")[0] == ["unremarkable"]


def test_the_pointers_of_intervals_are_those_of_a_quick_profile(folder):
    path = folder / "quick.txt"
    synth.leak("facebook-2021", rows=3000, seed=3, out=path)
    quick = quick_triage([path], seed=1).to_dict()
    view = ProfileView(quick, "acme")
    for pointer in quick["intervals"]:
        quick["intervals"][pointer] = [1, 7]
    counts = [view.rows, *view.distinct.values(), *view.countries.values(), *view.fields.values()]
    assert len(counts) > 20 and {(one.low, one.high) for one in counts} == {(1, 7)}
    assert {one.rows for column in times(view) for one in column.periods} == {1}


def test_the_page_names_every_kind_of_data_that_is_not_public_with_its_reason():
    page = (Path(__file__).parents[4] / "docs" / "explanation" / "plausibility.md").read_text("utf-8")
    table = page.partition("| why it is not public |")[2]
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)) == NOT_PUBLIC


@given(
    st.integers(0, 10**6).flatmap(
        lambda value: st.builds(Quantity, st.just(value), st.integers(1, len(str(value))))
    ),
    st.sampled_from(COUNTED),
    st.sampled_from(["", "EG", "TN", "XX", "sample"]),
)
def test_whatever_total_is_said_only_more_of_the_same_thing_contradicts_it(scraped, said, of, scope):
    found = profile_evidence(Assertion(kind="total", quantity=said, of=of, scope=scope), scraped, slug="acme")
    for one in found:
        assert one.effect in EFFECTS and one.words.endswith(".")
        assert one.effect != "contradicts" or one.numbers["low"] > said.high
        assert one.effect != "supports" or abs(one.numbers["low"] - said.value) <= 0.1 * said.value
    assert len(found) == (scope in ("", "EG", "TN") and (not scope or of in ("", "rows", "phones")))
