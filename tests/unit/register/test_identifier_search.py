"""What a user writes by hand: identifiers are found however they are spelt, and ordinary prose passes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.register.identifier_search import identifier_in

SPELLINGS = [
    "+44 7700 900123",
    "+447700900123",
    "0044 (0)7700 900-123",
    "07700 900 123",
    "(020) 7946 0000",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "612 345 678",
    "212-555-0123",
    "(212) 555-0123",
    "tel:+44-7700-900123",
    "TEL0770-0900123",
    "WHATSAPP-447700900123",
    "wa.me/447700900123",
    "447700900123",
    "7700900123.0",
    "+290 22345",  # Saint Helena: eight digits in all
    "٠٧٧٠٠٩٠٠١٢٣",
    "＋４４ ７７００ ９００１２３",
    "07700\u200b900\u00ad123",
    "0770\N{NON-BREAKING HYPHEN}0900\N{EN DASH}123",
    "100012345678901",  # a profile id
    "facebook.com/profile.php?id=100012345678901",
    "07700_900_123",
    "UK07700900123",
]
ADDRESSES = [
    "ada@example.org",
    "ADA.LOVELACE@Example.ORG.",
    "<ada@example.org>",
    "mailto:ada@example.org?subject=x",
    "ada+tag@mail.example.co.uk,",
    "jörg@bücher.example",
    "ada\u200b@example.org",
    "ada＠example.org",
    "(ada@example.org)",
    '"ada@example.org";',
    "**ada@example.org**",
    "ada (at) example (dot) org",
    "ada[at]example.org",
    "ada { AT } example <punkt> org",
    "root@localhost",
]
HARMLESS = [
    "Seller claims 1,200,000,000 rows, sample of 100,000; 533 million of them seen before.",
    "Became aware 2026-01-31 14:05:09+01:00, told counsel on 2026-02-01T09:00Z and on 03.02.2026.",
    "2026-01-31 2026-02-01 2026-02-02: three days.",
    "From 1/2/2026 to 28/02/2026.",
    "Directive (EU) 2022/2555, article 23(4), and Regulation (EU) 2016/679, articles 33 and 34.",
    "See CVE-2021-44228, INC0012345678, INC-001234567, Ticket#2026112110000015.",
    "A fine (at last), the seller (dot-com era) and total@US=32M; the handle @example; 5 GB@once.",
    "Seen at 203.0.113.255 and 198.51.100.17 behind 10.0.0.1.",
    "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Run 3f2504e0-4f89-11d3-9a0c-0305e82c3301.",
    "Ports 80,443,8080,8443 and 10,20,30,40,50.",
    "Versions 24.04.1 and 3.11.9; ports 80, 443, 8080, 8443.",
    "1 2 3 4 5 6 7 8",
    "Rows @ risk: many. Meet @ 10 am. See @handle.",
    "+1 day, +72 h, +2026",
    "Pages 100-200, 300-400",
    "",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_number_is_found_however_it_is_spelt(text):
    assert identifier_in(f"They rang {text} twice.") is not None
    assert identifier_in(text) is not None


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_found_however_it_is_set(text):
    assert identifier_in(f"They wrote to {text} twice.") == "an e-mail address"


@pytest.mark.parametrize("text", HARMLESS)
def test_counts_dates_articles_and_references_pass(text):
    assert identifier_in(text) is None


def test_a_number_beside_harmless_ones_is_found():
    assert identifier_in("On 2026-01-31 somebody at 203.0.113.5 gave 07700 900123 for INC-4711.")


@given(
    digits=st.text("0123456789", min_size=9, max_size=15),
    marks=st.lists(st.sampled_from(["", " ", "-", " - ", ") ", " ("]), min_size=14, max_size=14),
    before=st.sampled_from(["", "call ", "+", "n:", "Tel. "]),
)
def test_nine_digits_in_a_row_are_never_passed_over_whatever_stands_between_them(digits, marks, before):
    text = "".join(digit + mark for digit, mark in zip(digits, [*marks, ""], strict=False)).strip(" (-")
    is_date = re.search("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
    assert is_date or identifier_in(before + text) is not None


@given(
    local=st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True), name=st.from_regex(r"[a-z]{2,20}", fullmatch=True)
)
def test_no_plain_address_is_passed_over(local, name):
    assert identifier_in(f"mail {local}@{name}.example now") == "an e-mail address"


@given(text=st.text(max_size=300))
def test_any_text_is_searched_without_failing(text):
    assert identifier_in(text) is None or isinstance(identifier_in(text), str)


@pytest.mark.parametrize("unit", ["1 ", "(1", "1,", "a@", "a-", "1.", "AB1", "0-", "+ "])
def test_a_hostile_text_takes_no_more_than_a_moment(unit):
    """The longest note that is kept; a search that went back and forth would not end."""
    identifier_in(unit * 5_000)
