"""What libarchive said, in our own words: its messages may quote the archive."""

from __future__ import annotations

from typing import ClassVar

from floodmark.errors import FloodmarkError, LimitExceeded, UnreadableInput

HOW_TO_DECRYPT = {
    "zip": "Give its password with --password-file.",
    "7z": "Floodmark does not decrypt 7z: unpack it with `7z x FILE` onto an encrypted disk, and read the folder.",
    "rar": "Floodmark does not decrypt RAR: unpack it with `unrar x FILE` onto an encrypted disk, and read the folder.",
}


class EncryptedMember(FloodmarkError):
    """A member or a whole archive is encrypted, and no password that was given opens it."""

    slug: ClassVar[str] = "encrypted-member"
    hint = HOW_TO_DECRYPT["zip"]


def problem_of(said: str, container: str, tried: bool) -> FloodmarkError:
    """The error for a message of libarchive.

    Args:
        said: the message, in English.
        container: name of the format.
        tried: whether passwords were given.

    Examples:
        >>> problem_of("Incorrect passphrase", "zip", True)
        EncryptedMember('None of the passwords opens this member of a zip archive')
    """
    said = said.lower()
    if any(word in said for word in ("passphrase", "encrypt", "crypto")):
        if tried and container == "zip":
            return EncryptedMember("None of the passwords opens this member of a zip archive")
        return EncryptedMember(f"This {container} archive is encrypted", HOW_TO_DECRYPT.get(container))
    if "memory" in said or "allocate" in said:
        return LimitExceeded(
            f"This {container} archive wants more memory than one archive gets",
            "Unpack it where there is enough, and read the folder.",
        )
    if "unsupported" in said or "not supported" in said:
        return UnreadableInput(
            f"A member of this {container} archive is compressed in a way that libarchive does not know",
            "Unpack it with the program that made it, and read the folder.",
        )
    if "truncated" in said:
        return UnreadableInput(
            f"This {container} archive is cut off", "Get it again; what stood before was read."
        )
    return UnreadableInput(
        f"This {container} archive is damaged", "Get it again; what stood before was read."
    )
