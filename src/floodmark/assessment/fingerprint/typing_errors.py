"""Numbers within one slip of the hand from another: what somebody may have typed who copied it.

>>> slip("44833547", "44823547"), slip("44283547", "44823547"), slip("4482354", "44823547"), slip("12", "44823547")
('one digit', 'transposed', 'digit missing', '')
>>> len(near(44_823_547)), 44_833_547 in near(44_823_547), 4_482_354 in shorter(44_823_547)
(77, True, True)
"""

from __future__ import annotations

NEAR = ("one digit", "transposed")
FAR = ("digit missing", "digit added")


def slip(typed: str, meant: str) -> str:
    """What slip turns one string of digits into another: one of `NEAR` or `FAR`; empty where no single one does."""
    if len(typed) == len(meant):
        return _slip_in_place(typed, meant)
    if len(typed) + 1 == len(meant):
        return "digit missing" if _lacks_one(typed, meant) else ""
    return "digit added" if len(typed) == len(meant) + 1 and _lacks_one(meant, typed) else ""


def near(meant: int) -> list[int]:
    """Numbers as long as `meant` with one digit typed wrong, or two neighbours in the wrong order; each once."""
    digits = [int(digit) for digit in str(meant)]
    places = [10**place for place in range(len(digits) - 1, -1, -1)]
    wrong = [
        meant + (other - digit) * place
        for digit, place in zip(digits, places, strict=True)
        for other in range(10)
        if other != digit
    ]
    pairs = zip(digits, digits[1:], places[1:], strict=False)
    swapped = [meant + 9 * (second - first) * place for first, second, place in pairs if first != second]
    return [number for number in wrong + swapped if number >= places[0]]


def shorter(meant: int) -> list[int]:
    """Numbers with one digit of `meant` left out; some may be there twice, and what would begin with a zero is not."""
    least = 10 ** (len(str(meant)) - 2) if meant >= 10 else 1  # one digit leaves nothing
    found = (meant // (10 * place) * place + meant % place for place in _places(meant))
    return [number for number in found if number >= least]


def longer(meant: int) -> list[int]:
    """Numbers with one digit more; some are there twice, and what would begin with a zero is not."""
    places = [*_places(meant), 10 * _places(meant)[-1]]
    found = ((meant // place * 10 + digit) * place + meant % place for place in places for digit in range(10))
    return [number for number in found if number >= places[-1]]


def _places(meant: int) -> list[int]:
    return [10**place for place in range(len(str(meant)))]


def _slip_in_place(typed: str, meant: str) -> str:
    places = [place for place in range(len(meant)) if typed[place] != meant[place]]
    if len(places) == 1:
        return "one digit"
    swapped = len(places) == 2 and places[1] == places[0] + 1  # two neighbours
    return "transposed" if swapped and sorted(typed) == sorted(meant) else ""


def _lacks_one(short: str, long: str) -> bool:
    return any(short == long[:place] + long[place + 1 :] for place in range(len(long)))
