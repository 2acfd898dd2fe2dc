"""What one HTTP request asks about, and how to see it: by a mapping, or by a function of an application's own.

A lookup is anything that takes a `Received` and gives an `Asked`, or None where a request asks about nobody:

    async def lookup(received: Received) -> Asked | None:
        if received.path != "/v1/contacts":
            return None
        table = json.loads(await received.body())
        return Asked("contacts/sync", "phone", table["phones"], {"account": account_of(received)})
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any, TypeAlias
from urllib.parse import quote

from floodmark.guard.logs import Asked as MappedRequest
from floodmark.guard.logs import Mapping as LogMapping
from floodmark.guard.logs import Proxies, targets
from floodmark.guard.middleware_bodies import MOST, BadBody, Body, Receive
from floodmark.guard.middleware_refusals import (
    CodedBody,
    IdentifierTooLong,
    LookupTooLong,
    TooManyIdentifiers,
    UnreadableLookup,
)
from floodmark.identifiers import IdentifierKind

Scope: TypeAlias = MutableMapping[str, Any]
NOWHERE = str(IPv4Address(0))
"""Of a connection without an address: a Unix socket's."""
LOCAL = ("127.0.0.0/8", "::1/128", NOWHERE)
"""Proxies on this machine, over loopback or a Unix socket."""
LONGEST = 1_024
"""Characters of an identifier; none has as many, and odd characters take time one by one."""
_FORM = "application/x-www-form-urlencoded"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';,\s]*)")
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks about.

    Attributes:
        endpoint: name of what is asked, such as `contacts/sync`; never a path with an identifier.
        kind: of the identifiers.
        texts: the identifiers as they were sent, in order.
        known: of whoever asks, by part (`actors.PARTS`); the address is filled in where it is not given.
        region: where national phone numbers are typed, ISO 3166-1 alpha-2.
        existed: whether an identifier exists, by the status of the answer and the bytes of its body; None where
            answers do not say. It is asked for requests of one identifier; of more, the application says.
    """

    endpoint: str
    kind: IdentifierKind
    texts: Sequence[str]
    known: Mapping[str, str | None] = field(default_factory=dict)
    region: str | None = None
    existed: Callable[[int, int], bool | None] | None = None


class Received:
    """One HTTP request, for a lookup to look at.

    Args:
        scope: of the request, as ASGI has it.
        receive: of the ASGI server.
        proxies: whose X-Forwarded-For is believed.
        most_body: bytes of the body that are looked into.
    """

    __slots__ = ("_body", "_most_body", "_proxies", "_receive", "scope")

    def __init__(
        self, scope: Scope, receive: Receive, proxies: Proxies | None = None, most_body: int = MOST
    ) -> None:
        self.scope = scope
        self._receive = receive
        self._proxies = proxies
        self._most_body = most_body
        self._body: Body | None = None

    @property
    def receive(self) -> Receive:
        """For the application: it has the body as it came, whether or not that was looked into."""
        return self._receive if self._body is None else self._body.again

    @property
    def method(self) -> str:
        """Such as `GET`; that of a HEAD, which says of an identifier what a GET says, is GET."""
        method: str = self.scope["method"]
        return "GET" if method == "HEAD" else method

    @property
    def path(self) -> str:
        """Decoded, as applications route by."""
        return str(self.scope["path"])

    @property
    def target(self) -> str:
        """Path and query as the client sent them."""
        raw: bytes | None = self.scope.get("raw_path")
        path = quote(self.path).encode() if raw is None else raw.partition(b"?")[0]
        query: bytes = self.scope.get("query_string", b"")
        return (path + b"?" + query if query else path).decode("utf-8", "replace")

    @property
    def address(self) -> str:
        """Of whoever asks; empty where nobody knows."""
        client = self.scope.get("client")
        peer = str(client[0]) if client else ""
        if self._proxies is None:
            return peer
        return self._proxies.client(peer or NOWHERE, self._joined(b"x-forwarded-for"))

    def header(self, name: str) -> str | None:
        """The last header of this name in lower case, which a proxy wrote where one writes it; None for none."""
        wanted, found = name.encode("latin-1"), None
        for key, value in self.scope["headers"]:
            if key == wanted:
                found = value
        return None if found is None else found.decode("utf-8", "replace").strip()

    def every(self, name: str) -> list[str]:
        """All headers of this name, in lower case."""
        wanted = name.encode("latin-1")
        found = (value for key, value in self.scope["headers"] if key == wanted)
        return [value.decode("latin-1").strip().lower() for value in found]

    async def body(self) -> bytes:
        """The whole body; the application has it too.

        Raises:
            BadBody: it is longer than the limit, or its end never came.
        """
        if self._body is None:
            self._body = Body(self._receive, self._most_body)
        return await self._body.whole()

    def _joined(self, name: bytes) -> str:
        return b",".join(value for key, value in self.scope["headers"] if key == name).decode("latin-1")


Lookup: TypeAlias = Callable[[Received], "Asked | Awaitable[Asked | None] | None"]


async def asked_by(lookup: Lookup, received: Received) -> Asked | None:
    """What a lookup finds, whether or not it has to be waited for."""
    found = lookup(received)
    return found if found is None or isinstance(found, Asked) else await found


class MappedLookup:
    """A lookup by a mapping file, the one that reads logs too.

    Args:
        mapping: which endpoints there are, and where the identifier is.
        headers: of parts of the actor, the names of headers that say them, such as `{"account": "x-account"}`. They
            are believed, so whatever stands in front has to write them itself, and over what a client sent.
    """

    def __init__(self, mapping: LogMapping, headers: Mapping[str, str] | None = None) -> None:
        self.mapping = mapping
        self._headers = {part: name.lower() for part, name in (headers or {}).items()}

    def __call__(self, received: Received) -> Asked | Awaitable[Asked] | None:
        """What a request asks about, which has to be waited for where it is in the body.

        Raises:
            BadBody: as `Received.body`.
            UnreadableLookup: its body cannot be read for identifiers, though the application might.
        """
        method, target = received.method, received.target
        found = self._found(method, target)
        if found is None:
            return None
        if found.endpoint.place.in_body:
            return self._in_body(received, found)
        return self._asked(received, found, b"")

    async def _in_body(self, received: Received, found: MappedRequest) -> Asked:
        _check_body(received, form=found.endpoint.place.source == "form")
        body = await received.body()
        again = self._found(received.method, received.target, body)
        return self._asked(received, again or found, body)

    def asked(self, received: Received, method: str, target: str) -> Asked | None:
        """What another request asks about, whose method and target are told, as by a web server; of bodies, nothing.

        Raises:
            TooManyIdentifiers: it asks about more than the mapping takes of one request.
        """
        found = self._found("GET" if method == "HEAD" else method, target)
        return None if found is None else self._asked(received, found, b"")

    def in_body(self, method: str, target: str) -> bool:
        """Whether a request has its identifiers in its body."""
        found = self._found(method, target)
        return found is not None and found.endpoint.place.in_body

    def _found(self, method: str, target: str, body: bytes = b"") -> MappedRequest | None:
        """What the mapping finds, unless the request may be a lookup and it would not look at the end of its target.

        Raises:
            LookupTooLong: it would not.
        """
        if len(target) > targets.LONGEST and self.mapping.may_ask(method, target):
            raise LookupTooLong("The address of the lookup is too long.")
        return self.mapping.asked(method, target, body)

    def _asked(self, received: Received, found: MappedRequest, body: bytes) -> Asked:
        if found.more:
            raise TooManyIdentifiers(f"One request may ask about {self.mapping.most:,} identifiers.")
        endpoint = found.endpoint
        if body and endpoint.place.source == "body":
            _check_json(body, endpoint.place.steps)
        known = {part: received.header(name) for part, name in self._headers.items()}
        existed = None if endpoint.hit is None and endpoint.miss is None else endpoint.existed
        return Asked(endpoint.name, endpoint.kind, found.texts, known, endpoint.region, existed)


def check_texts(texts: Sequence[Any]) -> None:
    """See that identifiers are texts of a length that identifiers have.

    Raises:
        IdentifierTooLong: one is longer.
        UnreadableLookup: one is no text.
    """
    for text in texts:
        if not isinstance(text, str):
            raise UnreadableLookup("An identifier is no text.")
        if len(text) > LONGEST:
            raise IdentifierTooLong(f"No identifier has more than {LONGEST:,} characters.")


def _check_body(received: Received, *, form: bool) -> None:
    """A body that the application would read and we could not would be a way around the guard."""
    if set(received.every("content-encoding")) - {"", "identity"}:
        raise CodedBody("The body of a lookup comes without a content coding.")
    kinds = received.every("content-type")
    for charset in (found for kind in kinds for found in _CHARSET.findall(kind)):
        if charset not in _CHARSETS:
            raise CodedBody("The body of a lookup is UTF-8.")
    named = {kind.partition(";")[0].strip() for kind in kinds}
    if form and named != {_FORM}:
        raise CodedBody("The form of a lookup is sent as application/x-www-form-urlencoded.")
    if not form and any(kind == _FORM or kind.startswith("multipart/") for kind in named):
        raise CodedBody("The body of the lookup is JSON, and is sent as that.")


def _check_json(body: bytes, steps: Iterable[str | None]) -> None:
    """Servers differ over which of two keys counts that are one or differ in case alone; so there is no second."""
    keys = {step.lower(): step for step in steps if step is not None}

    def check(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if (low := name.lower()) in keys:
                if low in seen or name != keys[low]:
                    raise UnreadableLookup("The body of the lookup has a key twice, or in another case.")
                seen.add(low)

    try:
        json.loads(body, object_pairs_hook=check)
    except (ValueError, RecursionError):
        raise UnreadableLookup("The body of the lookup is no JSON.") from None


__all__ = [
    "LONGEST",
    "Asked",
    "BadBody",
    "Lookup",
    "MappedLookup",
    "Received",
    "Scope",
    "asked_by",
    "check_texts",
]
