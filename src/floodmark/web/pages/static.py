"""What all pages load: the style, the icon and the check's script, cached for ever under their content's mark."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.conditional import conditional
from floodmark.web.pages.rendering import static_address

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "no-cache"
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)", re.IGNORECASE)


def router() -> APIRouter:
    """Answers `/static/NAME` for every file there is; each is read, and compressed, once."""
    routes = APIRouter(include_in_schema=False)
    for file in files("floodmark.web").joinpath("static").iterdir():
        if file.is_file() and not file.name.startswith("."):
            routes.add_api_route(
                f"/static/{file.name}", _answering(file.name, file.read_bytes()), methods=["GET", "HEAD"]
            )
    return routes


def takes_gzip(accepted: str) -> bool:
    """Whether a client takes answers that are compressed (RFC 9110, section 12.5.3).

    >>> [takes_gzip(one) for one in ("gzip, deflate, br", "br;q=1.0,GZIP;q=0.2", "gzip;q=0", "gzip;q=0.0, br", "")]
    [True, True, False, False, False]
    """
    return _GZIP.search(accepted) is not None


def _answering(name: str, content: bytes) -> Callable[[Request], Response]:
    mark = static_address(name).partition("?v=")[2]
    kind = "text/javascript" if name.endswith(".js") else guess_type(name)[0]
    compressed = gzip.compress(content, mtime=0)

    def answer(request: Request) -> Response:
        headers = {
            "Cache-Control": FOR_EVER if request.query_params.get("v") == mark else FOR_NOW,
            "Vary": "Accept-Encoding",
        }
        if not takes_gzip(request.headers.get("accept-encoding", "")):
            return conditional(request, Response(content, headers=headers, media_type=kind))
        headers["Content-Encoding"] = "gzip"
        return conditional(request, Response(compressed, headers=headers, media_type=kind))

    return answer
