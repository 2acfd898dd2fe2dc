"""Archives for tests: by the standard library, by libarchive's writers, and RAR with stored members by hand."""

from __future__ import annotations

import ctypes
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from ctypes import byref, c_char_p, c_int64, c_size_t, c_ssize_t, c_void_p

Files = Sequence[tuple[str, bytes]]
AES = 99  # method of a member of a zip that is encrypted by it

TEXT = b"".join(b"%d:line of text\n" % number for number in range(2_000))
FILES: Files = (("egypt.csv", TEXT), ("more/italy.csv", TEXT[:700]), ("more/nothing.csv", b""))


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def tarred(files: Files, form: int = tarfile.PAX_FORMAT, special: Sequence[tarfile.TarInfo] = ()) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in special:
            archive.addfile(entry)
    return out.getvalue()


def rar4(files: Files, flags: int = 0) -> bytes:
    """RAR 4 with stored members (Marchenko's technote on the format)."""
    out = [b"Rar!\x1a\x07\x00", _block4(0x73, flags, bytes(6))]
    for name, content in files:
        said = name.encode()
        sizes = (len(content), len(content), 3, zlib.crc32(content), 0, 29, 0x30, len(said), 0o100644)
        fields = struct.pack("<2LBLLBBHL", *sizes)
        out += [_block4(0x74, 0x8000, fields + said), content]
    return b"".join([*out, _block4(0x7B, 0x4000, b"")])


def _block4(kind: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def rar5(files: Files, flags: int = 0) -> bytes:
    """RAR 5 with stored members (rarlab.com/technote.htm)."""
    out = [b"Rar!\x1a\x07\x01\x00", _block5(_numbers(1, 0, flags))]
    for name, content in files:
        said = name.encode()
        fields = _numbers(2, 2, len(content), 4, len(content), 0o100644) + struct.pack(
            "<L", zlib.crc32(content)
        )
        out += [_block5(fields + _numbers(0, 1, len(said)) + said), content]
    return b"".join([*out, _block5(_numbers(5, 0, 0))])


def _block5(body: bytes) -> bytes:
    sized = _numbers(len(body)) + body
    return struct.pack("<L", zlib.crc32(sized)) + sized


def _numbers(*values: int) -> bytes:
    out = bytearray()
    for value in values:
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)
    return bytes(out)


def fits_at_first(raw: bytes, password: str) -> bool:
    """Whether the first member of an encrypted zip, after its salt, takes a password for its own.

    ZipCrypto has one byte to tell by and AES has two, so a wrong password fits once in 256 or 65,536 salts
    (APPNOTE.TXT 6.1.6; Gladman's AE-2, section III.C).
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        first = archive.infolist()[0]
        if first.compress_type != AES:
            try:
                archive.open(first, pwd=password.encode()).close()
            except RuntimeError:
                return False
            return True
    name_size, extra_size = struct.unpack_from("<2H", raw, first.header_offset + 26)
    at = first.header_offset + 30 + name_size + extra_size
    key_size = {1: 16, 3: 32}[first.extra[first.extra.index(b"AE") + 2]]
    salt, check = raw[at : at + key_size // 2], raw[at + key_size // 2 :][:2]
    return hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 2 * key_size + 2)[-2:] == check


def written_by_libarchive(
    files: Files, form: str, *, through: str = "", options: str = "", password: str = ""
) -> bytes:
    """An archive in a format of libarchive's, "7zip" or "zip", or "raw" through a filter."""
    library = _library()
    archive = c_void_p(library.archive_write_new())

    def done(status: int) -> None:
        assert status >= -20, library.archive_error_string(archive)

    done(getattr(library, f"archive_write_set_format_{form}")(archive))
    if through:
        done(getattr(library, f"archive_write_add_filter_{through}")(archive))
    if options:
        done(library.archive_write_set_options(archive, options.encode()))
    if password:
        done(library.archive_write_set_passphrase(archive, password.encode()))
    library.archive_write_set_bytes_in_last_block(archive, 1)
    room, used = ctypes.create_string_buffer(sum(len(content) for _, content in files) + 100_000), c_size_t()
    done(library.archive_write_open_memory(archive, room, len(room), byref(used)))
    for name, content in files:
        entry = c_void_p(library.archive_entry_new())
        library.archive_entry_set_pathname_utf8(entry, name.encode())
        library.archive_entry_set_size(entry, len(content))
        library.archive_entry_set_filetype(entry, 0o100000)
        library.archive_entry_set_perm(entry, 0o644)
        done(library.archive_write_header(archive, entry))
        assert library.archive_write_data(archive, content, len(content)) == len(content)
        library.archive_entry_free(entry)
    done(library.archive_write_close(archive))
    library.archive_write_free(archive)
    return room.raw[: used.value]


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libarchive.so.13")
    for function in ("archive_write_new", "archive_entry_new"):
        getattr(library, function).restype = c_void_p
    library.archive_error_string.restype = c_char_p
    library.archive_error_string.argtypes = (c_void_p,)
    library.archive_entry_set_size.argtypes = (c_void_p, c_int64)
    library.archive_write_data.argtypes = (c_void_p, c_char_p, c_size_t)
    library.archive_write_data.restype = c_ssize_t
    library.archive_write_open_memory.argtypes = (c_void_p, c_void_p, c_size_t, c_void_p)
    return library
