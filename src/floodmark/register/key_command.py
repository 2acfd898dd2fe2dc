"""Wrapping by a command of the user's: a client of a key management service, or `age`.

    >>> run((str(shutil.which("cat")),), b"a secret of some bytes").reveal().tobytes()
    b'a secret of some bytes'

The command is run by its arguments, without a shell. It gets the secret on stdin, so that no process list shows it,
and answers on stdout. What it says on stderr could quote its input and is thrown away.
"""

from __future__ import annotations

import os
import selectors
import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.register.key_secrets import Secret

MOST_BYTES = 16 * 1024
MOST_ARGUMENTS = 64
TIME_OUT = 60.0  # seconds; long enough for a person to touch a hardware key
PIECE = 4096


class KeyCommandFailed(FloodmarkError):
    """The command that wraps or unwraps the keys could not be run, failed, or gave no usable answer."""

    slug: ClassVar[str] = "key-command-failed"
    hint = "Run the command by hand: it reads the secret on stdin and writes the result to stdout."


def resolved(arguments: Sequence[str]) -> tuple[str, ...]:
    """The same arguments, with the program by its full path.

    So neither the current folder, which may hold a dump, nor a later `PATH` decides what runs.

    Raises:
        KeyCommandFailed: there is no such program, or it is named by a path that is not absolute.
    """
    if not arguments or len(arguments) > MOST_ARGUMENTS or any("\0" in part for part in arguments):
        raise KeyCommandFailed(f"A command has 1 to {MOST_ARGUMENTS} arguments.")
    name = arguments[0]
    if "/" in name and not Path(name).is_absolute():
        raise KeyCommandFailed(
            "The command is named by a relative path.", "Give its full path or its bare name."
        )
    found = shutil.which(name)
    if found is None or not Path(found).is_absolute():
        raise KeyCommandFailed("The command was not found.", "Give its full path, or install it.")
    return (found, *arguments[1:])


def run(arguments: Sequence[str], given: bytes | memoryview, *, time_out: float = TIME_OUT) -> Secret:
    """What a command answers.

    Args:
        arguments: the program's full path, and its arguments.
        given: what it gets on stdin.
        time_out: seconds after which it is killed.

    Raises:
        KeyCommandFailed: it cannot be started, takes too long, ends with an exit code other than 0, or answers
            nothing or more than 16 KiB.
    """
    answer = bytearray(MOST_BYTES + 1)
    try:
        length = _exchange(arguments, memoryview(given), memoryview(answer), time.monotonic() + time_out)
        if not 0 < length <= MOST_BYTES:
            raise KeyCommandFailed(f"The command answered {'nothing' if not length else 'too much'}.")
        return Secret(answer[:length])
    finally:
        answer[:] = bytes(len(answer))


def _exchange(arguments: Sequence[str], given: memoryview, answer: memoryview, end: float) -> int:
    """Feed and read one process to its end; how many bytes it answered, at most those that fit."""
    try:
        process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
    except (OSError, ValueError):
        raise KeyCommandFailed("The command could not be started.") from None
    try:
        length = _talk(process, given, answer, end)
        code = process.wait(max(end - time.monotonic(), 0.0)) if length < len(answer) else 0
    except (subprocess.TimeoutExpired, TimeoutError):
        raise KeyCommandFailed("The command took too long and was stopped.") from None
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
    if code:
        raise KeyCommandFailed(f"The command failed with exit code {code}.")
    return length


def _talk(process: subprocess.Popen[bytes], given: memoryview, answer: memoryview, end: float) -> int:
    """Write what is given while reading what comes, since either pipe may be full first."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101  # both were asked for
    length = 0
    with selectors.DefaultSelector() as ready:
        for pipe, event in ((process.stdin, selectors.EVENT_WRITE), (process.stdout, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            ready.register(pipe, event)
        while length < len(answer) and ready.get_map():
            events = ready.select(max(end - time.monotonic(), 0.0))
            if not events:
                raise TimeoutError
            for chosen, _ in events:
                if chosen.fileobj is process.stdout:
                    got = os.readv(chosen.fd, [answer[length : length + PIECE]])
                    length += got
                    if not got:
                        return length
                else:
                    given = given[_write(chosen.fd, given) :]
                    if not given:
                        ready.unregister(process.stdin)
                        process.stdin.close()
    return length


def _write(descriptor: int, given: memoryview) -> int:
    """Bytes written; all of them when the command has stopped reading, as one that needs no input may."""
    try:
        return os.write(descriptor, given[:PIECE])
    except BrokenPipeError:
        return len(given)
