"""GET /v1/snapshots/{id}/buckets.bin and /v1/snapshots/{id}/{bucket}: answers as they lie on the disk.

What is in the system's cache is read at once; what is not, in a thread, so that nobody waits for somebody else's disk.
"""

from __future__ import annotations

import asyncio
import os

from starlette.types import Receive, Scope, Send

from floodmark.errors import FloodmarkError
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots import SnapshotBroken
from floodmark.exposure.snapshots.directory import BUCKETS_FILE, read_errors
from floodmark.web.hot.headers import header, unchanged
from floodmark.web.hot.open_to_all import OPEN, OPEN_HEADERS
from floodmark.web.hot.pieces import PIECE
from floodmark.web.hot.ranges import wanted
from floodmark.web.open_snapshot import OpenSnapshot
from floodmark.web.problems import NothingHere, problem, send_problem
from floodmark.web.published import PublishedSnapshot

YEAR = 31_536_000  # seconds
FIXED = [
    (b"content-type", b"application/octet-stream"),
    (b"cache-control", f"public, max-age={YEAR}, immutable, no-transform".encode()),
    *OPEN_HEADERS,
]
_PREFIX = len("/v1/snapshots/")
_ID = 32


class BrokenOff(Exception):
    """An answer cannot be ended; the connection is closed, so that whoever reads it can tell."""


class BucketsEndpoint:
    """Answers with the bytes of buckets.

    Args:
        published: has the snapshots.
    """

    def __init__(self, published: PublishedSnapshot) -> None:
        self._published = published

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        path = scope["path"]
        name, slash, what = (
            path[_PREFIX : _PREFIX + _ID],
            path[_PREFIX + _ID :][:1],
            path[_PREFIX + _ID + 1 :],
        )
        try:
            if slash != "/":
                raise NothingHere("There is no such snapshot here.")
            opened = self._published.find(name)
            if what == BUCKETS_FILE:
                await _file(scope, send, opened)
            else:
                await _bucket(scope, send, opened, _number(what))
        except FloodmarkError as error:
            await send_problem(send, problem(error, scope), OPEN)


async def _bucket(scope: Scope, send: Send, opened: OpenSnapshot, number: int) -> None:
    size = opened.answer_bytes
    headers = [(b"content-length", str(size).encode()), *FIXED]
    body: bytes | bytearray = b""
    if scope["method"] != "HEAD":
        body = await _read(opened, number * size, size)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _file(scope: Scope, send: Send, opened: OpenSnapshot) -> None:
    etag, modified = opened.etag, opened.last_modified
    headers = [(b"accept-ranges", b"bytes"), (b"etag", etag), (b"last-modified", modified), *FIXED]
    if unchanged(scope, etag, opened.modified):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body"})
        return
    asked = header(scope, b"range")
    if asked is not None and header(scope, b"if-range") not in (None, etag, modified):
        asked = None
    part = wanted(asked, opened.size)
    first, end = part or (0, opened.size)
    headers.append((b"content-length", str(end - first).encode()))
    if part:
        headers.append((b"content-range", f"bytes {first}-{end - 1}/{opened.size}".encode()))
    status = 206 if part else 200
    if scope["method"] == "HEAD":
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})
        return
    body = await _read(opened, first, min(PIECE, end - first))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    while (first := first + len(body)) < end:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        try:
            body = await _read(opened, first, min(PIECE, end - first))
        except FloodmarkError as error:
            raise BrokenOff("buckets.bin cannot be read to the end") from error
    await send({"type": "http.response.body", "body": body})


async def _read(opened: OpenSnapshot, at: int, size: int) -> bytes | bytearray:
    return read_now(opened, at, size) or await read_later(opened, at, size)


def read_now(opened: OpenSnapshot, at: int, size: int) -> bytes | bytearray:
    """Bytes of buckets.bin that need no disk; nothing where some of them do."""
    found = bytearray(size)
    try:
        got = os.preadv(opened.descriptor, [found], at, os.RWF_NOWAIT)
    except OSError:  # not in the cache, or a file system that cannot tell
        return b""
    return found if got == size else b""


async def read_later(opened: OpenSnapshot, at: int, size: int) -> bytes:
    """Bytes of buckets.bin, read in a thread.

    Raises:
        UnreadableInput: the disk refused.
        SnapshotBroken: the file is shorter than it was.
    """
    with read_errors(BUCKETS_FILE):
        found = await asyncio.to_thread(os.pread, opened.descriptor, size, at)
    if len(found) != size:
        raise SnapshotBroken(f"{BUCKETS_FILE} is shorter than it was.")
    return found


def _number(text: str) -> int:
    """The number of a bucket, in decimal digits without zeros before."""
    if (
        text.isdecimal()
        and text.isascii()
        and len(text) <= 5
        and str(int(text)) == text
        and int(text) < BUCKETS
    ):
        return int(text)
    raise NothingHere("There is no such bucket.", "Buckets are numbered 0 to 65535, in decimal digits.")
