"""What sends a message, and how it says that it could not.

No error here names the recipient or quotes what a server or a program answered, for both would end up in logs:

>>> Message("Your code", "K7QM-3XRP")
Message(subject='Your code')
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from floodmark.errors import FloodmarkError


class NotSent(FloodmarkError):
    """A message certainly did not go out."""

    slug: ClassVar[str] = "not-sent"
    hint = "Mend the settings for sending, or try again later; nothing went out."


class PerhapsSent(FloodmarkError):
    """The answer that a message was taken never came, so that it may have gone out or not."""

    slug: ClassVar[str] = "perhaps-sent"
    hint = "Wait some minutes for the message before asking for another."


@dataclass(frozen=True)
class Message:
    """What is sent.

    Attributes:
        subject: one line; not shown where the way of sending has none.
        text: lines that end in a line feed, never shown by `repr`.
    """

    subject: str
    text: str = field(repr=False)


class Sender(Protocol):
    """A way to send messages to one recipient at a time."""

    def send(self, to: str, message: Message) -> None:
        """Send a message, and return when somebody has taken it over.

        Args:
            to: the recipient in canonical form: an e-mail address, or an international number with its plus.
            message: what to send.

        Raises:
            NotSent: it did not go out.
            PerhapsSent: it is not known whether it did.
        """
