"""How many statements a leak or an incident has at most.

Every table of countries is compared with every other that is known, so that fewer statements have one. A timeline of
as many as are kept is tested in seconds, and anybody may ask a server for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from floodmark.assessment.statements.statement import Saying
from floodmark.errors import FloodmarkError
from floodmark.register.tables import assertions, statements

MOST_STATEMENTS = 500  # about one leak or incident
MOST_TABLES = 50  # of these have a table of countries


class TooManyStatements(FloodmarkError):
    """A leak or an incident has as many statements as are kept."""

    slug = "too-many-statements"
    hint = "Remove those that say the same with: floodmark statement remove NUMBER"


class TooManyTables(FloodmarkError):
    """A leak or an incident has as many statements with a table of countries as are kept."""

    slug = "too-many-tables"
    hint = "Remove those that repeat another with: floodmark statement remove NUMBER, or say it without its table."


def check_room(connection: Connection, about: str, added: Sequence[Saying]) -> None:
    """See that statements can be recorded beside those that are there.

    Args:
        connection: of a transaction.
        about: slug of a leak or an incident, be it recorded or not.
        added: what is to be said of it.

    Raises:
        TooManyStatements, TooManyTables: as many are there as are kept.
    """
    kept = select(func.count()).select_from(statements).where(statements.c.about == about)
    if connection.execute(kept).scalar_one() + len(added) > MOST_STATEMENTS:
        raise TooManyStatements(f"Of one leak or incident, {MOST_STATEMENTS:,} statements are kept at most.")
    tables = sum(one.table is not None for one in added)
    if tables and _with_table(connection, about) + tables > MOST_TABLES:
        raise TooManyTables(
            f"Of one leak or incident, {MOST_TABLES} statements with a table are kept at most."
        )


def _with_table(connection: Connection, about: str) -> int:
    has_table = assertions.c.value["table"].as_string().is_not(None)
    query = (
        select(func.count(assertions.c.statement_id.distinct()))
        .join(statements, statements.c.id == assertions.c.statement_id)
        .where((statements.c.about == about) & (assertions.c.kind == "countries") & has_table)
    )
    return connection.execute(query).scalar_one()
