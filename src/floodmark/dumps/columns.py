"""Column types from content and header names, never from position; `unknown` rather than a guess.

>>> import polars as pl
>>> cells = pl.DataFrame({"a": ["ada@example.org", "bob@example.org"], "b": ["male", "female"]})
>>> [column.type.label for column in infer_columns(cells, None)]
['email', 'gender']
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import polars as pl

from floodmark.dumps import column_company, headers
from floodmark.dumps.column_decision import decide
from floodmark.dumps.column_facts import Facts, measure
from floodmark.dumps.column_hashes import hash_kind
from floodmark.dumps.column_readings import read
from floodmark.dumps.grammar import Column
from floodmark.dumps.readings import Readings
from floodmark.identifiers import FieldType, recogniser

SURE_ENOUGH = 0.5  # a best reading below it stays unknown
ALTERNATIVES = 3


def infer_columns(cells: pl.DataFrame, header: list[str] | None) -> tuple[Column, ...]:
    """Types of the columns of a sample.

    Args:
        cells: String columns, up to about 20,000 records in file order, without the header.
        header: column names as the file has them, or None; columns beyond them have no name.

    Returns:
        One column per column of `cells`, in order.
    """
    series = cells.get_columns()
    return _typed(series, measure(series), header)


def infer_each(samples: Sequence[pl.DataFrame]) -> list[tuple[Column, ...]]:
    """Types of the columns of several samples without headers; together they cost little more than one alone.

    Args:
        samples: each as for `infer_columns`.
    """
    facts = iter(measure([series for sample in samples for series in sample.get_columns()]))
    return [_typed(sample.get_columns(), list(islice(facts, sample.width)), None) for sample in samples]


def _typed(series: list[pl.Series], facts: list[Facts], header: list[str] | None) -> tuple[Column, ...]:
    names = [*(header or ()), *[""] * len(series)][: len(series)]
    named = headers.meanings(names) if header else [headers.NOTHING] * len(series)
    readings = [read(fact) for fact in facts]
    readings = column_company.settle(readings, facts, series)
    types = [decide(*parts) for parts in zip(readings, names, named, facts, strict=True)]
    types = column_company.settle_headed(types, named, facts)
    return _columns(types, facts, names)


def infer_header(first_cells: list[str], cells: pl.DataFrame) -> bool:
    """Whether the first record names the columns.

    Args:
        first_cells: cells of the first record.
        cells: String columns of the records after it.
    """
    filled = [cell.strip() for cell in first_cells if cell.strip()]
    if not filled:
        return False
    if len(filled) < len(first_cells) / 2 or _is_data(filled):
        return False
    meanings = headers.meanings(filled)
    exact = sum(meaning.confidence >= headers.EXACT for meaning in meanings)
    known = sum(meaning is not headers.NOTHING for meaning in meanings)
    repeated = _repeats(first_cells, cells)
    if repeated > len(filled) / 2:
        return False
    if exact >= max(1, len(filled) / 2):
        return True
    return known >= len(filled) / 3 and _stands_apart(first_cells, cells)


def _is_data(first_cells: list[str]) -> bool:
    """Whether a cell is what no column is called: an address, a number, a date."""
    checked = (FieldType.EMAIL, FieldType.PHONE, FieldType.BIRTH_DATE, FieldType.IP_ADDRESS, FieldType.URL)
    checks = [check(pl.col("cell")) for field_type in checked if (check := recogniser(field_type))]
    if any(cell.isdigit() for cell in first_cells):
        return True
    return bool(pl.DataFrame({"cell": first_cells}).select(pl.any_horizontal(checks).any()).item())


def _repeats(first_cells: list[str], cells: pl.DataFrame) -> int:
    """How many first cells turn up again below, so are values of a column rather than its name."""
    pairs = zip(first_cells, cells.columns, strict=False)
    again = [(pl.col(name) == pl.lit(cell)).sum() > 1 for cell, name in pairs if cell.strip()]
    return cells.select(pl.sum_horizontal(again)).item() if again and cells.height else 0


def _stands_apart(first_cells: list[str], cells: pl.DataFrame) -> bool:
    """Whether the first cells fit their columns' types less than the cells below do."""
    misfits = checked = 0
    for cell, facts in zip(first_cells, measure(cells.get_columns()), strict=False):
        for field_type in list(read(facts))[:1]:
            check = recogniser(field_type)
            if check is None or not cell.strip():
                continue
            checked += 1
            misfits += not pl.select(check(pl.lit(cell))).item()
    return checked > 0 and misfits >= checked / 2


def _columns(types: list[Readings], facts: list[Facts], names: list[str]) -> tuple[Column, ...]:
    columns = []
    seen: dict[str, int] = {}
    for index, (readings, fact) in enumerate(zip(types, facts, strict=True)):
        ranked = list(readings.items())
        best, confidence = ranked[0] if ranked and ranked[0][1] >= SURE_ENOUGH else (FieldType.UNKNOWN, 0.0)
        others = tuple(item for item in ranked if item[0] != best)[:ALTERNATIVES]
        name = names[index].strip() or best.label
        seen[name] = seen.get(name, 0) + 1
        order = fact.dates.order if best.is_date else None
        columns.append(
            Column(
                index=index,
                name=name if seen[name] == 1 else f"{name}_{seen[name]}",
                type=best,
                confidence=confidence,
                alternatives=others,
                date_order=order.value if order else None,
                hash_kind=hash_kind(fact, names[index]) if best is FieldType.PASSWORD_HASH else None,
            )
        )
    return tuple(columns)
