"""Answers as they are sent where no application is asked: to what is no request, or comes too slowly.

>>> print(as_bytes(Refusal("What came is no request.")).decode().splitlines()[0])
HTTP/1.1 400 Bad request
"""

from __future__ import annotations

from floodmark.web.problems import MEDIA_TYPE, Refusal, problem
from floodmark.web.security import DATA, EVERYWHERE


def as_bytes(error: Refusal) -> bytes:
    """Everything of an answer, behind which the connection is closed.

    Args:
        error: that is told.
    """
    found = problem(error)
    body = found.body()
    headers = {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **EVERYWHERE,
        **DATA,
    }
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {found.status} {found.title}", *lines, "", ""]).encode() + body
