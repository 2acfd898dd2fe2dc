"""Records written as blocks of `key: value` lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.accounting import Accounting
from floodmark.dumps.kinds.blocks import BlockReader, Blocks
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample_lines import newline_of
from floodmark.errors import NoGrammar

from .reading import likeness, sample_of

KIND = Blocks()
STEALER = b"""***********
* by nobody *
***********

URL: https://a.example/login
Username: ada@example.com
Password: p:w=1
Application: Chrome
===============
URL: https://b.example
Username: bob
Password:
Application: Edge
===============
"""
LDIF = b"""dn: cn=ada,dc=example
cn: Ada
mail: ada@example.com
mail: ada@example.org
description: a long
  text
sn:: w4fEsWzEsQ==

dn: cn=bob,dc=example
cn: Bob
mail: bob@example.com
"""
RUSSIAN = "Имя: Анна\nТелефон: +7 900\nГород: Москва\n\nИмя: Иван\nГород: Тверь\n".encode()
CARDS = "• Name = Ada\n• Age = 36\n• Name = Bob\n• Age = 40\n• Name = Cyd\n• Age = 9\n".encode()


def read(
    text: bytes, size: int = 1 << 20, newline: str | None = None
) -> tuple[list[dict[str, str]], Accounting]:
    reader = KIND.reader(sample_of(text), newline or newline_of(text), Overrides())
    return read_by(BlockReader(reader.form, reader.newline, size), text)


def read_by(reader: BlockReader, text: bytes) -> tuple[list[dict[str, str]], Accounting]:
    at, total, found = 0, Accounting(), []

    def give(wanted: int) -> bytes:
        nonlocal at
        at += wanted
        return text[at - wanted : at]

    for chunk in reader.chunks(give, 0):
        assert chunk.start == total.total_bytes
        (batch,) = reader.split(chunk)
        total.accept(batch.accepted_lines, batch.accepted_bytes)
        for span in batch.spans:
            total.add(span)
        assert total.total_bytes == chunk.start + (chunk.oversize.size if chunk.oversize else len(chunk.data))
        found += batch.frame.to_dicts()
    assert total.total_bytes == len(text)
    return found, total


# --- what is read


def test_logs_of_stealers_are_read_between_their_rules() -> None:
    found, total = read(STEALER)
    assert found == [
        {
            "URL": "https://a.example/login",
            "Username": "ada@example.com",
            "Password": "p:w=1",
            "Application": "Chrome",
        },
        {"URL": "https://b.example", "Username": "bob", "Password": "", "Application": "Edge"},
    ]
    assert total.of("quarantined", "line-without-known-key").lines == 1


def test_ldif_folds_lines_repeats_keys_and_writes_base64() -> None:
    first, second = read(LDIF)[0]
    assert first == {
        "dn": "cn=ada,dc=example",
        "cn": "Ada",
        "mail": "ada@example.com; ada@example.org",
        "description": "a long text",
        "sn": "Çılı",
    }
    assert (second["cn"], second["sn"]) == ("Bob", "")


def test_keys_may_be_in_any_language_and_be_missing() -> None:
    assert read(RUSSIAN)[0] == [
        {"Имя": "Анна", "Телефон": "+7 900", "Город": "Москва"},
        {"Имя": "Иван", "Телефон": "", "Город": "Тверь"},
    ]


def test_records_without_anything_between_them_begin_with_the_first_key() -> None:
    assert [(r["Name"], r["Age"]) for r in read(CARDS)[0]] == [("Ada", "36"), ("Bob", "40"), ("Cyd", "9")]


def test_a_lost_rule_does_not_merge_two_records() -> None:
    text = STEALER.replace(b"Chrome\n===============\n", b"Chrome\n") + STEALER.split(b"\n\n")[1] * 12
    assert len(read(text)[0]) == 2 + 24


@pytest.mark.parametrize("newline", [b"\r\n", b"\r"])
def test_other_line_ends_give_the_same_records(newline: bytes) -> None:
    assert read(STEALER.replace(b"\n", newline))[0] == read(STEALER)[0]


def test_lines_that_are_no_text_are_quarantined_and_the_record_kept() -> None:
    found, total = read(STEALER.replace(b"bob", b"b\xffb"))
    assert found[1]["Username"] == ""
    assert total.of("quarantined", "invalid-utf-8-or-nul").lines == 1


# --- how it is told


@pytest.mark.parametrize("text", [STEALER, LDIF, RUSSIAN, CARDS])
def test_blocks_are_told_by_keys_that_come_again(text: bytes) -> None:
    assert likeness(KIND, text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"ada@example.com:secret\nbob@example.com:hidden\n" * 3,
        b"ada:secret1\nbob:hidden2\ncyd:word3\n",
        b"https://a.example:ada:secret\nhttps://b.example:bob:hidden\n" * 5,
        b"m:Ada\nf:Bob\nm:Cyd\nm:Dan\nf:Eve\n" * 5,
        b"id:name\n1:Ada\n2:Bob\n",
        b'{"name": "Ada"}\n{"name": "Bob"}\n',
    ],
)
def test_other_texts_are_no_blocks(text: bytes) -> None:
    assert likeness(KIND, text) < 0.5


def test_a_text_without_keys_has_no_grammar() -> None:
    with pytest.raises(NoGrammar):
        KIND.reader(sample_of(b"a\nb\n"), "lf", Overrides())


# --- hostile


@pytest.mark.parametrize("text", [STEALER, LDIF, RUSSIAN, CARDS])
def test_a_text_cut_anywhere_is_accounted_for(text: bytes) -> None:
    reader = KIND.reader(sample_of(text), "lf", Overrides())
    for stop in range(len(text)):
        KIND.likeness(sample_of(text[:stop]), Overrides())
        read_by(reader, text[:stop])


@pytest.mark.parametrize("text", [STEALER, LDIF, RUSSIAN])
def test_small_chunks_give_the_same_records(text: bytes) -> None:
    assert read(text * 20, 1000)[0] == read(text * 20)[0]


PIECES = [
    b"URL: ",
    b"URL:",
    b"\n",
    b"\n\n",
    b"=====\n",
    b" ",
    b"\r\n",
    b"\r",
    b"mail:: YQ==\n",
    b"\xff",
    b"\0",
    b"abc",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=30),
    st.sampled_from([STEALER, LDIF, CARDS]),
    st.sampled_from([16, 4096]),
)
def test_any_lines_are_accounted_for(pieces: list[bytes], like: bytes, size: int) -> None:
    form = KIND.reader(sample_of(like), "lf", Overrides()).form
    for newline in ("lf", "crlf", "cr", "mixed"):
        read_by(BlockReader(form, newline, size), b"".join(pieces))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_accounted_for(text: bytes) -> None:
    KIND.likeness(sample_of(text), Overrides())
    read_by(KIND.reader(sample_of(STEALER), "lf", Overrides()), text)


def test_a_line_without_end_is_counted_and_not_held() -> None:
    found, total = read(STEALER + b"URL: " + b"x" * 300_000 + b"\nUsername: eve\n", size=1 << 16)
    assert total.of("quarantined", "line-too-long").lines == 1
    assert found[-1]["Username"] == "eve"
