"""Finds what disagrees among statements: a group for each thing, with all values, who says them and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from floodmark.assessment.contradictions.answers import AGE, CAUSE, ORIGIN, VISIBILITY
from floodmark.assessment.contradictions.claims import Claim, Thing, same_speaker
from floodmark.assessment.contradictions.contradiction import HOW, Contradiction, Said, Side
from floodmark.assessment.contradictions.dates import DATED, FIXED
from floodmark.assessment.contradictions.money import AMOUNT
from floodmark.assessment.contradictions.numbers import COUNTRIES, TOTAL
from floodmark.assessment.contradictions.sentences import in_sentences
from floodmark.assessment.contradictions.sides import conflicting, in_order, sides_of
from floodmark.assessment.statements.statement import Statement

THINGS = (TOTAL, COUNTRIES, CAUSE, ORIGIN, AGE, VISIBILITY, FIXED, DATED, AMOUNT)


def contradictions(statements: Iterable[Statement]) -> tuple[Contradiction, ...]:
    """What disagrees, by what it is about, then by the order of `THINGS`.

    Statements are of one thing where `about`, the scope of the assertion and, for a total, what it counts are the same.
    The order of the statements does not matter, nor does it that one is given twice.

    Args:
        statements: of the register, of the reference set or both.

    Returns:
        One for each thing that is disagreed on.
    """
    groups: dict[tuple[str, int, str, str], list[Claim]] = defaultdict(list)
    for statement in dict.fromkeys(statements):
        for place, thing in enumerate(THINGS):
            for one in thing.claims(statement):
                groups[statement.about, place, one.part, one.scope].append(one)
    found = (_contradiction(THINGS[key[1]], groups[key]) for key in sorted(groups))
    return tuple(one for one in found if one is not None)


def conflicts(a: Statement, b: Statement) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of answers, of the first statement and of the second, that cannot both be true."""
    if a.about == b.about:
        for thing in THINGS:
            answers = [*thing.claims(b)]
            for one in thing.claims(a):
                for other in answers:
                    if (one.part, one.scope) == (other.part, other.scope) and thing.conflict(one, other):
                        yield one, other


def _contradiction(thing: Thing, claims: Sequence[Claim]) -> Contradiction | None:
    sides, between = sides_of(thing, claims)
    pairs = conflicting(thing, sides)
    if not pairs:
        return None
    kept = sorted({place for pair in pairs for place in pair})
    sides = [sides[place] for place in kept]
    pairs = [(kept.index(i), kept.index(j)) for i, j in pairs]
    how, changed = _how(thing, sides)
    shown = tuple(_side(thing, side) for side in sides)
    first = sides[0][0]
    scope = first.assertion.scope if first.assertion else ""
    return Contradiction(
        about=first.statement.about,
        thing=thing.name,
        scope=scope,
        how=how,
        sides=shown,
        pairs=tuple(pairs),
        between=tuple(_side(thing, [one]) for one in between),
        changed=changed,
        words=in_sentences(thing.name, first.part, scope, shown, changed),
    )


def _side(thing: Thing, side: Sequence[Claim]) -> Side:
    words = min(side, key=lambda one: (-thing.precision(one), in_order(one))).words
    return Side(words, tuple(Said(one.statement, one.assertion, one.words) for one in side))


def _how(thing: Thing, sides: Sequence[Sequence[Claim]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which of `HOW` occur, and who changed what they say."""
    found = set()
    changed = []
    claims = [one for side in sides for one in side]
    for place, later in enumerate(claims):
        for earlier in claims[:place]:
            if not thing.conflict(earlier, later):
                continue
            if not same_speaker(earlier.statement, later.statement):
                found.add("disagree")
                continue
            found.add("within" if earlier.statement.id == later.statement.id else "changed")
            changed.append(earlier.statement.speaker)
    return tuple(one for one in HOW if one in found), tuple(dict.fromkeys(changed))
