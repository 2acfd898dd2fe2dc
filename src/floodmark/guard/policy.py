"""What the guard does when: limits, thresholds with their actions, and whether it acts at all.

>>> policy = Policy.from_toml('''
... profile = "contacts"
... [evidence]
... challenge = 0.01
... deny = 0.001
... ''')
>>> policy.shadow, policy.profile, policy.evidence.action(500.0)
(True, 'contacts', <Action.CHALLENGE: 3>)

A policy is a TOML file. Whatever it does not state is as in `Policy()`; a policy that does not say `shadow = false`
decides and does not act.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from floodmark.errors import UsageError
from floodmark.guard.budgets import PROFILES, Limit, limit_of
from floodmark.guard.canaries_score import STALE
from floodmark.guard.decision import Action
from floodmark.guard.thresholds import Thresholds
from floodmark.guard.toml_place import toml_place

LARGEST = 64 * 1024
"""Bytes of a policy file at most."""
MOST_LIMITS = 16
LEAST_ALPHA = 1e-9
"""An α that no reference is large enough for."""
_NEVER = Thresholds()
_EVIDENCE = Thresholds.of({"challenge": 100.0, "deny": 10_000.0})
_CANARIES = Thresholds.of({"challenge": 2.0, "deny": 4.0})  # an ordinary client comes upon one now and then


class PolicyError(UsageError):
    """A policy cannot be read, or states what no policy may; exit code 2."""

    slug: ClassVar[str] = "guard-policy"
    hint = "docs/reference/guard-policy.md lists what can be stated, with its units."


@dataclass(frozen=True)
class Policy:
    """What the guard does when.

    Attributes:
        profile: of budgets: `signal`, `contacts`, `strict`, or `own` where all limits are stated.
        limits: of the profile, and those that are stated besides; all of them hold.
        shadow: whether decisions are made and not acted on.
        delay: seconds by which an answer is delayed where the action is `delay`.
        challenge_lasts: seconds for which whoever passed a challenge is not challenged again.
        used: `delay` or `coarsen`, by the share of a budget's burst that is used, from 0 to 1.
        evidence: actions by the e-value M of an actor; stated in the file as α, with M = 1/α.
        epsilon: share of the reference actors that is taken to be bad at most.
        canaries: actions by how many different canaries an actor has asked for.
        stale: share of identifiers that nobody holds in what ordinary clients ask about, at most.
    """

    profile: str = "signal"
    limits: tuple[Limit, ...] = PROFILES["signal"]
    shadow: bool = True
    delay: float = 2.0
    challenge_lasts: float = 3600.0
    used: Thresholds = _NEVER
    evidence: Thresholds = _EVIDENCE
    epsilon: float = 0.01
    canaries: Thresholds = _CANARIES
    stale: float = STALE

    @property
    def alpha(self) -> float:
        """The α of the mildest action on evidence: the rate at which exchangeable actors are flagged at most.

        `LEAST_ALPHA` where nothing is done by evidence.
        """
        return max(LEAST_ALPHA, 1.0 / self.evidence.lowest)

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """The policy that a TOML text states.

        Raises:
            PolicyError: it is no TOML, or states something unknown or out of its range.
            BadLimit: a limit of its own says nothing that could be kept.
        """
        try:
            table = tomllib.loads(text)
        except (
            ValueError,
            RecursionError,
        ) as error:  # also of numbers too long for Python, and of tables too deep
            raise PolicyError(f"The policy is no TOML{toml_place(error)}") from error
        return cls.of(table)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The policy in a file.

        Raises:
            PolicyError: as `from_toml`; or the file is missing, too large or not UTF-8.
        """
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
            text = raw.decode()
        except FileNotFoundError as error:
            raise PolicyError("There is no such policy file", hint="Check the path.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise PolicyError("The policy file cannot be read as UTF-8 text") from error
        if len(raw) > LARGEST:
            raise PolicyError(f"The policy file is larger than {LARGEST:,} bytes")
        return cls.from_toml(text)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """The policy that a table states.

        Raises:
            PolicyError: it states something unknown or out of its range.
        """
        given = dict(table)
        found: dict[str, Any] = {}
        found |= _limits(given.pop("profile", None), given.pop("limit", []))
        if "shadow" in given:
            found["shadow"] = _boolean(given.pop("shadow"), "shadow")
        for name, most in (("delay", 60.0), ("challenge_lasts", 30 * 86400.0)):
            if name in given:
                found[name] = _number(given.pop(name), name, most)
        evidence = _table(given.pop("evidence", {}), "evidence")
        if "epsilon" in evidence:
            found["epsilon"] = _number(evidence.pop("epsilon"), "evidence.epsilon", 0.5)
        if evidence:
            found["evidence"] = _thresholds(evidence, "evidence", 1.0, inverse=True)
        canaries = _table(given.pop("canaries", {}), "canaries")
        if "stale" in canaries:
            found["stale"] = _number(canaries.pop("stale"), "canaries.stale", 1.0)
        if canaries:
            found["canaries"] = _thresholds(canaries, "canaries", 1e6)
        if "used" in given:
            found["used"] = _thresholds(_table(given.pop("used"), "used"), "used", 1.0)
            if any(action > Action.COARSEN for _, action in found["used"].steps):
                raise PolicyError(
                    "[used] has delay and coarsen only: a budget that is spent refuses by itself"
                )
        if given:
            raise PolicyError(f"A policy states no {_shown(next(iter(given)))}")
        return cls(**found)


def _limits(profile: object, stated: object) -> dict[str, Any]:
    """The profile and the limits; what is not stated is left to `Policy()`."""
    if profile is not None and (not isinstance(profile, str) or profile not in PROFILES):
        raise PolicyError(f"The profiles are {', '.join(PROFILES)}")
    if not isinstance(stated, list) or not all(isinstance(one, dict) for one in stated):
        raise PolicyError("Limits of your own are tables: write [[limit]] above each")
    if profile is None and not stated:
        return {}
    named = PROFILES[profile] if profile is not None else ()
    if len(named) + len(stated) > MOST_LIMITS:
        raise PolicyError(f"A policy has {MOST_LIMITS} limits at most, those of its profile included")
    return {"profile": profile or "own", "limits": named + tuple(map(limit_of, stated))}


def _thresholds(table: Mapping[str, Any], name: str, most: float, *, inverse: bool = False) -> Thresholds:
    values = {}
    for action, value in table.items():
        number = _number(value, f"{name}.{_shown(action)}", most)
        if number <= 0:
            raise PolicyError(f"{name}.{_shown(action)} is more than 0")
        if inverse and number < LEAST_ALPHA:
            raise PolicyError(f"{name}.{_shown(action)} is at least {LEAST_ALPHA:g}")
        values[action] = 1.0 / number if inverse else number
    try:
        return Thresholds.of(values)
    except ValueError as error:
        raise PolicyError(f"[{name}]: {error}") from error


def _table(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PolicyError(f"{name} is a table: write [{name}]")
    return dict(value)


def _boolean(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise PolicyError(f"{name} is true or false")
    return value


def _number(value: object, name: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PolicyError(f"{name} is a number")
    if isinstance(value, float) and not math.isfinite(value):
        raise PolicyError(f"{name} is a number")
    if not 0 <= value <= most:
        raise PolicyError(f"{name} lies between 0 and {most:g}")
    return float(value)


def _shown(name: str) -> str:
    """A name from a file, fit for a message."""
    return repr(name[:40])
