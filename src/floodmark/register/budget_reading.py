"""What organisations have spent, for whoever gives out their keys: read beside a server that runs."""

from __future__ import annotations

from pathlib import Path

from floodmark.register.budget_file import open_file, unavailable


def spent_by_organisations(path: Path) -> dict[str, tuple[int, int]]:
    """For each API key by its id, the newest epoch that it asked in and the elements that it spent in that.

    Args:
        path: of the ledger's file; one that is not there is not made.

    Raises:
        BudgetsUnavailable: it cannot be read.
    """
    if not path.exists():
        return {}
    with unavailable():
        connection = open_file(path)
        try:
            rows = connection.execute("SELECT key, epoch, elements FROM organisations ORDER BY key, epoch")
            return {key: (epoch, elements) for key, epoch, elements in rows}
        finally:
            connection.close()
