"""`canon 1`: the one written form of every kind of identifier, shared by all clients (tests/vectors/canon-1.json).

>>> import polars as pl
>>> pl.select(canonical("email", pl.lit("ADA@Example.ORG"))).item()
'ada@example.org'
"""

from __future__ import annotations

import polars as pl

from floodmark.identifiers import emails, phones, profile_ids, usernames
from floodmark.identifiers.field_types import IdentifierKind

VERSION = 1


def canonical(kind: IdentifierKind, expr: pl.Expr) -> pl.Expr:
    """The `canon 1` form of text cells.

    Args:
        kind: kind of identifier.
        expr: text cells.

    Returns:
        String, null where the cell holds no identifier of the kind.
    """
    match kind:
        case "phone":
            return phones.canonical(phones.parse(expr).struct.field("e164"))
        case "email":
            return emails.canonical(expr)
        case "profile_id":
            return profile_ids.canonical(expr)
        case "username":
            return usernames.canonical(expr)
