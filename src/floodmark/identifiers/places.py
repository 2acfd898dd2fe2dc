"""Countries from location text: `Cairo, Egypt` is EG, `Paris, Texas` is US, what names no country is null.

The gazetteer (`data/places.tsv`) has country names in the official and the ten supported languages (Unicode CLDR),
names of large first-level parts, and towns that one country dominates (GeoNames, CC BY 4.0).
`tools/compile_places.py` writes it.

>>> countries(pl.Series(["Cairo, Egypt", "Paris, Texas", "القاهرة", "Tripoli", None])).to_list()
['EG', 'US', 'EG', None, None]
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from floodmark.identifiers.folding import fold

MOST_PARTS = 6
_BETWEEN = r"[,،、;/|()\n]+| [-–—] "
# After a comma two capitals are a state of the United States before they are a country.
STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
).split()


def countries(cells: pl.Series) -> pl.Series:
    """Countries that location texts name; each distinct text is looked up once.

    The rightmost part that names a country or a first-level part wins, then the rightmost part that names a town.
    A cell that is only a two- or three-letter code is read as ISO 3166-1.

    Args:
        cells: text cells, nulls allowed.

    Returns:
        String series, ISO 3166-1 alpha-2 codes; null where nothing is known.
    """
    frame = pl.DataFrame({"cell": cells.cast(pl.String)})
    distinct = frame.unique()
    distinct = distinct.with_columns(country=_look_up(distinct["cell"]))
    return frame.join(distinct, on="cell", how="left", maintain_order="left")["country"].alias(cells.name)


def country(expr: pl.Expr) -> pl.Expr:
    """`countries` as an expression."""
    return expr.map_batches(countries, return_dtype=pl.String, is_elementwise=True)


def levels(folded: pl.Series) -> pl.Series:
    """What whole texts are names of.

    Args:
        folded: text as `folding.fold` gives it.

    Returns:
        String series: `c` for a country, `p` for a first-level part, `t` for a town; null for no name.
    """
    return _find(folded)["level"]


def is_code(expr: pl.Expr) -> pl.Expr:
    """Whether the whole cell is an ISO 3166-1 code."""
    return expr.is_in(_codes()[0])


def _find(folded: pl.Series) -> pl.DataFrame:
    """Rows of the gazetteer by folded names, nulls where there is none."""
    gazetteer = _gazetteer()
    nearest = gazetteer["name"].search_sorted(folded.fill_null("")).clip(upper_bound=gazetteer.height - 1)
    return gazetteer[nearest].select(pl.when(pl.col("name") == folded).then(pl.all()))


def _look_up(distinct: pl.Series) -> pl.Series:
    cell = pl.col("cell")
    rows = pl.DataFrame({"cell": distinct}).with_row_index("row")
    split = (
        rows.filter(cell.str.contains(r"\p{L}{2}"))
        .select(
            "row", cell.str.replace_all(_BETWEEN, "\n").str.split("\n").list.head(MOST_PARTS).alias("part")
        )
        .explode("part")
        .with_columns(place=pl.int_range(pl.len()).over("row"), part=pl.col("part").str.strip_chars())
        .with_columns(name=fold(pl.col("part")))
        .filter(pl.col("name") != "")
    )
    words = pl.col("name").str.split(" ")
    # A part that says more than a name ("Cairo Egypt") still ends in one: its last words are tried for a country.
    endings = pl.concat(
        split.filter(words.list.len() > size).select(
            "row", "place", name=words.list.tail(size).list.join(" "), cut=pl.lit(4 - size)
        )
        for size in (1, 2, 3)
    )
    states = split.filter(pl.col("part").is_in(STATES), pl.col("place") > 0).select(
        "row", "place", country=pl.lit("US"), rank=pl.lit(0), cut=pl.lit(0)
    )
    wholes = split.select("row", "place", "name", cut=pl.lit(0))
    tried = pl.concat([wholes, endings])
    found = tried.drop("name").hstack(_find(tried["name"]))
    town = pl.col("level") == "t"
    known = pl.col("name").is_not_null() & ~(town & (pl.col("cut") > 0))
    found = found.filter(known).select(
        "row", "place", "country", rank=pl.when(town).then(1).otherwise(0), cut="cut"
    )
    best = (
        pl.concat([found, states])
        .sort("row", "rank", -pl.col("place").cast(pl.Int64), "cut", "country")
        .unique("row", keep="first", maintain_order=True)
    )
    named = rows.join(best, on="row", how="left", maintain_order="left")["country"]
    code = cell.str.strip_chars().replace_strict(*_codes(), default=None, return_dtype=pl.String)
    return pl.DataFrame({"cell": distinct, "named": named}).select(pl.coalesce(code, "named")).to_series()


@cache
def _gazetteer() -> pl.DataFrame:
    """Names, sorted: `name` (folded), `level` (`c`, `p` or `t`), `country`."""
    path = files("floodmark.identifiers").joinpath("data", "places.tsv")
    return pl.read_csv(
        path.read_bytes(),
        separator="\t",
        has_header=False,
        comment_prefix="#",
        quote_char=None,
        schema={"name": pl.String, "level": pl.String, "country": pl.String},
    ).sort("name")


@cache
def _codes() -> tuple[list[str], list[str]]:
    """ISO 3166-1 alpha-2 and alpha-3 codes, and the alpha-2 code of each."""
    text = files("floodmark.identifiers").joinpath("data", "country_codes.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [code for row in rows for code in row], [row[0] for row in rows for _ in row]
