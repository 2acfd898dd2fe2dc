"""Reading a request's headers as ASGI gives them: names in lower case, in the order in which they came."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

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


def unchanged(scope: Scope, etag: bytes, modified: int) -> bool:
    """Whether somebody has already what they ask for (RFC 9110, section 13.2.2).

    >>> unchanged({"headers": [(b"if-modified-since", b"Sat, 31 Jan 2026 13:05:00 GMT")]}, b'"x"', 1769864700)
    True

    Args:
        scope: of the request.
        etag: of what there is.
        modified: when it was written, seconds since 1970.
    """
    tags = header(scope, b"if-none-match")
    if tags is not None:
        return matches(tags, etag)
    since = header(scope, b"if-modified-since")
    try:
        return since is not None and modified <= parsedate_to_datetime(since.decode("latin-1")).timestamp()
    except (ValueError, OverflowError):
        return False
