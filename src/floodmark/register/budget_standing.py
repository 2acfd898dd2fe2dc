"""How budgets stand, for whoever runs the server: read from the ledger's file, and nothing of any address in it.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     read_standing(Path(folder) / "budgets.sqlite") is None
True
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from floodmark.register.budget_day import SERVER, hashes_of
from floodmark.register.budget_file import BUSY_SECONDS, open_file, unavailable, waiting


@dataclass(frozen=True)
class OrganisationStanding:
    """What was evaluated with one API key in one epoch, in elements."""

    key: str
    epoch: int
    elements: int
    quota: int


@dataclass(frozen=True)
class Standing:
    """How budgets stand.

    Attributes:
        day: that the budgets of a day are of, in UTC; None before anybody without an API key asked.
        elements: evaluated on it for all who have no API key.
        quota: of the whole server on it; None before anybody asked.
        organisations: by API key and epoch, the newest epoch first.
    """

    day: date | None
    elements: int
    quota: int | None
    organisations: tuple[OrganisationStanding, ...]


@dataclass(frozen=True)
class Spent:
    """What was evaluated on the ledger's day under one limit, in elements.

    Attributes:
        name: `address`, `network` or `server`.
        elements: that were spent.
        quota: of the limit; None where nobody has asked under it.
        exempt: whether it was spent while there was no limit but the server's.
    """

    name: str
    elements: int
    quota: int | None
    exempt: bool


def read_spent(path: Path, address: IPv4Address | IPv6Address) -> tuple[Spent, ...] | None:
    """What was evaluated today for one address, and for the network around it and the server; None before any day.

    Args:
        path: of the ledger's file.
        address: whose; it is hashed as the ledger hashes it, and not written anywhere.

    Raises:
        BudgetsUnavailable: it cannot be read.
    """
    if not path.exists():
        return None
    with unavailable(), closing(open_file(path)) as connection, waiting(connection, BUSY_SECONDS):
        connection.execute("BEGIN")
        day = connection.execute("SELECT salt FROM day").fetchone()
        if day is None:
            return None
        found = []
        for exempt in (False, True):
            whose = hashes_of(address, day[0], exempt)
            for name, who in zip(("address", "network", "server"), whose, strict=True):
                row = connection.execute("SELECT elements, quota FROM spent WHERE who = ?", (who,)).fetchone()
                elements, quota = row or (0, None)
                if not exempt or (elements and who != SERVER):
                    found.append(Spent(name, elements, quota, exempt))
    return tuple(found)


def read_standing(path: Path) -> Standing | None:
    """How budgets stand now; None where none were ever kept.

    Args:
        path: of the ledger's file.

    Raises:
        BudgetsUnavailable: it cannot be read.
    """
    if not path.exists():
        return None
    with unavailable(), closing(open_file(path)) as connection, waiting(connection, BUSY_SECONDS):
        connection.execute("BEGIN")  # one state for all that is read
        number = connection.execute("SELECT number FROM day").fetchone()
        spent = connection.execute("SELECT elements, quota FROM spent WHERE who = ?", (SERVER,)).fetchone()
        rows = connection.execute(
            "SELECT key, epoch, elements, quota FROM organisations ORDER BY epoch DESC, key"
        ).fetchall()
    day = None if number is None else date(1970, 1, 1) + timedelta(days=number[0])
    elements, quota = spent or (0, None)
    return Standing(day, elements, quota, tuple(OrganisationStanding(*row) for row in rows))
