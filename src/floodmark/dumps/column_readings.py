"""What a column may be, judged by its cells alone: types with a confidence each.

A rule gives a confidence only where its kind of cell is nearly always right; what could be several things gets several
readings, all low. Position is never looked at.
"""

from __future__ import annotations

from floodmark.dumps.column_facts import Facts
from floodmark.identifiers import FieldType, dates

Readings = dict[FieldType, float]

# The year before which no platform that leaks today kept timestamps, and the last birth year of an ordinary user.
FIRST_TIMESTAMP = 2004
LAST_BIRTH = 2013
NEARLY_ALL = 0.9


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
    for rule in (_shaped, _dated, _numbered, _worded, _placed, _named, _prose):
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
    if share("at") >= 0.8 and share("email") >= 0.5:
        readings[FieldType.EMAIL] = 0.9
    if FieldType.CARD_NUMBER in readings and share("imei") >= share("card"):
        readings[FieldType.CARD_NUMBER] = 0.5
    if share("url") >= 0.8:
        picture = share("picture") >= 0.5
        readings[FieldType.AVATAR if picture else FieldType.URL] = 0.95
        readings[FieldType.URL if picture else FieldType.AVATAR] = 0.2
    return readings


def _dated(facts: Facts) -> Readings:  # noqa: PLR0911  a list of cases
    """Dates: of birth when the years spread as births do, else of the account."""
    found = facts.dates
    if found.order is None or found.share < 0.8:
        return {}
    sure = found.share
    if found.early is None or found.median is None or found.late is None:
        if found.sentinel >= 0.5:
            return {FieldType.ACTIVE_AT: 0.5 * sure, FieldType.BIRTH_DATE: 0.3, FieldType.REGISTERED_AT: 0.3}
        return {FieldType.BIRTH_DATE: 0.85 * sure, FieldType.ACTIVE_AT: 0.1}
    unix = found.order in dates.UNIX
    if not unix and facts.share("digits") >= NEARLY_ALL and facts.widths == 1 and facts.length == 4:
        return _years(facts, found.median)
    born = (
        found.median < FIRST_TIMESTAMP
        and found.early < 1995
        and found.early >= 1850
        and found.late <= LAST_BIRTH + 10
    )
    if unix and not (found.early >= 1995 and found.late <= 2035):
        return {FieldType.BIRTH_DATE: 0.3} if born and facts.low is not None and facts.low < 0 else {}
    if born:
        return {FieldType.BIRTH_DATE: 0.95 * sure, FieldType.REGISTERED_AT: 0.05}
    if found.partial >= 0.3 and found.median < 2010:
        return {FieldType.BIRTH_DATE: 0.9 * sure}
    if unix:
        known = 0.75 if _counts_seconds(facts) else 0.3
    else:
        known = 0.62 if found.timed >= 0.5 or found.early >= FIRST_TIMESTAMP else 0.5
    return {
        FieldType.ACTIVE_AT: known * sure,
        FieldType.REGISTERED_AT: (known - 0.1) * sure,
        FieldType.LAST_SEEN_AT: (known - 0.2) * sure,
        FieldType.BIRTH_DATE: 0.2 if found.timed < 0.5 and found.median < 2010 else 0.05,
    }


def _counts_seconds(facts: Facts) -> bool:
    """Whether whole numbers are seconds or milliseconds of years that account timestamps have."""
    found = facts.dates
    if found.order not in dates.UNIX or found.early is None or found.late is None:
        return False
    return found.early >= FIRST_TIMESTAMP and found.late <= 2035


def _years(facts: Facts, median: int) -> Readings:
    """Four digits: years of birth, of leaving a school, or no years at all."""
    if facts.low is None or facts.high is None or facts.low < 1900 or facts.high > 2040:
        return {}
    if median < 1998:
        return {FieldType.BIRTH_DATE: 0.6, FieldType.EDUCATION: 0.3}
    return {FieldType.EDUCATION: 0.5, FieldType.BIRTH_DATE: 0.3}


def _numbered(facts: Facts) -> Readings:
    """Columns of digits: phones, profile ids, ages, counts, postcodes."""
    share = facts.share
    readings: Readings = {}
    if share("phone") >= 0.8:
        readings.update(_phones(facts))
    if share("digits") < NEARLY_ALL or facts.low is None or facts.high is None or facts.median is None:
        return readings
    if _counts_seconds(facts):
        readings[FieldType.PROFILE_ID] = 0.3
    elif share("long_id") >= 0.2 and share("phone_valid") < 0.6:
        readings[FieldType.PROFILE_ID] = 0.97
    elif facts.variety >= 0.95 and facts.length >= 4 and FieldType.PHONE not in readings:
        readings[FieldType.PROFILE_ID] = (
            0.8 if facts.length >= 6.5 else 0.6 if facts.distinct == facts.rows else 0.3
        )
        readings[FieldType.NATIONAL_ID] = 0.15 if facts.widths == 1 else 0.05
    elif facts.length >= 6 and facts.variety >= 0.5:
        readings.setdefault(FieldType.PROFILE_ID, 0.4)
    if facts.low >= 5 and 30 <= facts.high <= 110 and 14 <= facts.median <= 65 and facts.distinct > 5:
        readings[FieldType.AGE] = 0.75
    elif facts.high < 10**8 and facts.median * 4 < facts.high and facts.distinct > 5:
        readings[FieldType.FOLLOWER_COUNT] = 0.55
    if share("postcode") >= NEARLY_ALL and facts.widths <= 2 and facts.high > 1900:
        chance = facts.rows**2 / (2 * (facts.high - facts.low + 1))  # pairs that uniform codes would share
        coded = share("zero_first") > 0.01 or (facts.distinct < facts.rows and chance > 3)
        readings[FieldType.POSTCODE] = 0.3 if facts.dates.order else 0.65 if coded else 0.45
        if coded and FieldType.PROFILE_ID in readings:
            readings[FieldType.PROFILE_ID] = 0.3
    if facts.distinct <= 3 and facts.high <= 9:
        readings[FieldType.GENDER] = 0.3
    return readings


def _phones(facts: Facts) -> Readings:  # noqa: PLR0911  a list of cases
    share = facts.share
    if facts.dates.share >= 0.8 and facts.dates.order is not None and facts.dates.order not in dates.UNIX:
        return {}
    if share("phone_valid") >= 0.6:  # of random numbers at most 0.21 are valid (11 digits), mostly below 0.1
        return {FieldType.PHONE: 0.97, FieldType.PROFILE_ID: 0.05}
    if share("phone_written") >= 0.6:
        return {FieldType.PHONE: 0.93}
    if share("phone_valid") >= 0.4 and share("long_id") < 0.1 and facts.rows >= 20:
        return {FieldType.PHONE: 0.75, FieldType.PROFILE_ID: 0.3}
    if share("zero_first") >= NEARLY_ALL and facts.length >= 9 and facts.variety > 0.5:
        return {FieldType.PHONE: 0.7, FieldType.PROFILE_ID: 0.2, FieldType.NATIONAL_ID: 0.1}
    if share("ten") >= NEARLY_ALL and share("tenth") >= 0.97 and facts.rows >= 30:
        return {FieldType.PHONE: 0.65, FieldType.PROFILE_ID: 0.3}
    if facts.share("digits") < 0.5 and facts.share("phone_valid") + facts.share("phone_written") >= 0.6:
        return {FieldType.PHONE: 0.8}
    return {}


def _worded(facts: Facts) -> Readings:
    """Cells from small closed sets."""
    share = facts.share
    readings: Readings = {}
    # Damaged lines leave a few cells of other columns here, each of them different.
    if share("gender") >= 0.9 and share("letter") >= 0.8 and facts.distinct <= 8 + 0.05 * facts.rows:
        short = facts.length <= 1.5
        readings[FieldType.GENDER] = 0.9 if short else 0.97
    if share("relationship") >= 0.85:
        readings[FieldType.RELATIONSHIP] = 0.96
    if share("religion") >= 0.85 and facts.distinct <= 200:
        readings[FieldType.RELIGION] = 0.85
    if share("code2") >= 0.95 or share("code3") >= 0.95:
        known = share("place")
        if known >= 0.95 and share("state") < 0.95:
            readings[FieldType.COUNTRY] = 0.85
            readings[FieldType.LANGUAGE] = 0.1
        elif share("state") >= 0.95 and facts.distinct > 3:
            readings[FieldType.LOCATION] = 0.7
            readings[FieldType.COUNTRY] = 0.25
    return readings


def _placed(facts: Facts) -> Readings:
    """Places, addresses, postcodes with letters."""
    share = facts.share
    readings: Readings = {}
    if share("letter") < 0.5:
        return readings
    if share("country") >= 0.85 and share("comma") < 0.3 and share("code2") + share("code3") < 0.5:
        readings[FieldType.COUNTRY] = 0.92
    elif share("place") >= 0.25 and share("digit") < 0.3:
        # Names of people are names of towns too: a place column has parts parted by commas, or towns that are no names.
        telling = share("place") * share("comma") + max(0.0, share("town") - 0.6 * share("named"))
        if telling >= 0.2:
            readings[FieldType.LOCATION] = min(0.9, 0.45 + telling)
    house = share("street") * share("digit")
    if (
        share("digit") >= 0.5
        and facts.words >= 2
        and facts.length >= 10
        and (house >= 0.25 or share("mixed") >= 0.8)
    ):
        readings[FieldType.ADDRESS] = min(0.9, 0.5 + 0.5 * share("street"))
    if share("postcode") >= NEARLY_ALL:
        readings[FieldType.POSTCODE] = 0.85
    return readings


def _named(facts: Facts) -> Readings:
    """Names, handles, employers, schools, jobs."""
    share = facts.share
    readings: Readings = {}
    if share("letter") < 0.8 or share("email") > 0.5:
        return readings
    for name, field_type in (
        ("school", FieldType.EDUCATION),
        ("company", FieldType.EMPLOYER),
        ("job", FieldType.JOB_TITLE),
    ):
        if share(name) >= (0.06 if name == "job" and share("named") < 0.3 else 0.12):
            readings[field_type] = min(0.9, 0.35 + 0.9 * share(name))
    if share("only_letters") >= 0.85 and share("comma") < 0.5 and facts.words < 5:
        named = share("named")
        if named >= 0.25:
            sure = min(0.9, 0.4 + 0.6 * named)
            full = min(1.0, max(0.0, facts.words - 1.2) / 0.5)
            several_families = facts.words >= 1.6 and share("given") < 0.25
            if several_families or share("comma") >= 0.2:  # partners: `Rossi, Bianchi e figli`
                sure *= 0.6
                readings[FieldType.EMPLOYER] = max(readings.get(FieldType.EMPLOYER, 0.0), 0.55)
            lean = share("given_only") - share("family_only")
            single = sure * (1 - 0.7 * full)
            readings[FieldType.FULL_NAME] = sure * max(full, 0.3)
            readings[FieldType.FIRST_NAME] = single * min(1.0, 0.6 + max(0.0, lean))
            readings[FieldType.LAST_NAME] = single * min(1.0, 0.6 + max(0.0, -lean))
        elif share("capital_first") >= 0.8 and facts.words <= 2.5 and facts.variety > 0.02:
            readings[FieldType.LAST_NAME] = 0.3
            readings[FieldType.FIRST_NAME] = 0.3
            readings[FieldType.EMPLOYER] = max(readings.get(FieldType.EMPLOYER, 0.0), 0.2)
    if (
        share("handle") >= NEARLY_ALL
        and share("lower") >= 0.6
        and share("joined") >= 0.2
        and facts.variety >= 0.8
    ):
        readings[FieldType.USERNAME] = 0.6
        readings[FieldType.PASSWORD] = 0.25
    elif share("space") < 0.05 and share("mixed") >= 0.3 and facts.length <= 24:
        readings[FieldType.PASSWORD] = 0.35
        readings[FieldType.USERNAME] = 0.3
    return readings


def _prose(facts: Facts) -> Readings:
    if facts.words >= 5 and facts.variety >= 0.5 and facts.length >= 30 and facts.share("digit") < 0.5:
        return {FieldType.FREE_TEXT: min(0.85, 0.4 + facts.words / 20)}
    return {}
