from dataclasses import replace

from floodmark.triage.profile import (
    CountryProfile,
    DateProfile,
    FieldProfile,
    IdentifierProfile,
    Profile,
    ReasonCount,
    Shares,
    Summary,
)
from floodmark.triage.summary import summarise


def said(sentences: list[str], *parts: str) -> bool:
    return any(all(part in sentence for part in parts) for sentence in sentences)


def test_rows_lines_and_bytes_are_said_exactly(twin: Profile) -> None:
    assert said(
        twin.summary.can_say,
        "299,812 rows were read out of 300,140 lines in 1 file; every byte is accounted for.",
    )


def test_rows_and_distinct_identifiers_are_told_apart(twin: Profile) -> None:
    assert said(
        twin.summary.can_say, "295,102 distinct valid phone numbers, in 295,914 rows", "3,898 rows more"
    )
    assert said(twin.summary.can_say, "14,198 distinct valid e-mail addresses, in 14,242 rows")


def test_people_are_never_counted(any_profile: Profile) -> None:
    for sentence in any_profile.summary.can_say:
        assert "people" not in sentence
    if any_profile.rows:
        assert said(any_profile.summary.cannot_say, "How many people", "only ever estimated")


def test_date_windows_leave_placeholders_out_and_say_so(twin: Profile) -> None:
    assert said(
        twin.summary.can_say, "from 2018-01-03 to 2019-09-21 in 240,001 rows", "59,811 rows", "placeholder"
    )


def test_what_a_file_alone_can_never_tell_is_listed(twin: Profile) -> None:
    for part in ("new, or recycled", "total of a larger set", "Where people live", "not before 2019-09-21"):
        assert said(twin.summary.cannot_say, part)


def test_a_birth_date_does_not_date_the_leak(twin: Profile) -> None:
    births = [date for date in twin.dates if date.type == "birth_date"]
    assert said(summarise(replace(twin, dates=births)).cannot_say, "no date in it bears on that")


def test_accounting_that_does_not_add_up_is_never_called_exact(twin: Profile) -> None:
    broken = replace(twin.files[0], lines=Shares(10, 1, 1, 1, 1))
    summary = summarise(replace(twin, files=[broken]))
    assert said(summary.can_say, "does not add up")
    assert not said(summary.can_say, "every byte is accounted for")


def test_nothing_is_said_of_content_where_no_row_was_read(empty: Profile) -> None:
    assert len(empty.summary.can_say) == 2
    assert said(empty.summary.cannot_say, "no row was read")
    assert said(empty.summary.cannot_say, "1 member or table that could not be read")
    assert not said(empty.summary.ask_next, "Compare with an earlier leak")


def test_quick_numbers_carry_their_intervals_and_ask_for_an_exact_run(hostile: Profile) -> None:
    assert said(
        hostile.summary.can_say, "About 5,000,000,000 rows (4,900,000,000 to 5,100,000,000)", "estimated"
    )
    assert said(
        hostile.summary.can_say, "1,250,000,000 (1,200,000,000 to 1,300,000,000) distinct valid phone numbers"
    )
    assert said(hostile.summary.ask_next, "--exact")
    assert not said(hostile.summary.can_say, "accounted for")


def test_national_numbers_suggest_a_region_only_when_none_was_given(twin: Profile) -> None:
    national = replace(twin, identifiers=[IdentifierProfile("phone", 1000, 100, 90)])
    assert said(summarise(national).ask_next, "--region", "900 rows")
    given = replace(national, custody={"options": {"region": "EG"}})
    assert not said(summarise(given).ask_next, "--region")


def test_quarantine_is_pointed_at_by_its_first_offset(twin: Profile) -> None:
    assert said(twin.summary.ask_next, "byte 81,202 of twin.txt")


def test_profile_ids_and_special_categories_lead_to_questions(twin: Profile) -> None:
    assert said(twin.summary.ask_next, "how profile ids are assigned")
    field = FieldProfile("religion", 5, 0.1, None, ["faith"], True)
    assert said(summarise(replace(twin, synthetic=False, fields=[field])).ask_next, "counsel", "33 and 34")


def test_synthetic_data_says_that_it_is_about_nobody(twin: Profile) -> None:
    assert said(twin.summary.can_say[:1], "synthetic")
    assert not said(summarise(replace(twin, synthetic=False)).can_say, "synthetic")


def test_countries_that_are_no_country_are_not_counted_as_one(twin: Profile) -> None:
    countries = [CountryProfile("EG", 5, 5), CountryProfile("ZZ", 9, 9), CountryProfile("001", 9, 9)]
    assert said(
        summarise(replace(twin, countries=countries)).can_say, "numbering plans of 1 country;", "Egypt"
    )


def test_many_date_columns_are_one_sentence_for_each_type(twin: Profile) -> None:
    date = DateProfile("a", "b", "active_at", 1, 1, "2001-01-01", "2001-01-02", None, 0, [], [])
    older = replace(date, earliest="1999-05-05", years=[{"year": 1999, "rows": 7}])
    born = replace(date, type="birth_date")
    summary = summarise(replace(twin, dates=[*[date] * 8, older, born]))
    sentences = [sentence for sentence in summary.can_say if "run from" in sentence]
    assert len(sentences) == 2
    assert "9 columns) run from 1999-05-05 to 2001-01-02 in 7 rows." in sentences[0]


def test_an_archive_is_one_file_whatever_it_holds(twin: Profile) -> None:
    custody = twin.custody | {"inputs": [{"label": "all.zip", "size": 9, "sha256": None}]}
    files = [replace(twin.files[0], label=f"all.zip/{n}.csv") for n in range(21)]
    assert said(
        summarise(replace(twin, files=files, custody=custody)).can_say, "in 1 file (21 members and tables)"
    )


def test_what_was_skipped_is_named(twin: Profile) -> None:
    skipped = [ReasonCount("file-structure", 1, 900, []), ReasonCount("header", 1, 20, [])]
    files = [replace(twin.files[0], skipped=skipped)]
    assert said(summarise(replace(twin, files=files)).can_say, "skipped (file structure and header)")


def test_sentences_hold_no_identifier_that_a_column_is_named_by(hostile: Profile) -> None:
    lists: Summary = hostile.summary
    everything = " ".join([*lists.can_say, *lists.cannot_say, *lists.ask_next])
    assert "7700" not in everything
    assert "who@example.org" not in everything
