"""Is what was given a table of countries, or rows of people? The latter are refused, and nothing of them is quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from floodmark.assessment.reading.folding import fold
from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.reading.table_errors import LooksLikeDump

LONGEST_LINE = 2_000
LONGEST_DOCUMENT = 50_000
FEWEST = 3
MOST_REPEATED = 20
_ADDRESS = re.compile(r"[^\s@,;|]{1,64}@[^\s@,;|]{1,64}\.[^\W\d_]{2}")
_PHONE = re.compile(
    r"(?<![0-9])(?<![0-9][.,])"
    r"(?:\+[0-9](?:[ ().-]{0,2}[0-9]){7,14}|00[1-9][0-9]{8,13}|0[1-9](?:[ ./()-]{0,2}[0-9]){7,10}"
    r"|[1-9][0-9]{10,14}|\(?[2-9][0-9]{2}\)?[ -][0-9]{3}-[0-9]{4})(?![0-9]|[.,][0-9])"
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
    # A document on one line or a few: JSON as programs write it.
    within = sum(len(_identifiers(line[:LONGEST_DOCUMENT])) for line in lines) if len(lines) < 20 else 0
    if within >= FEWEST and within >= len(lines):
        raise LooksLikeDump("Values in this seem to be phone numbers or e-mail addresses.")


def refuse_numbers(texts: Sequence[str], headed: str = "") -> None:
    """Refuse a column of counts that are telephone numbers.

    Args:
        texts: what stands where counts are expected.
        headed: the column's heading.

    Raises:
        LooksLikeDump: all are whole numbers in full without separators, of nearly one length and none of them round,
            and so long that no country has so many of anything, or as long as a number where the heading says one.
    """
    plain_texts = [plain(text) for text in texts]
    if not plain_texts or not all(text.isascii() and text.isdigit() for text in plain_texts):
        return
    lengths = [len(text) for text in plain_texts]
    alike = max(lengths) - min(lengths) <= 2 and not any(text.endswith("000") for text in plain_texts)
    fewest = 7 if fold(headed) in _ONE else 9 if len(lengths) >= FEWEST else 10
    if alike and len(lengths) > 1 and min(lengths) >= fewest and max(lengths) <= 15:
        raise LooksLikeDump("What stands where counts are expected seems to be telephone numbers.")


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


_ONE = frozenset(
    "phone phonenumber mobile mobilenumber mobilephone cell cellphone telephone tel msisdn whatsapp number email mail "
    "emailaddress telefon telefonnummer handy telefono telefone celular movil telephonenumber id userid uid".split()
)


def _identifiers(line: str) -> list[str]:
    line = plain(line)
    return [*_ADDRESS.findall(line), *_PHONE.findall(line)]


def _holds_identifier(line: str) -> bool:
    line = plain(line[:LONGEST_LINE])
    return bool(_ADDRESS.search(line) or _PHONE.search(line))
