"""What a column may be, judged by its cells alone: types with a confidence each.

A rule gives a confidence only where its kind of cell is nearly always right; what could be several things gets several
readings, all low. Position is never looked at.
"""

from __future__ import annotations

from floodmark.dumps.column_facts import Facts
from floodmark.dumps.column_numbers import FIRST_TIMESTAMP, counts_seconds, numbered, starts_with_a_day
from floodmark.dumps.column_words import named, placed, prose, worded
from floodmark.dumps.readings import NEARLY_ALL, Readings
from floodmark.identifiers import FieldType, dates

LAST_BIRTH = 2013  # last birth year of an ordinary user


def read(facts: Facts) -> Readings:
    """Readings of one column.

    Args:
        facts: what its cells look like.

    Returns:
        Types with a confidence between 0 and 1, best first; empty for a column without a filled cell.
    """
    if not facts.rows:
        return {}
    readings: Readings = {}
    for rule in _RULES:
        for field_type, confidence in rule(facts).items():
            readings[field_type] = max(confidence, readings.get(field_type, 0.0))
    ranked = sorted(readings.items(), key=lambda item: (-item[1], item[0]))
    if ranked and ranked[0][1] >= 0.85:  # what is nearly certain leaves the others what is left
        ranked = [ranked[0], *((field_type, min(v, 1.02 - ranked[0][1])) for field_type, v in ranked[1:])]
    trust = _trust(facts.rows)
    return {
        field_type: round(confidence * trust, 3) for field_type, confidence in ranked if confidence >= 0.05
    }


def _trust(rows: int) -> float:
    """How far a few cells carry: 0.6 for one, 0.9 for nine, near 1 for hundreds."""
    return 1 - 0.8 / (rows + 1)


def _shaped(facts: Facts) -> Readings:
    """Cells whose shape says it all."""
    share = facts.share
    shapes = {
        FieldType.EMAIL: share("email"),
        FieldType.IP_ADDRESS: share("ip"),
        FieldType.PASSWORD_HASH: share("hash"),
        FieldType.BANK_ACCOUNT: share("iban"),
        FieldType.DEVICE_ID: max(share("device"), share("imei")),
        FieldType.CARD_NUMBER: share("card"),
        FieldType.COORDINATES: share("coordinates"),
        FieldType.LANGUAGE: share("locale"),
    }
    readings = {name: 0.98 * value for name, value in shapes.items() if value >= 0.8}
    if share("state_number") >= NEARLY_ALL and facts.variety >= 0.5:
        readings[FieldType.NATIONAL_ID] = 0.85
    elif share("tax_number") >= NEARLY_ALL and facts.variety >= 0.5:
        readings[FieldType.TAX_ID] = 0.85
    if share("at") >= 0.8 and share("email") >= 0.5:
        readings[FieldType.EMAIL] = 0.9
    if FieldType.CARD_NUMBER in readings and share("imei") >= share("card"):
        # Both have 15 digits and one check: cards of one issuer all begin alike, devices' makers are many.
        amex = share("amex") >= 0.95
        readings[FieldType.CARD_NUMBER] = 0.95 if amex else 0.5
        readings[FieldType.DEVICE_ID] = 0.1 if amex else readings[FieldType.DEVICE_ID]
    if share("sort_code") >= NEARLY_ALL:
        readings[FieldType.BANK_ACCOUNT] = 0.85
    if share("picture_file") >= 0.8 and share("url") < 0.8:
        readings[FieldType.AVATAR] = 0.9
    elif share("site") >= NEARLY_ALL and share("email") < 0.1 and share("ip") < 0.1:
        readings[FieldType.URL] = 0.85
    if share("blood") >= NEARLY_ALL and facts.distinct <= 12 and facts.length > 1:
        readings[FieldType.HEALTH] = 0.85
    elif share("disease") >= NEARLY_ALL and facts.widths <= 6 and facts.variety < 0.9:
        readings[FieldType.HEALTH] = 0.8
    if share("url") >= 0.8:
        picture = share("picture") >= 0.5
        readings[FieldType.AVATAR if picture else FieldType.URL] = 0.95
        readings[FieldType.URL if picture else FieldType.AVATAR] = 0.2
    return readings


def _dated(facts: Facts) -> Readings:  # noqa: PLR0911  a list of cases
    """Dates: of birth when the years spread as births do, else of the account."""
    found = facts.dates
    if found.order is None or found.share < 0.8 or starts_with_a_day(facts):
        return {}
    sure = found.share
    if found.early is None or found.median is None or found.late is None:
        if found.sentinel >= 0.5:
            return {FieldType.ACTIVE_AT: 0.5 * sure, FieldType.BIRTH_DATE: 0.3, FieldType.REGISTERED_AT: 0.3}
        return {FieldType.BIRTH_DATE: 0.85 * sure, FieldType.ACTIVE_AT: 0.1}
    unix = found.order in dates.UNIX
    if not unix and facts.share("digits") >= NEARLY_ALL and facts.widths == 1 and facts.length == 4:
        return _years(facts, found.median)
    if not unix and facts.share("digits") >= NEARLY_ALL and found.partial >= NEARLY_ALL:
        return {}  # numbers of which some are like years
    born = (
        found.median < FIRST_TIMESTAMP
        and found.early < 1995
        and found.early >= 1850
        and found.late <= LAST_BIRTH + 10
    )
    if unix and facts.low is not None and facts.low < 0 and born:
        return {FieldType.BIRTH_DATE: 0.9 * sure if facts.share("days") >= NEARLY_ALL else 0.6}
    if unix and not (found.early >= 1995 and found.late <= 2035):
        return {}
    if born:
        return {FieldType.BIRTH_DATE: 0.95 * sure, FieldType.REGISTERED_AT: 0.05}
    if found.partial >= 0.3 and found.median < 2010 and found.early >= 1850 and found.late <= 2040:
        return {FieldType.BIRTH_DATE: 0.9 * sure}
    if unix:
        known = 0.75 if counts_seconds(facts) else 0.3
    else:
        known = 0.62 if found.timed >= 0.5 or found.early >= FIRST_TIMESTAMP else 0.5
    return {
        FieldType.ACTIVE_AT: known * sure,
        FieldType.REGISTERED_AT: (known - 0.1) * sure,
        FieldType.LAST_SEEN_AT: (known - 0.2) * sure,
        FieldType.BIRTH_DATE: 0.2 if found.timed < 0.5 and found.median < 2010 else 0.05,
    }


def _years(facts: Facts, median: int) -> Readings:
    """Four digits: years of birth, of leaving a school, or no years at all."""
    if facts.low is None or facts.high is None or facts.low < 1900 or facts.high > 2040:
        return {}
    if median < 1998:
        return {FieldType.BIRTH_DATE: 0.6, FieldType.EDUCATION: 0.3}
    return {FieldType.EDUCATION: 0.5, FieldType.BIRTH_DATE: 0.3}


_RULES = (_shaped, _dated, numbered, worded, placed, named, prose)
