r"""Text that a user writes into the register: made safe to show, and refused when it seems to hold an identifier.

>>> clean("Called the\x1b[31m press desk.\r\n", "The note")
'Called the[31m press desk.'
"""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar

from floodmark.errors import UsageError
from floodmark.register.identifier_search import identifier_in

LONGEST = 10_000
# Of the characters that do not show, the joiners that Persian, Indic scripts and emoji need are kept.
_JOINERS = "\u200c\u200d"
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


class HoldsIdentifier(UsageError):
    """A text for the register seems to hold a phone number, an address or another identifier; exit code 2."""

    slug: ClassVar[str] = "holds-identifier"
    hint = (
        "Leave identifiers out: name a role or a ticket (INC-123). Write counts with commas: 1,200,000,000."
    )


class UnfitText(UsageError):
    """A text for the register is empty or too long; exit code 2."""

    slug: ClassVar[str] = "unfit-text"


def clean(text: str, what: str, longest: int = LONGEST, *, lines: bool = True) -> str:
    """A user's text as the register keeps it.

    Args:
        text: what was written.
        what: what it is, to begin a message with, such as `The note`.
        longest: most characters kept.
        lines: whether it may have several lines.

    Returns:
        The text in NFC, without characters that control a terminal or do not show, and without outer white space.

    Raises:
        UnfitText: nothing is left, or more than `longest` characters.
        HoldsIdentifier: it seems to hold a phone number, an e-mail address or another long number.
    """
    text = unicodedata.normalize("NFC", visible(_LINE_ENDS.sub("\n", text)))
    text = text.strip() if lines else " ".join(text.split())
    if not text.strip(_JOINERS):
        raise UnfitText(f"{what} is empty.", "Write something in it.")
    if len(text) > longest:
        raise UnfitText(f"{what} is longer than {longest:,} characters.", "Shorten it.")
    kind = identifier_in(text)
    if kind is not None:
        raise HoldsIdentifier(f"{what} seems to hold {kind}.")
    return text


def visible(text: str) -> str:
    """The text without characters that control a terminal, turn its direction or do not show; lines and tabs stay."""
    return "".join(c for c in text if c in "\n\t" or c in _JOINERS or unicodedata.category(c)[0] != "C")
