"""Forms of our own pages: read within limits, and refused when they come from elsewhere.

A browser says with `Sec-Fetch-Site` where a request comes from, and no page can change what it says; every one has
since 2023, towards every address where our cookies work. Without it `Origin` has to be this server. A request that has
neither is no browser's, and is refused as well. On top of this, every form carries a token.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from typing import ClassVar
from urllib.parse import parse_qsl

from starlette.requests import Request

from floodmark.web.problems import Refusal

TYPE = "application/x-www-form-urlencoded"
LARGEST = 16 << 10  # bytes
MOST_FIELDS = 16


class ForeignForm(Refusal):
    """A form was sent from a page that is not ours, or its token is not the one that it was given."""

    slug: ClassVar[str] = "foreign-form"
    status: ClassVar[int] = 403
    hint = "Open the page anew and send it from there, with cookies allowed for this site."


class BadForm(Refusal):
    """A form is not one that our pages send."""

    slug: ClassVar[str] = "bad-form"
    status: ClassVar[int] = 400
    hint = "Open the page anew and send it from there."


class LargeForm(Refusal):
    """A form is larger than any of our pages sends."""

    slug: ClassVar[str] = "large-form"
    status: ClassVar[int] = 413
    hint = BadForm.hint


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form that one of our own pages sent.

    Raises:
        ForeignForm: another page did, or nobody says which.
        BadForm, LargeForm: it is not what our pages send.
    """
    if not from_own_page(request):
        raise ForeignForm("This form was not sent from a page of this server.")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != TYPE:
        raise BadForm("The form is not encoded as a page sends it.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise LargeForm("The form is too large.")
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        fields = None
    if fields is None or len(dict(fields)) != len(fields):
        raise BadForm("The form cannot be read.")
    return dict(fields)


def check_token(given: str, expected: str) -> None:
    """See that a form carries its token.

    Raises:
        ForeignForm: it does not.
    """
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise ForeignForm("This form is out of date, or was made by somebody else.")


def from_own_page(request: Request) -> bool:
    """Whether a request was made by a page of this server."""
    said, origins, hosts = (request.headers.getlist(name) for name in ("sec-fetch-site", "origin", "host"))
    if said:
        return said == ["same-origin"]
    return len(origins) == len(hosts) == 1 and origins[0] in _own_origins(hosts[0])


def _own_origins(host: str) -> tuple[str, ...]:
    """Origins of pages that may send forms here; over plain HTTP those of this machine alone."""
    over_tls = f"https://{host}"
    return (over_tls, f"http://{host}") if _loopback(host) else (over_tls,)


def _loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"
