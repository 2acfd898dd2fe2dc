"""Public Ed25519 keys on the command line: whose signature is expected."""

from __future__ import annotations

import re
from typing import Any

import click

from floodmark.errors import UsageError

_HEX = re.compile(r"[0-9a-f]{64}")


class PublicKey(click.ParamType[bytes]):
    """A public key, as 64 hexadecimal digits; gives its 32 bytes."""

    name = "hex"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """The key.

        Raises:
            UsageError: it is none.
        """
        if isinstance(value, bytes):
            return value
        if not _HEX.fullmatch(str(value).lower()):
            raise UsageError(
                "A public key is 64 hexadecimal digits.", "floodmark keys list shows the workspace's."
            )
        return bytes.fromhex(str(value))
