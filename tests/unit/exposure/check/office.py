"""An organisation with a file of customers, for the tests of its checks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from floodmark.exposure.check import LocalEvaluator
from floodmark.exposure.check.organisation import check_organisation
from floodmark.exposure.check.organisation_result import OrganisationChecked
from floodmark.exposure.check.organisation_table import Customers, read_customers
from floodmark.exposure.snapshots import SnapshotDirectory
from floodmark.exposure.watch_columns import Wish
from floodmark.identifiers.digests import DigestKey

from .published import KEY, NOW, ROOT, Published

DIGEST_KEY = DigestKey(bytes(range(32)))


class Office:
    """A folder with a file of customers, and what a check leaves beside it."""

    def __init__(self, folder: Path, published: Published) -> None:
        self.file = folder / "customers.csv"
        self.progress = folder / "found.csv.progress"
        self.waits: list[int] = []
        self.sentences: list[str] = []
        self._published = published

    def write(self, *contacts: str) -> Office:
        """Make the file, with ids c0, c1, … in its first column."""
        lines = [f"c{at};{one}" for at, one in enumerate(contacts)]
        self.file.write_text("\n".join(["customer;contact", *lines, ""]))
        return self

    def customers(self) -> Customers:
        return read_customers(self.file, Wish("contact"), id_wish=Wish("customer"))

    def check(self, **options: Any) -> OrganisationChecked:
        """Check the file, by default in a folder and with the key at hand; waiting takes no time."""
        settings = {
            "source": SnapshotDirectory(self._published.folder),
            "evaluator": LocalEvaluator(KEY),
            "root_key": ROOT.public,
            "size": 1000,
            "key": DIGEST_KEY,
            "progress": self.progress,
            "clock": lambda: NOW,
            "wait": self._wait,
            "said": self.sentences.append,
        }
        return check_organisation(self.customers(), **(settings | options))

    async def _wait(self, wait: Any) -> None:
        self.waits.append(wait.seconds)


def numbers(count: int, first: int = 0) -> Iterable[str]:
    """Numbers of which 0100 to 0399 are in both leaks, and 0001 is."""
    return [f"+44 20 7946 {at:04d}" for at in range(first, first + count)]
