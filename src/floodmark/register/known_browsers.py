"""A browser that signed an analyst in before, so that nobody else's failures keep it out (a device cookie).

    >>> from datetime import UTC, datetime, timedelta
    >>> key, now, changed = SignInKey(bytes(32)), datetime(2026, 1, 31, 13, 5, tzinfo=UTC), "2026-01-01T00:00:00Z"
    >>> mark = mark_browser(key, "ada", changed, now, random=lambda size: bytes(size))
    >>> browser_of(key, mark, "ada", changed, now + timedelta(days=1))
    '00000000000000000000000000000000'
    >>> [browser_of(key, mark, name, at, now) for name, at in [("bob", changed), ("ada", "2026-01-31T13:05:01Z")]]
    [None, None]

The mark has a random number, a time and a stamp of the server over both, the analyst's name and when the analyst's
secrets were last changed. It holds no name, opens nothing by itself, and ends with a change of secrets. See
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from floodmark.register.sign_in_key import SignInKey

LIFETIME = timedelta(days=180)
NUMBER_BYTES = 16
_MARK = re.compile(r"([0-9a-f]{32})\.([0-9]{1,11})\.([0-9a-f]{64})")


def mark_browser(
    key: SignInKey,
    name: str,
    changed_at: str,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """A mark for the browser that an analyst has just signed in from.

    Args:
        key: the server's.
        name: of the analyst.
        changed_at: when the analyst's secrets were last changed, as the register has it.
        now: with time zone.
        random: that many random bytes.
    """
    number, made = random(NUMBER_BYTES).hex(), str(int(now.timestamp()))
    return f"{number}.{made}.{_stamp(key, name, changed_at, number, made)}"


def browser_of(key: SignInKey, mark: str, name: str, changed_at: str, now: datetime) -> str | None:
    """The browser's number, if the mark was made for this analyst and still holds.

    Args:
        key: the server's.
        mark: anything that a browser may send.
        name: of the analyst.
        changed_at: when the analyst's secrets were last changed.
        now: with time zone.
    """
    parts = _MARK.fullmatch(mark)
    if parts is None:
        return None
    number, made, stamp = parts.groups()
    genuine = hmac.compare_digest(stamp, _stamp(key, name, changed_at, number, made))
    young = 0 <= now.timestamp() - int(made) + 60 <= LIFETIME.total_seconds()
    return number if genuine and young else None


def _stamp(key: SignInKey, name: str, changed_at: str, number: str, made: str) -> str:
    return key.stamp("browser", name, changed_at, number, made)
