"""What is posted to be evaluated (protocol 1, section 2), read in the one form that it has.

>>> read_asked(b'{"epoch": 1, "elements": ["00"]}')
Traceback (most recent call last):
floodmark.web.hot.asked.BadBody: The body is not of the form that the protocol gives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from floodmark.signatures import strict_table
from floodmark.web.problems import Refusal

MOST_ELEMENTS = 1_000
MOST_BYTES = 128 << 10
_ELEMENT = re.compile(r"[0-9a-f]{64}")


class BadBody(Refusal):
    """A body is not what the protocol says that is posted."""

    slug: ClassVar[str] = "bad-body"
    status: ClassVar[int] = 400
    hint = 'Post {"epoch": N, "elements": ["64 hexadecimal digits", …]}, every name once and no others.'


class TooMuch(Refusal):
    """More elements than are evaluated at once, or a body that is longer than any."""

    slug: ClassVar[str] = "too-many-elements"
    status: ClassVar[int] = 413
    hint = "Ask in several requests, each of at most 1,000 elements."


@dataclass(frozen=True)
class Asked:
    """What is to be evaluated.

    Attributes:
        epoch: of the key.
        elements: 32 bytes each, of which nobody has seen yet whether they are elements of the group.
    """

    epoch: int
    elements: list[bytes] = field(repr=False)


def read_asked(body: bytes) -> Asked:
    """What a body asks for.

    Raises:
        BadBody: it has another form.
        TooMuch: it has over 1,000 elements.
    """
    table = strict_table(body)
    if table is None or set(table) != {"epoch", "elements"}:
        raise _bad()
    epoch, elements = table["epoch"], table["elements"]
    if type(epoch) is not int or not isinstance(elements, list) or not elements:
        raise _bad()
    if len(elements) > MOST_ELEMENTS:
        raise TooMuch("There are more elements than are evaluated at once.")
    return Asked(epoch, [_bytes(one) for one in elements])


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or not _ELEMENT.fullmatch(value):
        raise _bad()
    return bytes.fromhex(value)


def _bad() -> BadBody:
    return BadBody("The body is not of the form that the protocol gives it.")
