"""Is what was given a table of countries, or rows of people? The latter are refused, and nothing of them is quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.reading.table_errors import LooksLikeDump

LONGEST_LINE = 2_000
FEWEST = 3
MOST_REPEATED = 20
_ADDRESS = re.compile(r"[^\s@,;|]{1,64}@[^\s@,;|]{1,64}\.[^\W\d_]{2}")
_PHONE = re.compile(
    r"(?<![0-9.,])(?:\+[0-9](?:[ ().-]{0,2}[0-9]){7,14}|00[1-9][0-9]{8,13}|0[1-9](?:[ ./()-]{0,2}[0-9]){7,10}"
    r"|[1-9][0-9]{10,14}|\(?[2-9][0-9]{2}\)?[ -][0-9]{3}-[0-9]{4})(?![0-9.,])"
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


def refuse_people(labels: Sequence[tuple[str, ...]]) -> None:
    """Refuse rows in which the same countries stand again and again.

    Args:
        labels: countries that each entry's label names; empty of one that names none.

    Raises:
        LooksLikeDump: more than 20 rows repeat a country, and they are over half of all.
    """
    named = [codes for codes in labels if codes]
    repeated = len(named) - len({*named})
    if repeated > MOST_REPEATED and 2 * repeated > len(labels):
        raise LooksLikeDump("The same countries stand in row after row, as in a list of people.")


def _holds_identifier(line: str) -> bool:
    line = plain(line[:LONGEST_LINE])
    return bool(_ADDRESS.search(line) or _PHONE.search(line))
