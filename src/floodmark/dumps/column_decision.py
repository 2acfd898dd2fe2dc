"""What a column is, by its cells and its name together: cells that show themselves overrule a name, else it leads."""

from __future__ import annotations

import polars as pl

from floodmark.dumps import headers
from floodmark.dumps.column_facts import Facts
from floodmark.dumps.readings import NEARLY_ALL, Readings, ranked
from floodmark.identifiers import FieldType, password_hashes, recogniser

# Types whose cells show themselves: they overrule a header that says otherwise.
_EVIDENT = frozenset(
    {
        FieldType.EMAIL,
        FieldType.URL,
        FieldType.AVATAR,
        FieldType.IP_ADDRESS,
        FieldType.PASSWORD_HASH,
        FieldType.BANK_ACCOUNT,
        FieldType.CARD_NUMBER,
        FieldType.GENDER,
        FieldType.RELATIONSHIP,
    }
)
# Types made of few words, in any language.
_WORDY = frozenset(
    {FieldType.COUNTRY, FieldType.GENDER, FieldType.RELATIONSHIP, FieldType.LANGUAGE, FieldType.RELIGION}
)
# Header types under which evident cells of another type are nothing unusual.
_HOLDS_ANYTHING = frozenset({FieldType.FRIEND_LINK, FieldType.FREE_TEXT, FieldType.SECURITY_QUESTION})
_LINKS = frozenset({FieldType.URL, FieldType.AVATAR})
# In a file that names its columns, a name that no list knows speaks against what we have names for in ten languages.
UNKNOWN_NAME = 0.75
# Forms that a name makes credible, and that a shifted line should not be read by.
_LENIENT = {
    FieldType.AGE: r"^(?:[0-9]{1,3} ?[-–—] ?[0-9]{1,3}|[<>≤≥] ?[0-9]{1,3}|[0-9]{1,3}\+)$",
    FieldType.DEVICE_ID: r"^[A-Za-z0-9:_\-]{6,64}$",
    FieldType.COORDINATES: r"^-?[0-9]{1,3}[.,][0-9]+$",
}


def decide(readings: Readings, name: str, meaning: headers.Meaning, facts: Facts) -> Readings:
    """Readings of a column once its name has had a say, best first.

    Args:
        readings: what its cells say, best first.
        name: its name as found, empty for none.
        meaning: what that name means.
        facts: what its cells look like.
    """
    if meaning is headers.NOTHING:
        return _unnamed(readings) if any(c.isalpha() for c in name) else readings
    best = next(iter(readings), FieldType.UNKNOWN)
    meant = (meaning.type, *meaning.others)
    likely = next((kind for kind in readings if kind in meant), meaning.type)
    if meaning.type.is_date and likely.is_date:
        likely = meaning.type  # which of its dates a column holds, its cells say least
    chosen = _corrected(likely, facts)
    if chosen in _EVIDENT and chosen not in meant:
        return ranked({**readings, chosen: 0.9, meaning.type: 0.1})
    evident = best in _EVIDENT and readings[best] >= 0.85 and best not in meant
    if evident and chosen not in _HOLDS_ANYTHING and not (best in _LINKS and chosen in _LINKS):
        return {
            best: readings[best],
            chosen: 0.1,
            **{k: v for k, v in readings.items() if k not in {best, chosen}},
        }
    support = _support(chosen, facts)
    few = facts.variety < 0.5 and (
        facts.share("only_letters") >= 0.8 or (chosen is FieldType.GENDER and facts.distinct <= 8)
    )
    if support < 0.5 and chosen in _WORDY and few:
        support = 0.7  # a language that our word lists do not know
    elif support < 0.5:
        doubtful = {chosen: min(0.25, meaning.confidence * support)}
        strong = {k: v if v >= 0.6 else min(v, 0.25) for k, v in readings.items() if k not in doubtful}
        return ranked({**strong, **doubtful})
    certain = meaning.confidence * min(1.0, support + 0.2)
    confidence = certain + (1 - meaning.confidence) * max(
        readings.get(chosen, 0.0), 0.2 if facts.rows else 0.0
    )
    others = {k: round(min(v, 1 - confidence), 3) for k, v in readings.items() if k != chosen}
    others.update({k: round(1 - confidence, 3) for k in meant if k != chosen})
    return ranked({chosen: round(confidence, 3), **others})


def _unnamed(readings: Readings) -> Readings:
    """Readings of a column whose name says nothing to us."""
    return {
        kind: value if kind in _EVIDENT else round(UNKNOWN_NAME * value, 3)
        for kind, value in readings.items()
    }


def _corrected(chosen: FieldType, facts: Facts) -> FieldType:
    """The type that a name means, given how its cells look: numbers are no usernames, uniform texts no passwords."""
    if chosen is FieldType.USERNAME and facts.share("digits") >= 0.95:
        return FieldType.PROFILE_ID
    if chosen is FieldType.FRIEND_LINK and facts.share("digits") >= 0.95 and (facts.median or 10**9) < 10**5:
        return FieldType.FOLLOWER_COUNT
    if chosen is FieldType.PASSWORD and facts.rows >= 5 and facts.widths == 1 and facts.variety >= 0.3:
        quiet = pl.select(password_hashes.password_hash(pl.lit(facts.sample.cells), named=True)).to_series()
        if quiet.mean() == 1:
            return FieldType.PASSWORD_HASH
    return chosen


def _support(chosen: FieldType, facts: Facts) -> float:
    """Share of filled cells that can be of a type; 1 where nothing can be checked."""
    check = recogniser(chosen)
    if not facts.rows:
        return 1.0
    if chosen is FieldType.FREE_TEXT and facts.words < 1.5 and facts.variety < 0.3:
        return 0.2
    if chosen is FieldType.JOB_TITLE and facts.rows >= 50 and facts.distinct <= 6 and not facts.share("job"):
        return 0.3  # roles in a program
    if check is None:
        return 1.0
    fits = check(pl.col("cell"))
    if chosen in _LENIENT:
        fits |= pl.col("cell").str.contains(_LENIENT[chosen])
    sample = pl.DataFrame([facts.sample.cells, facts.sample.rows])
    found = sample.select(pl.col("rows").filter(fits).sum() / pl.col("rows").sum()).item()
    share = float(found or 0.0)
    if chosen.is_date and facts.dates.order is not None:
        share = max(share, facts.dates.share)
    if chosen in _LINKS:
        share = max(share, facts.share("site"), facts.share("picture_file"))
    return share if share < NEARLY_ALL or chosen not in _LINKS else 1.0
