"""Snapshots and evaluations from a server, awaited (`Async…`) or blocking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import httpx

from floodmark.errors import UsageError
from floodmark.exposure.check.asking import Evaluated
from floodmark.exposure.check.bounded import DEADLINE, Server
from floodmark.exposure.check.evaluation import read_answer, request_body
from floodmark.exposure.check.loop_thread import LoopThread
from floodmark.exposure.check.refusals import ServerFailed
from floodmark.exposure.oprf import Element
from floodmark.exposure.snapshots import Snapshot
from floodmark.exposure.snapshots.envelope import LARGEST

SHARE_BYTES = 512  # of the JSON of an evaluator's answer, beside its elements, generously
ELEMENT_BYTES = 128  # of one element in it, generously
_API_KEY = re.compile(r"[A-Za-z0-9._~+/-]{1,512}=*")  # a token of RFC 6750


class BadApiKey(UsageError):
    """What was given as an API key cannot be one; it is not repeated, and nothing was sent; exit code 2."""

    slug: ClassVar[str] = "bad-api-key"
    hint = "Give it as whoever runs the evaluator gave it to you, without quotes or spaces."


class AsyncHttpSource:
    """A snapshot that a server hosts; to be closed.

    Args:
        address: below which `v1/` lies: https, or http on this machine.
        deadline: seconds for each request.

    Raises:
        BadAddress: it is none.
    """

    def __init__(self, address: str, *, deadline: float = DEADLINE) -> None:
        self._server = Server(address, deadline)

    async def envelope(self) -> bytes:
        """The signed snapshot, unverified.

        Raises:
            ServerFailed: it did not come.
        """
        missing = "Check the address: there has to be v1/snapshot below it."
        return await self._server.ask("GET", "v1/snapshot", most=LARGEST, missing=missing)

    async def bucket(self, snapshot: Snapshot, number: int) -> bytes:
        """The answer for a bucket, unverified.

        Raises:
            ServerFailed: it did not come, or not as a range of exactly the bytes that were asked for.
        """
        size = snapshot.answer_bytes
        first, last = number * size, (number + 1) * size - 1
        # Digits are as many for every bucket, so that a request's size says nothing (RFC 9110 allows zeros before).
        digits = len(str(snapshot.buckets_bytes))
        wanted = f"bytes {first}-{last}/{snapshot.buckets_bytes}"

        def check(headers: httpx.Headers) -> None:
            length = headers.get("Content-Length", str(size))
            if headers.get("Content-Range") != wanted or length != str(size):
                raise ServerFailed(
                    "The server answered with other bytes than were asked for.",
                    "It has to serve ranges of buckets.bin as they are: see the how-to on publishing.",
                )

        return await self._server.ask(
            "GET",
            f"v1/snapshots/{snapshot.id}/buckets.bin",
            most=size,
            status=206,
            headers={"Range": f"bytes={first:0{digits}d}-{last:0{digits}d}"},
            missing="A newer snapshot may have taken its place just now: run it again.",
            check=check,
        )

    async def aclose(self) -> None:
        """Close its connections."""
        await self._server.aclose()


class AsyncHttpEvaluator:
    """A server that evaluates; to be closed.

    Args:
        address: below which `v1/` lies: https, or http on this machine.
        api_key: that says whose budget it is; None for that of the network address.
        deadline: seconds for each request.

    Raises:
        BadAddress: it is none.
        BadApiKey: it cannot be one.
    """

    def __init__(self, address: str, *, api_key: str | None = None, deadline: float = DEADLINE) -> None:
        if api_key is not None and not _API_KEY.fullmatch(api_key):
            raise BadApiKey("What was given as an API key is none.")
        named = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._headers = {"Content-Type": "application/json", **named}
        self._server = Server(address, deadline)

    async def evaluate(self, epoch: int, elements: Sequence[Element]) -> Evaluated:
        """What the server evaluated, unverified.

        Raises:
            ServerFailed: it did not answer.
            EvaluationBroken: the answer has another form.
            BudgetSpent: it answers no more for now.
            AccessRefused: it does not take the API key.
            WrongEpoch: its key is of another epoch.
        """
        body = await self._server.ask(
            "POST",
            "v1/evaluate",
            most=SHARE_BYTES + ELEMENT_BYTES * len(elements),
            headers=self._headers,
            body=request_body(epoch, elements),
            missing="This server does not evaluate: name the one that does as the evaluator.",
            named="Authorization" in self._headers,
        )
        return read_answer(body)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._server.aclose()


class HttpSource:
    """An `AsyncHttpSource` for callers that block; to be closed."""

    def __init__(self, address: str, *, deadline: float = DEADLINE) -> None:
        self._source = AsyncHttpSource(address, deadline=deadline)
        self._loop = LoopThread()

    def envelope(self) -> bytes:
        """As `AsyncHttpSource.envelope`."""
        return self._loop.run(self._source.envelope())

    def bucket(self, snapshot: Snapshot, number: int) -> bytes:
        """As `AsyncHttpSource.bucket`."""
        return self._loop.run(self._source.bucket(snapshot, number))

    def close(self) -> None:
        """Close its connections."""
        self._loop.run(self._source.aclose())
        self._loop.close()


class HttpEvaluator:
    """An `AsyncHttpEvaluator` for callers that block; to be closed."""

    def __init__(self, address: str, *, api_key: str | None = None, deadline: float = DEADLINE) -> None:
        self._evaluator = AsyncHttpEvaluator(address, api_key=api_key, deadline=deadline)
        self._loop = LoopThread()

    def evaluate(self, epoch: int, elements: Sequence[Element]) -> Evaluated:
        """As `AsyncHttpEvaluator.evaluate`."""
        return self._loop.run(self._evaluator.evaluate(epoch, elements))

    def close(self) -> None:
        """Close its connections."""
        self._loop.run(self._evaluator.aclose())
        self._loop.close()
