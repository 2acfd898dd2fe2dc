"""From which address a request comes: the connection's, or what proxies that are trusted say of it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import Scope

from floodmark.guard import middleware_address
from floodmark.guard.middleware_address import NOWHERE
from floodmark.web.budget import Address
from floodmark.web.settings import Network

__all__ = ["NOWHERE", "client_address"]


def client_address(scope: Scope, trusted: Sequence[Network]) -> Address:
    """The address of whoever asks.

    Of X-Forwarded-For, what stands furthest to the right and is no trusted proxy's: all before it can be made up.

    >>> from ipaddress import ip_network
    >>> scope = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", b"6.6.6.6, 192.0.2.7")]}
    >>> client_address(scope, [ip_network("10.0.0.0/8")]), client_address(scope, [])
    (IPv4Address('192.0.2.7'), IPv4Address('10.0.0.1'))

    Args:
        scope: of the request.
        trusted: networks of proxies that are believed.
    """
    peer = str(scope["client"][0]) if scope.get("client") else None
    said = (
        b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for") if trusted else b""
    )
    return middleware_address.client_address(peer, said.decode("latin-1"), trusted)
