"""What the requests of a table ask about: equal to `Mapping.asked` of each, for all rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from floodmark.guard.logs import column_texts, json_cells
from floodmark.guard.logs.endpoints import Endpoint
from floodmark.guard.logs.places import Request
from floodmark.guard.logs.roles import named_field
from floodmark.guard.reduction import HALF

_NOT_PLAIN = r"\\u|[:\[,]\s*-?[0-9]+[.eE]"
"""Of a JSON body, whether it may have escapes or numbers that are written otherwise than digit by digit."""
SAID = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class AskedRows:
    """What some rows ask an endpoint about.

    Attributes:
        endpoint: that they are to.
        rows: UInt32, shape (m,), ascending: rows of the table.
        texts: columns `row` (UInt32, one of `rows`), `text` (String) and `hit` (Boolean: whether it exists, null
            where nobody says), one for each identifier, in order.
    """

    endpoint: Endpoint
    rows: pl.Series
    texts: pl.DataFrame


def asked(endpoints: Sequence[Endpoint], table: pl.DataFrame) -> list[AskedRows]:
    """What the requests of a table ask about.

    Args:
        endpoints: of a mapping.
        table: columns of the roles that the endpoints look at: `method`, `target` as `column_texts.normal` leaves it,
            `body`, `status` (Int32), `size` (Int64), and fields as `named_field` calls them.
    """
    rest = table.with_row_index("row")
    found = []
    for endpoint in endpoints:
        rows, rest = _matching(endpoint, rest)
        if rows.height:
            texts = _texts(endpoint, rows)
            found.append(AskedRows(endpoint, rows["row"], texts.with_columns(_hits(endpoint, rows, texts))))
    return found


def whole(endpoint: Endpoint) -> str:
    """The expression of a whole target of an endpoint."""
    return rf"(?s)^{endpoint.pattern}(?:\?.*)?$"


def _matching(endpoint: Endpoint, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are to an endpoint, with what path or query say as `named` where it is wanted, and the others."""
    place = endpoint.place
    if place.source == "path":
        number = endpoint.names.index(place.name) + 1
        table = table.with_columns(pl.col("target").str.extract(whole(endpoint), number).alias("named"))
    rows, others = _parted(table, _matches(endpoint))
    if place.source == "query" and rows.height:
        rows = rows.with_columns(column_texts.first_values(rows["target"], place.name))
        rows, without = _parted(rows, pl.col("named").is_not_null())
        if without.height:
            others = pl.concat([others, without.select(others.columns)]).sort("row")
    return rows, others


def _parted(table: pl.DataFrame, which: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows for which something holds, and the others."""
    mine = table.select(which.fill_null(False)).to_series()
    if mine.len() != table.height:  # what looks at no column is one value for all
        mine = mine.new_from_index(0, table.height)
    return (table, table.clear()) if mine.all() else (table.filter(mine), table.filter(~mine))


def _matches(endpoint: Endpoint) -> pl.Expr:
    parts = [pl.lit(True)]
    if endpoint.methods:
        parts.append(pl.col("method").is_in(list(endpoint.methods)))
    if endpoint.place.source == "path":
        parts.append(pl.col("named").is_not_null())
    elif endpoint.pattern:
        parts.append(pl.col("target").str.contains(whole(endpoint)))
    parts += [pl.col(named_field(name)) == value for name, value in endpoint.where]
    return pl.all_horizontal(parts)


def _texts(endpoint: Endpoint, table: pl.DataFrame) -> pl.DataFrame:
    place, plus = endpoint.place, endpoint.kind == "phone"
    if place.source == "path":
        found = _numbered(column_texts.decoded(table["named"], form=False, plus=False))
    elif place.source == "field":
        cells = table[named_field(place.name)]
        found = json_cells.spread(cells, _lists(cells)) if cells.dtype != pl.String else _numbered(cells)
    elif place.source == "body":
        found = _of_json(endpoint, table["body"])
    else:
        found = (
            _values(table, place.name)
            if place.source == "query"
            else column_texts.values(_form(table["body"]), place.name)
        )
        found = found.with_columns(column_texts.decoded(found["text"], form=True, plus=plus))
    if endpoint.separator:
        parts = pl.col("text").str.split(endpoint.separator)
        found = found.with_columns(parts).explode("text").with_columns(pl.col("text").str.strip_chars())
    found = found.filter(pl.col("text") != "")
    return found.with_columns(table["row"].gather(found["row"]))


def _values(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """As `column_texts.values` of the queries of targets, of which most have one."""
    found = _numbered(table["named"])
    if not table["several"].any():
        return found
    at = table["several"].arg_true()
    queries = column_texts.queries(table["target"].gather(at))
    again = column_texts.values(queries, name).with_columns(
        pl.col("row").replace_strict(range(at.len()), at, return_dtype=pl.UInt32)
    )
    return pl.concat([found.filter(~table["several"]), again]).sort("row", maintain_order=True)


def _hits(endpoint: Endpoint, rows: pl.DataFrame, texts: pl.DataFrame) -> pl.Series:
    """Whether each identifier exists: by a list beside it, where that has as many members; else by the answer."""
    of_rows = rows.select("row", endpoint.existed_column().alias("hit"))
    hits = of_rows["hit"]
    if not texts["row"].equals(rows["row"]):
        hits = texts.select("row").join(of_rows, on="row", how="left", maintain_order="left")["hit"]
    if not endpoint.hits or rows.schema[named_field(endpoint.hits)] != pl.List:
        return hits
    beside = rows.select("row", pl.col(named_field(endpoint.hits)).alias("beside"))
    counted = texts.group_by("row").len().join(beside, on="row", how="left")
    fitting = counted.filter(pl.col("len") == pl.col("beside").list.len()).select("row")
    told = beside.join(fitting, on="row", how="semi").explode("beside")
    said = told["beside"].replace_strict(SAID, default=None, return_dtype=pl.Boolean)
    at = texts.with_row_index("at").join(fitting, on="row", how="semi")["at"]
    return hits.scatter(at, said)


def _numbered(texts: pl.Series) -> pl.DataFrame:
    return texts.alias("text").to_frame().with_row_index("row")


def _form(bodies: pl.Series) -> pl.Series:
    return column_texts.equivalent("/?" + bodies).str.slice(2)


def _lists(cells: pl.Series) -> json_cells.Steps:
    """Steps through a list, where cells are lists."""
    return (None,) if cells.dtype == pl.List else ()


def _of_json(endpoint: Endpoint, bodies: pl.Series) -> pl.DataFrame:
    """Identifiers of JSON bodies; those in which a key may stand twice are read one by one.

    Of a repeated key the last counts, as it does to most servers; and a client that repeats one wants to be misread.
    """
    place = endpoint.place
    keys = [step for step in place.steps if step is not None]
    found = json_cells.spread(json_cells.decoded(bodies, json_cells.tree_of([place.steps])), place.steps)
    unsure = bodies.str.contains(_NOT_PLAIN).fill_null(False)
    if keys:
        unsure |= _repeated(bodies, keys, found)
    if not unsure.any():
        return found
    at = unsure.arg_true()
    one_by_one = pl.DataFrame(
        {
            "row": at,
            "text": [
                [HALF.sub("\ufffd", text) for text in place.texts(Request(body=body.encode()), endpoint.kind)]
                for body in bodies.gather(at)
            ],
        },
        schema={"row": pl.UInt32, "text": pl.List(pl.String)},
    )
    again = one_by_one.filter(pl.col("text").list.len() > 0).explode("text")
    return pl.concat([found.join(one_by_one, on="row", how="anti"), again]).sort("row", maintain_order=True)


def _repeated(bodies: pl.Series, keys: Sequence[str], found: pl.DataFrame) -> pl.Series:
    """Whether a key may stand twice in a body: Boolean, shape (n,)."""
    counted = found.group_by("row").len()
    rows = pl.DataFrame({"row": pl.int_range(bodies.len(), dtype=pl.UInt32, eager=True)})
    seen = rows.join(counted, on="row", how="left", maintain_order="left")["len"].fill_null(0)
    many = bodies.str.count_matches(f'"{keys[-1]}"', literal=True).fill_null(0) > seen
    for key in keys[:-1]:
        many |= bodies.str.count_matches(f'"{key}"', literal=True).fill_null(0) > 1
    return many
