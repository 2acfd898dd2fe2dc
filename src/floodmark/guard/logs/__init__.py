"""Logs: which part of a line, or of a request, is the identifier that was asked about, and by whom."""

from floodmark.guard.logs.clients import Proxies
from floodmark.guard.logs.endpoints import Endpoint
from floodmark.guard.logs.mapping import READY, Asked, Mapping
from floodmark.guard.logs.parsing import FATES, Counts, Parsed, Parser
from floodmark.guard.logs.places import BadMapping
from floodmark.guard.logs.replay import Replay, lookups_of

__all__ = [
    "FATES",
    "READY",
    "Asked",
    "BadMapping",
    "Counts",
    "Endpoint",
    "Mapping",
    "Parsed",
    "Parser",
    "Proxies",
    "Replay",
    "lookups_of",
]
