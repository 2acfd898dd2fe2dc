"""What kind of address a request was for: as much of a path as is ever counted or written down.

>>> endpoint_class("/v1/snapshots/00112233445566778899aabbccddeeff/4711"), endpoint_class("/v1/snapshots/x/buckets.bin")
('bucket', 'buckets')
>>> endpoint_class("/leaks/made-up"), endpoint_class("/wp-login.php?user=1")
('page', 'page')
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

EndpointClass: TypeAlias = Literal[
    "snapshot", "bucket", "buckets", "evaluate", "api", "static", "analyst", "health", "metrics", "page"
]
CLASSES: tuple[EndpointClass, ...] = get_args(EndpointClass)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

_EXACT: dict[str, EndpointClass] = {
    "/v1/snapshot": "snapshot",
    "/v1/evaluate": "evaluate",
    "/healthz": "health",
    "/readyz": "health",
    "/metrics": "metrics",
}
_BELOW: tuple[tuple[str, EndpointClass], ...] = (
    ("/v1/", "api"),
    ("/static/", "static"),
    ("/analyst", "analyst"),
    ("/sign-", "analyst"),
)


def endpoint_class(path: str) -> EndpointClass:
    """The class of a path; `page` for all that nothing else is said of, so that made-up paths make no new class."""
    found = _EXACT.get(path)
    if found is not None:
        return found
    if path.startswith("/v1/snapshots/"):
        return "buckets" if path.endswith("/buckets.bin") else "bucket"
    return next((name for start, name in _BELOW if path.startswith(start)), "page")


def method_class(method: str) -> str:
    """The method, or `other` for one that nothing here answers to: a client can make up any.

    >>> method_class("GET"), method_class("HACK")
    ('GET', 'other')
    """
    return method if method in METHODS else "other"
