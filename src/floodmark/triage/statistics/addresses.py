"""Whether addresses are made of the names beside them, against names of other rows as chance would have it.

>>> names = NameWords(pl.Series(["ada", "omar"]), pl.Series(["lovelace", "haddad"]))
>>> derivations(pl.Series(["ada.lovelace", "haddado77"]), names).rows()
[('first.last', False, 1), ('lastf', True, 1)]

Generated addresses follow one or two patterns for all rows; people's follow many, or none. A seller's claim that an
address was leaked with the name is weak where the name alone gives the address.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from floodmark.identifiers.folding import fold
from floodmark.triage.statistics.profile import DerivedAddresses, EmailStatistics

# Parts of a name, in the order of precedence where a short name fits several; f and l are initials.
PARTS = (
    ("first", "last"),
    ("last", "first"),
    ("f", "last"),
    ("last", "f"),
    ("first", "l"),
    ("l", "first"),
    ("first", ""),
    ("last", ""),
)
JOINTS = ("", ".", "_", "-")
# A pattern reads as its addresses do: `first.last`, `firstlast`, `flast`.
PATTERNS = tuple(
    f"{one}{joint}{other}" for one, other in PARTS for joint in (JOINTS if other else JOINTS[:1])
)
_LATIN = r"^[a-z]{2,}$"
_SEED = 1


@dataclass(frozen=True)
class NameWords:
    """First and last names of rows, folded to lower-case letters a to z without spaces; "" where a row has none."""

    first: pl.Series
    last: pl.Series


@dataclass
class AddressTally:
    """Sums over batches; `addresses` with a name, `compared` those whose name is in Latin letters."""

    addresses: int = 0
    compared: int = 0
    shuffled: int = 0
    derived: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_chance: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, other: AddressTally) -> None:
        """Add the sums of another batch or file."""
        self.addresses += other.addresses
        self.compared += other.compared
        self.shuffled += other.shuffled
        self.derived.update(other.derived)
        self.by_chance.update(other.by_chance)

    def finish(self) -> EmailStatistics:
        """The patterns that occur, in their order, without digits at the end first."""
        return EmailStatistics(
            addresses=self.addresses,
            compared=self.compared,
            shuffled=self.shuffled,
            patterns=[
                DerivedAddresses(pattern, digits, self.derived[key], self.by_chance[key])
                for pattern in PATTERNS
                for digits in (False, True)
                if (key := (pattern, digits)) in self.derived or key in self.by_chance
            ],
        )


def tally_addresses(addresses: pl.Series, first: pl.Series, last: pl.Series) -> AddressTally:
    """Tally of the addresses of one batch.

    Args:
        addresses: canonical addresses, String, shape (n,).
        first: first names of the same rows as the file has them, "" where there is none.
        last: last names.
    """
    named = (first != "") & (last != "")
    tally = AddressTally(addresses=int(named.sum()))
    words = NameWords(folded(first.filter(named), only_first=True), folded(last.filter(named)))
    local = addresses.filter(named).str.split_exact("@", 1).struct.field("field_0")
    local = local.str.split_exact("+", 1).struct.field("field_0")
    usable = words.first.str.contains(_LATIN) & words.last.str.contains(_LATIN) & (local != "")
    words = NameWords(words.first.filter(usable), words.last.filter(usable))
    local = local.filter(usable)
    tally.compared = local.len()
    tally.derived.update(_counted(derivations(local, words)))
    if local.len() > 1:
        order = _others(local.len())
        other = NameWords(words.first.gather(order), words.last.gather(order))
        tally.shuffled = local.len()
        tally.by_chance.update(_counted(derivations(local, other)))
    return tally


def folded(names: pl.Series, *, only_first: bool = False) -> pl.Series:
    """Names as addresses have them: folded, each distinct one once, spaces dropped or only the first word kept."""
    if names.n_unique() > names.len() // 2:
        return _folded(names, only_first)
    table = pl.DataFrame({"name": names.unique()})
    table = table.with_columns(word=_folded(table["name"], only_first))
    return names.alias("name").to_frame().join(table, on="name", how="left", maintain_order="left")["word"]


def _folded(names: pl.Series, only_first: bool) -> pl.Series:
    # Most names are one word of Latin letters, for which lower case is all that folding does.
    plain = names.str.contains("^[A-Za-z]+$")
    if plain.all():
        return names.str.to_lowercase()
    odd = plain.not_().arg_true()
    text = fold(pl.col("name"))
    text = text.str.extract(r"^(\S+)").fill_null("") if only_first else text.str.replace_all(" ", "")
    words = pl.DataFrame({"name": names.gather(odd)}).select(text).to_series()
    return names.str.to_lowercase().scatter(odd, words)


def derivations(local: pl.Series, names: NameWords) -> pl.DataFrame:
    """Rows by the pattern that makes the local part of their address from their name; other rows are left out.

    A number at the end, with its separators, is put aside first. What is left follows a pattern when it begins with one
    part and ends with the other, and nothing or one separator stands between them.

    Args:
        local: local parts of addresses, lower case, shape (n,).
        names: of the same rows, ASCII, neither part empty.

    Returns:
        Columns `pattern` (String), `digits` (Boolean: a number follows) and `rows`.
    """
    stem, gaps = pl.col("stem"), [f"gap{number}" for number in range(len(PARTS))]
    frame = pl.DataFrame({"local": local, "first": names.first, "last": names.last}).lazy()
    bare = pl.col("local").str.strip_chars_end("0123456789")
    digits = bare.str.len_bytes() < pl.col("local").str.len_bytes()
    frame = frame.select("first", "last", digits=digits, stem=bare)
    frame = frame.with_columns(stem=pl.when("digits").then(stem.str.strip_chars_end("._-")).otherwise(stem))
    frame = frame.with_columns(**dict(zip(gaps, _gaps(), strict=True)))
    frame = frame.filter(pl.any_horizontal(pl.col(gap).is_not_null() for gap in gaps))
    signs = [stem.str.slice(_LENGTHS[one], pl.col(gap)) for (one, _), gap in zip(PARTS, gaps, strict=True)]
    pattern = pl.coalesce(
        pl.when(pl.col(gap).is_not_null() & sign.is_in(JOINTS)).then(
            pl.concat_str(pl.lit(one), sign, pl.lit(other))
        )
        for (one, other), gap, sign in zip(PARTS, gaps, signs, strict=True)
    )
    found = frame.select("digits", pattern=pattern).filter(pl.col("pattern").is_not_null())
    return found.group_by("pattern", "digits").agg(rows=pl.len()).sort("pattern", "digits").collect()


_LENGTHS: dict[str, pl.Expr] = {
    "first": pl.col("first").str.len_bytes().cast(pl.Int32),
    "last": pl.col("last").str.len_bytes().cast(pl.Int32),
    "f": pl.lit(1, pl.Int32),
    "l": pl.lit(1, pl.Int32),
    "": pl.lit(0, pl.Int32),
}


def _gaps() -> list[pl.Expr]:
    """Of each of `PARTS`, bytes between its parts in `stem`: 0 or 1; null where it does not begin and end with them."""
    stem = pl.col("stem")
    words = {"first": pl.col("first"), "last": pl.col("last"), "f": pl.col("first"), "l": pl.col("last")}
    begins = {name: stem.str.starts_with(words[name]) for name in ("first", "last")}
    ends = {name: stem.str.ends_with(words[name]) for name in ("first", "last")}
    for initial in ("f", "l"):
        begins[initial] = stem.str.head(1) == words[initial].str.head(1)
        ends[initial] = stem.str.tail(1) == words[initial].str.head(1)
    found: list[pl.Expr] = []
    for one, other in PARTS:
        gap = stem.str.len_bytes().cast(pl.Int32) - _LENGTHS[one] - _LENGTHS[other]
        fits = begins[one] & ends[other] & gap.is_between(0, 1) if other else begins[one] & (gap == 0)
        found.append(pl.when(fits).then(gap))
    return found


def _others(size: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """For every row another one, never itself: neighbours in a random order that depends on the size alone."""
    order = np.random.default_rng((_SEED, size)).permutation(size)
    other = np.empty(size, np.intp)
    other[order] = np.roll(order, 1)
    return other


def _counted(rows: pl.DataFrame) -> Counter[tuple[str, bool]]:
    return Counter({(pattern, digits): count for pattern, digits, count in rows.iter_rows()})
