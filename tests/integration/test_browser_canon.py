"""The private check in the browser reads identifiers as Python does: thousands of each kind, by both, to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.canonical import EntryKind, canonical
from floodmark.exposure.check import asked
from floodmark.identifiers import phones
from floodmark.identifiers.numbering import SIGNIFICANT, TYPED

from . import typed_identifiers as typed

LINES = Path(__file__).parents[2] / "browser" / "test" / "canon_lines.ts"
NODE = Path(sys.executable).with_name("node")
SEED = int.from_bytes(os.urandom(4)) if os.environ.get("FLOODMARK_EXPLORE") else 1
COUNTRIES = [region for region in phones.REGIONS if region.isalpha() and region != "ZZ"]


class Browser:
    """`read` and `readTyped` of the browser's script, in one process of Node.js."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([NODE, LINES], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def answers(
        self, texts: list[str], country: str | None, *, as_typed: bool = False
    ) -> list[dict[str, Any]]:
        """What it makes of each text, or what it makes of it as the page does of what is typed."""
        asked = {"country": country, "typed": as_typed}
        lines = [json.dumps({"text": text, **asked}) + "\n" for text in texts]
        writing = threading.Thread(target=self._write, args=("".join(lines).encode(),))
        writing.start()
        assert self._process.stdout is not None
        answers = [json.loads(self._process.stdout.readline()) for _ in texts]
        writing.join()
        return answers

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(60) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    started = Browser()
    yield started
    started.close()


def agreed(browser: Browser, kind: EntryKind, texts: Iterable[str], country: str | None = None) -> int:
    """How many of the texts are identifiers, after both have read them alike."""
    rows = [text for text in texts if ("@" in text) == (kind == "email")]
    sign = "+" if kind == "phone" else ""
    forms = canonical(kind, pl.Series(rows, dtype=pl.String), country).cast(pl.String)
    expected = [None if form is None else f"{kind}:{sign}{form}".encode().hex() for form in forms]
    found = [answer.get("data") for answer in browser.answers(rows, country)]
    differ = [(row, country) for row, one, other in zip(rows, expected, found, strict=True) if one != other]
    assert differ == []
    return len(rows) - forms.null_count()


def test_numbers_of_every_country_read_alike_as_they_are_dialled_there(browser: Browser) -> None:
    valid = sum(agreed(browser, "phone", typed.national(one, 30, SEED), one) for one in COUNTRIES)
    assert valid > 5000


@pytest.mark.parametrize("country", [None, "US", "DE", "AR", "CN", "IT", "BR"])
def test_numbers_from_abroad_read_alike_in_every_usual_form(browser: Browser, country: str | None) -> None:
    assert agreed(browser, "phone", typed.international(4000, SEED), country) > 500


def test_old_numbers_read_alike_as_what_they_have_become(browser: Browser) -> None:
    assert agreed(browser, "phone", typed.renumbered(4, SEED)) > 1500
    assert agreed(browser, "phone", typed.renumbered(1, SEED), "FR") > 300


def test_numbers_from_the_ranges_of_every_plan_read_alike(browser: Browser) -> None:
    for table in (TYPED, SIGNIFICANT):
        assert agreed(browser, "phone", (f"+{one}" for one in typed.in_ranges(table, 0.1, SEED))) > 500
    for country in COUNTRIES:
        # A national form has a 1 in front there.
        texts = (one[1:] for one in typed.in_ranges(country, 0.1, SEED) if one[0] == "1" and len(one) > 1)
        agreed(browser, "phone", texts, country)


def test_unusual_addresses_read_alike(browser: Browser) -> None:
    assert agreed(browser, "email", typed.addresses(30_000, SEED)) > 5000


def test_addresses_about_every_limit_read_alike(browser: Browser) -> None:
    assert agreed(browser, "email", typed.lengths(SEED)) > 100


def test_addresses_with_characters_of_every_script_read_alike(browser: Browser) -> None:
    assert agreed(browser, "email", typed.characters(31, SEED)) > 3000


ALPHABET = st.characters() if typed.KNOWS_LATER else st.characters(max_codepoint=0x2FF)
PIECES = st.sampled_from(
    ["+44 ", "7911 123456", "020", "@", "@", "example", ".org", "xn--", " ", "tel:", "\ud800"]
)


@settings(max_examples=400)
@given(
    st.lists(st.one_of(st.text(ALPHABET, max_size=8), PIECES, st.integers(0, 10**12).map(str)), max_size=8),
    st.sampled_from([None, *COUNTRIES]),
    st.sampled_from([1, 1, 1, 1, 100]),
)
def test_any_text_is_read_alike_or_refused_by_both(
    browser: Browser, pieces: list[str], country: str | None, times: int
) -> None:
    text = "".join(pieces) * times
    (answer,) = browser.answers([text], country, as_typed=True)
    assert answer.get("data") == typed_data(text, country)


def test_what_comes_along_with_an_address_is_left_out_or_refused_by_both(browser: Browser) -> None:
    texts = list(typed.pasted(3000, SEED))
    answers = [answer.get("data") for answer in browser.answers(texts, None, as_typed=True)]
    expected = [typed_data(text, None) for text in texts]
    assert [text for text, one, other in zip(texts, answers, expected, strict=True) if one != other] == []
    assert 0.2 < sum(one is None for one in expected) / len(texts) < 0.8


@pytest.mark.parametrize("country", [None, "US", "DE", "IT", "ID", "KR"])
def test_numbers_as_typed_read_alike_or_are_refused_by_both(browser: Browser, country: str | None) -> None:
    texts = [*typed.international(300, SEED), *typed.national(country or "GB", 150, SEED)]
    texts = [text for text in [*texts, *(text.lstrip("+") for text in texts)] if "@" not in text]
    answers = [answer.get("data") for answer in browser.answers(texts, country, as_typed=True)]
    expected = [typed_data(text, country) for text in texts]
    differ = [(text, one) for text, one, other in zip(texts, answers, expected, strict=True) if one != other]
    assert differ == []


def typed_data(text: str, country: str | None) -> str | None:
    """What Python asks about, in hexadecimal; None where it refuses."""
    try:
        return asked.read(text, region=country).data.hex()
    except asked.NotAnIdentifier:
        return None
