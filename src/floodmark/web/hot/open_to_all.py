"""Pages of every server may ask here (Fetch, section 3.3): nothing depends on cookies, and nothing is secret.

A page checks against two servers where one evaluates and another hosts buckets, so one of them is always a stranger's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.types import Send

DAY = 86_400  # seconds for which a browser keeps what it was allowed
OPEN: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "RateLimit, RateLimit-Policy, Retry-After, Content-Range, ETag",
}
OPEN_HEADERS = [(name.encode(), value.encode()) for name, value in OPEN.items()]


async def answer_preflight(send: Send, methods: Sequence[str]) -> None:
    """Answer what a browser asks before it asks (and OPTIONS of anybody).

    Args:
        send: of the ASGI server.
        methods: that the address is asked by.
    """
    names = ", ".join(methods).encode()
    headers = [
        *OPEN_HEADERS,
        (b"allow", names),
        (b"access-control-allow-methods", names),
        (b"access-control-allow-headers", b"Content-Type, Range, If-None-Match"),
        (b"access-control-max-age", str(DAY).encode()),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body"})
