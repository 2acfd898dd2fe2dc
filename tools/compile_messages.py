"""Bring the translations of the advice and of the pages into step with their English and compile them (.po to .mo).

    python tools/compile_messages.py              after a text was changed or translated
    python tools/compile_messages.py --add fr     begin a language
    python tools/compile_messages.py --check      change nothing; fail when a file is not current or a text untranslated

A text that changed in English loses its translation: the old one goes to the end of the .po file, for the translator.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from message_sources import DOMAINS, Domain

WIDTH = 110
# What a translation has to have as often as its English: places for values, and markup.
KEPT = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")


class Messages(Catalog):
    """A catalogue whose header says nothing that changes with a tool's version or the hour."""

    @property
    def mime_headers(self):
        """Only what gettext needs."""
        headers = [
            ("Language", str(self.locale_identifier)),
            ("Content-Type", "text/plain; charset=UTF-8"),
        ]
        if any(message.pluralizable for message in self._messages.values()):
            headers.append(("Plural-Forms", self.plural_forms))
        return headers


def translated(domain: Domain, language: str) -> Messages:
    """The messages of a language in step with the source."""
    path = domain.po(language)
    old = read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language)
    new = Messages(locale=language, fuzzy=False, header_comment=f"# {domain.title}, in {language}.")
    for message in domain.source():
        known = old.get(message.text, message.context)
        kept = known is not None and not known.fuzzy and known.id == message.text
        nothing = "" if isinstance(message.text, str) else ("",) * new.num_plurals
        new.add(
            message.text,
            known.string if kept else nothing,
            locations=[(place, 0) for place in message.places],
            context=message.context,
        )
    current = {(message.context, message.id) for message in new if message.id}
    for message in [*old, *old.obsolete.values()]:
        if message.id and _whole(message) and (message.context, message.id) not in current:
            new.obsolete[message.context, message.id] = message
    return new


def files(domain: Domain, language: str) -> dict[Path, bytes]:
    """What both files of a language should hold."""
    messages, text, compiled = translated(domain, language), BytesIO(), BytesIO()
    write_po(text, messages, width=WIDTH, omit_header=False, include_lineno=False)
    write_mo(compiled, messages)
    path = domain.po(language)
    return {path: text.getvalue(), path.with_suffix(".mo"): compiled.getvalue()}


def untranslated(domain: Domain, language: str) -> list[str]:
    """Contexts of the texts that a language lacks; of those without one, the text."""
    return [_name(message) for message in translated(domain, language) if message.id and not _whole(message)]


def unlike(domain: Domain, language: str) -> list[str]:
    """Names of the messages whose translation has other places for values, or other markup, than their English."""
    return [
        _name(message)
        for message in translated(domain, language)
        if message.id and _whole(message) and not _alike(message)
    ]


def _whole(message: Entry) -> bool:
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _alike(message: Entry) -> bool:
    """Whether each form has what the English has; the form for one thing may leave its number out."""
    if not message.pluralizable:
        return Counter(KEPT.findall(message.id)) == Counter(KEPT.findall(message.string))
    allowed = [set(KEPT.findall(one)) for one in message.id]
    return all(set(KEPT.findall(form)) in allowed for form in message.string)


def _name(message: Entry) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return str(message.context or repr(text))


def main() -> int:
    """Write or check the files; the exit code says whether they are in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check")
    parser.add_argument("--add", metavar="LANGUAGE", help="begin a language")
    options = parser.parse_args()
    complaints = []
    for domain in DOMAINS:
        if options.add:
            domain.po(options.add).parent.mkdir(parents=True)
        for language in domain.languages:
            what = f"{domain.name} in {language}"
            for path, content in files(domain, language).items():
                current = path.exists() and path.read_bytes() == content
                if not options.check:
                    path.write_bytes(content)
                elif not current:
                    complaints.append(f"{path.name} ({what}) is not current; run tools/compile_messages.py")
            complaints += [f"{what} lacks a translation of {one}" for one in untranslated(domain, language)]
            complaints += [f"{what} has other places or markup: {one}" for one in unlike(domain, language)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
