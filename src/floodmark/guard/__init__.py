"""The guard: finds and limits clients that enumerate identifiers, by counting identifiers and not requests.

A lookup is one identifier that an actor asked about. On entry the identifier is reduced to keyed numbers and
forgotten; what budgets, evidence and reports work on are those.
"""

from __future__ import annotations

from floodmark.guard.actor_text import ActorError, read_actor, written
from floodmark.guard.actors import Actor
from floodmark.guard.allow import Allowance, AllowList
from floodmark.guard.canaries import Canaries, CanarySet
from floodmark.guard.canaries_ledger import CanaryLedger
from floodmark.guard.decision import Action, Decision, Reason
from floodmark.guard.folder import GuardFolder
from floodmark.guard.guard import Guard
from floodmark.guard.keyed_json import GuardFileError
from floodmark.guard.lookup import Lookup, table
from floodmark.guard.lookups import SCHEMA, LookupsFile, read_lookups, write_lookups
from floodmark.guard.middleware import GuardMiddleware
from floodmark.guard.middleware_asked import Asked, MappedLookup, Received
from floodmark.guard.middleware_told import Told
from floodmark.guard.policy import Policy, PolicyError
from floodmark.guard.reduction import Reduced, reduce, reduce_one

__all__ = [
    "SCHEMA",
    "Action",
    "Actor",
    "ActorError",
    "AllowList",
    "Allowance",
    "Asked",
    "Canaries",
    "CanaryLedger",
    "CanarySet",
    "Decision",
    "Guard",
    "GuardFileError",
    "GuardFolder",
    "GuardMiddleware",
    "Lookup",
    "LookupsFile",
    "MappedLookup",
    "Policy",
    "PolicyError",
    "Reason",
    "Received",
    "Reduced",
    "Told",
    "read_actor",
    "read_lookups",
    "reduce",
    "reduce_one",
    "table",
    "write_lookups",
    "written",
]
