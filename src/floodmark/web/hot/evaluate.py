"""POST /v1/evaluate: blinded elements are evaluated, and paid for, before anybody could know whose they are.

The order is that of what it costs: size, form, epoch, elements, budget, evaluation. What is refused costs nothing, and
what fails is given back; an answer that is lost on its way is paid for, since whoever lost it may have it.

A check has one element, which is evaluated at once: a thread would cost a third more. Many elements, and what needs the
register, go to threads, so that nobody waits for them but who asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ClassVar

from starlette.types import Receive, Scope, Send

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import BudgetSpent, Evaluated
from floodmark.exposure.oprf import Element, element
from floodmark.exposure.snapshots import WrongEpoch
from floodmark.web.addresses import client_address
from floodmark.web.authorisation import Authorisation
from floodmark.web.budget import Client, Verdict
from floodmark.web.hot.asked import MOST_BYTES, Asked, TooMuch, read_asked
from floodmark.web.hot.headers import header
from floodmark.web.hot.open_to_all import OPEN, OPEN_HEADERS
from floodmark.web.hot.rate_limits import rate_limits
from floodmark.web.problems import Refusal, problem, send_problem
from floodmark.web.site import Site

WORKERS = 2
FEW = 4  # elements, that nobody notices waiting for
MOST_PENDING = 64  # requests in threads


class OtherMediaType(Refusal):
    """A body that is not JSON, or is compressed."""

    slug: ClassVar[str] = "unsupported-media-type"
    status: ClassVar[int] = 415
    hint = "Post application/json, as it is."


class TooBusy(Refusal):
    """More is waiting to be evaluated than the server takes on."""

    slug: ClassVar[str] = "too-busy"
    status: ClassVar[int] = 503
    headers: Mapping[str, str] = {"retry-after": "1"}
    hint = "Ask again in a moment; nothing was taken from your budget."


class Gone(Exception):
    """Whoever asked has gone before all was said."""


class EvaluateEndpoint:
    """Evaluates what is posted.

    Args:
        site: has the evaluator and the budget.
    """

    def __init__(self, site: Site) -> None:
        if site.evaluator is None or site.budget is None:
            raise ValueError("a server that evaluates has an evaluator and a budget")
        self._evaluator = site.evaluator
        self._budget = site.budget
        self._clock = site.clock
        self._trusted = site.settings.trusted_proxies
        self._authorisation = Authorisation(site)
        self._threads = ThreadPoolExecutor(WORKERS, "evaluate")
        self._pending = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer POST."""
        limits: dict[str, str] = {}
        try:
            asked = read_asked(await _body(scope, receive))
            if len(asked.elements) <= FEW and header(scope, b"authorization") is None:
                body, verdict = self._evaluate(asked, scope)
            else:
                body, verdict = await self._in_thread(asked, scope)
            limits = rate_limits(verdict)
            if body is None:
                raise BudgetSpent(
                    "The evaluations that there are for this address are spent.",
                    retry_after=verdict.retry_after,
                )
        except Gone:
            return
        except FloodmarkError as error:
            await send_problem(send, problem(error, scope), {**OPEN, **limits})
            return
        except Exception as error:  # which is told in the log, and ends the connection
            await send_problem(send, problem(error, scope), {**OPEN, "connection": "close"})
            raise
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            *((name.encode(), value.encode()) for name, value in limits.items()),
            *OPEN_HEADERS,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _in_thread(self, asked: Asked, scope: Scope) -> tuple[bytes | None, Verdict]:
        """As `_evaluate`.

        Raises:
            TooBusy: too much is waiting already.
        """
        if self._pending >= MOST_PENDING:
            raise TooBusy("Too many evaluations are waiting.")
        self._pending += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._evaluate, asked, scope)
        finally:
            self._pending -= 1

    def _evaluate(self, asked: Asked, scope: Scope) -> tuple[bytes | None, Verdict]:
        """The answer to what was asked, None where the budget is spent; and what the budget says.

        Raises:
            WrongEpoch: it is of another epoch than the key.
            BadElement: one of them is no element.
            NotAuthorised, NotAllowed: an API key was presented that is not good, or not for this.
        """
        if asked.epoch != self._evaluator.epoch:
            raise WrongEpoch(
                f"The key here is of epoch {self._evaluator.epoch}.", "Get the snapshot again: v1/snapshot."
            )
        elements = [element(one) for one in asked.elements]
        organisation = self._authorisation.organisation(scope, asked.epoch)
        client = Client(client_address(scope, self._trusted), organisation)
        now = self._clock()
        verdict = self._budget.spend(client, len(elements), now)
        if not verdict.granted:
            return None, verdict
        return self._paid(asked.epoch, elements, client, now), verdict

    def _paid(self, epoch: int, elements: Sequence[Element], client: Client, now: datetime) -> bytes:
        """The answer to elements that were paid for; they are given back where there is none."""
        try:
            return answer(self._evaluator.evaluate(epoch, elements))
        except BaseException:
            self._budget.give_back(client, len(elements), now)
            raise


def answer(evaluated: Evaluated) -> bytes:
    """An evaluator's answer in JSON, of one share."""
    elements = '","'.join(one.hex() for one in evaluated.elements)
    return f'[{{"share":1,"elements":["{elements}"],"proof":"{evaluated.proof.hex()}"}}]'.encode()


async def _body(scope: Scope, receive: Receive) -> bytes:
    """What is posted.

    Raises:
        OtherMediaType: it is no JSON, or compressed.
        TooMuch: it is longer than any; no more of it is read.
        Gone: it never came whole.
    """
    kind = (header(scope, b"content-type") or b"").partition(b";")[0].strip().lower()
    coding = header(scope, b"content-encoding")
    if kind != b"application/json" or coding not in (None, b"identity"):
        raise OtherMediaType("The body is not application/json.")
    length = header(scope, b"content-length")
    if length is not None and (len(length) > 9 or int(length) > MOST_BYTES):
        raise TooMuch("The body is longer than any that is read.")
    found = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        found += message.get("body", b"")
        if len(found) > MOST_BYTES:
            raise TooMuch("The body is longer than any that is read.")
        if not message.get("more_body", False):
            return bytes(found)
