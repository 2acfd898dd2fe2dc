"""Which parts an assertion of each kind needs and may have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from floodmark.assessment import reference
from floodmark.assessment.reading import countries
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, Price
from floodmark.assessment.statements.fit import check_fit
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import UnfitAssertion, assertion, values

from .made_up import assertions

MANY = Quantity(487_000_000, 3)
ROW = CountryRow("EG", MANY)


@given(assertions())
def test_what_has_all_that_its_kind_needs_is_fit_and_read_again_from_its_values(one):
    check_fit(one)
    assert assertion(values(one)) == one


def test_every_country_that_is_read_can_be_recorded():
    codes = {code for found in countries._names().values() for code in found if code.isalpha()}
    rows = tuple(CountryRow(code, MANY) for code in sorted(codes))
    check_fit(Assertion(kind="countries", table=CountryTable(rows)))


def test_every_assertion_of_the_reference_set_is_fit():
    for statement in reference.statements():
        for one in statement.assertions:
            check_fit(one)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Assertion(kind="total"), "total does not say how many"),
        (Assertion(kind="amount", quantity=MANY), "amount does not say in which currency"),
        (Assertion(kind="amount", quantity=MANY, currency="€"), "three capitals"),
        (Assertion(kind="countries"), "neither how many nor which"),
        (Assertion(kind="fields"), "which kinds of data"),
        (Assertion(kind="fixed-before"), "fixed-before does not say when"),
        (Assertion(kind="attack-by"), "by whom"),
        (Assertion(kind="new", on="2021"), "new has no on"),
        (Assertion(kind="fault", quantity=MANY), "fault has no quantity"),
        (Assertion(kind="total", quantity=MANY, currency="EUR"), "total has no currency"),
        (Assertion(kind="countries", table=CountryTable(())), "without rows"),
        (Assertion(kind="countries", table=CountryTable((ROW, ROW))), "a country twice"),
        (Assertion(kind="countries", table=CountryTable((CountryRow("EG", None),))), "neither a count nor"),
        (Assertion(kind="countries", table=CountryTable((CountryRow("Egypt", MANY),))), "cannot be read"),
        (
            Assertion(kind="countries", table=CountryTable((CountryRow("ZZ", MANY),))),
            "a country that is none",
        ),
        (
            Assertion(kind="countries", table=CountryTable((CountryRow("AA", MANY),))),
            "a country that is none",
        ),
        (
            Assertion(kind="countries", table=CountryTable((CountryRow("EG", None, Price(MANY, "$")),))),
            "cannot be read",
        ),
        (Assertion(kind="gossip"), "no such kind"),
        (Assertion(kind="total", quantity=Quantity(0, 1)), "total counts nothing"),
        (Assertion(kind="countries", quantity=Quantity(0, 1, "about")), "countries counts nothing"),
        (Assertion(kind="total", quantity=Quantity(491_512_345_678, 12)), "more than there can be"),
        (Assertion(kind="total", quantity=Quantity(10**12, 1)), "more than there can be"),
        (Assertion(kind="countries", quantity=Quantity(491_512_345_678, 12)), "more than there can be"),
        (Assertion(kind="amount", quantity=Quantity(491_512_345_678, 12), currency="EUR"), "many digits"),
        (
            Assertion(kind="countries", table=CountryTable((CountryRow("US", Quantity(2_125_550_199, 10)),))),
            "more than a country can have",
        ),
        (
            Assertion(
                kind="countries",
                table=CountryTable((CountryRow("US", None, Price(Quantity(12_125_550_199, 11), "USD")),)),
            ),
            "a price of too many digits",
        ),
    ],
)
def test_what_lacks_a_part_or_has_another_is_refused_by_name(one, told):
    with pytest.raises(UnfitAssertion, match=told):
        check_fit(one)


def test_a_count_that_is_refused_for_its_size_is_not_repeated():
    with pytest.raises(UnfitAssertion) as caught:
        check_fit(Assertion(kind="total", quantity=Quantity(491_512_345_678, 12)))
    assert not any(character.isdigit() for character in caught.value.message + (caught.value.hint or ""))


@pytest.mark.parametrize(
    "one",
    [
        Assertion(kind="total", quantity=Quantity(8_459_060_239, 10), of="rows"),
        Assertion(kind="total", quantity=Quantity(85_000_000_000, 2), of="rows"),
        Assertion(kind="total", quantity=Quantity(0, 1, "at-most"), of="rows"),
        Assertion(kind="amount", quantity=Quantity(10**14, 1), currency="IRR"),
        Assertion(kind="countries", table=CountryTable((CountryRow("IN", Quantity(1_103_512_346, 10)),))),
    ],
)
def test_what_an_advert_or_an_authority_may_say_is_fit_however_much_it_is(one):
    check_fit(one)


@given(assertions())
def test_no_kind_has_a_part_that_another_has_alone(one):
    if one.kind != "attack-by":
        with pytest.raises(UnfitAssertion):
            check_fit(replace(one, who="somebody"))
