"""Which kinds of data a saved leak has: against a list of them, and against the claim that all of it was public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.profile_view import ProfileView
from floodmark.assessment.statements.assertion import Assertion
from floodmark.reports.labels import field_name
from floodmark.reports.numbers import listing, share

NOT_PUBLIC: Mapping[str, str] = {
    "phone": "platforms keep numbers to log in and to find friends by; a number that was tried out until it answered"
    " was still not shown",
    "email": "an address to log in with, which profiles do not show unless its owner writes it there",
    "address": "a street address is given to a shop or a state, not to a profile",
    "postcode": "a part of a street address",
    "national_id": "a number that a state gave",
    "passport": "a number that a state gave",
    "tax_id": "a number that a state gave",
    "card_number": "a means of payment",
    "bank_account": "a means of payment",
    "password": "a secret",
    "password_hash": "a secret",
    "security_question": "a secret",
    "ip_address": "only the server that is connected to sees it",
    "device_id": "only apps and networks see it",
    "last_seen_at": "log-ins are in the platform's own records",
}
"""Field types that public profiles do not show, and why; by label."""
FEWEST = 10
SMALLEST_SHARE = 0.0001
"""A kind of data in fewer rows, or a smaller share of them, may be what people wrote into a public text."""
_POWER_PUBLIC = (
    "This looks at kinds of data, not at the settings that each person had at the time. Names, workplaces and the like"
    " may have been public or not: of those it says nothing."
)
_POWER_FIELDS = (
    "Kinds of data are recognised by their cells; a column that is not recognised may be any. The file may be a part of"
    " what was spoken of."
)


def public_only(assertion: Assertion, profile: ProfileView) -> Iterator[Evidence]:
    """Kinds of data that no public profile shows contradict that all of it was public."""
    least = max(FEWEST, SMALLEST_SHARE * profile.rows.value)
    found = {
        label: rows for label, rows in profile.fields.items() if label in NOT_PUBLIC and rows.low >= least
    }
    if not found:
        words = "The saved leak has none of the kinds of data that public profiles never show."
        yield profile.evidence("unremarkable", words, _POWER_PUBLIC, {"checked": [*NOT_PUBLIC]})
        return
    shown = [
        f"{field_name(label)} ({share(rows.value, profile.rows.value)} of rows)"
        for label, rows in found.items()
    ]
    numbers = {label: rows.value for label, rows in found.items()}
    words = f"The saved leak has what public profiles do not show: {listing(shown)}."
    yield profile.evidence("contradicts", words, _POWER_PUBLIC, numbers)


def fields(assertion: Assertion, profile: ProfileView) -> Iterator[Evidence]:
    """Whether the file has the kinds of data that were named, and others beside them.

    A file may be a part, so that what it lacks is worth a look and no more. So is what was not said, where public
    profiles do not show it or it reveals beliefs, health, origin or sex life.
    """
    found = {label: rows for label, rows in profile.fields.items() if rows.value and label != "unknown"}
    named = [*dict.fromkeys(assertion.fields)]
    missing = [label for label in named if label not in found]
    there = [label for label in named if label in found]
    more = [label for label in found if label not in named]
    unknown = _unknown_columns(profile)
    numbers = {"there": there, "missing": missing, "more": more, "unknown_columns": unknown}
    parts = [f"has {_names(there)}, as was said"] if there else []
    if missing:
        noun = (
            "column that no type was found for has"
            if unknown == 1
            else "columns that no type was found for have"
        )
        parts.append(f"lacks {_names(missing)}" + (f", unless {unknown} {noun} it" if unknown else ""))
    if more:
        parts.append(f"also has {_names(more)}, which was not said")
    words = f"The saved leak {'; it '.join(parts)}."
    special = {one["type"] for one in profile.profile.get("fields", ()) if one["special_category"]}
    untold = {*more} & {*NOT_PUBLIC, *special}
    effect = "flags" if missing or untold else "supports"
    yield profile.evidence(effect, words, _POWER_FIELDS, numbers)


def _unknown_columns(profile: ProfileView) -> int:
    grammars = [file["grammar"] for file in profile.profile.get("files", ()) if file["grammar"] is not None]
    return sum(
        one["type"] == "unknown" and one["fill_rate"] > 0
        for grammar in grammars
        for one in grammar["columns"]
    )


def _names(labels: list[str]) -> str:
    return listing([field_name(label) for label in labels], 12)
