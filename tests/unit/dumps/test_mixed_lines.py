"""Lines in several older encodings of one file are told apart, and files of one encoding are left alone."""

from __future__ import annotations

import random
from io import BytesIO

import numpy as np
import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.encodings import Encoding, encoding_of
from floodmark.dumps.mixed_lines import mixture
from floodmark.dumps.recode import Recoder

PAIRS = [
    *(("de_DE", "windows-1252"), ("fr_FR", "macintosh"), ("es_ES", "ibm850"), ("pl_PL", "windows-1250")),
    *(("cs_CZ", "iso-8859-2"), ("hu_HU", "ibm852"), ("tr_TR", "windows-1254"), ("lt_LT", "windows-1257")),
    *(("ru_RU", "windows-1251"), ("ru_RU", "koi8-r"), ("uk_UA", "koi8-u"), ("el_GR", "windows-1253")),
    *(("he_IL", "windows-1255"), ("ar_AA", "windows-1256"), ("th_TH", "windows-874"), ("zh_CN", "gb18030")),
]


def lines_of(locale: str, name: str, count: int) -> list[tuple[str, bytes]]:
    """Different lines that are not ASCII, and their bytes in an encoding that has them."""
    people = Faker(locale)
    people.seed_instance(11)
    found: list[tuple[str, bytes]] = []
    while len(found) < count:
        line = f"{len(found)};{people.first_name()};{people.last_name()};user{len(found)}@example.org"
        raw = line.encode(code_page(name).codec, "ignore")
        if not raw.isascii() and raw.decode(code_page(name).codec) == line:
            found.append((line, raw))
    return found


def as_utf8(raw: bytes, encoding: Encoding) -> tuple[list[bytes], set[str]]:
    recoder = Recoder(BytesIO(raw).read, encoding)
    parts = []
    while part := recoder.read(10_000):
        parts.append(part)
    text = b"".join(parts)
    assert recoder.to_raw(np.array([len(text)])).tolist() == [len(raw)]
    return text.split(b"\n"), {reason for *_, reason in recoder.changed(0, len(text))}


def test_each_line_of_three_files_in_one_reads_as_it_was_written() -> None:
    both = lines_of("pl_PL", "windows-1250", 171) + lines_of("ru_RU", "windows-1251", 185)
    both += lines_of("el_GR", "windows-1253", 241)
    random.Random(1).shuffle(both)
    raw = b"\n".join(line for _, line in both)
    encoding = encoding_of(raw)
    assert {encoding.name, *encoding.mixed} == {"windows-1250", "windows-1251", "windows-1253"}
    lines, reasons = as_utf8(raw, encoding)
    right = sum(line == text.encode() for line, (text, _) in zip(lines, both, strict=True))
    as_found = sum(line == other for line, (_, other) in zip(lines, both, strict=True))
    assert right >= 0.95 * len(both)
    assert right + as_found == len(both)
    assert reasons == {f"decoded-as-{name}" for name in encoding.mixed}


def test_a_mixed_file_is_in_the_encoding_of_most_lines_and_less_sure() -> None:
    german, russian = lines_of("de_DE", "windows-1252", 200), lines_of("ru_RU", "windows-1251", 50)
    alone = encoding_of(b"\n".join(raw for _, raw in german))
    found = encoding_of(b"\n".join(raw for _, raw in german + russian))
    assert (found.name, found.mixed) == ("windows-1252", ("windows-1251",))
    assert found.confidence < alone.confidence


@pytest.mark.parametrize(("locale", "name"), PAIRS)
def test_no_line_of_a_file_in_one_encoding_is_taken_for_another(locale: str, name: str) -> None:
    both = lines_of(locale, name, 150)
    encoding = encoding_of(b"\n".join(raw for _, raw in both))
    assert encoding.mixed == ()


def test_a_few_lines_of_another_encoding_are_no_sign() -> None:
    german, russian = lines_of("de_DE", "windows-1252", 200), lines_of("ru_RU", "windows-1251", 3)
    assert encoding_of(b"\n".join(raw for _, raw in german + russian)).mixed == ()


def test_an_encoding_that_is_stated_is_not_questioned_line_by_line() -> None:
    raw = b"\n".join(line for _, line in lines_of("ru_RU", "windows-1251", 50))
    lines, reasons = as_utf8(raw, Encoding.stated("iso-8859-5", raw))
    assert b"\n".join(lines).decode() == raw.decode("iso-8859-5")
    assert not reasons


@given(st.binary(max_size=400), st.sampled_from(["windows-1251", "gb18030", "ibm866"]))
def test_any_bytes_are_some_mixture_and_lose_no_line(data: bytes, name: str) -> None:
    found = mixture(data, name)
    assert 0 <= found.share <= 1
    mixed = Encoding("windows-1252", False, mixed=("windows-1251", "windows-1253"))
    lines, _ = as_utf8(data, mixed)
    assert len(lines) == data.count(b"\n") + 1
