"""Long answers in pieces, each handed over when the client has taken most of the one before."""

from __future__ import annotations

from starlette.types import Send

PIECE = 256 << 10


async def send_pieces(send: Send, body: bytes) -> None:
    """Send a body that is at hand.

    Args:
        send: of the ASGI server, which waits while a client does not read.
        body: all of it.
    """
    for at in range(0, len(body) - PIECE, PIECE):
        await send({"type": "http.response.body", "body": body[at : at + PIECE], "more_body": True})
    rest = (len(body) - 1) // PIECE * PIECE if body else 0
    await send({"type": "http.response.body", "body": body[rest:] if rest else body})
