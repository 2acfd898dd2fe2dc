"""Country tables of the reference set: a CSV file beside the statement, a line for a country, each with its source.

Columns: `country` (ISO 3166-1 alpha-2), `count`, `digits` that were said of it (empty: all), `bound` (`about`,
`at-least`, `at-most` or empty), `price` (whole units) and `currency` where a price was asked, and `source`, in words.
"""

from __future__ import annotations

import csv
from importlib.resources.abc import Traversable
from typing import Any

COLUMNS = ("country", "count", "digits", "bound", "price", "currency", "source")


def read_rows(file: Traversable) -> list[dict[str, Any]]:
    """Rows of a table as JSON values, in the form that `statements.values` reads.

    Raises:
        ValueError: the file has other columns, or a cell is no number.
    """
    rows = csv.DictReader(file.read_text("utf-8").splitlines())
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ValueError(f"{file.name} has other columns than {', '.join(COLUMNS)}")
    return [_row(row) for row in rows]


def _row(row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"country": row["country"], "source": row["source"]}
    if row["count"]:
        digits = int(row["digits"] or len(row["count"]))
        found["count"] = {"value": int(row["count"]), "digits": digits, "bound": row["bound"]}
    if row["price"]:
        digits = len(row["price"].rstrip("0"))
        found["price"] = {"value": int(row["price"]), "digits": digits, "currency": row["currency"]}
    return found
