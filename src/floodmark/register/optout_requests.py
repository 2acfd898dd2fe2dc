"""Proof of control: a code goes to an address or a number, and comes back with it.

Nothing here looks at a leak, and nothing that it answers tells who asked before: a request says the same whether or not
a message went out, and a wrong code, an expired one and one that nobody asked for are refused in the same words.

An attempt is counted and on the disk before the code is compared, so that no kill gives one back; and a code is kept
before it is sent, so that no kill lets more messages out. A code from before the clock was set back by more than two
minutes is dead. What has ended is removed by the next request or confirmation.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Connection, update

from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure.check.asked import Asked
from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey
from floodmark.notices.sending import NotSent, Purpose
from floodmark.register import optout_rows, optouts, workspace_keys
from floodmark.register.optout_codes import kept, new_code, read_code
from floodmark.register.optout_rows import ATTEMPTS, LIFETIME, Recipient
from floodmark.register.tables import workspace as workspaces
from floodmark.register.wipe import wipe
from floodmark.register.workspace import Workspace

MINUTES = LIFETIME.seconds // 60


class NotProvable(UsageError):
    """No message reaches whoever has an identifier of this kind, so control of it cannot be proven; exit code 2."""

    slug: ClassVar[str] = "not-provable"
    hint = "Opt-outs are for e-mail addresses and phone numbers, each on its own."


class CodeRefused(FloodmarkError):
    """The code does not prove anything; why is not said, since that would tell who asked for one."""

    slug: ClassVar[str] = "code-refused"
    hint = (
        f"A code is for one address or number and one purpose, once, and for {MINUTES} minutes; "
        f"after {ATTEMPTS} attempts it is dead. Ask for another."
    )


def request(
    workspace: Workspace,
    key: DigestKey,
    asked: Asked,
    purpose: Purpose,
    send: Callable[[str], None],
    *,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> None:
    """Send a code to an address or a number, unless one went there a moment ago or too many did in a day.

    Whether one was sent is not told. An earlier code for the same recipient is dead from then on.

    Args:
        workspace: where the request is kept, as digests.
        key: the workspace's digest key.
        asked: whom to send it to.
        purpose: what the code is for.
        send: sends the code that it is given to the recipient.
        now: with time zone.
        random: as for `new_code`.

    Raises:
        NotProvable: no message reaches identifiers of this kind.
        WrongKeys: the workspace was made with another digest key.
        NotSent: nothing went out, and the request does not count.
        PerhapsSent: a code may have gone out; it is valid, and counts.
    """
    to = _recipient(asked, key)
    code = new_code(random)
    value = kept(key, purpose, to.kind, to.digest, read_code(code))
    with workspace.writing("optout") as connection:
        _tie(connection, key)
        optout_rows.clear(connection, now)
        before = optout_rows.keep(connection, to, value, now)
    if before is None:
        return
    try:
        send(code)
    except NotSent:
        with workspace.writing("optout") as connection:
            optout_rows.take_back(connection, to, value, before)
        raise


def confirm(
    workspace: Workspace, key: DigestKey, asked: Asked, purpose: Purpose, typed: str, *, now: datetime
) -> None:
    """Use a code: for an opt-out, or to end one.

    Args:
        workspace: where the request was kept.
        key: the workspace's digest key.
        asked: the identifier that the code was sent to.
        purpose: what the code was sent for.
        typed: the code.
        now: with time zone.

    Raises:
        NotProvable, WrongKeys: as for `request`.
        NoCode: what was typed has not the form of a code.
        CodeRefused: wrong, used, expired, dead, for another purpose, or never asked for.
    """
    to = _recipient(asked, key)
    given = kept(key, purpose, to.kind, to.digest, read_code(typed))
    with workspace.locked("optout") as connection:
        with connection.begin():
            _tie(connection, key)
            optout_rows.clear(connection, now)
            value = optout_rows.spend_attempt(connection, to, now)
        if not hmac.compare_digest(given, value):
            raise CodeRefused(
                "This code proves nothing: it is wrong, used or expired, or was never asked for."
            )
        with connection.begin():
            optout_rows.remove(connection, to)
            if purpose == "optout":
                optouts.add(connection, to.kind, to.digest, now)
            else:
                optouts.remove(connection, to.kind, to.digest)
        if purpose == "withdraw":
            with suppress(
                FloodmarkError
            ):  # somebody reads: it stays due, and the next command that writes does it
                wipe(connection)


def _recipient(asked: Asked, key: DigestKey) -> Recipient:
    if asked.kind not in optouts.KINDS:
        raise NotProvable(f"No message can prove control of a {asked.kind.replace('_', ' ')}.")
    kind, _, canonical = asked.data.decode().partition(":")
    return Recipient(kind, f"{digests.one(kind, canonical, key):0{optouts.DIGITS}x}")


def _tie(connection: Connection, key: DigestKey) -> None:
    """Tie a workspace that holds nothing yet to the digest key, or see that it is tied to it."""
    workspace_keys.check(connection, key.id)
    untied = workspaces.c.digest_key_id.is_(None)
    connection.execute(update(workspaces).where(untied).values(digest_key_id=key.id))
