"""A number as somebody said it: its value, how many of its digits were said, and whether it was said to be near.

>>> said = Quantity(44_800_000, 3)
>>> said.step, said.low, said.high
(100000, 44700001, 44899999)
>>> said.agrees(Quantity(44_823_547, 8)), said.agrees(Quantity(45_000_000, 2))
(True, True)
"""

from __future__ import annotations

from dataclasses import dataclass

BOUNDS = ("", "about", "at-least", "at-most")


@dataclass(frozen=True, order=True)
class Quantity:
    """A whole number that is not negative, with the digits that were said of it.

    Attributes:
        value: the number.
        digits: significant digits that were said, 1 or more: 3 of `44.8M`, 8 of `44,823,547`. Zeros at the end of a
            number in full may or may not be meant: they do not count (1 of `2,000,000`), but those before a word do
            (2 of `10M`).
        bound: `about` where it was said to be near, `at-least` and `at-most` where it was said to be an end.
    """

    value: int
    digits: int
    bound: str = ""

    @property
    def step(self) -> int:
        """What the last digit that was said counts."""
        return int(10 ** max(0, len(str(self.value)) - self.digits))

    @property
    def low(self) -> int:
        """The least whole number that may be meant, whether it was rounded or cut off."""
        if self.bound == "at-most":
            return 0
        return self.value if self.bound == "at-least" else max(0, self.value - self.step + 1)

    @property
    def high(self) -> int | None:
        """The greatest whole number that may be meant; None where there is no end."""
        if self.bound == "at-least":
            return None
        return self.value if self.bound == "at-most" else self.value + self.step - 1

    def agrees(self, other: Quantity) -> bool:
        """Whether both can mean one number."""
        return (self.high is None or other.low <= self.high) and (
            other.high is None or self.low <= other.high
        )


def exactly(value: int) -> Quantity:
    """A count, every digit of which is meant.

    >>> exactly(2_000_000)
    Quantity(value=2000000, digits=7, bound='')
    """
    return Quantity(value, len(str(value)))
