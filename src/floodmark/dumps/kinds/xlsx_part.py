"""One part of a workbook file, unpacked as it is read; what came before damage is given out before the error."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO

RAW_PIECE = 1 << 16
HEADER = struct.Struct("<4s22xHH")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 1


class DamagedPart(Exception):
    """A part of the file that cannot be unpacked any further."""


class Part:
    """Unpacks a part.

    Args:
        file: the whole file; other parts may be read in between.
        info: what the directory of the zip says of the part. Its sizes and its checksum may be lies.

    Attributes:
        taken: bytes of the file read for it.

    Raises:
        DamagedPart: it cannot be unpacked at all.
    """

    def __init__(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        if info.compress_type not in METHODS or info.flag_bits & ENCRYPTED:
            raise DamagedPart("stored in a way that is not read")
        self.taken = 0
        self._file = file
        self._left = info.compress_size
        self._wanted = info.CRC
        self._sum = 0
        self._inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        self._pending = b""
        self._ended = False
        self._damage: DamagedPart | None = None
        try:
            file.seek(info.header_offset)
            magic, name, extra = HEADER.unpack(file.read(HEADER.size))
        except (struct.error, OSError, ValueError) as error:
            raise DamagedPart("no header") from error
        if magic != b"PK\x03\x04":
            raise DamagedPart("no header")
        self._at = info.header_offset + HEADER.size + name + extra

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end or before damage.

        Raises:
            DamagedPart: nothing more can be unpacked, or the checksum of it all is wrong.
        """
        parts: list[bytes] = []
        try:
            while size > 0 and not self._ended and self._damage is None:
                parts.append(self._some(size))
                size -= len(parts[-1])
                self._sum = zlib.crc32(parts[-1], self._sum)
            if self._ended and self._sum != self._wanted:
                self._damage = DamagedPart("another checksum")
        except DamagedPart as damage:
            self._damage = damage
        data = b"".join(parts)
        if self._damage is not None and not data:
            raise self._damage
        return data

    def _some(self, size: int) -> bytes:
        """The next bytes, perhaps none; notices the end."""
        raw, self._pending = self._pending or self._raw(), b""
        if self._inflate is None:
            self._pending, self._ended = raw[size:], not raw
            return raw[:size]
        try:
            data = self._inflate.decompress(raw, size)
        except zlib.error as error:
            raise DamagedPart("not deflated") from error
        self._pending, self._ended = self._inflate.unconsumed_tail, self._inflate.eof
        if not raw and not data and not self._ended:
            raise DamagedPart("cut off")
        return data

    def _raw(self) -> bytes:
        try:
            self._file.seek(self._at)
            raw = self._file.read(min(RAW_PIECE, self._left))
        except (OSError, ValueError) as error:
            raise DamagedPart("cannot be read") from error
        self._at += len(raw)
        self._left -= len(raw)
        self.taken += len(raw)
        return raw
