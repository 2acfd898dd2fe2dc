"""Is what was given a table of countries, or rows of people? The latter are refused, and nothing of them is quoted."""

from __future__ import annotations

import re

from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.reading.table_errors import LooksLikeDump

LONGEST_LINE = 2_000
FEWEST = 3
_ADDRESS = re.compile(r"[^\s@,;|]{1,64}@[^\s@,;|]{1,64}\.[^\W\d_]{2}")
_PHONE = re.compile(
    r"(?<![0-9.,])(?:\+[0-9](?:[ ().-]{0,2}[0-9]){7,14}|00[1-9][0-9]{8,13}|0[1-9](?:[ ./()-]{0,2}[0-9]){7,10}|[1-9][0-9]{10,14})"
    r"(?![0-9.,])"
)


def refuse_a_dump(text: str) -> None:
    """Refuse rows of people.

    Raises:
        LooksLikeDump: three or more lines, and a tenth of all, hold an e-mail address or a phone number.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    people = sum(bool(_holds_identifier(line)) for line in lines)
    if people >= FEWEST and 10 * people >= len(lines):
        raise LooksLikeDump(
            f"{people:,} of {len(lines):,} lines seem to hold a phone number or an e-mail address."
        )


def _holds_identifier(line: str) -> bool:
    line = plain(line[:LONGEST_LINE])
    return bool(_ADDRESS.search(line) or _PHONE.search(line))
