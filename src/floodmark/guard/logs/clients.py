"""Which address asked, where proxies stand before a server: their headers are believed as far as they are trusted.

>>> proxies = Proxies.of(["10.0.0.0/8"])
>>> proxies.client("10.0.0.2", "203.0.113.7, 198.51.100.9")
'198.51.100.9'
>>> proxies.client("198.51.100.9", "203.0.113.7")
'198.51.100.9'

Every proxy adds the address that it was called from at the end of `X-Forwarded-For` or `Forwarded` (RFC 7239); what
stands before was sent by the caller, who may have made it up. So the list is read from its end, and only while
whoever added an entry is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

import polars as pl

from floodmark.guard.address_blocks import embedded
from floodmark.guard.logs.places import BadMapping

HOPS = 16
_NAMES = {
    "loopback": ("127.0.0.0/8", "::1/128"),
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
}
_END = rf"(?s)((?:[^,]*,){{0,{HOPS - 1}}}[^,]*)$"
LONG = 1_000  # bytes of a header of which only the end is looked at again and again
_LAST = r"(?s)^(?:(.*),)?([^,]*)$"
_FOR = re.compile(r"(?:^|;)\s*[fF][oO][rR]=\"?([^\";]*)")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies that are trusted.

    Attributes:
        networks: that they are in.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Proxies by their networks as text, `loopback` or `private`.

        Raises:
            BadMapping: one is none.
        """
        try:
            found = [ip_network(one) for text in texts for one in _NAMES.get(text, (text,))]
        except ValueError as error:
            raise BadMapping(
                "A trusted proxy is no network", "Write such as 10.0.0.0/8, loopback or private."
            ) from error
        return cls(tuple(found))

    def trusts(self, text: str) -> bool:
        """Whether an address as text is a trusted proxy's."""
        address = _address(text)
        return address is not None and any(
            address.version == one.version and address in one for one in self.networks
        )

    def client(self, peer: str, forwarded: str) -> str:
        """The address that asked, as text.

        Args:
            peer: from which the server was called.
            forwarded: the header as it came, all of its lines joined by commas.
        """
        entries: list[str] = forwarded.rsplit(",", HOPS) if forwarded else []
        if len(entries) > HOPS:
            del entries[0]
        while entries and self.trusts(peer):
            entry = entry_address(entries.pop())
            if not entry:
                break
            peer = entry
        return peer

    def clients(self, peers: pl.Series, forwarded: pl.Series) -> pl.Series:
        """`client` of columns: String, shape (n,); each distinct address is looked at once a hop."""
        found, rest = peers.cast(pl.String), forwarded.cast(pl.String).replace("", None)
        rest = rest.set(~self._trusted(found), None)
        if (rest.str.len_bytes() > LONG).any():
            rest = rest.str.extract(_END)
        for _ in range(HOPS):
            going = rest.is_not_null() & self._trusted(found)
            if not going.any():
                break
            parts = rest.str.extract_groups(_LAST).struct.unnest()
            entries = _mapped(parts.to_series(1).set(~going, None), entry_address, pl.String)
            good = going & (entries != "").fill_null(False)
            found = entries.zip_with(good, found)
            rest = parts.to_series(0).set(~good, None)
        return found

    def _trusted(self, texts: pl.Series) -> pl.Series:
        return _mapped(texts, self.trusts, pl.Boolean).fill_null(False)


def entry_address(entry: str) -> str:
    """The address of one entry of a header, without its port; empty where it has none."""
    text = entry.strip()
    if "=" in text:
        found = _FOR.search(text)
        text = found[1].strip() if found else ""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return text if _address(text) is not None else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (embedded(address) or address) if isinstance(address, IPv6Address) else address


def _mapped(texts: pl.Series, of: object, dtype: type[pl.DataType]) -> pl.Series:
    """A function of each distinct text, and null of null."""
    distinct = texts.unique().drop_nulls()
    table = pl.DataFrame({"text": distinct, "found": pl.Series([of(text) for text in distinct], dtype=dtype)})  # type: ignore[operator]
    return texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["found"]
