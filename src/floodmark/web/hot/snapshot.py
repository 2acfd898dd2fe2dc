"""GET /v1/snapshot: the envelope of the newest snapshot (protocol 1, section 5)."""

from __future__ import annotations

import hashlib

from starlette.types import Receive, Scope, Send

from floodmark.errors import FloodmarkError
from floodmark.web.hot.headers import header, matches
from floodmark.web.hot.open_to_all import OPEN, OPEN_HEADERS
from floodmark.web.hot.pieces import send_pieces
from floodmark.web.open_snapshot import OpenSnapshot
from floodmark.web.problems import problem, send_problem
from floodmark.web.published import PublishedSnapshot

SECONDS = 60  # for which a cache may answer without asking


class SnapshotEndpoint:
    """Answers with the newest snapshot.

    Args:
        published: knows it.
    """

    def __init__(self, published: PublishedSnapshot) -> None:
        self._published = published
        self._told: tuple[OpenSnapshot | None, list[tuple[bytes, bytes]], bytes] = (None, [], b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        try:
            opened = self._published.current()
        except FloodmarkError as error:
            await send_problem(send, problem(error, scope), OPEN)
            return
        headers, etag = self._headers(opened)
        if matches(header(scope, b"if-none-match"), etag):
            await send({"type": "http.response.start", "status": 304, "headers": headers[1:]})
            await send({"type": "http.response.body"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send_pieces(send, b"" if scope["method"] == "HEAD" else opened.envelope)

    def _headers(self, opened: OpenSnapshot) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """The headers of a snapshot, made once for each, and its entity tag."""
        known, headers, etag = self._told
        if known is not opened:
            etag = f'"{hashlib.sha256(opened.envelope).hexdigest()}"'.encode()
            headers = [
                (b"content-length", str(len(opened.envelope)).encode()),
                (b"content-type", b"application/json"),
                (b"cache-control", f"public, max-age={SECONDS}, no-transform".encode()),
                (b"etag", etag),
                *OPEN_HEADERS,
            ]
            self._told = (opened, headers, etag)
        return headers, etag
