"""Country tables of the reference set, to compare an advert with.

>>> [one.id for one in known_tables()][-3:]
['facebook-2021/country-list', 'facebook-2021/surfshark', 'whatsapp-2022/advert']
"""

from __future__ import annotations

from floodmark.assessment.fingerprint.known import KnownTable, said_table
from floodmark.assessment.reference.incidents import incidents, statements

FEWEST_COUNTS = 3  # a report that prints one or two figures of a table in another way is no table of its own


def known_tables() -> tuple[KnownTable, ...]:
    """The tables of the set that have counts of three countries or more, in the order of its statements."""
    titles = {one.slug: one.title for one in incidents()}
    tables = (said_table(one, titles[one.about]) for one in statements())
    return tuple(one for one in tables if one is not None and len(one.counts) >= FEWEST_COUNTS)
