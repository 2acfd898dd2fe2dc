"""What of a profile may be public: nobody is in it by being rare, and nothing that the dump's maker chose."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from floodmark.triage.profile import (
    CountryProfile,
    DateProfile,
    DomainsProfile,
    DuplicatesProfile,
    FieldProfile,
    FieldSetProfile,
    FileProfile,
    IdentifierProfile,
    LocationProfile,
    MinorsProfile,
    Shares,
)
from floodmark.triage.public_profile import LEAST, LEAST_RECORDS, public_profile, rounded
from floodmark.triage.statistics.copies import CopyCounter
from floodmark.triage.statistics.profile import CopyCounts, StatisticsProfile

NOT_COUNTS = {"year", "size", "other_files", "floor", "share"}
SHARES = Shares(1, 1, 0, 0, 0)
FEW = st.integers(1, LEAST - 1)


def counts(value, name=""):
    """Every number in JSON values that is a count."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from counts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from counts(inner, name)
    elif isinstance(value, int) and not isinstance(value, bool) and name not in NOT_COUNTS:
        yield value


def texts(value):
    """Every text in JSON values."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def file(label="dump.txt", records=LEAST_RECORDS, sha256="ab" * 32):
    return FileProfile(label, 4_096, sha256, records, None, SHARES, SHARES, [], [], [])


def dates(label="birth_date", years=(), column="born", sentinels=(), rows=100):
    return DateProfile(
        "dump.txt", column, label, rows, rows, "1901-02-03", "2008-09-10", None, 0,
        [{"value": value, "rows": n} for value, n in sentinels],
        [{"year": year, "rows": n} for year, n in years],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["twin", "hostile", "empty"])
def test_every_count_is_in_tens(request, name):
    found = list(counts(public_profile(request.getfixturevalue(name)).to_dict()))
    assert found
    assert [n for n in found if n % 10] == []


def test_a_large_leak_stays_as_it_is_but_for_the_last_digit(twin):
    found = public_profile(twin)
    assert found.rows == rounded(twin.rows)
    assert {c.country for c in twin.countries if c.distinct >= LEAST} == {c.country for c in found.countries}
    assert [c.phones for c in found.countries] == sorted(
        (rounded(c.phones) for c in twin.countries), reverse=True
    )[: len(found.countries)]


@given(st.integers(0, 10**12))
def test_a_rounded_count_is_a_multiple_of_ten_that_is_five_off_at_most(count):
    found = rounded(count)
    assert found % 10 == 0
    assert found == 0 if count < LEAST else abs(found - count) <= 5


def test_no_word_of_the_dump_is_passed_on(hostile):
    evil = '<script>"447700900123"</script>'
    found = public_profile(
        replace(
            hostile,
            countries=[CountryProfile(evil, 500, 500)],
            locations=LocationProfile(500, 10, [{"country": evil, "rows": 500}]),
            fields=[
                FieldProfile(evil, 500, 1.0, 500, [evil], False),
                FieldProfile("phone", 500, 1, 5, [evil], False),
            ],
            field_sets=[FieldSetProfile([evil, "phone"], 500)],
            identifiers=[IdentifierProfile(evil, 500, 500, 500)],
            dates=[dates(evil, [(1980, 500)]), dates("birth_date", [(1980, 500)], column=evil)],
            email_domains=DomainsProfile(5, 2, [{"domain": evil, "rows": 9_000}], 0),
            files=[file(label=evil)],
            duplicates=DuplicatesProfile(hostile.rows, hostile.rows, 0, 1),
            minors=None,
        )
    ).to_dict()
    assert set(texts(found)) == {"phone", "birth_date", "ab" * 32}


@pytest.mark.parametrize(
    "domain",
    [
        "447700900123.example",
        "buy now.example",
        "a.b\u202e.example",
        "EXAMPLE.ORG",
        "x" * 50 + ".example",
        "localhost",
    ],
)
def test_a_domain_that_could_be_a_message_or_a_number_is_not_named(twin, domain):
    top = [{"domain": domain, "rows": 50_000}, {"domain": "mail.example", "rows": 40_000}]
    found = public_profile(replace(twin, email_domains=DomainsProfile(2, 2, top, 0))).email_domains
    assert [one["domain"] for one in found.top] == ["mail.example"]
    assert found.other_rows == 50_000


def test_a_domain_of_a_small_company_is_not_named(twin):
    top = [{"domain": "mail.example", "rows": 2_000_000}, {"domain": "smith-and-sons.example", "rows": 1_400}]
    found = public_profile(replace(twin, email_domains=DomainsProfile(2, 2, top, 600))).email_domains
    assert [one["domain"] for one in found.top] == ["mail.example"]
    assert found.other_rows == 2_000


@given(st.lists(FEW, min_size=1, max_size=8), st.lists(FEW, min_size=1, max_size=8))
def test_how_rows_are_spread_over_countries_that_are_not_named_makes_no_difference(twin, one, other):
    assume(sum(one) == sum(other) or (sum(one) < LEAST and sum(other) < LEAST))
    named = [CountryProfile("EG", 400, 390)]

    def seen(few):
        small = [CountryProfile(f"{chr(65 + n)}X", rows, rows) for n, rows in enumerate(few)]
        return public_profile(replace(twin, countries=named + small))

    assert seen(one) == seen(other)
    assert [c.country for c in seen(one).countries] == ["EG"]


def test_a_country_with_many_rows_of_few_numbers_is_not_named(twin):
    found = public_profile(
        replace(twin, countries=[CountryProfile("TV", 5_000, 9), CountryProfile("EG", 400, 390)])
    )
    assert [c.country for c in found.countries] == ["EG"]
    assert found.other_countries == 5_000


def test_kinds_of_data_that_few_rows_have_are_not_named(twin):
    fields = [
        FieldProfile("religion", 9, 0.1, None, [], True),
        FieldProfile("phone", 400, 1.0, 395, [], False),
    ]
    sets = [FieldSetProfile(["phone", "religion"], 9), FieldSetProfile(["phone"], 391)]
    found = public_profile(
        replace(twin, rows=400, fields=fields, field_sets=sets, duplicates=DuplicatesProfile(400, 400, 0, 1))
    )
    assert [one.type for one in found.fields] == ["phone"]
    assert [one.fields for one in found.field_sets] == [["phone"]]
    assert found.other_field_sets == 0, "nine could be told from the whole otherwise"


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.data())
def test_as_many_rows_as_a_cell_needs_are_ten_that_differ(twin, rows, data):
    """Whatever rows a cell has, some of them copies of one: as many as it takes to be named differ in ten places."""
    most = max(rows.count(one) for one in set(rows))
    whole = len(rows)
    found = DuplicatesProfile(whole, len(set(rows)), whole - len(set(rows)), most)
    cell = data.draw(st.lists(st.sampled_from(range(whole)), unique=True))
    fields = [FieldProfile("phone", len(cell), 0.5, None, [], False)]
    named = public_profile(replace(twin, rows=whole, duplicates=found, fields=fields)).fields
    assert not named or len({rows[place] for place in cell}) >= LEAST


def of_orders(twin, *copies):
    """A leak of 50,000 rows of orders: whoever orders often is in many rows, all of which differ."""
    statistics = StatisticsProfile(None, None, None, None, [], [], list(copies))
    return replace(
        twin,
        rows=50_000,
        duplicates=DuplicatesProfile(50_000, 50_000, 0, 1),
        fields=[
            FieldProfile("phone", 48_000, 0.9, None, [], False),
            FieldProfile("religion", 1_400, 0.1, None, [], True),
        ],
        statistics=statistics,
    )


def test_many_rows_of_one_customer_are_not_taken_for_many_customers(twin):
    phones = CopyCounts("phone", 48_000, 20_000, 0, [[1, 10_000], [2, 9_990], [64, 10]])
    placeholder = CopyCounts("email", 40_000, 20_000, 0, [[1, 19_999], [16_384, 1]])
    rare = CopyCounts("username", 1_000, 1_000, 0, [[1, 1_000]])
    assert [one.type for one in public_profile(of_orders(twin)).fields] == ["phone", "religion"]
    assert [one.type for one in public_profile(of_orders(twin, phones)).fields] == ["phone", "religion"]
    often = replace(phones, copies=[[1, 19_990], [128, 10]])
    assert [one.type for one in public_profile(of_orders(twin, often)).fields] == ["phone"]
    assert [one.type for one in public_profile(of_orders(twin, often, rare)).fields] == ["phone"], (
        "few rows have it"
    )
    assert [one.type for one in public_profile(of_orders(twin, placeholder, phones)).fields] == [
        "phone",
        "religion",
    ]


@given(st.lists(st.integers(0, 12), min_size=10, max_size=200), st.data())
def test_as_many_rows_as_are_enough_hold_ten_identifiers(twin, owners, data):
    counter = CopyCounter()
    counter.add(np.unique(owners, return_counts=True)[1].astype(np.uint64))
    found = of_orders(twin, counter.finish("phone"))
    cell = data.draw(st.lists(st.sampled_from(range(len(owners))), unique=True))
    fields = [FieldProfile("religion", len(cell), 0.5, None, [], True)]
    named = public_profile(replace(found, rows=len(owners), fields=fields)).fields
    assert not named or len({owners[place] for place in cell}) >= LEAST


def test_dates_are_years_that_ten_rows_have(twin):
    years = [(1901, 1), (1950, 9), (1980, 10), (1981, 500), (9999, 400)]
    found = public_profile(
        replace(
            twin,
            dates=[dates(years=years, sentinels=[("1970-01-01", 33), ("0001-01-01", 4)])],
            duplicates=DuplicatesProfile(twin.rows, twin.rows, 0, 1),
        )
    )
    assert [asdict(one) for one in found.years] == [
        {
            "type": "birth_date",
            "rows": 100,
            "placeholders": 40,
            "years": [{"year": 1980, "rows": 10}, {"year": 1981, "rows": 500}],
            "other": 410,
        }
    ]


def test_two_columns_of_dates_do_not_make_ten_of_five(twin):
    both = [dates(years=[(1980, 9)]), dates(years=[(1980, 9)], column="born again")]
    found = public_profile(
        replace(twin, dates=both, duplicates=DuplicatesProfile(twin.rows, twin.rows, 0, 1))
    )
    assert found.years == []


def test_minors_are_told_in_tens_and_of_the_year(twin):
    found = public_profile(replace(twin, minors=MinorsProfile("2026-01-31", 1_003, 14, 9, 26))).minors
    assert found == MinorsProfile("2026", 1_000, 10, 0, 30)
    assert public_profile(replace(twin, minors=MinorsProfile("2026-01-31", 9, 9, 9, 9))).minors is None
    assert public_profile(replace(twin, minors=None)).minors is None


def test_the_checksum_of_a_file_that_somebody_could_guess_is_not_told(twin):
    files = [file(records=LEAST_RECORDS - 1, sha256="cd" * 32), file(), file(sha256=None)]
    found = public_profile(replace(twin, files=files))
    assert [one.sha256 for one in found.files] == ["ab" * 32]
    assert found.other_files == 2


def test_what_is_kept_for_tests_is_not_public(twin):
    words = json.dumps(public_profile(twin).to_dict())
    for name in (
        "statistics",
        "warnings",
        "summary",
        "label",
        "earliest",
        "latest",
        "offsets",
        "options",
        "column",
    ):
        assert f'"{name}' not in words, name
