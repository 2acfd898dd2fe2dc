"""The page's script beside Python: the same advice for the same field types, names in the order of the language."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from floodmark.identifiers import FieldType
from floodmark.notices.advising import advice, rules
from floodmark.reports.labels import plain
from floodmark.web.pages.home_data import countries
from floodmark.web.texts import languages

NODE = Path(sys.executable).with_name("node")
SCRIPTS = Path(__file__).resolve().parents[2] / "browser" / "test"
LABELS = [one.label for one in FieldType]


def answers(script: str, lines: list[Any]) -> list[Any]:
    """What a script answers to lines of JSON."""
    done = subprocess.run(
        [NODE, SCRIPTS / script],
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def field_sets() -> list[list[str]]:
    """Nothing, each type, everything, and sets of all sizes, with types that nobody knows, twice, in any order."""
    chance = random.Random(20261122)
    some = [
        chance.choices([*LABELS, "shoe_size", "constructor", "__proto__"], k=chance.randint(0, 12))
        for _ in range(3000)
    ]
    pairs = [[one, other] for one in LABELS for other in LABELS]
    return [[], LABELS, *[[one] for one in LABELS], *pairs, *some]


@pytest.mark.parametrize("language", languages())
def test_the_page_gives_the_advice_that_the_command_line_gives(language):
    sets = field_sets()
    found = answers("page_advice_lines.ts", [rules(language), *sets])
    assert len(found) == len(sets) > 5000
    for labels, told in zip(sets, found, strict=True):
        assert told == [
            {
                "slug": one.slug,
                "urgency": one.urgency.name.lower(),
                "title": one.title,
                "text": one.text,
                "because": list(one.because),
            }
            for one in advice(labels, language)
        ]


@pytest.mark.parametrize("language", languages())
def test_what_stands_above_advice_is_the_same(language):
    headings = rules(language)["headings"]
    for one in advice(LABELS, language):
        assert headings[one.urgency.name.lower()] == one.heading


def test_what_others_wrote_is_cleaned_as_it_is_for_the_command_line():
    chance = random.Random(9497)
    # All white space, what does not show, letters, marks and pictures; nothing that Unicode is yet to name.
    signs = [
        chr(one) for one in (*range(0x20), *range(0x7F, 0xAE), *range(0x600, 0x606), *range(0x1FF0, 0x2070))
    ]
    known = [one for one in signs if unicodedata.category(one) != "Cn"]
    alphabet = [*known, *"abc ÄßĐ漢字🙂", "\ufeff", "\u3000", "e\u0301", "\U000e0001", "\ue000"]
    texts = ["".join(chance.choices(alphabet, k=chance.randint(0, 60))) for _ in range(3000)]
    lengths = [chance.choice((1, 2, 5, 20, 120)) for _ in texts]
    found = answers(
        "page_plain_lines.ts", [[text, longest] for text, longest in zip(texts, lengths, strict=True)]
    )
    assert found == [plain(text, longest) for text, longest in zip(texts, lengths, strict=True)]


def test_countries_are_in_the_order_of_the_language():
    names = {language: [name for _, name in countries(language)] for language in languages()}
    ordered = answers(
        "page_order_lines.ts", [{"language": language, "names": some} for language, some in names.items()]
    )
    assert ordered == list(names.values())
