from dataclasses import replace

import pytest

from floodmark.triage.profile import (
    DuplicatesProfile,
    FieldProfile,
    MinorsProfile,
    Profile,
    RunsProfile,
    Shares,
)
from floodmark.triage.warnings import warnings_for


def slugs(profile: Profile) -> dict[str, str]:
    return {finding.slug: finding.severity for finding in warnings_for(profile)}


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("password", "plaintext-passwords"),
        ("card_number", "payment-cards"),
        ("national_id", "national-ids"),
        ("bank_account", "bank-accounts"),
        ("passport", "passports"),
    ],
)
def test_data_that_harms_is_said_loudly(twin: Profile, label: str, slug: str) -> None:
    field = FieldProfile(label, 90, 0.3, 80, ["secret"], False)
    found = [f for f in warnings_for(replace(twin, fields=[field])) if f.slug == slug]
    assert [(f.severity, f.rows) for f in found] == [("danger", 80)]
    assert "in 80 rows (column secret)" in found[0].message


def test_cells_that_fail_their_check_raise_no_alarm(twin: Profile) -> None:
    field = FieldProfile("card_number", 90, 0.3, 0, ["card"], False)
    assert "payment-cards" not in slugs(replace(twin, fields=[field]))


def test_special_categories_are_named_with_their_rows(twin: Profile) -> None:
    fields = [
        FieldProfile("religion", 7, 0.1, None, ["a"], True),
        FieldProfile("health", 9, 0.1, None, ["b"], True),
    ]
    first = warnings_for(replace(twin, fields=fields))[0]
    assert (first.slug, first.severity, first.rows) == ("special-categories", "danger", 9)
    assert "religion in 7 rows and health in 9 rows" in first.message


def test_minors_are_a_range_when_partial_dates_leave_one(twin: Profile) -> None:
    assert "in 1,204 to 1,260 rows" in next(f.message for f in twin.warnings if f.slug == "minors")
    exact = replace(twin, minors=MinorsProfile("2020-01-01", 50, 3, 3, 3))
    assert "in 3 rows" in next(f.message for f in warnings_for(exact) if f.slug == "minors")
    assert "minors" not in slugs(replace(twin, minors=MinorsProfile("2020-01-01", 50, 0, 0, 0)))


def test_quarantine_is_a_warning_above_one_in_a_hundred_lines(twin: Profile) -> None:
    assert slugs(twin)["quarantine"] == "info"
    file = replace(twin.files[0], lines=Shares(1000, 989, 0, 11, 0))
    assert slugs(replace(twin, files=[file]))["much-quarantine"] == "warning"


def test_an_unsure_grammar_and_another_encoding_are_said(hostile: Profile) -> None:
    found = slugs(hostile)
    assert found["low-grammar-confidence"] == "warning"
    assert found["other-encodings"] == "info"
    assert found["unreadable-files"] == "warning"
    assert found["low-phone-validity"] == "warning"


def test_hidden_sheets_are_said_with_their_rows(twin: Profile) -> None:
    assert "hidden-sheets" not in slugs(twin)
    grammar = replace(twin.files[0].grammar, table="Part 2 (hidden)")
    found = warnings_for(replace(twin, files=[replace(twin.files[0], grammar=grammar, records=484)]))
    assert "1 sheet with 484 rows" in next(f.message for f in found if f.slug == "hidden-sheets")


def test_a_few_chance_neighbours_are_no_finding(twin: Profile) -> None:
    assert slugs(twin)["long-runs"] == "warning"
    few = RunsProfile(100_000, 3, 900, 300, 3, [])
    assert "long-runs" not in slugs(replace(twin, runs=few))
    long = RunsProfile(100_000, 3, 900, 300, 50, [])
    assert "long-runs" in slugs(replace(twin, runs=long))


def test_repeats_grow_from_a_note_to_a_warning(twin: Profile) -> None:
    assert slugs(twin)["duplicates"] == "info"
    assert slugs(replace(twin, duplicates=DuplicatesProfile(100, 99, 1, 2)))["duplicates"] == "warning"
    assert "duplicates" not in slugs(replace(twin, duplicates=DuplicatesProfile(100, 100, 0, 1)))


def test_synthetic_and_quick_results_say_so(twin: Profile, hostile: Profile) -> None:
    assert "synthetic" in slugs(twin)
    assert "quick" in slugs(hostile)


def test_the_loudest_come_first(any_profile: Profile) -> None:
    order = ["danger", "warning", "info"]
    ranks = [order.index(finding.severity) for finding in any_profile.warnings]
    assert ranks == sorted(ranks)


def test_messages_hold_no_control_character_and_no_identifier(hostile: Profile) -> None:
    text = " ".join(finding.message for finding in hostile.warnings)
    assert text.isprintable()
    assert "7700" not in text
    assert "who@example.org" not in text
