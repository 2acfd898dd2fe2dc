"""What columns say of each other: which of two names is the given one, which of two places is home."""

from __future__ import annotations

import math

import polars as pl

from floodmark.dumps import headers
from floodmark.dumps.column_facts import Facts
from floodmark.dumps.readings import Readings, ranked
from floodmark.identifiers import FieldType, fold

_SINGLE = (FieldType.FIRST_NAME, FieldType.LAST_NAME)
_WHEN = (FieldType.ACTIVE_AT, FieldType.REGISTERED_AT, FieldType.LAST_SEEN_AT)


def settle(readings: list[Readings], facts: list[Facts], cells: list[pl.Series]) -> list[Readings]:
    """Readings after each column has been seen in its company.

    Args:
        readings: by column, types with confidence, best first.
        facts: by column.
        cells: by column, text.

    Returns:
        Readings by column, best first.
    """
    readings = [dict(reading) for reading in readings]
    _names(readings, facts, cells)
    _places(readings)
    _secrets(readings, facts)
    return [ranked(reading) for reading in readings]


def settle_headed(types: list[Readings], named: list[headers.Meaning], facts: list[Facts]) -> list[Readings]:
    """Types after names that depend on other names and on their cells: `name` beside `surname` is a given name."""
    best = [next(iter(reading), FieldType.UNKNOWN) for reading in types]
    settled = []
    for reading, meaning, kind, fact in zip(types, named, best, facts, strict=True):
        other = _other_name(kind, (meaning.type, *meaning.others), reading, best, fact)
        changed = reading if other is None else {**reading, other: reading[kind], kind: 0.1}
        settled.append(ranked(changed))
    return settled


def _other_name(
    kind: FieldType, meant: tuple[FieldType, ...], reading: Readings, best: list[FieldType], fact: Facts
) -> FieldType | None:
    """What a column of names is rather than what its own name says first, None where it stays."""
    first, last, full = FieldType.FIRST_NAME, FieldType.LAST_NAME, FieldType.FULL_NAME
    words = max(fact.words, 1 + fact.share("comma"))  # `Lovelace,Ada`
    if meant[0] not in {first, full} or kind not in {first, full}:
        return None
    if kind is first:
        return full if full in meant and last not in best and words >= 1.7 else None
    if words >= 1.7:
        return None
    if last in meant and (first in best or words < 1.3):
        return last
    beside = last in best and first not in best
    given = words < 1.25 and first not in best and reading.get(first, 0.0) >= reading.get(last, 0.0)
    return first if beside or given else None


def _names(readings: list[Readings], facts: list[Facts], cells: list[pl.Series]) -> None:
    """Tells given from family names among single-name columns, in place."""
    gender = _column_of(readings, FieldType.GENDER)
    email = _column_of(readings, FieldType.EMAIL)
    _unlisted(readings, facts, cells, None if email is None else cells[email])
    columns = [
        index
        for index, reading in enumerate(readings)
        if reading
        and next(iter(reading)) in (*_SINGLE, FieldType.FULL_NAME)
        and FieldType.FIRST_NAME in reading
    ]
    if not columns:
        return
    leans = {}
    for index in columns:
        fact = facts[index]
        lean = 3 * (fact.share("given_only") - fact.share("family_only"))
        lean += 1.5 * (fact.share("given") - fact.share("family"))
        if gender is not None:
            lean += 6 * (_told_by(cells[index], cells[gender]) - 0.15)
        if email is not None:
            lean += 0.5 * _opens(cells[index], cells[email])
        leans[index] = lean
    if len(columns) == 1:
        (index,) = columns
        _lean(readings[index], leans[index])
        return
    mean = sum(leans.values()) / len(leans)
    for index in columns:
        if next(iter(readings[index])) is not FieldType.FULL_NAME:
            _lean(readings[index], 1.5 * (leans[index] - mean))


def _unlisted(
    readings: list[Readings], facts: list[Facts], cells: list[pl.Series], email: pl.Series | None
) -> None:
    """Finds names that no list knows: single words that e-mail addresses are made of, or that stand beside names."""
    named = any(next(iter(reading), None) in _SINGLE and max(reading.values()) >= 0.5 for reading in readings)
    for reading, fact, column in zip(readings, facts, cells, strict=True):
        word = fact.share("only_letters") >= 0.85 and fact.share("capital_first") >= 0.8 and fact.words <= 1.6
        if not word or fact.variety < 0.05 or max(reading.values(), default=0.0) >= 0.4:
            continue
        inside = 0.0 if email is None else _share_in(column, email)
        total = 0.75 if inside >= 0.3 else 0.5 if named and fact.variety >= 0.3 else 0.0
        if total:
            others = {kind: confidence for kind, confidence in reading.items() if kind not in _SINGLE}
            reading.clear()
            reading.update(ranked({**others, **dict.fromkeys(_SINGLE, total)}))


def _lean(reading: Readings, lean: float) -> None:
    """Shares a single name's confidence between given and family by a log-odds."""
    total = max(reading.get(kind, 0.0) for kind in _SINGLE)
    given = min(0.95, max(0.05, 1 / (1 + math.exp(-2 * lean))))
    reading[FieldType.FIRST_NAME] = round(total * given, 3)
    reading[FieldType.LAST_NAME] = round(total * (1 - given), 3)


def _told_by(name: pl.Series, gender: pl.Series) -> float:
    """How much of the uncertainty about the gender a name takes away, on names seen three times or more, 0 to 1.

    Each name's majority is scored on its other rows (leave one out), so that rare names add nothing by chance.
    """
    rows = pl.DataFrame({"name": name, "gender": gender}).with_columns(
        fold(pl.col("name")), fold(pl.col("gender"))
    )
    rows = rows.filter((pl.col("name") != "") & (pl.col("gender") != ""))
    kept = rows.filter(pl.len().over("name") >= 3)
    if kept.height < 50:
        return 0.15
    same = pl.len().over("name", "gender") - 1
    others = pl.len().over("name") - 1
    right = float(kept.select((same / others > 0.5).mean()).item())
    plain = float(kept.select((pl.len().over("gender") / pl.len()).max()).item())
    return max(0.0, (right - plain) / max(1 - plain, 0.05))


def _opens(name: pl.Series, email: pl.Series) -> float:
    """How much more often a name opens the local part of an address than stands later in it, -1 to 1."""
    found = _places_in(name, email).drop_nulls()
    if len(found) < 20:
        return 0.0
    return float(2 * (found == 0).sum() - len(found)) / len(found)


def _share_in(name: pl.Series, email: pl.Series) -> float:
    """Share of rows with both whose address has the name in it, 0 on fewer than five rows."""
    found = _places_in(name, email)
    return found.count() / len(found) if len(found) >= 5 else 0.0


def _places_in(name: pl.Series, email: pl.Series) -> pl.Series:
    """Where each name stands in its row's local part, null where it does not; rows that lack either are left out."""
    rows = pl.DataFrame({"name": name, "email": email}).with_columns(
        fold(pl.col("name")).str.replace_all(" ", "", literal=True),
        local=pl.col("email").str.to_lowercase().str.splitn("@", 2).struct.field("field_0"),
    )
    rows = rows.filter(pl.col("name").str.len_chars() >= 3, pl.col("local") != "")
    return rows.select(at=pl.col("local").str.find(pl.col("name"), literal=True))["at"]


def _places(readings: list[Readings]) -> None:
    """A place without a name may be where one lives or where one comes from, in place."""
    for reading in readings:
        if FieldType.LOCATION in reading:
            reading.setdefault(FieldType.HOMETOWN, 0.0)
            reading[FieldType.HOMETOWN] = round(
                max(reading[FieldType.HOMETOWN], 0.6 * reading[FieldType.LOCATION]), 3
            )


def _secrets(readings: list[Readings], facts: list[Facts]) -> None:
    """A pair of an identifier and a word of mixed characters is a log-in with its password, in place."""
    if len(readings) not in {2, 3}:
        return
    login = (FieldType.EMAIL, FieldType.USERNAME, FieldType.PHONE)
    kinds = [next(iter(reading), FieldType.UNKNOWN) for reading in readings]
    for index, reading in enumerate(readings):
        beside = [kind for position, kind in enumerate(kinds) if position != index]
        fact = facts[index]
        secretive = fact.share("space") < 0.05 and 4 <= fact.length <= 24 and fact.share("mixed") >= 0.2
        weak = not reading or max(reading.values()) < 0.7 or kinds[index] is FieldType.PASSWORD
        if secretive and weak and any(kind in login for kind in beside):
            reading[FieldType.PASSWORD] = 0.8


def _column_of(readings: list[Readings], kind: FieldType) -> int | None:
    return next((i for i, reading in enumerate(readings) if next(iter(reading), None) is kind), None)
