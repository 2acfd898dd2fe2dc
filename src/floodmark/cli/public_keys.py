"""Public Ed25519 keys on the command line: whose signature is expected."""

from __future__ import annotations

import re
from typing import Any

import click

from floodmark.cli.unquoting import named
from floodmark.errors import UsageError

_HEX = re.compile(r"[0-9a-f]{64}")


class PublicKey(click.ParamType[bytes]):
    """A public key, as 64 hexadecimal digits; gives its 32 bytes."""

    name = "hex"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """The key.

        Raises:
            UsageError: it is none; it is not repeated, since it may be an identifier. What is said is where it was set:
                that may have been long ago, and elsewhere.
        """
        if isinstance(value, bytes):
            return value
        if not _HEX.fullmatch(str(value).lower()):
            where = named(param, ctx) if param is not None and ctx is not None else "--root-key"
            raise UsageError(
                f"What was given for {where} is no root key, which is 64 hexadecimal digits.",
                "floodmark keys list shows your own; another's comes from its publisher, by a way that you trust.",
            )
        return bytes.fromhex(str(value))
