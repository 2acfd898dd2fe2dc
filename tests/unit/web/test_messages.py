"""The pages' messages: complete in every language, with the same places for values, and compiled."""

from __future__ import annotations

import re

import compile_messages
import message_sources
import pytest
from babel.messages.pofile import read_po
from message_sources import PAGES, Message

from floodmark.identifiers import FieldType
from floodmark.web.texts import languages

TRANSLATED = [code for code in languages() if code != "en"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_compiled_messages_are_those_of_the_translation_and_nothing_is_missing(language):
    for path, content in compile_messages.files(PAGES, language).items():
        assert path.read_bytes() == content, "run python tools/compile_messages.py"
    assert compile_messages.untranslated(PAGES, language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_and_the_markup_of_its_english(language):
    assert compile_messages.unlike(PAGES, language) == []


def test_messages_are_taken_from_templates_and_python_files_and_from_field_types():
    found = PAGES.source()
    assert {one.places[0].split("/")[0] for one in found if one.places} >= {"templates", "pages"}
    assert {one.context for one in found} >= {f"field-type/{one.label}" for one in FieldType}
    assert any(isinstance(one.text, tuple) for one in found)


def test_german_speaks_to_a_stranger_politely():
    with PAGES.po("de").open("rb") as file:
        messages = read_po(file, locale="de")
    words = " ".join(" ".join(one.string) if one.pluralizable else one.string for one in messages if one.id)
    assert not re.search(r"\b(du|dein|deine|deiner|dir|dich|euch)\b", words)
    assert not re.search(r"\b(heisst|Strasse|gross|ausser)\w*", words)


def written(folder, text: str) -> message_sources.Domain:
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "templates" / "a.html").write_text(text)
    return message_sources.pages(folder)


def test_a_text_that_changed_in_english_waits_to_be_translated_anew(tmp_path):
    domain = written(
        tmp_path, '{{ gettext("Old %(name)s", name=1) }} {{ ngettext("%(num)s leak", "%(num)s leaks", n) }}'
    )
    assert domain.source()[:2] == [
        Message("Old %(name)s", None, ("templates/a.html",)),
        Message(("%(num)s leak", "%(num)s leaks"), None, ("templates/a.html",)),
    ]
    po = domain.po("de")
    po.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    po.write_text(f'{head}\nmsgid "Old %(name)s"\nmsgstr "Alt %(nme)s"\n')
    lacking = compile_messages.untranslated(domain, "de")
    assert "'Old %(name)s'" not in lacking and "'%(num)s leak'" in lacking
    assert compile_messages.unlike(domain, "de") == ["'Old %(name)s'"]
    changed = written(tmp_path, '{{ gettext("New") }}')
    assert "'New'" in compile_messages.untranslated(changed, "de")
    assert '#~ msgid "Old %(name)s"' in compile_messages.files(changed, "de")[po].decode()
