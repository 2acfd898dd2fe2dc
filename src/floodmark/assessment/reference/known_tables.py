"""Country tables of the reference set, to compare an advert with.

>>> [one.id for one in known_tables()][-3:]
['facebook-2021/country-list', 'facebook-2021/surfshark', 'whatsapp-2022/advert']
"""

from __future__ import annotations

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.reference.incidents import incidents, statements
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement


def known_tables() -> tuple[KnownTable, ...]:
    """The tables of the set that have counts, in the order of its statements."""
    titles = {one.slug: one.title for one in incidents()}
    tables = ((one, one.table) for one in statements())
    return tuple(_known(one, table, titles[one.about]) for one, table in tables if table and table.counts)


def _known(statement: Statement, table: CountryTable, title: str) -> KnownTable:
    return KnownTable(
        id=statement.id,
        about=statement.about,
        title=title,
        dated=statement.said_on,
        counts=table.counts,
        total=_total(statement),
        prices=table.prices,
        sources={row.country: row.source for row in table.rows if row.source},
    )


def _total(statement: Statement) -> Quantity | None:
    """The first total of the whole that the statement says."""
    said = (one.quantity for one in statement.assertions if one.kind == "total" and not one.scope)
    return next((one for one in said if one is not None), None)
