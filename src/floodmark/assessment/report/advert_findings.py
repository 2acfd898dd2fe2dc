"""Everything that came of the tests of an advert, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.advert_reading import PASTED
from floodmark.assessment.report.advert_comparison import Finding, comparison
from floodmark.reports.numbers import plural

MOST_FLAGS = 8  # of one assertion, that are told
_MARKS = {
    "supports": "supports",
    "contradicts": "contradicts",
    "flags": "flag",
    "unremarkable": "note",
    "cannot-tell": "cannot-tell",
}


def findings(found: AdvertAssessment) -> tuple[Finding, ...]:
    """Every result once: the comparison with known tables, then the other tests, then what others said.

    What a test could have seen is said with its first result alone.
    """
    said: dict[str, Finding] = {}
    powers: set[str] = set()
    for one in (*comparison(found), *_tests(found), *_contradictions(found)):
        said.setdefault(one.words, replace(one, power="") if one.power in powers else one)
        powers.add(one.power)
    return tuple(said.values())


def _tests(found: AdvertAssessment) -> Iterator[Finding]:
    """What the other tests say; that of the fingerprint is told above in full. Of many flags the first are told."""
    for tested in found.tested:
        told = [one for one in tested.evidence if one.test != "fingerprint"]
        flags = [one for one in told if one.effect == "flags"]
        for one in told:
            if one not in flags[MOST_FLAGS:]:
                yield Finding(_MARKS[one.effect], one.words, one.power, one.sources)
        if len(flags) > MOST_FLAGS:
            more = plural(len(flags) - MOST_FLAGS, "further flag")
            yield Finding("flag", f"{more} of this kind: the JSON form has each.")


def _contradictions(found: AdvertAssessment) -> Iterator[Finding]:
    for one in found.contradictions:
        others = tuple(known for known in one.statements if known != PASTED)
        is_shared = one.how == ("claimed",)  # several may have done it together
        yield Finding("note" if is_shared else "disagree", one.words, "", others)
