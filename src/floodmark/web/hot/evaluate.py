"""POST /v1/evaluate: blinded elements are evaluated, and paid for, before anybody could know whose they are.

The order is that of what it costs: size, form, epoch, API key, whether a day's budget could ever do, elements, budget,
evaluation. What is refused costs nothing, and what fails is given back; an answer that is lost on its way is paid for,
since whoever lost it may have it.

A check has one element, which is evaluated at once: a thread would cost a third more. Many elements, and what needs the
register or has to wait for the budgets, go to threads, so that nobody waits for them but who asked. Those with an API
key have threads of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from starlette.types import Receive, Scope, Send

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import BudgetSpent, Evaluated
from floodmark.exposure.oprf import Element, element
from floodmark.exposure.snapshots import WrongEpoch
from floodmark.guard.address_blocks import blocks
from floodmark.guard.blind import decided, is_exempt
from floodmark.web.addresses import client_address
from floodmark.web.authorisation import Authorisation
from floodmark.web.budget import Client, Verdict
from floodmark.web.hot.asked import MOST_BYTES, Asked, TooMuch, read_asked
from floodmark.web.hot.headers import header
from floodmark.web.hot.lanes import Lane
from floodmark.web.hot.open_to_all import OPEN, OPEN_HEADERS
from floodmark.web.hot.rate_limits import rate_limits
from floodmark.web.problems import Refusal, problem, send_problem
from floodmark.web.site import Site

WORKERS = 2
FEW = 4  # elements, that nobody notices waiting for
MOST_PENDING = 64  # requests in a lane
MOST_OF_ADDRESS = 8  # of them, of one IPv4 address or IPv6 /56
MOST_HELD = 1_024  # requests of few elements, while somebody else has the budgets
MOST_HELD_OF_ADDRESS = 64
MOST_OF_KEY = 16  # of them, of one API key; a batch has four under way (protocol 1, section 6)


class OtherMediaType(Refusal):
    """A body that is not JSON, or is compressed."""

    slug: ClassVar[str] = "unsupported-media-type"
    status: ClassVar[int] = 415
    hint = "Post application/json, as it is."


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
        self._exemptions = site.settings.exemptions
        limits = site.settings.limits
        self._most = min(limits.address, limits.network, limits.server)
        self._keys = Lane("keys", 1, MOST_PENDING, MOST_OF_ADDRESS)
        self._organisations = Lane("organisations", WORKERS, MOST_PENDING, MOST_OF_KEY)
        self._held = Lane("held", 1, MOST_HELD, MOST_HELD_OF_ADDRESS)
        self._everybody = Lane("everybody", WORKERS, MOST_PENDING, MOST_OF_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer POST."""
        limits: dict[str, str] = {}
        try:
            asked = read_asked(await _body(scope, receive))
            if asked.epoch != self._evaluator.epoch:
                raise WrongEpoch(
                    f"The key here is of epoch {self._evaluator.epoch}.",
                    "Get the snapshot again: v1/snapshot.",
                )
            body, verdict = await self._evaluated(asked, await self._client(asked, scope))
            limits = rate_limits(verdict)
            if body is None:
                raise _refused(asked, verdict)
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

    async def _client(self, asked: Asked, scope: Scope) -> Client:
        """Whoever asks.

        Raises:
            NotAuthorised, NotAllowed: an API key was presented that is not good, or not for this.
            BudgetSpent: without one, so much is never granted.
            TooBusy: too many keys are being looked up.
        """
        address = client_address(scope, self._trusted)
        if header(scope, b"authorization") is not None:
            look_up = partial(self._authorisation.organisation, scope, asked.epoch)
            organisation = await self._keys.run(blocks(address)[0], look_up)
            if organisation is not None:
                return Client(address, organisation)
        if is_exempt(address, self._exemptions, self._clock()):
            return Client(address, exempt=True)
        if len(asked.elements) > self._most:
            raise BudgetSpent("A day has not so many evaluations for one address.")
        return Client(address)

    async def _evaluated(self, asked: Asked, client: Client) -> tuple[bytes | None, Verdict]:
        """The answer to what was asked, None where the budget is spent; and what the budget says.

        Raises:
            BadElement: one of them is no element.
            TooBusy: too much is waiting already.
        """
        if client.organisation is not None:
            return await self._organisations.run(
                client.organisation.key, partial(self._evaluate, asked, client)
            )
        lane = self._everybody
        if len(asked.elements) <= FEW:
            lane = self._held
            elements = [element(one) for one in asked.elements]
            now = self._clock()
            verdict = self._budget.spend_at_once(client, len(elements), now)
            if verdict is not None:
                return await self._answered(asked.epoch, elements, client, now, verdict)
        return await lane.run(blocks(client.address)[0], partial(self._evaluate, asked, client))

    async def _answered(
        self, epoch: int, elements: Sequence[Element], client: Client, now: datetime, verdict: Verdict
    ) -> tuple[bytes | None, Verdict]:
        """The answer to a few elements; nothing here waits for a file."""
        try:
            return (answer(self._evaluator.evaluate(epoch, elements)) if verdict.granted else None), verdict
        except BaseException:
            await asyncio.to_thread(self._budget.give_back, client, len(elements), now)
            raise

    def _evaluate(self, asked: Asked, client: Client) -> tuple[bytes | None, Verdict]:
        """As `_evaluated`, in a thread."""
        elements = [element(one) for one in asked.elements]
        now = self._clock()
        verdict = self._budget.spend(client, len(elements), now)
        if not verdict.granted:
            return None, verdict
        try:
            return answer(self._evaluator.evaluate(asked.epoch, elements)), verdict
        except BaseException:
            self._budget.give_back(client, len(elements), now)
            raise


def _refused(asked: Asked, verdict: Verdict) -> BudgetSpent:
    """The guard's decision on what no budget grants, in the words of the tightest."""
    decision = decided(len(asked.elements), verdict.granted, verdict.allowances, verdict.retry_after)
    # What is left is told of the tightest limit alone: of the others it would say how many neighbours check.
    text = decision.reasons[0].text if decision.reasons else "The evaluations were spent a moment ago."
    return BudgetSpent(text, retry_after=verdict.retry_after)


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
