"""Reads one archive with libarchive, for the process that started it (`process.py` has the other end).

Run as a script in isolated mode, so that it starts in milliseconds and sees nothing of the package or of the
environment. It gets the archive's bytes through standard input, as it asks for them, and answers in frames on
standard output: a letter, the length of what follows (4 bytes, little-endian), and that.

    R offset size   wants so many bytes from there; answered by a length and the bytes
    H json          the next entry; answered by one byte: r to read it, s to skip it
    D bytes         a part of the entry that is read
    E json          the entry has ended: null, or what went wrong
    Z json          the archive has ended: null, or what went wrong
"""

from __future__ import annotations

import _locale
import ctypes
import json
import os
import struct
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_ssize_t, c_void_p

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120  # pathlib takes longer than all the rest

from confinement import confine  # type: ignore[import-not-found]

OK, END_OF_ARCHIVE, WARNING, FAILED = 0, 1, -20, -25
REGULAR, FOLDER = 0o100000, 0o040000
PIECE = 1 << 18
LOCALES = ("C.UTF-8", "en_US.UTF-8", "UTF-8")
READ_CALLBACK = CFUNCTYPE(c_ssize_t, c_void_p, c_void_p, POINTER(c_void_p))
SEEK_CALLBACK = CFUNCTYPE(c_int64, c_void_p, c_void_p, c_int64, c_int)


def send(letter: bytes, data: bytes | memoryview) -> None:
    """Write a frame."""
    view = memoryview(letter + struct.pack("<I", len(data)) + data)
    while view:
        view = view[os.write(1, view) :]


def receive(size: int, into: memoryview) -> None:
    """Read exactly so many bytes; ends this process when there are no more."""
    at = 0
    while at < size:
        got = os.readv(0, [into[at:size]])
        if not got:
            os._exit(0)
        at += got


def received(size: int) -> bytes:
    """Exactly so many bytes."""
    data = bytearray(size)
    receive(size, memoryview(data))
    return bytes(data)


class Archive:
    """The archive, whose bytes the other process has."""

    def __init__(self, library: ctypes.CDLL, order: dict[str, object]) -> None:
        self.library = library
        self.size = int(str(order["size"]))
        self.at = 0
        self.buffer = ctypes.create_string_buffer(PIECE)
        self.view = memoryview(self.buffer).cast("B")
        self.callbacks = (READ_CALLBACK(self.read), SEEK_CALLBACK(self.seek))
        self.handle = c_void_p(library.archive_read_new())
        for what in order["supports"]:  # type: ignore[attr-defined]
            getattr(library, f"archive_read_support_{what}")(self.handle)
        for password in order["passwords"]:  # type: ignore[attr-defined]
            library.archive_read_add_passphrase(self.handle, password.encode())
        library.archive_read_set_read_callback(self.handle, self.callbacks[0])
        if self.size >= 0:
            library.archive_read_set_seek_callback(self.handle, self.callbacks[1])
        library.archive_read_set_callback_data(self.handle, None)

    def read(self, _archive: int, _data: int, buffer: object) -> int:
        """Give libarchive the next bytes."""
        send(b"R", struct.pack("<QI", self.at, PIECE))
        (size,) = struct.unpack("<I", received(4))
        receive(size, self.view)
        self.at += size
        buffer[0] = ctypes.addressof(self.buffer)  # type: ignore[index]
        return int(size)

    def seek(self, _archive: int, _data: int, offset: int, whence: int) -> int:
        """Move where the next bytes come from."""
        self.at = max(0, min(self.size, offset + (0, self.at, self.size)[whence]))
        return self.at

    def error(self) -> str:
        """What libarchive says went wrong; for the other process, which shows it to nobody."""
        return (self.library.archive_error_string(self.handle) or b"").decode("ascii", "replace")

    def run(self) -> str | None:
        """All entries; what went wrong."""
        if self.library.archive_read_open1(self.handle) < WARNING:
            return self.error()
        entry = c_void_p()
        while (status := self.library.archive_read_next_header(self.handle, byref(entry))) != END_OF_ARCHIVE:
            if status < WARNING:
                return self.error()
            send(b"H", json.dumps(self.described(entry)).encode())
            wanted = received(1) == b"r"
            status = self.give() if wanted else self.library.archive_read_data_skip(self.handle)
            if status < FAILED:
                return self.error()
        return None

    def described(self, entry: c_void_p) -> dict[str, object]:
        """What is known of an entry before it is read."""
        library = self.library
        name = library.archive_entry_pathname_utf8(entry) or library.archive_entry_pathname(entry) or b""
        kind = library.archive_entry_filetype(entry)
        return {
            "name": name.decode("utf-8", "surrogateescape"),
            "size": library.archive_entry_size(entry) if library.archive_entry_size_is_set(entry) else None,
            "folder": kind == FOLDER,
            "file": kind in (0, REGULAR) and not library.archive_entry_hardlink(entry),
            "encrypted": bool(library.archive_entry_is_encrypted(entry)),
        }

    def give(self) -> int:
        """The bytes of the entry, as libarchive has them; zeros for holes."""
        block, size, offset, at = c_void_p(), c_size_t(), c_int64(), 0
        find = self.library.archive_read_data_block
        while (status := find(self.handle, byref(block), byref(size), byref(offset))) in (OK, WARNING):
            for start in range(at, offset.value, PIECE):
                send(b"D", bytes(min(PIECE, offset.value - start)))
            at = max(at, offset.value) + size.value
            view = memoryview(ctypes.string_at(block, size.value))
            for start in range(0, size.value, PIECE):
                send(b"D", view[start : start + PIECE])
        ended = status == END_OF_ARCHIVE
        send(b"E", json.dumps(None if ended else self.error()).encode())
        return OK if ended else int(status)


def loaded(names: list[str]) -> ctypes.CDLL | None:
    """The library, with the types that are not `int`."""
    for name in names:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, result, arguments in (
            ("archive_read_new", c_void_p, ()),
            ("archive_error_string", c_char_p, (c_void_p,)),
            ("archive_entry_pathname", c_char_p, (c_void_p,)),
            ("archive_entry_pathname_utf8", c_char_p, (c_void_p,)),
            ("archive_entry_hardlink", c_char_p, (c_void_p,)),
            ("archive_entry_size", c_int64, (c_void_p,)),
            ("archive_entry_filetype", c_int, (c_void_p,)),
        ):
            getattr(library, function).restype = result
            getattr(library, function).argtypes = arguments
        return library
    return None


def main() -> None:
    """Read the order, confine this process, and read the archive."""
    (length,) = struct.unpack("<I", received(4))
    order = json.loads(received(length))
    library = loaded(order["libraries"])
    if library is None:
        send(b"Z", b'"missing library"')
        return
    for name in LOCALES:
        try:
            _locale.setlocale(_locale.LC_CTYPE, name)
        except _locale.Error:  # type: ignore[attr-defined]
            continue
        break
    confine(order["memory"])
    try:
        problem = Archive(library, order).run()
    except MemoryError:
        problem = "no memory"
    send(b"Z", json.dumps(problem).encode())


if __name__ == "__main__":
    main()
    os._exit(0)
