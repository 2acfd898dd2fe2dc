"""Typed assertions, sums of money, and proposals from prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.reading.assertions import UnreadableAssertion, read_assertion
from floodmark.assessment.reading.cut import propose
from floodmark.assessment.reading.money import read_price
from floodmark.assessment.reading.numbers import Ambiguous
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import assertion, values

TYPED = {
    "total=487M phones": Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones"),
    "total=>6M": Assertion(kind="total", quantity=Quantity(6_000_000, 1, "at-least")),
    "total@US=32M": Assertion(kind="total", quantity=Quantity(32_000_000, 2), scope="US"),
    "total=533,313,128 accounts": Assertion(kind="total", quantity=Quantity(533_313_128, 9), of="accounts"),
    "countries=84": Assertion(kind="countries", quantity=Quantity(84, 2)),
    "countries=84 countries": Assertion(kind="countries", quantity=Quantity(84, 2)),
    "fields=phone,birth-date": Assertion(kind="fields", fields=("phone", "birth_date")),
    "new": Assertion(kind="new"),
    "old": Assertion(kind="old"),
    "old=2019": Assertion(kind="old", on="2019"),
    "scraped": Assertion(kind="scraped"),
    "public-only": Assertion(kind="public-only"),
    "fixed-before=2019-09": Assertion(kind="fixed-before", on="2019-09"),
    "not-ours": Assertion(kind="not-ours"),
    "breach": Assertion(kind="breach"),
    "fault@outage": Assertion(kind="fault", scope="outage"),
    "attack-by=Anonymous Sudan": Assertion(kind="attack-by", who="Anonymous Sudan"),
    "amount=265M EUR": Assertion(kind="amount", quantity=Quantity(265_000_000, 3), currency="EUR"),
    "dated=2021-04-08": Assertion(kind="dated", on="2021-04-08"),
    " total = 5 ": Assertion(kind="total", quantity=Quantity(5, 1)),
}


@pytest.mark.parametrize(("text", "said"), TYPED.items())
def test_a_typed_assertion_says_what_it_says(text: str, said: Assertion) -> None:
    assert read_assertion(text) == said
    assert assertion(values(said)) == said


REFUSED = (
    "|total|total=|total=many|total=1.234M|total=5 apples|total=-5|countries=x|fields=|fields=shoe size|"
    "fields=phone, e-mail|new=3|old=yes|fixed-before|fixed-before=2019-13|dated=8 April|amount=265M|"
    "amount=free|attack-by=|fake|Total=5"
).split("|")
LONG = ("attack-by=" + "x" * 61, "total@" + "x" * 61 + "=5", "x" * 1000)


@pytest.mark.parametrize("text", [*REFUSED, *LONG])
def test_what_is_no_assertion_is_refused_with_a_hint_and_without_quoting_it(text: str) -> None:
    with pytest.raises(UnreadableAssertion) as refused:
        read_assertion(text)
    assert refused.value.hint
    assert "xxxx" not in refused.value.message


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$7,000", 7_000, "USD"),
        ("7.000 €", 7_000, "EUR"),
        ("USD 2500", 2_500, "USD"),
        ("2,5k$", 2_500, "USD"),
        ("US$ 2.5k", 2_500, "USD"),
        ("£2,000", 2_000, "GBP"),
        ("CHF 1'200.-", 1_200, "CHF"),
        ("7 000 руб.", 7_000, "RUB"),
        ("1.2 billion dollars", 1_200_000_000, "USD"),
        ("265 million euros", 265_000_000, "EUR"),
        ("€1,200.50", 1_200, "EUR"),
    ],
)
def test_a_sum_of_money_is_read_in_whole_units(text: str, amount: int, currency: str) -> None:
    found = read_price(text)
    assert isinstance(found, Price)
    assert (found.amount.value, found.currency) == (amount, currency)


@pytest.mark.parametrize("text", ["7000", "free", "", "$", "-$5", "$2k - $3k", "5 %", "x" * 500])
def test_what_names_no_sum_or_no_currency_is_none(text: str) -> None:
    assert read_price(text) is None


def test_a_sum_with_two_readings_is_not_guessed() -> None:
    assert isinstance(read_price("$1.234M"), Ambiguous)


PROSE = {
    "A seller offers 487 million WhatsApp user mobile numbers from 84 countries.": [
        "total 487000000 phones",
        "countries 84",
    ],
    "Up to 87 million people may be affected.": ["total 87000000 people"],
    "Phone numbers of 419 million users were exposed.": ["total 419000000 phones"],
    "This is old data that was previously reported on in 2019.": ["old 2019"],
    "We found and fixed this issue in August 2019.": ["fixed-before 2019-09"],
    "The door was closed before September 2019.": ["fixed-before 2019-09"],
    "There is no evidence of a leak.": ["not-ours"],
    "The claim rests on unsubstantiated screenshots.": ["not-ours"],
    "The regulator fined it 265 million euros on 25 November 2022.": ["amount 265000000 EUR"],
    "It was fined $1.3 billion (1.2 billion euros).": ["amount 1300000000 USD", "amount 1200000000 EUR"],
    "The data was scraped, not hacked.": ["scraped"],
    "There was no breach of our systems.": [],
    "The data was not scraped.": [],
    "We do not believe that this is new data.": [],
    "The outage was due to a technical issue.": ["fault"],
    "Anonymous Sudan claimed responsibility for the outage.": ["attack-by Anonymous Sudan"],
    "A seller published a sample of 100,000 records.": [],
    "Tools read by 2,000 engineers.": [],
    "The memo is dated 8 April 2021.": ["dated 2021-04-08"],
    "It holds publicly available information.": ["public-only"],
    "It contains phone numbers, e-mail addresses and dates of birth.": ["fields phone email birth_date"],
}


@pytest.mark.parametrize("sentence", PROSE)
def test_a_sentence_proposes_what_it_says(sentence: str) -> None:
    found = propose(sentence)
    assert [_words(one) for one in found] == PROSE[sentence]
    assert all(one.quote == sentence for one in found)


def test_sentences_are_told_apart_and_each_is_the_quote_of_its_own() -> None:
    text = " ".join(PROSE)
    assert {one.quote for one in propose(text)} <= {*PROSE}


def _words(one: Assertion) -> str:
    value = str(one.quantity.value) if one.quantity else ""
    parts = (one.kind, value, one.of, one.currency, one.on, one.who, *one.fields)
    return " ".join(filter(None, parts))


@given(st.text(max_size=2_000))
def test_any_prose_proposes_assertions_that_can_be_kept(text: str) -> None:
    for one in propose(text):
        assert assertion(values(one)) == one


@pytest.mark.parametrize(
    "text",
    [
        "A" * 20_000,
        "A A " * 5_000,
        "Anonymous " * 2_000,
        ". " * 10_000,
        "1 1 " * 5_000,
        "not " * 5_000,
        "old " * 5_000,
    ],
)
def test_hostile_prose_proposes_nothing(text: str) -> None:
    assert propose(text) == ()
