r"""Files that only the holder of an age key can open: encrypted while they are made, block by block.

The plain text is never on a disk: `pyrage` pulls it from a generator, a block of memory at a time, and writes
ciphertext to the hidden `.part` file that becomes the output (https://age-encryption.org/v1).

>>> from tempfile import TemporaryDirectory
>>> identity = pyrage.x25519.Identity.generate()
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "hits.csv.age"
...     seal([b"kind\\n", b"email\\n"], path, [recipient(str(identity.to_public()))])
...     pyrage.decrypt(path.read_bytes(), [identity])
b'kind\\nemail\\n'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, ClassVar, NewType

import pyrage

from floodmark.errors import UsageError
from floodmark.files import open_atomic

Recipient = NewType("Recipient", object)
"""A public key that was checked."""


class BadRecipient(UsageError):
    """A text is no age public key; exit code 2."""

    slug: ClassVar[str] = "bad-recipient"
    hint = "Ask for the public key, age1… and 62 characters long; age-keygen prints it. A secret key is never needed."


def recipient(text: str, where: str = "") -> Recipient:
    """The recipient with this public key.

    Args:
        text: `age1` and 58 more characters.
        where: said in the error, such as `line 4`.

    Raises:
        BadRecipient: it is none; the message does not repeat it.
    """
    place = f" ({where})" if where else ""
    bare = text.strip()
    if bare.upper().startswith("AGE-SECRET-KEY-"):
        raise BadRecipient(
            f"A secret key stands where a public key should{place}",
            "It has been shown to others now: make a new pair with age-keygen, and give the public key.",
        )
    if not bare.startswith("age1"):
        raise BadRecipient(f"A recipient is no age public key{place}")
    try:
        return Recipient(pyrage.x25519.Recipient.from_str(bare))
    except pyrage.RecipientError as error:
        raise BadRecipient(f"A recipient's age key is mistyped or cut off{place}") from error


def seal(blocks: Iterable[bytes], path: Path, recipients: Sequence[Recipient]) -> None:
    """Write a sealed file, whole or not at all, readable for this user alone.

    Args:
        blocks: the plain text.
        path: file to make or to replace.
        recipients: any of whom can open it; one at least.

    Raises:
        OutputFailed: the file cannot be written.
    """
    if not recipients:
        raise BadRecipient("A sealed file needs a recipient")
    with open_atomic(path, private=True) as file:
        source, sink = _Source(iter(blocks)), _Sink(file)
        try:
            pyrage.encrypt_io(source, sink, list(recipients))
        except pyrage.EncryptError:
            # The library keeps only the words of what went wrong on either side of it.
            if (cause := source.failed or sink.failed) is not None:
                raise cause from None
            raise


class _Source:
    """Blocks as a file to read from, which remembers what it failed with."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")
        self.failed: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; none at the end."""
        try:
            while not self._rest:
                self._rest = memoryview(next(self._blocks))
        except StopIteration:
            return b""
        except BaseException as error:
            self.failed = error
            raise
        part, self._rest = self._rest[:size], self._rest[size:]
        return bytes(part)


class _Sink:
    """A file to write to, which remembers what it failed with."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Write all of `data`."""
        try:
            return self._file.write(data)
        except BaseException as error:
            self.failed = error
            raise

    def flush(self) -> None:
        """Nothing is held back here."""
