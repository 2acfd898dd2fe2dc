"""The Admiralty scale: how reliable a source is by its record, and apart from it how credible what it says.

NATO AJP-2.1; the words are those of US Army FM 2-22.3, appendix B. Source and saying are graded apart, so that a
name lends nothing to a claim, nor takes anything from it.

>>> print(Grade("F", "6"))
F6: reliability of the source cannot be judged, truth of what it says cannot be judged
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability of the source cannot be judged",
}
SAYINGS = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth of what it says cannot be judged",
}


@dataclass(frozen=True)
class Grade:
    """A source and what it says, each by its sign on the scale.

    Attributes:
        source: one of `SOURCES`.
        saying: one of `SAYINGS`.
    """

    source: str
    saying: str

    def __str__(self) -> str:
        return f"{self.source}{self.saying}: {SOURCES[self.source]}, {SAYINGS[self.saying]}"
