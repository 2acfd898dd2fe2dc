"""What the profile of a saved leak says of assertions about it.

The profile is what triage counted (`profile.json`, docs/reference/profile.md) as plain JSON values, so that this room
needs nothing of the one that counts.

>>> made_up = {"synthetic": True, "rows": 1000, "fields": [{"type": "phone", "rows": 1000, "valid": 990}]}
>>> for one in profile_evidence(Assertion(kind="public-only"), made_up, slug="made-up"):
...     print(one.effect, one.words, sep=": ")
contradicts: Synthetic data: the saved leak has what public profiles do not show: phone number (99.0 % of rows).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.evidence.material import EvidenceTest, Material
from floodmark.assessment.evidence.profile_counts import countries, total
from floodmark.assessment.evidence.profile_dates import after
from floodmark.assessment.evidence.profile_fields import fields, public_only
from floodmark.assessment.evidence.profile_view import TEST, ProfileView
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement

__all__ = ["PROFILE", "profile_evidence"]

_TESTS: Mapping[str, Callable[[Assertion, ProfileView], Iterator[Evidence]]] = {
    "total": total,
    "countries": countries,
    "fields": fields,
    "public-only": public_only,
    "fixed-before": after,
    "old": after,
}


def profile_evidence(
    assertion: Assertion, profile: Mapping[str, Any], *, slug: str, reference: bool = False
) -> tuple[Evidence, ...]:
    """Test one assertion on a saved leak's profile.

    Args:
        assertion: what is claimed of the leak.
        profile: `profile.json` of the leak that is saved under the same slug.
        slug: that slug.
        reference: whether the assertion is of the reference set, and so of the real leak: synthetic data says nothing
            of that.

    Returns:
        The results; none where the profile has nothing that the test needs.
    """
    view = ProfileView(profile, slug)
    of_a_part = (
        assertion.scope and assertion.kind != "total"
    )  # the profile is of the whole, but for numbers by country
    if assertion.kind not in _TESTS or of_a_part or (reference and view.synthetic):
        return ()
    return tuple(_TESTS[assertion.kind](assertion, view))


def _run(statement: Statement, assertion: Assertion, material: Material) -> tuple[Evidence, ...]:
    profile = material.profiles.get(statement.about)
    if profile is None:
        return ()
    return profile_evidence(assertion, profile, slug=statement.about, reference=statement.is_reference)


PROFILE = EvidenceTest(TEST, frozenset(_TESTS), "the data itself, saved under the name of the leak", _run)
