"""What columns of digits may be: phones, profile ids, ages, counts, postcodes, or nobody's numbers."""

from __future__ import annotations

from floodmark.dumps.column_facts import Facts
from floodmark.dumps.readings import NEARLY_ALL, Readings
from floodmark.identifiers import FieldType, dates

FIRST_TIMESTAMP = 2004  # before it, no platform that leaks today kept timestamps


def numbered(facts: Facts) -> Readings:
    """Columns of digits: phones, profile ids, ages, counts, postcodes."""
    share = facts.share
    readings: Readings = {}
    if nobodys(facts):
        return readings
    readings.update(_phones(facts))
    if share("digits") < NEARLY_ALL or facts.low is None or facts.high is None or facts.median is None:
        return readings
    if counts_seconds(facts):
        readings[FieldType.PROFILE_ID] = 0.3
    elif share("long_id") >= 0.2 and share("phone_valid") < 0.6:
        readings[FieldType.PROFILE_ID] = 0.97
    elif facts.variety >= 0.95 and facts.length >= 4 and FieldType.PHONE not in readings:
        readings[FieldType.PROFILE_ID] = _numbered_accounts(facts)
        readings[FieldType.NATIONAL_ID] = 0.15 if facts.widths == 1 else 0.05
    elif facts.length >= 6 and facts.variety >= 0.5:
        readings.setdefault(FieldType.PROFILE_ID, 0.4)
    if facts.low >= 5 and 30 <= facts.high <= 110 and 14 <= facts.median <= 65 and facts.distinct > 5:
        readings[FieldType.AGE] = 0.75
    elif facts.high < 10**8 and facts.median * 4 < facts.high and facts.distinct > 5:
        readings[FieldType.FOLLOWER_COUNT] = 0.45
    if share("postcode") >= NEARLY_ALL and facts.widths <= 2 and facts.high > 1900:
        chance = facts.rows**2 / (2 * (facts.high - facts.low + 1))  # pairs that uniform codes would share
        coded = share("zero_first") > 0.01 or (facts.distinct < facts.rows and chance > 3)
        readings[FieldType.POSTCODE] = 0.3 if facts.dates.order else 0.65 if coded else 0.45
        if coded and FieldType.PROFILE_ID in readings:
            readings[FieldType.PROFILE_ID] = 0.3
    if facts.distinct <= 3 and facts.high <= 9:
        readings[FieldType.GENDER] = 0.3
    return readings


def nobodys(facts: Facts) -> bool:
    """Whether whole numbers are goods', orders' or a count of the rows: no person's, and no telephone's."""
    share = facts.share
    if facts.rows < 10:
        return False
    counted = facts.counted >= 0.9 and facts.variety >= 0.95 and share("digits") >= NEARLY_ALL
    counted = counted and share("phone_valid") < 0.6
    return share("gtin") >= 0.95 or (counted and not counts_seconds(facts)) or starts_with_a_day(facts)


def starts_with_a_day(facts: Facts) -> bool:
    """Whether numbers are a day and a number of that day, and no time of that day."""
    return facts.share("dated_number") >= 0.95 and facts.share("compact_moment") < NEARLY_ALL


def _numbered_accounts(facts: Facts) -> float:
    """How likely distinct numbers are those of accounts: documents' begin with 0 too, or are of one length."""
    if facts.share("zero_first") > 0.01:
        return 0.3
    if facts.length < 6.5:
        return 0.6 if facts.counted >= 0.3 else 0.45
    return 0.8 if facts.widths > 1 or facts.length >= 15 else 0.45


def _phones(facts: Facts) -> Readings:  # noqa: PLR0911  a list of cases
    share = facts.share
    if share("phones") >= 0.03 and share("phone") >= 0.4 and share("phone") + share("phones") >= NEARLY_ALL:
        return {FieldType.PHONE: 0.9 if share("phone_valid") >= 0.5 * share("phone") else 0.6}
    if share("phone") < 0.8:
        return {}
    if facts.dates.share >= 0.8 and facts.dates.order is not None and facts.dates.order not in dates.UNIX:
        return {}
    if share("phone_valid") >= 0.6:  # of random numbers at most 0.21 are valid (11 digits), mostly below 0.1
        return {FieldType.PHONE: 0.97, FieldType.PROFILE_ID: 0.05}
    if max(share("state_number"), share("tax_number")) >= NEARLY_ALL:
        return {}
    if share("phone_written") >= 0.6:
        return {FieldType.PHONE: 0.93}
    if share("phone_valid") >= 0.4 and share("long_id") < 0.1 and facts.rows >= 20:
        return {FieldType.PHONE: 0.75, FieldType.PROFILE_ID: 0.3}
    national = share("zero_first") >= NEARLY_ALL and 9 <= facts.length <= 12 and facts.variety > 0.5
    if national and not (facts.widths == 1 and facts.length == 12):
        return {FieldType.PHONE: 0.7, FieldType.PROFILE_ID: 0.2, FieldType.NATIONAL_ID: 0.1}
    if share("ten") >= NEARLY_ALL and share("tenth") >= 0.97 and facts.rows >= 30:
        return {FieldType.PHONE: 0.65, FieldType.PROFILE_ID: 0.3}
    if facts.share("digits") < 0.5 and facts.share("phone_valid") + facts.share("phone_written") >= 0.6:
        return {FieldType.PHONE: 0.8}
    return {}


def counts_seconds(facts: Facts) -> bool:
    """Whether whole numbers are seconds or milliseconds of years that account timestamps have."""
    found = facts.dates
    if found.order not in dates.UNIX or found.early is None or found.late is None:
        return False
    return found.early >= FIRST_TIMESTAMP and found.late <= 2035
