"""Requests to one server that cannot be led astray: bounded in size and time, and the same for everybody.

What is sent is what the protocol needs and nothing that tells clients apart: no cookies, no referrer, one User-Agent.
No redirect is followed, since it could lead the same elements to somebody else. Nothing is decompressed. The proxies of
the environment are used, as for any program (whoever set one, such as for Tor, relies on it), but not to this machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from floodmark.exposure.check.address import BadAddress, base_of, on_this_machine
from floodmark.exposure.check.certificates import verifying
from floodmark.exposure.check.refusals import ServerFailed, refusal

DEADLINE = 60.0  # seconds for one request, its answer read to the end
HEADERS = {"User-Agent": "floodmark", "Accept": "*/*", "Accept-Encoding": "identity"}


class Server:
    """A server to ask.

    Args:
        address: below which `v1/` lies.
        deadline: seconds for each request, whatever trickles in meanwhile.

    Raises:
        BadAddress: it is none, or the environment's proxy is none.
        BadCertificates: the environment names certificates that cannot be read.
    """

    def __init__(self, address: str, deadline: float = DEADLINE) -> None:
        self.base = base_of(address)
        self._deadline = deadline
        context = verifying()
        try:
            self._client = httpx.AsyncClient(
                headers=HEADERS,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
                timeout=deadline,
                verify=context,  # whichever way it goes: to this machine, straight, or through a proxy
                trust_env=not on_this_machine(self.base),  # which beside the context is about proxies alone
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            raise BadAddress(
                "The proxy that the environment names cannot be used.",
                "Check HTTPS_PROXY and ALL_PROXY: an http:// address or, with the package socksio, a socks5h:// one.",
            ) from None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        most: int,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        missing: str = "",
        named: bool = False,
        check: Callable[[httpx.Headers], None] = lambda headers: None,
    ) -> bytes:
        """Ask once, and read an answer of at most `most` bytes.

        Args:
            method: GET or POST.
            path: below the base, such as `v1/snapshot`.
            most: bytes of the answer; of a longer one, no more are read.
            status: which alone is an answer.
            headers: beside those that all requests have.
            body: what is posted.
            missing: what to do where there is no such path.
            named: whether an API key is among the headers.
            check: sees the answer's headers, and raises if they do not fit.

        Raises:
            ServerFailed: it cannot be reached, or the answer is too long, too slow or compressed.
            FloodmarkError: it refused, or `check` did.
        """
        sending = _Sending()
        with _explained(sending):
            async with asyncio.timeout(self._deadline):
                async with self._client.stream(
                    method,
                    f"{self.base}/{path}",
                    headers=headers,
                    content=body,
                    extensions={"trace": sending.saw},
                ) as response:
                    if response.status_code != status:
                        wait = response.headers.get("Retry-After")
                        raise refusal(response.status_code, wait, missing, named=named)
                    if response.headers.get("Content-Encoding", "identity") != "identity":
                        raise ServerFailed("The server's answer is compressed, which was not asked for.")
                    check(response.headers)
                    return await _read(response, most)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.aclose()


async def _read(response: httpx.Response, most: int) -> bytes:
    """The body, of which no more is read than shows that it is too long.

    Raises:
        ServerFailed: it has more than `most` bytes.
    """
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > most:
        raise ServerFailed("The server's answer is longer than any.")
    found = bytearray()
    async for piece in response.aiter_raw():
        found += piece
        if len(found) > most:
            raise ServerFailed("The server's answer is longer than any.")
    return bytes(found)


class _Sending:
    """Whether a request has got so far that a server may have all of it."""

    def __init__(self) -> None:
        self.sent = False

    async def saw(self, event: str, details: Mapping[str, Any]) -> None:
        """A step of the request, or of the one that opens a proxy's tunnel to the server."""
        if event.endswith(".send_request_body.started"):
            self.sent = self.sent or details["request"].method != b"CONNECT"


@contextmanager
def _explained(sending: _Sending) -> Iterator[None]:
    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ServerFailed("The server did not answer in time.", sent=sending.sent) from error
    except httpx.ConnectError as error:
        raise ServerFailed(
            "The server cannot be reached, or is not who its certificate should say.", sent=sending.sent
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerFailed(
            "The server's answer is no proper HTTP, or broke off.", sent=sending.sent
        ) from error
