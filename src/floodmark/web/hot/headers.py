"""Reading a request's headers as ASGI gives them: names in lower case, in the order in which they came."""

from __future__ import annotations

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of a name; None where there is none.

    >>> header({"headers": [(b"range", b"bytes=0-1")]}, b"range")
    b'bytes=0-1'
    """
    for known, value in scope["headers"]:
        if known == name:
            return bytes(value)
    return None


def matches(value: bytes | None, etag: bytes) -> bool:
    """Whether If-None-Match names an entity tag (RFC 9110, section 13.1.2, weak comparison).

    >>> matches(b'W/"one", "two"', b'"one"'), matches(b"*", b'"one"'), matches(None, b'"one"')
    (True, True, False)
    """
    if value is None:
        return False
    told = [one.strip().removeprefix(b"W/") for one in value.split(b",")]
    return etag in told or told == [b"*"]
