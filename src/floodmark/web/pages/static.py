"""What all pages load: the style, the icon and the check's script, cached for ever under their content's mark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter
from starlette.responses import Response

from floodmark.web.pages.rendering import static_address

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "no-cache"


def router() -> APIRouter:
    """Answers `/static/NAME` for every file there is; each is read once."""
    routes = APIRouter(include_in_schema=False)
    for file in files("floodmark.web").joinpath("static").iterdir():
        if file.is_file() and not file.name.startswith("."):
            routes.add_api_route(
                f"/static/{file.name}", _answering(file.name, file.read_bytes()), methods=["GET", "HEAD"]
            )
    return routes


def _answering(name: str, content: bytes) -> Callable[[str], Response]:
    mark = static_address(name).partition("?v=")[2]
    kind = "text/javascript" if name.endswith(".js") else guess_type(name)[0]

    def answer(v: str = "") -> Response:
        return Response(
            content,
            headers={"Cache-Control": FOR_EVER if v == mark else FOR_NOW, "ETag": f'"{mark}"'},
            media_type=kind,
        )

    return answer
