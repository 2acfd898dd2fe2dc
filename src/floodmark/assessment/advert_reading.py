"""An advert as it was read, be it from a file or from options that nobody recorded, or from a recorded statement.

>>> said = pasted([Assertion(kind="new")], name="table.txt", content=b"Egypt 44,823,547")
>>> said.statement.kind, said.size, said.table.counts
('advert', 16, {})
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement

PASTED = "pasted"
"""Id of an advert that is recorded nowhere."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something about how an advert was read that a person has to look at.

    Attributes:
        slug: what kind of thing it is.
        words: one or two sentences.
        line: of the file, from 1; None where it is of no one line.
    """

    slug: str
    words: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Advert:
    """An advert as it was read.

    Attributes:
        statement: what it says, and who says it.
        name: of the file, safe to show; empty where there is none.
        sha256: of the file's bytes, in hexadecimal; empty where there is no file.
        size: of the file, in bytes.
        understood: what was made of the file, in sentences.
        remarks: what was not clear in it.
    """

    statement: Statement
    name: str = ""
    sha256: str = ""
    size: int = 0
    understood: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def is_recorded(self) -> bool:
        """Whether it is a statement of the register or of the reference set."""
        return self.statement.id != PASTED

    @property
    def figures(self) -> int:
        """How many figures it has that can be compared: the counts of its countries and its total."""
        return len(self.table.counts) + (self.total is not None)

    @property
    def table(self) -> CountryTable:
        """Its countries; without rows where it has none."""
        return self.statement.table or CountryTable(())

    @property
    def total(self) -> Quantity | None:
        """The first total that it gives of the whole."""
        return next(
            (one.quantity for one in self.statement.assertions if one.kind == "total" and not one.scope), None
        )


def pasted(
    claims: Sequence[Assertion],
    *,
    name: str = "",
    content: bytes | None = None,
    about: str = "",
    said_on: str = "",
    sample: int | None = None,
    drawn: str = "",
    understood: Sequence[str] = (),
    remarks: Sequence[Remark] = (),
) -> Advert:
    """An advert that nobody recorded yet.

    Args:
        claims: what it says.
        name: of the file, safe to show; empty where there is none.
        content: the file's bytes; None where there is none.
        about: slug of the leak or incident, where that is known.
        said_on: when it was published: a day, a month or a year.
        sample: rows of its sample.
        drawn: who drew the sample.
        understood: what was made of the file.
        remarks: what was not clear in it.
    """
    statement = Statement(
        id=PASTED,
        about=about,
        kind="advert",
        speaker_kind="seller",
        speaker="this advert",
        said_on=said_on,
        text="",
        source=name,
        sample=sample,
        drawn=drawn,
        assertions=tuple(claims),
    )
    return Advert(
        statement=statement,
        name=name,
        sha256=hashlib.sha256(content).hexdigest() if content is not None else "",
        size=len(content or b""),
        understood=tuple(understood),
        remarks=tuple(remarks),
    )
