"""Country tables of the reference set, to compare an advert with.

>>> [one.id for one in known_tables()][-3:]
['facebook-2021/country-list', 'facebook-2021/surfshark', 'whatsapp-2022/advert']
"""

from __future__ import annotations

from floodmark.assessment.fingerprint.known import KnownTable, said_table
from floodmark.assessment.reference.incidents import incidents, statements


def known_tables() -> tuple[KnownTable, ...]:
    """The tables of the set that have counts, in the order of its statements."""
    titles = {one.slug: one.title for one in incidents()}
    tables = (said_table(one, titles[one.about]) for one in statements())
    return tuple(one for one in tables if one is not None)
