"""Finds what disagrees among statements: a group for each thing, with all values, who says them and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from floodmark.assessment.contradictions.answers import AGE, CAUSE, ORIGIN, VISIBILITY
from floodmark.assessment.contradictions.claims import Claim, Thing
from floodmark.assessment.contradictions.contradiction import HOW, Contradiction, Said, Side
from floodmark.assessment.contradictions.dates import DATED
from floodmark.assessment.contradictions.money import AMOUNT
from floodmark.assessment.contradictions.numbers import COUNTED_AS_A_WHOLE, COUNTRIES, TOTAL
from floodmark.assessment.contradictions.sentences import in_sentences
from floodmark.assessment.contradictions.sides import conflicting, in_order, sides_of
from floodmark.assessment.contradictions.speakers import same_speaker
from floodmark.assessment.contradictions.tables import TABLE, together
from floodmark.assessment.statements.statement import Statement

THINGS = {
    thing.name: thing for thing in (TOTAL, COUNTRIES, TABLE, CAUSE, ORIGIN, AGE, VISIBILITY, DATED, AMOUNT)
}
_ORDER = [*THINGS]


def contradictions(statements: Iterable[Statement]) -> tuple[Contradiction, ...]:
    """What disagrees, by what it is about, then by the order of `THINGS`.

    Statements are of one thing where `about`, the scope of the assertion and, for a total, what it counts are the same.
    The order of the statements does not matter, nor does it that one is given twice.

    Args:
        statements: of the register, of the reference set or both.

    Returns:
        One for each thing that is disagreed on.
    """
    groups: dict[tuple[str, str, str, str], list[Claim]] = defaultdict(list)
    for statement in dict.fromkeys(statements):
        for one in answers(statement):
            groups[one.place].append(one)
    _join_uncounted(groups)
    found = (
        _contradiction(THINGS[key[1]], groups[key])
        for key in sorted(groups, key=lambda key: (key[0], _ORDER.index(key[1]), key[2:]))
    )
    return tuple(together(one for one in found if one is not None))


def answers(statement: Statement) -> Iterator[Claim]:
    """What a statement answers to any question that statements can disagree on."""
    for thing in THINGS.values():
        yield from thing.claims(statement)


def is_conflict(a: Claim, b: Claim) -> bool:
    """Whether two answers are to one question of one thing and cannot both be true."""
    return a.place == b.place and THINGS[a.thing].conflict(a, b)


def is_shown(a: Claim, b: Claim) -> bool:
    """Whether two answers are put side by side: they exclude each other, or are claims of one attack."""
    return is_conflict(a, b) or (a.place == b.place and THINGS[a.thing].beside(a, b))


def against(mine: Iterable[Claim], others: Iterable[Claim]) -> list[Claim]:
    """Those of the others that cannot be true together with one of mine, each answer once."""
    by_place: dict[tuple[str, str, str, str], list[Claim]] = defaultdict(list)
    for one in mine:
        by_place[one.place].append(one)
    found = (one for one in others if any(is_conflict(each, one) for each in by_place.get(one.place, ())))
    return [*{one.words: one for one in found}.values()]


def _join_uncounted(groups: dict[tuple[str, str, str, str], list[Claim]]) -> None:
    """Put totals that do not say what they count beside those of rows or accounts, where nothing else is counted."""
    for key in [key for key in groups if key[1] == TOTAL.name and not key[2]]:
        counted = [other for other in groups if other[:2] == key[:2] and other[3] == key[3] and other[2]]
        if len(counted) == 1 and counted[0][2] in COUNTED_AS_A_WHOLE:
            groups[counted[0]] += groups.pop(key)


def _contradiction(thing: Thing, claims: Sequence[Claim]) -> Contradiction | None:
    sides, between = sides_of(thing, claims)
    pairs, beside = conflicting(thing.conflict, sides), conflicting(thing.beside, sides)
    if not (pairs or beside):
        return None
    kept = sorted({place for pair in (*pairs, *beside) for place in pair})
    sides = [sides[place] for place in kept]
    renumbered = {place: number for number, place in enumerate(kept)}
    how, changed = _how(thing, sides)
    how += ("claimed",) if beside else ()
    words = thing.described(sides) if thing.described else [_most_precise(thing, side) for side in sides]
    shown = tuple(_side(text, side) for text, side in zip(words, sides, strict=True))
    first = sides[0][0]
    scope = first.assertion.scope.strip() if first.assertion and first.scope else ""
    return Contradiction(
        about=first.statement.about,
        thing=thing.name,
        scope=scope,
        how=how,
        sides=shown,
        pairs=tuple((renumbered[i], renumbered[j]) for i, j in pairs),
        between=tuple(_side(one.words, [one]) for one in between),
        changed=changed,
        words=in_sentences(thing.name, scope, shown, changed, how),
    )


def _most_precise(thing: Thing, side: Sequence[Claim]) -> str:
    return min(side, key=lambda one: (-thing.precision(one), in_order(one))).words


def _side(words: str, side: Sequence[Claim]) -> Side:
    return Side(words, tuple(Said(one.statement, one.assertion, one.words) for one in side))


def _how(thing: Thing, sides: Sequence[Sequence[Claim]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which of `HOW` occur, and who says more than one thing."""
    found = set()
    changed = []
    claims = [one for side in sides for one in side]
    for place, later in enumerate(claims):
        for earlier in claims[:place]:
            is_same = same_speaker(earlier.statement, later.statement)
            if (not is_same and "disagree" in found) or not thing.conflict(earlier, later):
                continue
            if not is_same:
                found.add("disagree")
                continue
            found.add("within" if earlier.statement.id == later.statement.id else "changed")
            changed.append(earlier.statement.speaker)
    return tuple(one for one in HOW if one in found), tuple(dict.fromkeys(changed))
