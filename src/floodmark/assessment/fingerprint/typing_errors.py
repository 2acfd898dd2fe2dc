"""Numbers within one slip of the hand from another: what somebody may have typed who copied it.

>>> slip("44833547", "44823547"), slip("44283547", "44823547"), slip("4482354", "44823547"), slip("12", "44823547")
('one digit', 'transposed', 'digit missing', '')
"""

from __future__ import annotations

NEAR = ("one digit", "transposed")
FAR = ("digit missing", "digit added")
_DIGITS = "0123456789"


def slip(typed: str, meant: str) -> str:
    """What slip turns one string of digits into another: one of `NEAR` or `FAR`; empty where no single one does."""
    if len(typed) == len(meant):
        return _slip_in_place(typed, meant)
    if len(typed) + 1 == len(meant):
        return "digit missing" if typed in _shorter(meant) else ""
    return "digit added" if len(typed) == len(meant) + 1 and meant in _shorter(typed) else ""


def near(meant: str) -> frozenset[str]:
    """Numbers of the same length that one digit typed wrong, or two neighbours in the wrong order, make of one."""
    substituted = {
        meant[:place] + digit + meant[place + 1 :] for place in range(len(meant)) for digit in _DIGITS
    }
    transposed = {
        meant[:place] + meant[place + 1] + meant[place] + meant[place + 2 :]
        for place in range(len(meant) - 1)
    }
    return frozenset(text for text in substituted | transposed if _is_number(text)) - {meant}


def far(meant: str) -> frozenset[str]:
    """Numbers that a digit left out, or one typed that is not there, make of one."""
    longer = {meant[:place] + digit + meant[place:] for place in range(len(meant) + 1) for digit in _DIGITS}
    return frozenset(text for text in _shorter(meant) | longer if _is_number(text))


def _slip_in_place(typed: str, meant: str) -> str:
    places = [place for place in range(len(meant)) if typed[place] != meant[place]]
    if len(places) == 1:
        return "one digit"
    swapped = len(places) == 2 and places[1] == places[0] + 1
    return "transposed" if swapped and sorted(typed) == sorted(meant) else ""


def _shorter(text: str) -> set[str]:
    return {text[:place] + text[place + 1 :] for place in range(len(text))}


def _is_number(text: str) -> bool:
    return text != "" and text[0] != "0"
