"""What columns of words may be: closed sets, places, names, employers, schools, jobs, texts."""

from __future__ import annotations

from floodmark.dumps.column_facts import Facts
from floodmark.dumps.readings import NEARLY_ALL, Readings
from floodmark.identifiers import FieldType


def worded(facts: Facts) -> Readings:
    """Cells from small closed sets."""
    share = facts.share
    readings: Readings = {}
    # Damaged lines leave a few cells of other columns here, each of them different.
    if share("gender") >= 0.9 and share("letter") >= 0.8 and facts.distinct <= 8 + 0.05 * facts.rows:
        short = facts.length <= 1.5
        readings[FieldType.GENDER] = 0.9 if short else 0.97
    if share("language_code") >= 0.95 and facts.distinct <= 60:
        readings[FieldType.LANGUAGE] = 0.85
        readings[FieldType.COUNTRY] = 0.1
    elif share("small_code") >= 0.95:
        readings[FieldType.COUNTRY] = 0.85
    elif share("language") >= 0.85 and facts.distinct <= 150:
        readings[FieldType.LANGUAGE] = 0.85
    if share("relationship") >= 0.85:
        readings[FieldType.RELATIONSHIP] = 0.96
    if share("religion") >= 0.85 and facts.distinct <= 200:
        readings[FieldType.RELIGION] = 0.85
    if share("code2") >= 0.95 or share("code3") >= 0.95:
        known = share("place")
        if known >= 0.95 and share("state") < 0.95:
            readings[FieldType.COUNTRY] = 0.85
            readings[FieldType.LANGUAGE] = 0.1
        elif share("state") >= 0.95 and facts.distinct > 3 and share("code2") >= 0.95:
            readings[FieldType.LOCATION] = 0.7
            readings[FieldType.COUNTRY] = 0.25
    return readings


def placed(facts: Facts) -> Readings:
    """Places, addresses, postcodes with letters."""
    share = facts.share
    readings: Readings = {}
    if share("letter") < 0.5:
        return readings
    if share("country") >= 0.85 and share("comma") < 0.3 and share("code2") + share("code3") < 0.5:
        readings[FieldType.COUNTRY] = 0.92
    elif share("place") >= 0.25 and share("digit") < 0.3 and share("code2") + share("code3") < 0.5:
        # Names of people are names of towns too: a place column has parts parted by commas, or towns that are no names.
        telling = share("place") * share("parted") + max(0.0, share("town") - 0.6 * share("named"))
        few = facts.rows >= 50 and facts.distinct <= 6 and share("town") < 0.9
        if telling >= 0.2 and not few:
            readings[FieldType.LOCATION] = min(0.9, 0.45 + telling)
    if share("area") >= 0.3 and share("digit") < 0.3 and share("company") < 0.1:
        readings.setdefault(FieldType.LOCATION, 0.65)
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


def named(facts: Facts) -> Readings:
    """Names, handles, employers, schools, jobs."""
    share = facts.share
    readings: Readings = {}
    if share("letter") < 0.8 or share("email") > 0.5 or share("flag") >= NEARLY_ALL:
        return readings
    for name, field_type in (
        ("school", FieldType.EDUCATION),
        ("company", FieldType.EMPLOYER),
        ("job", FieldType.JOB_TITLE),
    ):
        if share(name) >= (0.06 if name == "job" and share("named") < 0.3 else 0.12):
            readings[field_type] = min(0.9, 0.35 + 0.9 * share(name))
    if share("school") >= 0.5 and share("school") >= share("company"):
        readings[FieldType.EMPLOYER] = 0.1  # schools are among the words that employers have
    # People have more names than that, and longer ones.
    few = (facts.rows >= 50 and facts.distinct <= 8) or max(share("small_code"), share("code2")) >= NEARLY_ALL
    if share("only_letters") >= 0.85 and share("comma") < 0.5 and facts.words < 5 and not few:
        _people(facts, readings)
    readings.update(_handles(facts))
    return readings


def _people(facts: Facts, readings: Readings) -> None:
    """Adds names of people, in place."""
    share = facts.share
    known = max(share("named"), share("family_like"))
    if known >= 0.25:
        sure = min(0.9, 0.4 + 0.6 * known)
        full = min(1.0, max(0.0, facts.words - 1.2) / 0.5)
        several_families = facts.words >= 1.6 and share("given") < 0.25 and share("company") >= 0.03
        if several_families or share("comma") >= 0.2:  # partners: `Rossi, Bianchi e figli`
            sure *= 0.6
            readings[FieldType.EMPLOYER] = max(readings.get(FieldType.EMPLOYER, 0.0), 0.55)
        lean = share("given_only") - max(share("family_only"), share("family_like"))
        single = sure * (1 - 0.7 * full)
        readings[FieldType.FULL_NAME] = sure * max(full, 0.3)
        readings[FieldType.FIRST_NAME] = single * min(1.0, 0.6 + max(0.0, lean))
        readings[FieldType.LAST_NAME] = single * min(1.0, 0.6 + max(0.0, -lean))
    elif share("capital_first") >= 0.8 and facts.words <= 3.3 and facts.variety > 0.02:
        readings[FieldType.LAST_NAME] = 0.3
        readings[FieldType.FIRST_NAME] = 0.3
        readings[FieldType.EMPLOYER] = max(readings.get(FieldType.EMPLOYER, 0.0), 0.2)
        plain = max(share("company"), share("job"), share("school"), share("town"), share("street")) < 0.06
        if facts.words >= 1.8 and known >= 0.08 and plain and facts.variety >= 0.3:
            readings[FieldType.FULL_NAME] = 0.55


def _handles(facts: Facts) -> Readings:
    """Names that accounts chose, and passwords: one word with digits or marks in it."""
    share = facts.share
    uniform = facts.widths == 1 and share("hexadecimal") >= NEARLY_ALL
    if uniform:
        return {FieldType.DEVICE_ID: 0.3}
    alike = facts.widths == 1 and share("at_first") < NEARLY_ALL  # codes, keys and plates
    if share("handle") >= NEARLY_ALL and facts.variety >= 0.8 and not alike:
        if share("lower") >= 0.6 and share("joined") >= 0.2:
            return {FieldType.USERNAME: 0.6, FieldType.PASSWORD: 0.25}
        telling = max(share("at_first"), share("mixed"), share("joined"), share("underscored"))
        if share("pronounced") >= 0.95 and telling >= 0.3:
            return {FieldType.USERNAME: 0.6, FieldType.PASSWORD: 0.3}
    if share("space") < 0.05 and share("mixed") >= 0.3 and facts.length <= 24:
        if alike:
            return {FieldType.PASSWORD: 0.2}
        return {FieldType.PASSWORD: 0.35, FieldType.USERNAME: 0.3}
    return {}


def prose(facts: Facts) -> Readings:
    """Texts that people wrote, and questions that keep an account safe."""
    share = facts.share
    if share("question") >= NEARLY_ALL and facts.words >= 2.5 and facts.distinct <= 40:
        return {FieldType.SECURITY_QUESTION: 0.6, FieldType.FREE_TEXT: 0.2}
    told = max(share("company"), share("school"), share("street"), share("job")) < 0.3
    if facts.words >= 5 and facts.length >= 30 and share("digit") < 0.5 and facts.distinct > 10:
        varied = 1.0 if facts.variety >= 0.5 else 0.85
        return {FieldType.FREE_TEXT: varied * min(0.85, 0.4 + facts.words / 20)}
    if facts.words >= 3.5 and max(share("marks"), share("flowing")) >= 0.5 and told and facts.distinct > 10:
        return {FieldType.FREE_TEXT: 0.65}
    return {}
