"""What a number counts, by the words behind it.

>>> counted("million phone numbers"), counted("records"), counted("countries"), counted("apples")
(('million', 'phones'), ('', 'rows'), ('', 'countries'), ('apples', ''))
"""

from __future__ import annotations

import re

from floodmark.assessment.reading import table_words
from floodmark.assessment.reading.folding import fold

_SPACES = re.compile(r"\s+")


def counted(words: str) -> tuple[str, str]:
    """Words behind a number without the noun at their end, and what it counts: one of `COUNTED`, or `countries`."""
    parts = _SPACES.split(words.strip(" .,:;()"))
    for start in range(max(0, len(parts) - 3), len(parts)):
        if what := of_noun(" ".join(parts[start:])):
            return " ".join(parts[:start]), what
    return words, ""


def of_noun(words: str) -> str:
    """What a noun counts; empty where it is none that is known."""
    return table_words.words("noun").get(fold(words), "") if words else ""
