"""One identifier alone is reduced as the column reduces it, whatever was typed."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from floodmark.guard.reduction import MANY, Reduced, reduce, reduce_many, reduce_one
from floodmark.identifiers import KINDS, IdentifierKind
from floodmark.identifiers.digests import DigestKey

KEY = DigestKey(bytes(range(32)))
REGIONS = (None, "GB", "DE", "MX", "IT", "US", "BR")
PHONE_PARTS = (
    "0", "00", "1", "44", "7400", "123456", "+", "++", "+44", "+52 1 55", "20555512", " ", "-", ".", "(", ")", "(0)",
    "/", "[", "]", "_", "tel:", "Tel. ", "m: ", "wa.me/", "@s.whatsapp.net", ":12", "ext. 5", "x5", " #7", "доб 3",
    ";ext=9", ";phone-context=+44", ";isub=1", ",", "~2", "E+11", "e10", "4.47400123456", "00.", ",0", "'", '"', "=",
    "\n",
    "\t", "\x1c", "\u00a0", "\u200b", "\u0664", "\uff14", "\uff0b", "\u2013", "\u0131nt5", "\u212a", "\ud800", "ſ",
    "hello",
    "-44", "99999999999999999999", "0" * 30, " " * 40,
)  # fmt: skip
TEXT_PARTS = (
    "a", "Z", "0", "00", "9", "18446744073709551616", "ada", "Ada", "@", "@@", ".", "..", "-", "_", "+", "'", "!", "~",
    "\x7f", "example.org", "EXAMPLE.Org.", "xn--", "xn--bcher-kva", "bücher", ".1", "localhost", "a" * 63, "b" * 64,
    "c.", " ", "\n", "\x1f", "\u0085", "\u00a0", "\u3000", "\u200b", "\u00ad", "ß", "İ", "ı", "ſ", "K", "ǅ", "Ⅷ", "ﬁ",
    "Σ", "\u0301", "e\u0301", "\u0323\u0307", "\u1e9b", "\u0345", "한", "\u1112\u1161\u11ab", "ा", "я", "א", "م",
    "\U0001f600", "\U0001fae8", "\ud800", "\ufdd0", "\ue000", "\U000e0001", "\ufeff", "é" * 130,
)  # fmt: skip
phones = st.lists(st.sampled_from(PHONE_PARTS), max_size=6).map("".join)
texts = st.lists(st.sampled_from(TEXT_PARTS), max_size=6).map("".join) | st.text(max_size=12)


def by_column(kind: IdentifierKind, asked: list[str], region: str | None = None) -> list[Reduced | None]:
    cells = [re.sub("[\ud800-\udfff]", "\ufffd", text) for text in asked]
    rows = reduce(kind, pl.Series(cells, dtype=pl.String), KEY, region).rows()
    return [None if row[0] is None else Reduced(*row) for row in rows]


# Of many texts: a column takes as long for a hundred as for one, also the column that odd ones alone are made into.
@settings(max_examples=60)
@given(st.lists(phones, min_size=20, max_size=100), st.sampled_from(REGIONS))
@example(["12345.00\n", "0020 1234567", "000000000000000000004420", "00" + "4" * 19, "+5215555551234"], None)
@example(["044 55 5555 1234", "0039 06 698", "11 2345-6789", "011 44 7400 123456", "-447400123456"], "MX")
def test_a_phone_number_alone_is_what_the_column_says(asked: list[str], region: str | None) -> None:
    assert len(asked) < MANY
    assert reduce_many("phone", asked, KEY, region) == by_column("phone", asked, region)


@pytest.mark.parametrize("region", REGIONS)
def test_numbers_of_all_lengths_are_what_the_column_says(region: str | None) -> None:
    starts = ("", "0", "00", "+", "+44", "0044", "+1", "+49", "+521", "+39", "07", "000", "+800", "55", "011")
    asked = [start + "7400123456789012345678"[:length] for start in starts for length in range(23)]
    assert [reduce_one("phone", text, KEY, region) for text in asked] == by_column("phone", asked, region)


@settings(max_examples=60)
@given(st.lists(texts, min_size=20, max_size=100), st.sampled_from(("email", "profile_id", "username")))
@example(["a@" + "b" * 63 + ".org", "é@exämple.org", "a@xn--bcher-kva.de", "ada@ex\u00adample.org"], "email")
@example(
    ["x" * 254, "y" * 255, "é" * 127, "e\u0301" * 127, "e\u0301" * 128, "\u1f82" * 84, "İ" * 90], "username"
)
@example(["0" * 40 + "7", "9" * 20, "9" * 21, "\u0667", "\u00b2", " 12 ", "123456", "1234567"], "profile_id")
def test_any_other_identifier_alone_is_what_the_column_says(asked: list[str], kind: IdentifierKind) -> None:
    assert [reduce_one(kind, text, KEY) for text in asked] == by_column(kind, asked)


# Beyond these stand ideographs, which fold to themselves, and what is assigned to nobody.
FOLDING = (*range(0, 0x20000, 17), *range(0x2F800, 0x2FA20, 5), *range(0xE0000, 0xE0200, 5))


@pytest.mark.parametrize("kind", ["username", "email"])
def test_every_character_folds_as_in_the_column(kind: IdentifierKind) -> None:
    end = "@example.org" if kind == "email" else ""
    codes = {*FOLDING, *range(0, 0x110000, 997)} - {*range(0xD800, 0xE000)}
    asked = [f"a{chr(code)}{end}" for code in sorted(codes)]
    assert [reduce_one(kind, text, KEY) for text in asked] == by_column(kind, asked)


@settings(max_examples=50)
@given(st.lists(phones | texts, max_size=40), st.sampled_from(KINDS))
def test_a_request_is_reduced_as_its_identifiers_are(asked: list[str], kind: IdentifierKind) -> None:
    assert reduce_many(kind, asked, KEY) == [reduce_one(kind, text, KEY) for text in asked]


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_request_is_reduced_as_its_identifiers_are(kind: IdentifierKind) -> None:
    parts = [*PHONE_PARTS, *TEXT_PARTS]
    asked = [first + second for first in ("+447400", "ada", "") for second in parts]
    assert len(asked) * 5 > MANY
    assert reduce_many(kind, asked * 5, KEY) == [reduce_one(kind, text, KEY) for text in asked] * 5


def test_half_a_character_is_read_as_the_one_that_decoders_put_in_its_place() -> None:
    assert reduce_one("username", "ada\ud800", KEY) == reduce_one("username", "ada\ufffd", KEY)
    assert reduce_many("username", ["ada\ud800"], KEY) == reduce_many("username", ["ada\ufffd"], KEY)
