"""Who made a lookup, as keyed digests of what is known of them.

>>> key = DigestKey(bytes(32))
>>> ada = Actor.of(key, account="ada", address="203.0.113.7")
>>> ada == Actor.of(key, account="ada", address="::ffff:203.0.113.7"), ada.device
(True, 0)
>>> ada.who == ada.account, Actor.of(key, address="203.0.113.7").who == ada.address
(True, True)

A name, an address or a device is personal data, as an identifier that was asked about is; so none of them is kept. An
operator who knows a name asks for it and finds its digest; `floodmark guard name` reads the logs again for the names
behind digests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address
from socket import AF_INET, inet_pton
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.address_blocks import embedded
from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey

# What an actor is known by. `prefix` follows from the address, and `network` too where nobody says which it is.
PARTS = ("account", "app", "address", "prefix", "network", "device", "session", "cohort")
_OLD = 4  # bytes of an IPv4 address
_PLAIN = r"^(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})$"
_HALF = re.compile("[\ud800-\udfff]")
_HEX = pl.Series([f"{number:02x}" for number in range(256)])


@dataclass(frozen=True, slots=True)
class Actor:
    """Keyed digests of who asked; 0 for what is not known.

    Attributes:
        account: that was signed in.
        app: client, API key or user agent.
        address: the IPv4 address or the IPv6 /56.
        prefix: the /24 or /48 around it.
        network: as given, such as an AS number; else the /16 or /32 around the address.
        device: as the app says.
        session: as the app says.
        cohort: accounts that were made together, such as on one day.
    """

    account: int = 0
    app: int = 0
    address: int = 0
    prefix: int = 0
    network: int = 0
    device: int = 0
    session: int = 0
    cohort: int = 0

    @classmethod
    def of(cls, key: DigestKey, **known: str | None) -> Self:
        """The actor of whom so much is known, each part as text; an address that is none is not known.

        Raises:
            TypeError: there is no such part.
        """
        texts = {name: text for name, text in known.items() if text}
        if unknown := set(texts) - set(PARTS):
            raise TypeError(f"an actor has no {', '.join(sorted(unknown))}")
        address = texts.pop("address", "")
        texts |= _of_address(address, texts)
        return cls(**{name: part_digest(key, name, text) for name, text in texts.items()})

    @property
    def who(self) -> int:
        """Whom evidence is about: the account, else the address; devices and sessions cost a client nothing."""
        return self.account or self.address


def part_digest(key: DigestKey, part: str, text: str) -> int:
    """The digest of one part, never 0; equal to that of `part_digests`.

    Halves of characters, which JSON can hold and UTF-8 cannot, all count as the mark for what is no character.
    """
    if not text.isascii():
        text = _HALF.sub("\ufffd", text)
    return digests.one(f"actor/{part}", text, key) or 1


def part_digests(key: DigestKey, part: str, texts: pl.Series) -> NDArray[np.uint64]:
    """Digests of a column of one part as text.

    Args:
        key: the digest key.
        part: one of `PARTS`; addresses come from `address_parts`.
        texts: String, shape (n,); null or empty where not known.

    Returns:
        uint64, shape (n,); 0 where not known.
    """
    filled = texts.fill_null("")
    found = digests.of_texts(f"actor/{part}", filled, key)
    return np.where((filled == "").to_numpy(), np.uint64(0), np.maximum(found, np.uint64(1)))


def actor_columns(key: DigestKey, known: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Columns of actors.

    Args:
        key: the digest key.
        known: by part (`PARTS`), String of shape (n,); null or empty where not known.

    Returns:
        UInt64 columns named as `PARTS`, shape (n,).

    Raises:
        TypeError: there is no such part.
    """
    if unknown := set(known) - set(PARTS):
        raise TypeError(f"an actor has no {', '.join(sorted(unknown))}")
    texts = {name: series.cast(pl.String) for name, series in known.items()}
    rows = pl.DataFrame(texts)
    distinct = rows.unique()
    if 2 * distinct.height > rows.height:  # to look each up again would cost more
        return _columns(key, texts)
    table = pl.concat(
        [distinct.select(pl.all().name.prefix("text/")), _columns(key, distinct.to_dict())], how="horizontal"
    )
    named = [f"text/{name}" for name in texts]
    joined = rows.join(
        table, left_on=list(texts), right_on=named, how="left", nulls_equal=True, maintain_order="left"
    )
    return joined.select(pl.col(name + "_right" if name in texts else name).alias(name) for name in PARTS)


def _columns(key: DigestKey, texts: dict[str, pl.Series]) -> pl.DataFrame:
    """As `actor_columns`, of texts that are seldom repeated."""
    if "address" in texts:
        texts = {**texts, **_of_addresses(texts["address"], texts)}
    size = next((series.len() for series in texts.values()), 0)
    zeros = np.zeros(size, np.uint64)
    return pl.DataFrame(
        {name: part_digests(key, name, texts[name]) if name in texts else zeros for name in PARTS}
    )


def who() -> pl.Expr:
    """Of a frame of lookups, `Actor.who`: UInt64, 0 where nothing is known."""
    return pl.when(pl.col("account") > 0).then("account").otherwise("address").alias("who")


def _of_address(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Address, prefix and network of an address as text; empty where it is none."""
    raw = _packed(text)
    if raw is None:
        return {}
    sizes = (4, 3, 2) if len(raw) == _OLD else (7, 6, 4)
    version, digits = "4" if len(raw) == _OLD else "6", raw.hex()
    found = {"address": f"{version}/{digits[: 2 * sizes[0]]}"}
    for name, size in zip(("prefix", "network"), sizes[1:], strict=True):
        if name not in known:
            found[name] = f"{version}/{digits[: 2 * size]}"
    return found


def _of_addresses(texts: pl.Series, known: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
    """As `_of_address` of every cell."""
    parts = _of_plain(texts)
    others = (parts["address"].is_null() & texts.is_not_null()).arg_true()
    if others.len():
        found = _of_others(texts.gather(others))
        parts = {part: series.scatter(others, found[part]) for part, series in parts.items()}
    for part in ("prefix", "network"):
        if part in known:
            parts[part] = known[part].set(known[part] == "", None).fill_null(parts[part])
    return parts


def _of_plain(texts: pl.Series) -> dict[str, pl.Series]:
    """As `_of_address` of addresses of IPv4 as most logs write them; null for all other texts."""
    numbers = texts.str.extract_groups(_PLAIN).struct.unnest().cast(pl.UInt8, strict=False)
    first, second, third, fourth = (_HEX.gather(number.cast(pl.UInt32)) for number in numbers)
    network = "4/" + first + second
    prefix = network + third
    return {"address": prefix + fourth, "prefix": prefix, "network": network}


def _of_others(texts: pl.Series) -> pl.DataFrame:
    """As `_of_address` of every cell; each distinct one is looked at once."""
    distinct = texts.unique().drop_nulls()
    found = [_of_address(text, {}) for text in distinct]
    parts = {
        part: pl.Series([one.get(part) for one in found], dtype=pl.String)
        for part in ("address", "prefix", "network")
    }
    table = pl.DataFrame({"text": distinct, **parts})
    return texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")


def _packed(text: str) -> bytes | None:
    """The bytes of an address, of IPv4 where it is made of one; None where the text is none."""
    text = text.strip().partition("%")[0]
    if not text.isascii():
        return None
    try:
        return inet_pton(AF_INET, text)
    except (OSError, ValueError):
        pass
    try:
        new = IPv6Address(text)
    except ValueError:
        return None
    old = embedded(new)
    return new.packed if old is None else old.packed
