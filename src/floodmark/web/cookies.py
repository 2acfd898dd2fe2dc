"""Cookies: of this server's host alone, over TLS alone, for no script and no other site's request.

>>> jar = cookies(Settings())
>>> jar.name("session"), cookies(Settings(insecure_cookies=True)).name("session")
('__Host-floodmark-session', 'floodmark-session')

The prefix `__Host-` makes a browser refuse a cookie that lacks `Secure`, has a domain or another path, so that neither
a sister host nor somebody between can put one in (RFC 6265bis, section 4.1.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import ClassVar, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from floodmark.errors import UsageError
from floodmark.web.settings import Settings

Kind: TypeAlias = Literal["session", "form", "browser"]
LONGEST = 512  # characters of a value that is looked at
LONGEST_HEADER = 4096  # bytes of a header that is looked at; ours take 600


class InsecureCookies(UsageError):
    """Cookies were asked for over plain HTTP by a server that others can reach; exit code 2."""

    slug: ClassVar[str] = "insecure-cookies"
    hint = "Leave --insecure-cookies out; a web server in front speaks TLS, as in examples/."


@dataclass(frozen=True)
class Cookies:
    """How cookies are set.

    Attributes:
        secure: whether over TLS alone.
    """

    secure: bool

    def name(self, kind: Kind) -> str:
        """A cookie's name."""
        return f"{'__Host-' if self.secure else ''}floodmark-{kind}"

    def read(self, request: Request, kind: Kind) -> str:
        """A cookie's value; empty where there is none that could be ours."""
        return _value(request.headers.getlist("cookie"), self.name(kind))

    def put(self, response: Response, kind: Kind, value: str, lasts: timedelta) -> None:
        """Have the browser keep a cookie."""
        seconds = int(lasts.total_seconds())
        response.set_cookie(
            self.name(kind), value, seconds, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def drop(self, response: Response, kind: Kind) -> None:
        """Have the browser forget a cookie."""
        response.delete_cookie(
            self.name(kind), path="/", secure=self.secure, httponly=True, samesite="strict"
        )


def cookies(settings: Settings) -> Cookies:
    """How a server sets cookies.

    Raises:
        InsecureCookies: over plain HTTP, and others than this machine can reach it.
    """
    if settings.insecure_cookies and (settings.trusted_proxies or not _loopback(settings.host)):
        raise InsecureCookies("Cookies over plain HTTP are for a server that only this machine can reach.")
    return Cookies(secure=not settings.insecure_cookies)


def _value(headers: list[str], name: str) -> str:
    """The first cookie of a name (RFC 6265, section 5.4); empty where it is none that we set.

    Ours have neither quotes nor escapes. The standard library's reader undoes these in quadratic time before
    Python 3.11.10 (CVE-2024-7592), so it is not asked.

    >>> _value(['a=1; floodmark-form="x"; b=2', "floodmark-session=abc"], "floodmark-session")
    'abc'
    """
    for header in headers:
        if len(header) > LONGEST_HEADER:
            continue
        for one in header.split(";"):
            found, _, value = one.strip().partition("=")
            if found == name:
                return value if len(value) <= LONGEST else ""
    return ""


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
