"""The message with a code that proves control of an address or a number.

It says who sends it, what the code does and that ignoring it changes nothing. It is the same for everybody, whether or
not a leak holds them, and no leak is named.

>>> print(code_message("optout", "phone", "Example CERT", "K7QM-3XRP", 30).text, end="")
Code K7QM-3XRP keeps this number out of Example CERT's index of leaks. Valid 30 min.
Not you? Ignore this: nothing changes.
"""

from __future__ import annotations

from textwrap import fill
from typing import Literal

from floodmark.notices.sending.sender import Message

Purpose = Literal["optout", "withdraw"]
WIDTH = 72  # characters of a line of mail

_SHORT = {
    "optout": "Code {code} keeps this number out of {operator}'s index of leaks.",
    "withdraw": "Code {code} ends the opt-out of this number from {operator}'s index of leaks.",
}
_SUBJECT = {
    "optout": "Your code to keep this {what} out of an index of leaks",
    "withdraw": "Your code to end the opt-out of this {what} from an index of leaks",
}
_ASKED = {
    "optout": "to keep this e-mail address out of its index of leaked data",
    "withdraw": (
        "to end the opt-out of this e-mail address, so that its index of leaked data may hold the address again"
    ),
}
_EFFECT = {
    "optout": (
        "With it, {operator} leaves the address out whenever the index is made anew from then on. What was "
        "published before stays as it is: nobody can take back what others have downloaded."
    ),
    "withdraw": "With it, {operator} forgets the opt-out. The index may hold the address when it is made anew.",
}


def code_message(purpose: Purpose, kind: str, operator: str, code: str, minutes: int) -> Message:
    """The message to whoever may control an address or a number.

    Args:
        purpose: what the code is for.
        kind: `email`, or `phone` for one that fits one short message.
        operator: who sends it, one line.
        code: as it is to be typed.
        minutes: for how long it is valid.
    """
    if kind == "phone":
        words = f"{_SHORT[purpose]} Valid {{minutes}} min.\nNot you? Ignore this: nothing changes."
        text = words.format(code=code, operator=operator, minutes=minutes)
        return Message(_SUBJECT[purpose].format(what="number"), f"{text}\n")
    paragraphs = (
        f"Somebody, perhaps you, asked {operator} {_ASKED[purpose]}.",
        "To confirm that, give this code where you asked:",
        f"    {code}",
        f"It is valid for {minutes} minutes and works once.",
        _EFFECT[purpose].format(operator=operator),
        "If it was not you, ignore this message: nothing changes. Give the code to nobody who calls or writes to you.",
        "This message is the same for every address. It does not mean that yours is in a leak.",
    )
    text = "\n\n".join(fill(paragraph, WIDTH) for paragraph in paragraphs)
    return Message(_SUBJECT[purpose].format(what="address"), f"{text}\n")
