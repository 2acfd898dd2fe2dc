"""A browser that signed an analyst in before, so that nobody else's failures keep it out (a device cookie).

    >>> from datetime import UTC, datetime, timedelta
    >>> key, now, changed = SignInKey(bytes(32)), datetime(2026, 1, 31, 13, 5, tzinfo=UTC), "2026-01-01T00:00:00Z"
    >>> mark = mark_browser(key, "ada", changed, now, random=lambda size: bytes(size))
    >>> browser_of(key, mark, "ada", now + timedelta(days=1))
    Browser(number='00000000000000000000000000000000', changed_at='2026-01-01T00:00:00Z')
    >>> browser_of(key, mark, "bob", now) is None
    True

The mark has a random number, the time, when the analyst's secrets were last changed, and a stamp of the server over
these and the analyst's name. It holds no name, opens nothing by itself, and ends with a change of secrets. See
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from floodmark.notices import read_moment, stamp
from floodmark.register.sign_in_key import SignInKey

LIFETIME = timedelta(days=180)
NUMBER_BYTES = 16
_MARK = re.compile(r"([0-9a-f]{32})\.([0-9]{1,11})\.([0-9]{1,11})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Browser:
    """A browser that is known.

    Attributes:
        number: 32 hexadecimal digits.
        changed_at: when the analyst's secrets had last been changed, as the register had it.
    """

    number: str
    changed_at: str


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
    changed = str(int(read_moment(changed_at).timestamp()))
    parts = (random(NUMBER_BYTES).hex(), str(int(now.timestamp())), changed)
    return ".".join((*parts, key.stamp("browser", name, *parts)))


def browser_of(key: SignInKey, mark: str, name: str, now: datetime) -> Browser | None:
    """The browser, if its mark was made for this analyst and is not too old; none if it was made up.

    Args:
        key: the server's.
        mark: anything that a browser may send.
        name: of the analyst.
        now: with time zone.
    """
    parts = _MARK.fullmatch(mark)
    if parts is None:
        return None
    number, made, changed, given = parts.groups()
    genuine = hmac.compare_digest(given, key.stamp("browser", name, number, made, changed))
    if not genuine or not now.timestamp() - LIFETIME.total_seconds() < int(made) <= now.timestamp() + 60:
        return None
    return Browser(number, stamp(datetime.fromtimestamp(int(changed), UTC)))
