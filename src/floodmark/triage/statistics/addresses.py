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
_DIGITS = r"[._\-]?[0-9]+$"
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
    tally = AddressTally(addresses=int(((first != "") & (last != "")).sum()))
    named = (first != "") & (last != "")
    words = NameWords(folded(first.filter(named), only_first=True), folded(last.filter(named)))
    local = addresses.filter(named).str.extract("^([^@+]+)")
    usable = words.first.str.contains(_LATIN) & words.last.str.contains(_LATIN) & local.is_not_null()
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
    distinct = names.unique()
    text = fold(pl.col("name"))
    text = text.str.extract(r"^(\S+)").fill_null("") if only_first else text.str.replace_all(" ", "")
    table = pl.DataFrame({"name": distinct}).with_columns(word=text)
    return names.alias("name").to_frame().join(table, on="name", how="left", maintain_order="left")["word"]


def derivations(local: pl.Series, names: NameWords) -> pl.DataFrame:
    """Rows by the pattern that makes the local part of their address from their name; other rows are left out.

    Args:
        local: local parts of addresses, lower case, shape (n,).
        names: of the same rows, neither part empty.

    Returns:
        Columns `pattern` (String), `digits` (Boolean: a number follows) and `rows`, in order of first appearance.
    """
    first, last, stem = pl.col("first"), pl.col("last"), pl.col("stem")
    part = {"first": first, "last": last, "f": first.str.head(1), "l": last.str.head(1), "": pl.lit("")}
    bare = pl.col("bare")
    matched = pl.coalesce(
        pl.when(bare == pl.concat_str(part[one], part[other])).then(pl.lit(number, pl.UInt8))
        for number, (one, other) in enumerate(PARTS)
    )
    frame = pl.DataFrame({"local": local, "first": names.first, "last": names.last}).lazy()
    frame = frame.with_columns(stem=pl.col("local").str.replace(_DIGITS, ""))
    frame = frame.with_columns(bare=stem.str.replace_all(r"[._\-]", ""))
    frame = frame.with_columns(matched=matched).filter(pl.col("matched").is_not_null())
    # The separator, if there is one, has to stand between the parts: `j.ohnsmith` is no pattern.
    pattern = pl.coalesce(
        pl.when(
            (pl.col("matched") == number) & (stem == pl.concat_str(part[one], pl.lit(sign), part[other]))
        ).then(pl.lit(f"{one}{sign}{other}"))
        for number, (one, other) in enumerate(PARTS)
        for sign in (JOINTS if other else JOINTS[:1])
    )
    found = frame.select(pattern=pattern, digits=stem != pl.col("local")).filter(
        pl.col("pattern").is_not_null()
    )
    return found.group_by("pattern", "digits", maintain_order=True).agg(rows=pl.len()).collect()


def _others(size: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """For every row another one, never itself: neighbours in a random order that depends on the size alone."""
    order = np.random.default_rng((_SEED, size)).permutation(size)
    other = np.empty(size, np.intp)
    other[order] = np.roll(order, 1)
    return other


def _counted(rows: pl.DataFrame) -> Counter[tuple[str, bool]]:
    return Counter({(pattern, digits): count for pattern, digits, count in rows.iter_rows()})
