"""What tests read of a saved leak's profile: counts with their intervals, kinds of data, dates.

>>> view = ProfileView({"rows": 100, "intervals": {"/rows": [90, 110]}, "synthetic": True}, "made-up")
>>> view.rows.words, view.rows.against(Quantity(105, 3)), view.rows.against(Quantity(80, 2))
('about 100 (90 to 110)', 'fits', 'more')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.numbers import share

TEST = "profile"
_NOWHERE = ("ZZ", "001")  # no country is known, or the network is of none


@dataclass(frozen=True)
class Counted:
    """A count of triage: exact where low and high are the value, else with its 95 % interval."""

    value: int
    low: int
    high: int

    @classmethod
    def sum(cls, several: Iterable[Counted]) -> Counted:
        """Several counts of different things together; the ends add up, so that the interval is too wide at most."""
        found = [*several]
        return cls(
            sum(one.value for one in found), sum(one.low for one in found), sum(one.high for one in found)
        )

    @property
    def words(self) -> str:
        """The count, with its interval where it is estimated."""
        exact = self.low == self.value == self.high
        return f"{self.value:,}" if exact else f"about {self.value:,} ({self.low:,} to {self.high:,})"

    def against(self, said: Quantity) -> str:
        """Whether it is `more` than what was said, `fewer`, or `fits`."""
        if said.high is not None and self.low > said.high:
            return "more"
        return "fewer" if self.high < said.low else "fits"

    def part_of(self, said: Quantity) -> str:
        """Which share of what was said it is."""
        return share(self.value, said.value)


@dataclass(frozen=True)
class ProfileView:
    """A profile (`profile.json`, docs/reference/profile.md) as JSON values, and the leak's name."""

    profile: Mapping[str, Any]
    slug: str

    @property
    def synthetic(self) -> bool:
        """Whether the data is marked as made up."""
        return bool(self.profile.get("synthetic"))

    @property
    def rows(self) -> Counted:
        """Records; in quick mode the most that may be in what was not read is added at the upper end."""
        found = self.count(self.profile["rows"], "/rows")
        return Counted(found.value, found.low, found.high + int(self.profile.get("unseen_rows") or 0))

    @property
    def distinct(self) -> dict[str, Counted]:
        """Distinct valid identifiers by kind."""
        return {
            one["kind"]: self.count(one["distinct"], f"/identifiers/{place}/distinct")
            for place, one in enumerate(self.profile.get("identifiers", ()))
        }

    @property
    def countries(self) -> dict[str, Counted]:
        """Distinct phone numbers by country of the numbering plan."""
        return {
            one["country"]: self.count(one["distinct"], f"/countries/{place}/distinct")
            for place, one in enumerate(self.profile.get("countries", ()))
            if one["country"] not in _NOWHERE
        }

    @property
    def fields(self) -> dict[str, Counted]:
        """Rows by field type: those that are valid, where its cells can be checked."""
        found = {}
        for place, one in enumerate(self.profile.get("fields", ())):
            part = "rows" if one["valid"] is None else "valid"
            found[one["type"]] = self.count(one[part], f"/fields/{place}/{part}")
        return found

    def count(self, value: int, pointer: str) -> Counted:
        """A number with its interval, if it has one."""
        low, high = self.profile.get("intervals", {}).get(pointer, (value, value))
        return Counted(value, low, high)

    def evidence(self, effect: str, words: str, power: str, numbers: Mapping[str, Any]) -> Evidence:
        """One result, which says so where the data is made up."""
        if self.synthetic:
            words, numbers = f"Synthetic data: {words[:1].lower()}{words[1:]}", {**numbers, "synthetic": True}
        source = f"profile:{self.slug}"
        return Evidence(
            test=TEST, effect=effect, words=words, power=power, numbers=numbers, sources=(source,)
        )
