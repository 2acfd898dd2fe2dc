"""How advice is put: short, plain, complete in every language, in step with its page and its compiled messages."""

from __future__ import annotations

import gettext
import re
import runpy
from pathlib import Path

import compile_messages
import message_sources
import pytest
from message_sources import ADVICE

from floodmark.identifiers import FieldType
from floodmark.notices.advising import advice, languages, wished
from floodmark.notices.advising.catalogue import Entry, catalogue
from floodmark.notices.advising.languages import spoken, translation

ROOT = Path(__file__).resolve().parents[3]
EVERYTHING = [one.label for one in FieldType]
TRANSLATED = [code for code in languages() if code != "en"]
ALARM = re.compile(
    r"!|immediately|urgent|hurry up|panic|beware|danger|sofort handeln|dringend|Achtung", re.IGNORECASE
)


def given(language: str, entry: Entry) -> tuple[str, str]:
    said = translation(language).pgettext
    return said(f"{entry.slug}/title", entry.title), said(f"{entry.slug}/text", entry.text)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.slug)
def test_a_text_is_short_and_calm_and_plain(entry, language):
    title, text = given(language, entry)
    sentences = re.split(r"(?<=[.?:;])\s", text)
    assert len(title) <= 60 and not title.endswith(".")
    assert len(text) <= 620
    assert text.endswith(".") and "\n" not in text and "  " not in text
    assert max(len(sentence.split()) for sentence in sentences) <= 34
    assert not ALARM.search(title + text)
    assert not re.search(r"https?:|www\.|@|<|>|\d{3}", title + text)
    assert "–" not in text and "—" not in text


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.slug)
def test_every_text_is_translated(entry, language):
    title, text = given(language, entry)
    assert title != entry.title and text != entry.text
    assert 0.6 < len(text) / len(entry.text) < 1.6


def test_advice_in_german_is_for_the_same_reasons_in_the_same_order():
    english, german = advice(EVERYTHING), advice(EVERYTHING, "de_DE.UTF-8")
    assert [(one.slug, one.because, one.urgency) for one in english] == [
        (one.slug, one.because, one.urgency) for one in german
    ]
    assert {one.heading for one in german} == {
        "Heute",
        "In den nächsten Tagen",
        "Von jetzt an",
        "Was Sie lassen sollten",
    }


def test_german_speaks_to_a_stranger_politely():
    words = " ".join(" ".join(given("de", entry)) for entry in catalogue())
    assert not re.search(r"\b(du|dein|deine|deiner|dir|dich|ihr seid|euch)\b", words)
    assert "ss" not in "".join(set(re.findall(r"\b(?:heisst|Strasse|gross|ausser)\w*", words)))


@pytest.mark.parametrize("wish", [None, "", "C", "en", "en_GB.UTF-8", "xx", "../de", "de/../de"])
def test_english_is_given_to_whoever_asks_for_nothing_else_that_there_is(wish):
    assert advice(["phone"], wish) == advice(["phone"], "en")


@pytest.mark.parametrize("wish", ["de", "DE", "de-AT", "de_CH.UTF-8", "de@euro", "de.UTF-8"])
def test_a_language_is_found_by_its_code_whatever_its_country(wish):
    assert spoken(wish) == "de"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_DE"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:en:de"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:de"}, "de"),
    ],
)
def test_the_language_of_the_environment_is_that_of_gettext(environment, language):
    assert spoken(wished(environment)) == language


@pytest.mark.parametrize("language", TRANSLATED)
def test_compiled_messages_are_those_of_the_translation_and_nothing_is_missing(language):
    for path, content in compile_messages.files(ADVICE, language).items():
        assert path.read_bytes() == content, "run python tools/compile_messages.py"
    assert compile_messages.untranslated(ADVICE, language) == []


def test_a_text_that_changed_in_english_is_english_until_it_is_translated_anew(tmp_path):
    folder = tmp_path / "catalogue"
    messages = folder / "de" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    old = ADVICE.folder
    changed = (old / "advice.toml").read_text("utf-8").replace("Do not pay anybody", "Pay nobody")
    (folder / "advice.toml").write_text(changed, "utf-8")
    (messages / "advice.po").write_bytes((old / "de" / "LC_MESSAGES" / "advice.po").read_bytes())
    domain = message_sources.advice(folder)
    files = compile_messages.files(domain, "de")
    assert compile_messages.untranslated(domain, "de") == ["do-not-pay/title"]
    assert "#~ msgstr" in files[messages / "advice.po"].decode()
    (messages / "advice.mo").write_bytes(files[messages / "advice.mo"])
    with (messages / "advice.mo").open("rb") as file:
        said = gettext.GNUTranslations(file)
    assert said.pgettext("do-not-pay/title", "Pay nobody") == "Pay nobody"
    assert said.pgettext("headings/none", "x") == "x"


def test_the_page_on_advice_is_the_catalogue():
    written = runpy.run_path(str(ROOT / "tools" / "advice_reference.py"))["page"]()
    page = (ROOT / "docs" / "reference" / "advice.md").read_text("utf-8")
    assert page == written, "run python tools/advice_reference.py"
