"""Answers that a client need not fetch again: entity tags and 304 (RFC 9110, sections 8.8.3 and 13.1.2).

>>> matches('W/"a", "b"', '"b"'), matches("*", '"b"'), matches('"a"', '"b"')
(True, True, False)
"""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

_OF_CONTENT = ("content-length", "content-type", "content-encoding")


def conditional(request: Request, response: Response) -> Response:
    """The response with a tag of its content, or 304 without content where the client has just that.

    Args:
        request: GET or HEAD.
        response: whole, with its other headers.
    """
    if response.status_code != 200:
        return response
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    response.headers["etag"] = tag
    if not matches(request.headers.get("if-none-match", ""), tag):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in _OF_CONTENT}
    return Response(status_code=304, headers=kept)


def matches(wanted: str, tag: str) -> bool:
    """Whether `If-None-Match` names a tag; compared weakly, as it has to be."""
    named = [one.strip().removeprefix("W/") for one in wanted.split(",")]
    return tag in named or named == ["*"]
