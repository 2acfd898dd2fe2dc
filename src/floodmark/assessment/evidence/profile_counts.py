"""How many, and in which countries: the counts of a saved leak against what is said of it.

A file may be a part of what was spoken of. So more than was said contradicts, as much supports, and less is worth a
look. What is said in few digits is met by much: only a count that is near supports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from floodmark.assessment.contradictions.scopes import country_of
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.profile_view import Counted, ProfileView
from floodmark.assessment.report.assertion_words import counted, number
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.labels import country_name
from floodmark.reports.numbers import listing, plural

STRAYS = 10_000
FEWEST = 10
"""A country with fewer numbers, or less than one in `STRAYS`, may be there by mistyped ones alone."""
NEAR = 0.1
"""A count that may be further than this share from what was said does not support it, however few digits were said."""
_MEASURED = {
    "": "rows",
    "rows": "rows",
    "phones": "distinct phone numbers",
    "emails": "distinct e-mail addresses",
    "accounts": "distinct profile ids",
    "identifiers": "distinct identifiers of all kinds",
    "people": "rows",
    "users": "rows",
}
_EXACTLY = {"rows", "phones", "emails"}  # what is counted is what was said
_KINDS = {"phones": ["phone"], "emails": ["email"], "accounts": ["profile_id"]}
_POWER = (
    "The file that is saved may be a part of what was spoken of, or have rows that do not belong to it. Whether the"
    " rows are genuine is not tested."
)


def total(assertion: Assertion, profile: ProfileView) -> Iterator[Evidence]:
    """How many rows or identifiers the file has, against a total."""
    said = assertion.quantity
    if said is None:
        return
    country = country_of(assertion.scope)
    if assertion.scope:
        found, what = (
            _of_country(country, assertion, profile),
            f"distinct phone numbers of {country_name(country)}",
        )
    else:
        found, what = _measure(assertion.of, profile), _MEASURED[assertion.of]
    if found is None:
        return
    numbers = {"said": said.value, "low": found.low, "high": found.high, "counts": what}
    holds = f"The saved leak has {found.words} {what}"
    claimed = f"{number(said)} {counted(assertion.of)}"
    same = assertion.of in (_EXACTLY if not assertion.scope else {"phones"})
    unsaid = not (assertion.of or assertion.scope)  # then rows are what is most likely meant
    apart = "" if same else " Whether that is what was counted is not known."
    match found.against(said):
        case "more":
            effect, ending = "contradicts" if same else "flags", f", more than {claimed}."
        case "fewer":
            effect = "flags"
            ending = f", {found.part_of(said)} of {claimed}: it is a part, or the figure is too high."
        case _:
            effect, ending = (
                _met(found, said) if same or unsaid else "unremarkable",
                f", which fits {claimed}.",
            )
    yield profile.evidence(effect, f"{holds}{ending}{apart}", _POWER, numbers)


def countries(assertion: Assertion, profile: ProfileView) -> Iterator[Evidence]:
    """How many countries the file's phone numbers are of, and how many each has."""
    found = profile.countries
    if not found:
        return
    if assertion.quantity is not None:
        yield _how_many(assertion.quantity, found, profile)
    if assertion.table is not None and assertion.table.counts:
        yield _table(assertion.table, found, profile)


def _how_many(said: Quantity, found: Mapping[str, Counted], profile: ProfileView) -> Evidence:
    least = max(FEWEST, sum(one.value for one in found.values()) // STRAYS)
    sure = sum(one.low >= least for one in found.values())
    numbers = {"said": said.value, "countries": len(found), "sure": sure, "least": least}
    holds = f"The phone numbers of the saved leak are of {len(found)} countries, {sure} of them with {least:,} or more"
    if said.high is not None and sure > said.high:
        effect, ending = "contradicts", f", which is more than {number(said)}, as claimed."
    elif len(found) < said.low:
        effect = "flags"
        ending = f", fewer than {number(said)}, as claimed: it is a part, or the figure is too high."
    else:
        nearest = min(max(said.value, sure), len(found))
        effect, ending = (
            _met(Counted(nearest, nearest, nearest), said),
            f", which fits {number(said)}, as claimed.",
        )
    return profile.evidence(effect, holds + ending, _POWER, numbers)


def _table(table: CountryTable, found: Mapping[str, Counted], profile: ProfileView) -> Evidence:
    nothing = Counted(0, 0, 0)
    results = {country: found.get(country, nothing).against(said) for country, said in table.counts.items()}
    more, fewer, fits = (
        [country for country, result in results.items() if result == which]
        for which in ("more", "fewer", "fits")
    )
    numbers = {"rows": len(results), "fits": fits, "more": more, "fewer": fewer}
    none = f"{len(fits) or 'none'} {'fit' if len(fits) > 1 else 'fits'}"
    words = (
        f"Of {plural(len(results), 'row')} of the table, {none} the distinct phone numbers of the saved leak"
    )
    if more:
        words += f"; of {listing([country_name(one) for one in more])} it has more than was said"
    if fewer:
        words += f"; of {listing([country_name(one) for one in fewer])} it has fewer"
    near = all(_met(found[one], said) == "supports" for one, said in table.counts.items() if one in found)
    effect = "contradicts" if more else "flags" if fewer else "supports" if near else "unremarkable"
    return profile.evidence(effect, f"{words}.", _POWER, numbers)


def _met(found: Counted, said: Quantity) -> str:
    """What a count that fits does to what was said."""
    near = found.low >= said.value * (1 - NEAR) and (
        said.bound == "at-least" or found.high <= said.value * (1 + NEAR)
    )
    return "supports" if near else "unremarkable"


def _measure(of: str, profile: ProfileView) -> Counted | None:
    """What of the profile is nearest to what was counted; None where it has nothing of that kind."""
    if _MEASURED[of] == "rows":
        return profile.rows
    found = [one for kind, one in profile.distinct.items() if kind in _KINDS.get(of, profile.distinct)]
    return Counted.sum(found) if found else None


def _of_country(country: str, assertion: Assertion, profile: ProfileView) -> Counted | None:
    """Phone numbers of the country that the scope names; None where it names none, or other things were counted."""
    if not (profile.countries and country and assertion.of in ("", "rows", "phones")):
        return None
    return profile.countries.get(country, Counted(0, 0, 0))
