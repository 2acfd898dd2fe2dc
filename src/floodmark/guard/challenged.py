"""Who passed a challenge, and until when that holds.

>>> challenged = Challenged(lasts=60.0, most=1)
>>> challenged.passed(0.0, 7), challenged.has_passed(59.0, 7), challenged.has_passed(60.0, 7)
(None, True, False)
>>> challenged.passed(1.0, 8), challenged.has_passed(2.0, 7)
(None, False)

Where too many passed, those who passed first are forgotten and challenged again; so is everybody at a restart.
"""

from __future__ import annotations

MOST = 200_000


class Challenged:
    """Who passed a challenge.

    Args:
        lasts: seconds for which it holds.
        most: of whom so much is kept.
    """

    def __init__(self, lasts: float, most: int = MOST) -> None:
        self._lasts = lasts
        self._most = most
        self._at: dict[int, float] = {}

    def passed(self, at: float, who: int) -> None:
        """Take note that somebody passed.

        Args:
            at: when, seconds since 1970 UTC.
            who: `Actor.who`; of nobody nothing is kept.
        """
        if who == 0:
            return
        self._at.pop(who, None)
        if len(self._at) >= self._most:
            del self._at[next(iter(self._at))]
        self._at[who] = at

    def has_passed(self, at: float, who: int) -> bool:
        """Whether somebody passed, and it still holds."""
        passed = self._at.get(who)
        return passed is not None and passed <= at < passed + self._lasts
