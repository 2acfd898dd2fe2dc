"""Codes of an authenticator (TOTP, RFC 6238): 6 digits, a new one every 30 seconds, none of them twice.

    >>> from datetime import UTC, datetime
    >>> secret, now = bytes(range(20)), datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
    >>> code = code_at(secret, step_at(now))
    >>> step_of(secret, f"{code[:3]} {code[3:]}", now, after=0) == step_at(now)
    True
    >>> step_of(secret, code, now, after=step_at(now)) is None
    True

A code counts in its own step and in the ones before and after, for clocks that differ. SHA-1 and 30 seconds are what
every authenticator has; HMAC-SHA-1 is not what is broken of SHA-1.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from base64 import b32encode
from datetime import datetime

from pyotp import HOTP, TOTP

SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20  # as many as the hash gives (RFC 4226, section 4)
AROUND = (-1, 0, 1)  # steps
ISSUER = "Floodmark"
_CODE = re.compile(rf"[0-9]{{{DIGITS}}}")


def step_at(moment: datetime) -> int:
    """The step that a moment lies in."""
    return int(moment.timestamp()) // SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of a step."""
    return HOTP(b32encode(secret).decode(), digits=DIGITS).at(step)


def step_of(secret: bytes, typed: str, now: datetime, after: int) -> int | None:
    """The step whose code somebody typed; None for no code of now.

    Args:
        secret: of the analyst.
        typed: with or without spaces.
        now: with time zone.
        after: the last step that was used; only later ones count.
    """
    code = unicodedata.normalize("NFKC", typed[:64]).translate({ord(" "): None, ord("-"): None})
    given = code if _CODE.fullmatch(code) else "-" * DIGITS
    steps = [step_at(now) + around for around in AROUND]
    # Every step is tried, so that time does not tell which one it was.
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step), given)]
    return max((step for step in found if step > after), default=None)


def enrolment(name: str, secret: bytes) -> str:
    """What an authenticator reads from a QR code (the URI scheme `otpauth`).

    >>> enrolment("ada", bytes(20))
    'otpauth://totp/Floodmark:ada?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&issuer=Floodmark'
    """
    return TOTP(b32encode(secret).decode()).provisioning_uri(name=name, issuer_name=ISSUER)
