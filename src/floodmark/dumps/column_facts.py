"""What the cells of one column look like: shares, sizes and ranges, measured on its distinct cells."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.identifiers import checks, dates, emails, fold, names, phones, places, recognise, vocabulary
from floodmark.identifiers.dates import DateOrder

MOST_DISTINCT = 4_000  # distinct cells that shares are measured on; more would change no share by over 0.02
_WORDY: tuple[vocabulary.WordSet, ...] = ("company", "school", "job", "street")


@dataclass(frozen=True)
class DateFacts:
    """Dates in a column.

    Attributes:
        order: the order that they are written in, None where the cells are no dates.
        share, partial, sentinel, timed: shares of cells that are dates, partial, sentinels, not at midnight.
        early, median, late: 2 %, 50 % and 98 % points of the years of real dates, None without any.
    """

    order: DateOrder | None
    share: float
    partial: float
    sentinel: float
    timed: float
    early: int | None
    median: int | None
    late: int | None


@dataclass(frozen=True)
class Facts:
    """One column of a sample.

    Attributes:
        rows: non-empty cells.
        fill: non-empty cells over all.
        distinct: distinct cells.
        shares: by name of a property, the share of non-empty cells that have it (`PROPERTIES`).
        words: mean number of words in a cell.
        length: mean number of characters.
        widths: number of different lengths.
        low, median, high: 1 %, 50 % and 99 % points of whole numbers, None where fewer than half of the cells are.
        dates: dates in the column.
        common: the most frequent cell's share.
    """

    rows: int
    fill: float
    distinct: int
    shares: dict[str, float]
    words: float
    length: float
    widths: int
    low: float | None
    median: float | None
    high: float | None
    dates: DateFacts
    common: float

    def share(self, name: str) -> float:
        """Share of non-empty cells with a property."""
        return self.shares.get(name, 0.0)

    @property
    def variety(self) -> float:
        """Distinct cells over cells."""
        return self.distinct / max(self.rows, 1)


def measure(cells: pl.Series) -> Facts:
    """Facts of one column.

    Args:
        cells: text cells of a sample; empty ones and nulls count as not filled.
    """
    text = cells.cast(pl.String).str.strip_chars()
    filled = text.filter((text != "").fill_null(value=False)).alias("cell")
    counts = pl.DataFrame({"cell": filled}).group_by("cell").len("rows")
    rows = len(filled)
    if rows == 0:
        nothing = DateFacts(None, 0, 0, 0, 0, None, None, None)
        return Facts(0, 0.0, 0, {}, 0.0, 0.0, 0, None, None, None, nothing, 0.0)
    looked_at = counts.gather_every(1 + counts.height // MOST_DISTINCT)
    shares = _shares(looked_at, int(looked_at["rows"].sum()))
    cell = pl.col("cell")
    sizes = counts.select(
        words=(cell.str.count_matches(r"\S+") * pl.col("rows")).sum() / rows,
        length=(cell.str.len_chars() * pl.col("rows")).sum() / rows,
        widths=cell.str.len_chars().n_unique(),
    ).row(0)
    number = filled.cast(pl.Float64, strict=False).drop_nulls()
    whole = len(number) >= rows / 2
    low, median, high = (number.quantile(point) if whole else None for point in (0.01, 0.5, 0.99))
    return Facts(
        rows=rows,
        fill=rows / len(cells),
        distinct=counts.height,
        shares=shares,
        words=sizes[0],
        length=sizes[1],
        widths=sizes[2],
        low=low,
        median=median,
        high=high,
        dates=_dates(looked_at) if shares["digit"] > 0.5 else DateFacts(None, 0, 0, 0, 0, None, None, None),
        common=counts.select(pl.col("rows").max() / rows).item(),
    )


def _shares(counts: pl.DataFrame, rows: int) -> dict[str, float]:
    cell = pl.col("cell")
    properties = {
        "digits": cell.str.contains("^[0-9]+$"),
        "zero_first": cell.str.starts_with("0") & (cell.str.len_bytes() > 1),
        "digit": cell.str.contains(r"\p{N}"),
        "letter": cell.str.contains(r"\p{L}"),
        "only_letters": cell.str.contains(r"^[\p{L}\p{M}' .’ʼ\-]+$") & cell.str.contains(r"\p{L}"),
        "capital_first": cell.str.contains(r"^(?:\p{Lu}|[\p{Lo}])"),
        "mixed": cell.str.contains(r"\p{L}") & cell.str.contains("[0-9]"),
        "space": cell.str.contains(r"\s"),
        "comma": cell.str.contains("[,،]"),
        "at": cell.str.contains("@", literal=True),
        "symbol": cell.str.contains(r"[^\p{L}\p{M}\p{N}\s._\-,'’]"),
        "handle": cell.str.contains(r"^[A-Za-z0-9._\-]{3,32}$") & cell.str.contains(r"[A-Za-z]"),
        "lower": cell.str.contains(r"^[a-z0-9._\-]+$"),
        "joined": cell.str.contains(r"[a-z0-9][._][a-z0-9]|[a-z][0-9]+$"),
        "email": emails.parse(cell).struct.field("valid"),
        "phone": recognise.phone(cell),
        "phone_valid": _valid_phone(cell),
        "phone_written": cell.str.contains(r"^(?:\+|00|\(|tel:)|^[0-9]{2,4}[ .\-/][0-9 .\-/]{5,}$")
        & recognise.phone(cell),
        "long_id": cell.str.contains("^1000[0-9]{11,13}$"),
        "url": checks.url(cell),
        "picture": checks.picture_url(cell),
        "ip": checks.ip_address(cell),
        "hash": checks.password_hash(cell),
        "card": checks.card_number(cell),
        "iban": checks.iban(cell),
        "device": checks.uuid(cell) | checks.mac(cell),
        "imei": checks.imei(cell),
        "coordinates": checks.coordinates(cell),
        "gender": recognise.gender(cell),
        "relationship": recognise.relationship(cell),
        "religion": cell.str.to_lowercase().is_in(vocabulary.spellings("religion")),
        "locale": cell.str.contains(r"^[a-z]{2,3}[_\-](?:[A-Z][a-z]{3}[_\-])?[A-Z]{2}(?:[.@]\S+)?$"),
        "code2": cell.str.contains("^[A-Z]{2}$"),
        "code3": cell.str.contains("^[A-Z]{3}$"),
        "state": cell.is_in(list(places.STATES)),
        "country": places.country_name(cell),
        "place": places.country(cell).is_not_null(),
        "town": places.whole_place(cell),
        "postcode": cell.str.contains(
            r"^(?:[0-9]{4,6}|[0-9]{5}-[0-9]{3,4}|[0-9]{4}-[0-9]{3}"
            r"|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|[0-9]{4} ?[A-Z]{2}"
            r"|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{3} [0-9]{2}|[A-Z]{1,2}-[0-9]{4,5})$"
        ),
        "tenth": cell.str.contains("^[2-9][0-9]{2}[2-9][0-9]{6}$"),
        "ten": cell.str.contains("^[0-9]{10}$"),
        "fifteen": cell.str.contains("^[0-9]{14,17}$"),
    }
    flags = counts.select(
        *(value.cast(pl.Float64).fill_null(0).alias(name) for name, value in properties.items())
    )
    flags = flags.hstack(_words(counts["cell"]))
    weighted = flags.select((pl.all() * counts["rows"]).sum() / rows)
    return dict(zip(weighted.columns, weighted.row(0), strict=True))


def _words(cells: pl.Series) -> pl.DataFrame:
    """For each cell: whether a word is in a set; share of its words that are given names, family names; initials."""
    folded = pl.DataFrame({"cell": cells}).select(row=pl.int_range(pl.len()), cell=fold(pl.col("cell")))
    words = folded.with_columns(word=pl.col("cell").str.split(" ")).explode("word")
    flags = words.with_columns(names.known(words["word"]))
    single = {name: [word for word in vocabulary.folded(name) if " " not in word] for name in _WORDY}
    grouped = flags.group_by("row", maintain_order=True).agg(
        *(
            pl.col("word").is_in(members).any().cast(pl.Float64).alias(name)
            for name, members in single.items()
        ),
        given=pl.col("given").cast(pl.Float64).mean(),
        family=pl.col("family").cast(pl.Float64).mean(),
        named=(pl.col("given") | pl.col("family")).cast(pl.Float64).mean(),
        given_only=(pl.col("given") & ~pl.col("family")).cast(pl.Float64).mean(),
        family_only=(pl.col("family") & ~pl.col("given")).cast(pl.Float64).mean(),
    )
    many = {name: [word for word in vocabulary.folded(name) if " " in word] for name in _WORDY}
    spoken = folded.select(
        pl.col("cell").str.contains_any(members).cast(pl.Float64).alias(name)
        if members
        else pl.lit(0.0).alias(name)
        for name, members in many.items()
    )
    return grouped.drop("row").with_columns(
        pl.max_horizontal(pl.col(name), spoken[name]).alias(name) for name in _WORDY
    )


def _valid_phone(cell: pl.Expr) -> pl.Expr:
    """Whether a cell is a valid telephone number with its country code; others are not shown to the numbering plans."""
    return (
        phones.parse(pl.when(recognise.phone(cell)).then(cell)).struct.field("valid").fill_null(value=False)
    )


def _dates(counts: pl.DataFrame) -> DateFacts:
    rows = int(counts["rows"].sum())
    order = dates.infer_order(counts.select(pl.col("cell").repeat_by("rows").explode()).to_series())
    if order is None:
        return DateFacts(None, 0, 0, 0, 0, None, None, None)
    read = dates.parse_series(counts["cell"], order).struct.unnest().hstack(counts)
    weight = pl.col("rows")
    timed = pl.col("cell").str.contains(r"[0-9]{1,2}:[0-9]{2}") & ~pl.col("cell").str.contains(
        r"(?:^|[ T])(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?(?i:am))(?:Z|[+\-][0-9:]+)?$"
    )
    real = read.filter(pl.col("ok") & ~pl.col("sentinel") & pl.col("year").is_not_null())
    years = real.select(pl.col("year").repeat_by("rows").explode()).to_series().cast(pl.Int32).sort()
    shares = read.select(
        share=weight.filter(pl.col("ok")).sum() / rows,
        partial=weight.filter(pl.col("ok"), pl.any_horizontal(pl.col("year", "month", "day").is_null())).sum()
        / rows,
        sentinel=weight.filter(pl.col("sentinel")).sum() / rows,
        timed=weight.filter(timed).sum() / rows,
    ).row(0, named=True)
    points = [int(years.quantile(point) or 0) if len(years) else None for point in (0.02, 0.5, 0.98)]
    return DateFacts(order, **shares, early=points[0], median=points[1], late=points[2])
