"""The whole catalogue in one language, for a client that chooses from it by itself: a page that must ask nobody.

>>> rules("de")["headings"]["today"], rules("de")["advice"][0]["title"]
('Heute', 'Passwort ändern')
>>> rules("en")["advice"][2]["with"]
[['email']]
"""

from __future__ import annotations

from typing import Any

from floodmark.identifiers import FieldType
from floodmark.notices.advising.catalogue import catalogue, headings
from floodmark.notices.advising.languages import spoken, translation


def rules(language: str | None = None) -> dict[str, Any]:
    """What `advice` chooses from, JSON-ready, and all that is needed to choose as it does.

    Args:
        language: such as `de` or `de_DE.UTF-8`; English for None and for languages that the catalogue has not.

    Returns:
        `types` has the labels of all field types in the order of their numbers, `headings` what stands above the advice
        of each urgency, `advice` all of it in the order in which it is given: with `for`, the labels of which any calls
        for it (none: every leak does), `with`, lists of labels of each of which one has to be there, too, and
        `instead_of`, slugs of what is then left out.
    """
    said = translation(spoken(language)).pgettext
    return {
        "types": [one.label for one in sorted(FieldType)],
        "headings": {
            urgency.name.lower(): said(f"heading/{urgency.name.lower()}", text)
            for urgency, text in headings().items()
        },
        "advice": [
            {
                "slug": entry.slug,
                "urgency": entry.urgency.name.lower(),
                "for": _labels(entry.called_by),
                "with": [_labels(some) for some in entry.along_with],
                "instead_of": sorted(entry.instead_of),
                "title": said(f"{entry.slug}/title", entry.title),
                "text": said(f"{entry.slug}/text", entry.text),
            }
            for entry in catalogue()
        ],
    }


def _labels(types: frozenset[FieldType]) -> list[str]:
    return [one.label for one in sorted(types)]
