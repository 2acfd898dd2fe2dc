"""Sets of limits under a name, to begin with.

>>> [(limit.level, limit.burst) for limit in PROFILES["strict"]]
[('account', 300), ('prefix', 4800), ('network', 76800), ('app', 19660800), ('cohort', 9600)]

What an account may ask is what a profile is named for. Many accounts lie behind a prefix, a network or an app, so each
of those may ask as much as a number of accounts (`SHARED`), at once and in the long run.
"""

from __future__ import annotations

from collections.abc import Iterable

from floodmark.guard.budgets.limits import DAY, HOUR, Limit

SHARED = {"prefix": 16, "network": 256, "app": 65_536, "cohort": 32}
FULL_SYNC = "contacts/full"


def hierarchy(*of_account: Limit, shared: Iterable[tuple[str, int]] = SHARED.items()) -> tuple[Limit, ...]:
    """Limits of an account, and of all that accounts share as much as so many of them may ask.

    Args:
        of_account: its limits.
        shared: levels, and how many accounts each counts as.
    """
    return of_account + tuple(
        Limit(level, limit.burst * many, limit.per_second * many, limit.endpoints, limit.besides)
        for level, many in shared
        for limit in of_account
    )


SIGNAL = hierarchy(Limit("account", 50_000, 6 / HOUR))
CONTACTS = hierarchy(
    Limit("account", 20_000, 20_000 / (10 * DAY), endpoints=(FULL_SYNC,)),
    Limit("account", 20_000, 20_000 / DAY, besides=(FULL_SYNC,)),
)
STRICT = hierarchy(Limit("account", 300, 60 / HOUR))

PROFILES: dict[str, tuple[Limit, ...]] = {"signal": SIGNAL, "contacts": CONTACTS, "strict": STRICT}
