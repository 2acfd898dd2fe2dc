"""Answers to one question put on sides: those that are one value together, those that fit several between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from floodmark.assessment.contradictions.claims import Claim, Thing, days_of


def sides_of(thing: Thing, claims: Sequence[Claim]) -> tuple[list[list[Claim]], list[Claim]]:
    """Sides, each in the order of saying, the one that was said first before the others; and what fits several.

    The most precise answers make the sides, so that neither order nor roundings do.
    """
    sides: list[list[Claim]] = []
    between: list[Claim] = []
    for one in sorted(claims, key=lambda one: (-thing.precision(one), one.words, in_order(one))):
        fitting = [side for side in sides if all(thing.alike(one, other) for other in side)]
        if not fitting:
            sides.append([one])
        elif len(fitting) == 1:
            fitting[0].append(one)
        else:
            between.append(one)
    for side in sides:
        side.sort(key=in_order)
    return sorted(sides, key=lambda side: in_order(side[0])), sorted(between, key=in_order)


def conflicting(
    conflict: Callable[[Claim, Claim], bool], sides: Sequence[Sequence[Claim]]
) -> list[tuple[int, int]]:
    """Indices of sides of which two answers conflict."""
    return [
        (i, j)
        for j, later in enumerate(sides)
        for i, earlier in enumerate(sides[:j])
        if any(conflict(a, b) for a in earlier for b in later)
    ]


def in_order(one: Claim) -> tuple[date, str, str, str, str]:
    """Key that sorts by day of saying, then by the day on which it became known.

    A month or a year comes before the days in it.
    """
    said = one.statement
    found = days_of(said.said_on)
    known = said.learnt_on or said.said_on
    return (found[0] if found else date.min, said.said_on, known, said.id.zfill(12), one.words)
