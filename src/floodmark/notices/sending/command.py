r"""Sending by a program of the operator's, such as the client of a gateway for short messages.

    >>> import sys
    >>> from floodmark.notices.sending.sender import Message
    >>> sender = CommandSender((sys.executable, "-c", "import json, sys; json.load(sys.stdin)"))
    >>> sender.send("+447700900123", Message("Your code", "K7QM-3XRP\n"))

The program is run without a shell, and in the folder `/`, since the current one may hold a dump and what came with it.
Recipient and text go to its standard input and are in no process list; what it writes could quote them and is thrown
away.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from floodmark.notices.sending.sender import Message, NotSent, PerhapsSent

TIME_OUT = 60.0  # seconds


@dataclass(frozen=True)
class CommandSender:
    """Sends by running a program.

    Attributes:
        arguments: the program's full path, and its arguments; it gets one JSON object on standard input, with the
            names `to`, `subject` and `text`, and ends with exit code 0 when the message was taken, and with another
            when it was not.
        time_out: seconds after which it is killed, with what it started.
    """

    arguments: tuple[str, ...]
    time_out: float = TIME_OUT

    def send(self, to: str, message: Message) -> None:
        """Send a message.

        Raises:
            NotSent: the program could not be started, or ended with another exit code than 0.
            PerhapsSent: it took too long, or was killed.
        """
        given = json.dumps({"to": to, "subject": message.subject, "text": message.text}).encode()
        code = self._run(given)
        if code is None:
            raise NotSent(
                "The program that sends could not be started.", "Check that it is there and may be run."
            )
        if code < 0:
            raise PerhapsSent("The program that sends took too long, or was stopped.")
        if code:
            raise NotSent(
                f"The program that sends failed with exit code {code}.",
                "Run it by hand, with the same JSON on its standard input.",
            )

    def _run(self, given: bytes) -> int | None:
        """Its exit code, negative where a signal ended it; None when it could not be started."""
        try:
            process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        except (OSError, ValueError):
            return None
        try:
            with suppress(subprocess.TimeoutExpired):
                process.communicate(given, self.time_out)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        return code
