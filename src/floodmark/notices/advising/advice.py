"""What a person should do, and should not, when data of some field types has leaked.

>>> for one in advice(["phone", "country"])[:2]:
...     print(one.heading, "-", one.title, one.because)
Today - Have your phone number locked ('phone',)
In the next days - Get sign-in codes by app or key, not by SMS ('phone',)
>>> advice(["phone", "full_name", "birth_date"])[0].title
'Lock your phone number first'
>>> advice(["password"], "de")[0].title
'Passwort ändern'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from floodmark.identifiers import FieldType
from floodmark.notices.advising.catalogue import Entry, Urgency, catalogue, headings
from floodmark.notices.advising.languages import spoken, translation


@dataclass(frozen=True)
class Advice:
    """One advice in one language.

    Attributes:
        slug: stable name, the same in every language.
        title: what to do, in a few words.
        text: how, and why: a few sentences of plain text.
        because: labels of the field types that call for it; empty for what holds after every leak.
        urgency: when to follow it.
        heading: what stands above advice of this urgency.
    """

    slug: str
    title: str
    text: str
    because: tuple[str, ...]
    urgency: Urgency
    heading: str


def advice(field_types: Iterable[str], language: str | None = None) -> list[Advice]:
    """The advice for exactly these field types, the most urgent first and what not to do last, nothing twice.

    Args:
        field_types: labels such as `phone`; one that this version does not know counts as `unknown`.
        language: such as `de` or `de_DE.UTF-8`; English for None and for languages that the catalogue has not.

    Returns:
        None of it for no field types.
    """
    leaked = frozenset(_type(label) for label in field_types)
    called = [entry for entry in catalogue() if entry.holds(leaked)]
    left_out = frozenset[str]().union(*(entry.instead_of for entry in called))
    code = spoken(language)
    return [_in(code, entry, entry.reasons(leaked)) for entry in called if entry.slug not in left_out]


def _type(label: str) -> FieldType:
    try:
        return FieldType.from_label(label)
    except KeyError:
        return FieldType.UNKNOWN


def _in(language: str, entry: Entry, reasons: list[FieldType]) -> Advice:
    said = translation(language).pgettext
    return Advice(
        entry.slug,
        said(f"{entry.slug}/title", entry.title),
        said(f"{entry.slug}/text", entry.text),
        tuple(one.label for one in reasons),
        entry.urgency,
        said(f"heading/{entry.urgency.name.lower()}", headings()[entry.urgency]),
    )
