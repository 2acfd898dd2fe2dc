"""Request targets: path and query apart, in the one form in which servers see them however a client wrote them.

>>> split("/v1/%75sers//ada/?x=1")
('/v1/users/ada/', 'x=1')
>>> split("http://example.org/users/ada")
('/users/ada', '')

A client that writes one letter of the path as an escape asks the same endpoint, so what RFC 3986 (section 6.2.2) calls
equivalent is made equal before anything is compared: escapes of unreserved characters, and dot segments. What some
server takes for the same is the same, too, or a client could ask past the guard: repeated slashes are one, an escaped
slash is a slash, what follows a semicolon or a # in a path is left out, and both part a query as an ampersand does.
Escapes of other characters stay until the identifier has been cut out.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

LONGEST = 1 << 16
PLAIN = r"^/[^%?#]*$"
NEEDS_WORK = (
    r"%(?:2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[bBdDfF]|7[eE])|//|/\.|^[^/]|^[^?]*(?:[;#]|%2[fF])"
)
"""Of a request target, whether it may be written otherwise than `normal` leaves it; also for Polars."""

_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~[]")
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^/?#]*")
_SLASHES = re.compile(r"//+")
_ESCAPED_SLASH = re.compile("%2[fF]")
_PARAMETERS = re.compile(";[^/]*")
_PAIRS = re.compile("[&;#]")
_NEEDS_WORK = re.compile(NEEDS_WORK)


def split(target: str) -> tuple[str, str]:
    """Path and query of a request target, both `normal`; the query is empty where there is none."""
    path, _, query = normal(target).partition("?")
    return path, query


def normal(target: str) -> str:
    """A request target as all that are equivalent to it are written.

    Args:
        target: as in a request line: `/path?query`, or a whole URL as proxies are sent.
    """
    if not _NEEDS_WORK.search(target):
        return target
    if (origin := _ORIGIN.match(target)) is not None:
        target = target[origin.end() :] or "/"
    path, mark, query = _ESCAPE.sub(_unreserved, target).partition("?")
    path = _SLASHES.sub("/", _ESCAPED_SLASH.sub("/", _PARAMETERS.sub("", path.partition("#")[0])))
    if "/." in path:
        path = _without_dots(path)
    return path + mark + query


def decoded(text: str, *, form: bool, plus: bool) -> str:
    """A value that was cut out of a path, a query or a form, without its escapes.

    Args:
        text: the value; bytes that are not UTF-8 become replacement characters, which no identifier has.
        form: whether a plus stands for a space, as in queries and forms.
        plus: whether one at the beginning is a plus all the same, as before a phone number that nobody escaped.
    """
    if form:
        first = "+" if plus and text.startswith("+") else ""
        text = first + text[len(first) :].replace("+", " ")
    return unquote(text, errors="replace") if "%" in text else text


def values(query: str, name: str) -> list[str]:
    """Values of a parameter, as they are written, in order; those that are empty are left out.

    `name[]` and `name[0]` are the parameter too, of which many servers make a list.
    """
    found = []
    for pair in _PAIRS.split(query):
        key, mark, value = pair.partition("=")
        if mark and value and (key == name or (key.startswith(name + "[") and key.endswith("]"))):
            found.append(value)
    return found


def _unreserved(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0]


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    kept: list[str] = []
    parts = path.split("/")
    for part in parts[1:]:
        if part == "..":
            if kept:
                kept.pop()
        elif part != ".":
            kept.append(part)
    return "/" + "/".join(kept) + ("/" if parts[-1] in {".", ".."} and kept else "")
