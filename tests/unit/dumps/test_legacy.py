"""Older encodings are told by the few letters of tables of people that are not ASCII."""

from __future__ import annotations

import random

import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.legacy import likeliest

PAIRS = """
de_DE windows-1252   fr_FR windows-1252   es_ES ibm850   pt_BR macintosh   pl_PL windows-1250   pl_PL iso-8859-2
cs_CZ iso-8859-2   hu_HU ibm852   tr_TR windows-1254   lt_LT windows-1257   ru_RU windows-1251   ru_RU koi8-r
ru_RU ibm866   ru_RU iso-8859-5   uk_UA koi8-u   el_GR windows-1253   el_GR iso-8859-7   he_IL windows-1255
ar_AA windows-1256   th_TH windows-874   zh_CN gb18030   zh_TW big5   ja_JP shift_jis   ja_JP euc-jp   ko_KR euc-kr
""".split()


def table(locale: str, name: str, lines: int) -> str:
    """Lines with at least one letter that is not ASCII, and that the encoding has."""
    people = Faker(locale)
    people.seed_instance(7)
    chance = random.Random(7)
    found: list[str] = []
    while len(found) < lines:
        line = f"{chance.randrange(10**9)};{people.first_name()};{people.last_name()};somebody@example.org"
        try:
            raw = line.encode(code_page(name).codec)
        except UnicodeEncodeError:
            continue
        if not raw.isascii():
            found.append(line)
    return "\n".join(found) + "\n"


@pytest.mark.parametrize(("locale", "name"), list(zip(PAIRS[::2], PAIRS[1::2], strict=True)))
def test_a_table_of_thirty_people_reads_as_it_was_written(locale: str, name: str) -> None:
    text = table(locale, name, 30)
    likely = likeliest(text.encode(code_page(name).codec))
    best, confidence = likely.names[0]
    assert text.encode(code_page(name).codec).decode(code_page(best).codec) == text
    assert likely.is_text
    assert confidence > 0.5


def test_one_name_is_told_with_less_confidence_than_many() -> None:
    one = likeliest("Müller".encode("cp1252")).names[0][1]
    many = likeliest(table("de_DE", "windows-1252", 60).encode("cp1252")).names[0][1]
    assert one < many


def test_of_encodings_that_read_a_text_alike_the_most_used_is_named() -> None:
    assert likeliest("Müller;Grüße;Köln".encode("cp1250")).names[0][0] == "windows-1252"


def test_noise_is_no_text() -> None:
    chance = random.Random(3)
    noise = b"\n".join(b"12,ada%c,bob" % chance.randrange(128, 256) for _ in range(100))
    likely = likeliest(noise)
    assert not likely.is_text
    assert likely.names[0][1] < 0.5


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer_with_confidences_that_are_shares(data: bytes) -> None:
    names = likeliest(data).names
    assert names
    assert 0 <= sum(confidence for _, confidence in names) <= 1
    assert [confidence for _, confidence in names] == sorted((c for _, c in names), reverse=True)
