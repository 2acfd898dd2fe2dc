"""Budgets of new identifiers: what an account, and all that accounts share, may ask at once and in the long run."""

from __future__ import annotations

from floodmark.guard.budgets.budgets import Budgets
from floodmark.guard.budgets.limits import LEVELS, BadLimit, Limit, limit_of
from floodmark.guard.budgets.profiles import PROFILES, hierarchy
from floodmark.guard.budgets.simulation import simulate_budgets
from floodmark.guard.budgets.state import BadState, StateInUse
from floodmark.guard.budgets.taken import Standing, Taken

__all__ = [
    "LEVELS",
    "PROFILES",
    "BadLimit",
    "BadState",
    "Budgets",
    "Limit",
    "Standing",
    "StateInUse",
    "Taken",
    "hierarchy",
    "limit_of",
    "simulate_budgets",
]
