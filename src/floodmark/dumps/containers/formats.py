"""What a file or a member is by its first bytes."""

from __future__ import annotations

from floodmark.errors import UnknownContainer

HEAD_SIZE = 512
TAR_CHECKSUM = slice(148, 156)

# First bytes of what is opened: RFC 1952, RFC 8878, and the descriptions of the other formats.
OPENED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"LZIP\x01", "lzip"),
    (b"\x1f\x9d", "compress"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"Rar!\x1a\x07\x00", "rar"),
    (b"Rar!\x1a\x07\x01\x00", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"PAR1", "parquet"),
)
BZIP2_BLOCKS = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")

# First bytes of formats that are not text (public "magic number" lists, as in file(1)).
NO_TEXTS: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "ELF program"),
    (b"MZ\x90\x00", "Windows program"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"%PDF-", "PDF document"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"ARROW1", "Arrow file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
    (b"-----BEGIN PGP MESSAGE", "OpenPGP message"),
    (b"age-encryption.org/", "age-encrypted file"),
    (b"Salted__", "OpenSSL-encrypted file"),
)
BY_HAND = "Look at it by hand; it holds no records that are read."
NEXT_STEPS = {
    "Windows program": "If it unpacks itself, unpack it where it cannot do harm, and name the files inside.",
    "SQLite database": "Write it as SQL with `sqlite3 FILE .dump`, and read that.",
    "old Office document": "Save it as xlsx or CSV, and read that.",
    "Arrow file": "Write it as Parquet or CSV, and read that.",
    "OpenPGP message": "Decrypt it first.",
    "age-encrypted file": "Decrypt it first.",
    "OpenSSL-encrypted file": "Decrypt it first.",
}


def format_of(head: bytes) -> str:
    """What begins with these bytes: a container that is opened, "parquet", or "plain" for anything else.

    Args:
        head: the first `HEAD_SIZE` bytes.

    Raises:
        UnknownContainer: a format that is not text and that is not opened.

    Examples:
        >>> format_of(b"LZIP" + bytes([1])), format_of(b"phone;name")
        ('lzip', 'plain')
    """
    for magic, name in OPENED:
        if head.startswith(magic) and (name != "bzip2" or _is_bzip2(head)):
            return name
    if _is_lzma(head):
        return "lzma"
    if _is_tar(head):
        return "tar"
    for magic, name in NO_TEXTS:
        if head.startswith(magic):
            raise UnknownContainer(f"This is a {name}, not text", NEXT_STEPS.get(name, BY_HAND))
    return "plain"


def _is_bzip2(head: bytes) -> bool:
    return head[3:4] in b"123456789" and head[4:10] in BZIP2_BLOCKS


def _is_lzma(head: bytes) -> bool:
    """The older form of xz has no magic number: its usual properties, a dictionary of a usual size, a length."""
    dictionary, length = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    usual = dictionary.bit_count() <= 2 and 1 << 12 <= dictionary <= 1 << 30
    return (
        head[:1] == b"\x5d"
        and usual
        and (length == (1 << 64) - 1 or length < 1 << 48)
        and head[13:14] == b"\0"
    )


def _is_tar(head: bytes) -> bool:
    """A header's checksum is the sum of its bytes, with spaces for itself (POSIX.1-2017, pax)."""
    if len(head) < HEAD_SIZE:
        return False
    stated = head[TAR_CHECKSUM].split(b"\0")[0].strip(b" ")
    if not stated or not stated.isdigit() or stated.strip(b"01234567"):
        return False
    return int(stated, 8) == sum(head[:HEAD_SIZE]) - sum(head[TAR_CHECKSUM]) + 8 * ord(" ")
