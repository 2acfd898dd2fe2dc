"""Bodies of requests that are looked into before the application has them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
MOST = 1 << 20
"""Bytes of a body that is looked into."""


class BadBody(Exception):
    """A body has no end, or none within the limit; nothing that a person meets.

    Args:
        gone: whether the client is.
    """

    def __init__(self, *, gone: bool) -> None:
        super().__init__()
        self.gone = gone


class Body:
    """The body of one request: whoever looks into it leaves it to the application as it came.

    Args:
        receive: of the ASGI server.
        most: bytes that are kept.
    """

    __slots__ = ("_data", "_last", "_looked_into", "_most", "_receive")

    def __init__(self, receive: Receive, most: int = MOST) -> None:
        self._receive = receive
        self._most = most
        self._data = bytearray()
        self._looked_into = False
        self._last: Message | None = None  # that came: no more of the body is to come, or the client is gone

    async def whole(self) -> bytes:
        """All of it.

        Raises:
            BadBody: it is longer than is kept, or the client went before its end.
        """
        while self._last is None and len(self._data) <= self._most:
            message = await self._receive()
            self._looked_into = True
            self._data += message.get("body", b"")
            if not message.get("more_body", False):
                self._last = message
        if self._last is None or self._last["type"] != "http.request":
            raise BadBody(gone=self._last is not None)
        if len(self._data) > self._most:
            raise BadBody(gone=False)
        return bytes(self._data)

    async def again(self) -> Message:
        """`receive` for the application: what was looked into first, then whatever comes."""
        if self._looked_into:
            self._looked_into = False
            whole = self._last is not None and self._last["type"] == "http.request"
            body, self._data = bytes(self._data), bytearray()
            return {"type": "http.request", "body": body, "more_body": not whole}
        if self._last is not None and self._last["type"] != "http.request":
            return self._last
        return await self._receive()
