"""Logs: which part of a line, or of a request, is the identifier that was asked about, and by whom."""

from floodmark.guard.logs.endpoints import Endpoint
from floodmark.guard.logs.mapping import Asked, Mapping
from floodmark.guard.logs.places import BadMapping

__all__ = ["Asked", "BadMapping", "Endpoint", "Mapping"]
