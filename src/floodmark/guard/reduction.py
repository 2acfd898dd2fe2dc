"""What is left of an identifier that was asked about: a keyed digest, a keyed block, and where it lies in the block.

>>> key = DigestKey(bytes(32))
>>> one, next_to_it = (reduce_one("phone", text, key) for text in ("+44 7400 123456", "+447400123457"))
>>> one.block == next_to_it.block, next_to_it.position - one.position, one.digest == next_to_it.digest
(True, 1, False)
>>> reduce_one("phone", "hello", key) is None
True

Whoever lists a range asks for neighbours, which digests hide; block and position keep that much and no more. Blocks:

- phones: a country's numbers that differ in the last six digits at most;
- profile ids: a million ids;
- user names: those with the same first three characters; position by the four after them;
- e-mail addresses: one domain and the same first three characters before the @; position as of user names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.identifiers import (
    IdentifierKind,
    digests,
    one_phone,
    one_text,
    phones,
    profile_ids,
    usernames,
)
from floodmark.identifiers.digests import DigestKey
from floodmark.identifiers.emails import parse_series as parse_emails

LAST_DIGITS = 10**6
FIRST_CHARACTERS = 3
NEXT_CHARACTERS = 4
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789._-"  # any other character counts as the one after them
BLOCK_SIZE: dict[IdentifierKind, int] = {
    "phone": LAST_DIGITS,
    "email": (len(ALPHABET) + 2) ** NEXT_CHARACTERS,
    "profile_id": LAST_DIGITS,
    "username": (len(ALPHABET) + 2) ** NEXT_CHARACTERS,
}
MANY = 1_000
"""Identifiers of one request from which on a column takes less time than one by one."""
HALF = re.compile("[\ud800-\udfff]")
REDUCED = {"identifier": pl.UInt64, "block": pl.UInt64, "position": pl.UInt32}


@dataclass(frozen=True, slots=True)
class Reduced:
    """One identifier, reduced.

    Attributes:
        digest: as in `floodmark.identifiers.digests`, so that lookups can be joined with leaks.
        block: keyed digest of the block.
        position: in the block, from 0 to `BLOCK_SIZE` of its kind.
    """

    digest: int
    block: int
    position: int


def reduce(kind: IdentifierKind, texts: pl.Series, key: DigestKey, region: str | None = None) -> pl.DataFrame:
    """Reduce a column of identifiers as they were asked; texts that are repeated are looked at once.

    Args:
        kind: of identifier.
        texts: String, shape (n,).
        key: the digest key.
        region: where national phone numbers were typed, ISO 3166-1 alpha-2.

    Returns:
        Columns `REDUCED`, shape (n,); all three null where the text is no identifier of the kind.
    """
    distinct = texts.unique().drop_nulls()
    if 2 * distinct.len() > texts.len():  # to look each up again would cost more
        return _reduce(kind, texts.fill_null(""), key, region)
    table = _reduce(kind, distinct, key, region).with_columns(distinct.alias("text"))
    joined = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    return joined.drop("text")


def reduce_one(kind: IdentifierKind, text: str, key: DigestKey, region: str | None = None) -> Reduced | None:
    """Reduce one identifier, in microseconds; None where the text is none of the kind. Equal to `reduce` of it."""
    text = _whole(text)
    try:
        found = _placed_one(kind, text, region)
    except one_phone.TooOdd:
        return _reduce_by_column(kind, [text], key, region)[0]
    if found is None:
        return None
    canonical, block, position = found
    return Reduced(digests.one(kind, canonical, key), digests.one(f"block/{kind}", block, key), position)


def reduce_many(
    kind: IdentifierKind, texts: Sequence[str], key: DigestKey, region: str | None = None
) -> list[Reduced | None]:
    """Reduce what one request asks: one by one, or as a column where there are many, or odd ones."""
    if len(texts) > MANY:
        return _reduce_by_column(kind, texts, key, region)
    found: list[Reduced | None] = []
    odd: list[int] = []
    for at, text in enumerate(map(_whole, texts)):
        try:
            placed = _placed_one(kind, text, region)
        except one_phone.TooOdd:
            odd.append(at)
            placed = None
        found.append(
            None
            if placed is None
            else Reduced(
                digests.one(kind, placed[0], key), digests.one(f"block/{kind}", placed[1], key), placed[2]
            )
        )
    if odd:
        for at, one in zip(odd, _reduce_by_column(kind, [texts[at] for at in odd], key, region), strict=True):
            found[at] = one
    return found


def _reduce_by_column(
    kind: IdentifierKind, texts: Sequence[str], key: DigestKey, region: str | None
) -> list[Reduced | None]:
    table = _reduce(kind, pl.Series(map(_whole, texts), dtype=pl.String), key, region)
    return [None if row[0] is None else Reduced(*row) for row in table.rows()]


def _whole(text: str) -> str:
    """A text without halves of characters, which JSON can hold and UTF-8 cannot: each is a replacement character."""
    return text if text.isascii() else HALF.sub("\ufffd", text)


def _placed_one(kind: IdentifierKind, text: str, region: str | None) -> tuple[str, str, int] | None:
    """As `_placed` of one text, with phone numbers as text; None where it is no identifier."""
    if kind == "phone":
        found = one_phone.current(text, region)
        if found is None:
            return None
        number, place = found
        return f"+{number}", f"{place}/{number // LAST_DIGITS}", number % LAST_DIGITS
    if kind == "profile_id":
        digits = one_text.profile_id(text)
        return None if digits is None else (digits, f"{digits[:-6]}/{len(digits)}", int(digits[-6:]))
    if kind == "username":
        name = one_text.username(text)
        return None if name is None else (name, name[:FIRST_CHARACTERS], _rank_one(name))
    address = one_text.email(text)
    if address is None:
        return None
    local, _, domain = address.rpartition("@")
    return address, f"{local[:FIRST_CHARACTERS]}@{domain}", _rank_one(local)


def _reduce(kind: IdentifierKind, texts: pl.Series, key: DigestKey, region: str | None) -> pl.DataFrame:
    canonical, blocks, positions = _placed(kind, texts, region)
    good = canonical.is_not_null()
    if not good.all():
        canonical, blocks, positions = (cells.filter(good) for cells in (canonical, blocks, positions))
    found = pl.DataFrame(
        {
            "identifier": digests.of(kind, canonical, key),
            "block": digests.of_texts(f"block/{kind}", blocks, key),
            "position": positions.cast(pl.UInt32),
        }
    )
    if good.all():
        return found
    rows = pl.Series(np.where(good.to_numpy(), np.cumsum(good.to_numpy()) - 1, -1)).replace(-1, None)
    return found.select(pl.all().gather(rows))


def _placed(
    kind: IdentifierKind, texts: pl.Series, region: str | None
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Canonical forms, blocks as text and positions; canonical is null where there is no identifier."""
    if kind == "phone":
        found = phones.current(texts, region)
        numbers = found["number"].set(~found["valid"].fill_null(False), None)
        regions = found["region"].cast(pl.String)
        return numbers, regions + "/" + (numbers // LAST_DIGITS).cast(pl.String), numbers % LAST_DIGITS
    if kind == "profile_id":
        ids = texts.to_frame("id").select(profile_ids.canonical(pl.col("id"))).to_series()
        last = ids.str.tail(6).cast(pl.UInt32)
        first = ids.str.head(-6)
        return ids, first + "/" + ids.str.len_chars().cast(pl.String), last
    if kind == "username":
        names = usernames.canonical_series(texts)
        names = names.set(names == "", None)
        return (
            names,
            names.str.head(FIRST_CHARACTERS),
            _rank(names.str.slice(FIRST_CHARACTERS, NEXT_CHARACTERS)),
        )
    addresses = parse_emails(texts).struct.field("canonical")
    local = addresses.str.extract(r"^(.*)@", 1)
    domain = addresses.str.extract(r"@([^@]*)$", 1)
    rest = local.str.slice(FIRST_CHARACTERS, NEXT_CHARACTERS)
    return addresses, local.str.head(FIRST_CHARACTERS) + "@" + domain, _rank(rest)


def _rank(texts: pl.Series) -> pl.Series:
    """Texts of up to `NEXT_CHARACTERS` characters as numbers in their order; what is missing comes first."""
    total = pl.lit(0, pl.UInt32)
    for place in range(NEXT_CHARACTERS):
        character = pl.col("text").str.slice(place, 1)
        digit = character.replace_strict(
            ["", *ALPHABET], list(range(len(ALPHABET) + 1)), default=len(ALPHABET) + 1, return_dtype=pl.UInt32
        )
        total = total * (len(ALPHABET) + 2) + digit
    return texts.to_frame("text").select(total).to_series()


_DIGITS = {character: digit for digit, character in enumerate(ALPHABET, 1)}


def _rank_one(text: str) -> int:
    """`_rank` of what follows a text's first characters."""
    total = 0
    for place in range(FIRST_CHARACTERS, FIRST_CHARACTERS + NEXT_CHARACTERS):
        digit = _DIGITS.get(text[place], len(ALPHABET) + 1) if place < len(text) else 0
        total = total * (len(ALPHABET) + 2) + digit
    return total
