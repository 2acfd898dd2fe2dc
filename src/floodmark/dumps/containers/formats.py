"""What a file is by its first bytes."""

from __future__ import annotations

from floodmark.errors import UnknownContainer

# First bytes of formats that are not text (public "magic number" lists, as in file(1)).
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip archive (or an Office document)"),
    (b"PK\x05\x06", "empty zip archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"\xfd7zXZ\x00", "xz stream"),
    (b"BZh", "bzip2 stream"),
    (b"\x7fELF", "ELF program"),
    (b"MZ\x90\x00", "Windows program"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"%PDF-", "PDF document"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"PAR1", "Parquet file"),
    (b"ARROW1", "Arrow file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
    (b"\x04\x22\x4d\x18", "lz4 stream"),
    (b"-----BEGIN PGP MESSAGE", "OpenPGP message"),
    (b"age-encryption.org/", "age-encrypted file"),
    (b"Salted__", "OpenSSL-encrypted file"),
)


def container_of(head: bytes) -> str:
    """Kind of container by its first bytes.

    Raises:
        UnknownContainer: a format that is not text and that this version does not open.
    """
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    for magic, name in MAGIC:
        if head.startswith(magic):
            raise UnknownContainer(
                f"This is a {name}, not text", "Unpack it and name the text file inside it."
            )
    if head[257:262] == b"ustar":
        raise UnknownContainer(
            "This is a tar archive, not text", "Unpack it and name the text files inside it."
        )
    return "plain"
