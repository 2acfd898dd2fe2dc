"""What a browser is told that pages may do: the content security policy and every other header of security.

They stand here and nowhere else. `SecurityHeaders` sets them on every answer, over whatever a handler set.

    >>> print(policy(Settings(evaluator_at="https://evaluate.example.org/")))
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
connect-src 'self' https://evaluate.example.org; base-uri 'none'; form-action 'self'; \
frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'

A page loads from its own server alone, runs no script and no style that stands within it, cannot turn text into
script (trusted types), and cannot be framed. What is below `/v1/` is data: no page may come of it, and pages of
other servers may ask for it.

`Referrer-Policy: no-referrer` has a price: browsers then send `Origin: null` with the forms of our own pages
(Fetch, section 3.2), so that `sign_in` goes by `Sec-Fetch-Site` first.
"""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from floodmark.errors import UsageError
from floodmark.web.addresses import client_address
from floodmark.web.settings import Network, Settings

API = "/v1/"
YEAR = 31_536_000  # seconds
FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "xr-spatial-tracking",
)
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
PAGES = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "x-permitted-cross-domain-policies": "none",
}
DATA = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}
TRANSPORT = (b"strict-transport-security", f"max-age={YEAR}".encode())


class NoServerAddress(UsageError):
    """What should be the address of another server is none; exit code 2."""

    slug: ClassVar[str] = "no-server-address"
    hint = "Give it as https://evaluate.example.org, with a port where it has one."


class SecurityHeaders:
    """An application whose every answer has the headers of security.

    Args:
        app: the application.
        settings: for the servers that a page may ask, and the proxies that say how they were reached.

    Raises:
        NoServerAddress: the address of a server that a page would ask is none.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._trusted = settings.trusted_proxies
        self._pages = _encoded({**EVERYWHERE, **PAGES, "content-security-policy": policy(settings)})
        self._data = _encoded({**EVERYWHERE, **DATA})
        self._names = frozenset(name for name, _ in (*self._pages, *self._data, TRANSPORT))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = self._data if scope["path"].startswith(API) else self._pages
        if over_https(scope, self._trusted):
            ours = [*ours, TRANSPORT]

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                theirs = [one for one in message.get("headers", ()) if one[0].lower() not in self._names]
                message = {**message, "headers": [*theirs, *ours]}
            await send(message)

        await self._app(scope, receive, secured)


def policy(settings: Settings) -> str:
    """The content security policy of the pages.

    Raises:
        NoServerAddress: the address of a server that a page would ask is none.
    """
    asked = [origin(place) for place in (settings.evaluator_at, settings.buckets_at) if place is not None]
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            " ".join(("connect-src 'self'", *dict.fromkeys(asked))),
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def origin(place: str) -> str:
    """Scheme, host and port of a server's address.

    >>> origin("https://Evaluate.example.org:8443/somewhere")
    'https://evaluate.example.org:8443'

    Raises:
        NoServerAddress: it is none, or has more in it than an address has.
    """
    try:
        parts = urlsplit(place)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    plain = host.isascii() and all(sign.isalnum() or sign in "-._:" for sign in host)
    if parts.scheme not in ("http", "https") or not host or not plain or "@" in parts.netloc:
        raise NoServerAddress("The address of a server is none that a browser could ask.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port is None else f":{port}")


def over_https(scope: Scope, trusted: tuple[Network, ...]) -> bool:
    """Whether a request came over TLS, to us or to a proxy that is trusted and says so."""
    if scope.get("scheme") == "https":
        return True
    if not trusted or not any(client_address(scope, ()) in network for network in trusted):
        return False
    said = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    return bool(said) and said[-1].rsplit(b",", 1)[-1].strip().lower() == b"https"


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
