"""Bring the translations of the advice into step with `advice.toml` and compile them (.po to .mo).

    python tools/compile_messages.py              after a text was changed or translated
    python tools/compile_messages.py --add fr     begin a language
    python tools/compile_messages.py --check      change nothing; fail when a file is not current or a text untranslated

A text that changed in English loses its translation: the old one goes to the end of the .po file, for the translator.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parents[1] / "src/floodmark/notices/advising/data"
DOMAIN = "advice"
WIDTH = 110


class Messages(Catalog):
    """A catalogue whose header says nothing that changes with a tool's version or the hour."""

    @property
    def mime_headers(self):
        """Only what gettext needs."""
        return [("Language", str(self.locale_identifier)), ("Content-Type", "text/plain; charset=UTF-8")]


def source() -> list[tuple[str, str]]:
    """Context and English text of everything that is to be translated, in the order of the file."""
    tables = tomllib.loads((FOLDER / "advice.toml").read_text("utf-8"))
    texts = [(f"heading/{name}", text) for name, text in tables["headings"].items()]
    for entry in tables["advice"]:
        texts += [(f"{entry['slug']}/{part}", entry[part]) for part in ("title", "text")]
    return texts


def translated(language: str) -> Messages:
    """The messages of a language in step with the source."""
    old = read_po(BytesIO(po(language).read_bytes() if po(language).exists() else b""), locale=language)
    new = Messages(locale=language, fuzzy=False, header_comment=f"# Advice, in {language}.")
    for context, text in source():
        known = old.get(text, context)
        new.add(text, known.string if known and not known.fuzzy else "", context=context)
    current = {(message.context, message.id) for message in new if message.id}
    for message in [*old, *old.obsolete.values()]:
        if message.id and message.string and (message.context, message.id) not in current:
            new.obsolete[message.context, message.id] = message
    return new


def po(language: str) -> Path:
    """Where a language is translated."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def files(language: str) -> dict[Path, bytes]:
    """What both files of a language should hold."""
    messages, text, compiled = translated(language), BytesIO(), BytesIO()
    write_po(text, messages, width=WIDTH, omit_header=False)
    write_mo(compiled, messages)
    return {po(language): text.getvalue(), po(language).with_suffix(".mo"): compiled.getvalue()}


def untranslated(language: str) -> list[str]:
    """Contexts of the texts that a language lacks."""
    return [str(message.context) for message in translated(language) if message.id and not message.string]


def main() -> int:
    """Write or check the files; the exit code says whether they are in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check")
    parser.add_argument("--add", metavar="LANGUAGE", help="begin a language")
    options = parser.parse_args()
    if options.add:
        po(options.add).parent.mkdir(parents=True)
    complaints = []
    for language in sorted(path.parent.name for path in FOLDER.glob("*/LC_MESSAGES")):
        for path, content in files(language).items():
            current = path.exists() and path.read_bytes() == content
            if not options.check:
                path.write_bytes(content)
            elif not current:
                complaints.append(f"{path.name} of {language} is not current; run tools/compile_messages.py")
        complaints += [f"{language} lacks a translation of {context}" for context in untranslated(language)]
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
