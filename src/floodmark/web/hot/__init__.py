"""The protocol's own addresses, as plain ASGI: the snapshot, its buckets, evaluations."""

from floodmark.web.hot.endpoints import HotEndpoints

__all__ = ["HotEndpoints"]
