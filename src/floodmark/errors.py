"""Every error that Floodmark raises on purpose.

A leaf has a message without identifiers, a `hint` that names the next step, an exit code for the command line
and a stable `slug`, which becomes the problem type (RFC 9457) of the HTTP API.
"""

from __future__ import annotations

from typing import ClassVar


class FloodmarkError(Exception):
    """Root of all expected failures.

    Args:
        message: what went wrong, in one sentence, without any identifier or line of a dump.
        hint: what to do next.
    """

    slug: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1
    hint: str = ""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint


class UsageError(FloodmarkError):
    """The request itself makes no sense; exit code 2."""

    slug = "usage"
    exit_code = 2


class NothingToRead(FloodmarkError):
    """No input, or none with a record in it; exit code 3."""

    slug = "nothing-to-read"
    exit_code = 3
    hint = "Check the path; an empty file or a folder without files holds no records."


class UnreadableInput(FloodmarkError):
    """The input exists but cannot be opened or read through."""

    slug = "unreadable-input"
    hint = "Check the permissions and that the file is complete."


class UnknownContainer(FloodmarkError):
    """The bytes are a container or a binary format that this version does not open."""

    slug = "unknown-container"
    hint = "Unpack it first, or name the text file inside it."


class UnknownEncoding(FloodmarkError):
    """The text is in an encoding that this version names but does not read."""

    slug = "unknown-encoding"
    hint = "Convert it to UTF-8, for example with iconv, and keep the original for the record."


class NoGrammar(FloodmarkError):
    """No grammar explains the sample."""

    slug = "no-grammar"
    hint = "Give the grammar with --grammar FILE or --delimiter, or look at the quarantine report."


class InputChanged(FloodmarkError):
    """A dump changed while it was read, so no digest of it can stand."""

    slug = "input-changed"
    hint = "Copy the file to where nothing writes to it and run again."


class LimitExceeded(FloodmarkError):
    """A hostile or unusual input would need more than a stated bound."""

    slug = "limit-exceeded"
    hint = "The bound protects this machine: split the file, or take what is too large out of it."
