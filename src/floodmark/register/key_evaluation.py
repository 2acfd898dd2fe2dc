"""The evaluation key of an epoch: identifiers are sealed with it, and private checks answered (protocol 1, section 2).

    >>> key = EvaluationKey(bytes(range(32)), epoch=1)
    >>> key
    EvaluationKey(epoch=1, id='a35c6c7cff1f8fd4')
    >>> key.public == key.pair.public
    True

It comes of a random seed and the epoch's number, so the next epoch's has nothing to do with it. Whoever has it and the
index of sealed leaks can try all phone numbers, so it is guarded as the digest key is.
"""

from __future__ import annotations

from typing import NoReturn, TypeGuard

from floodmark.exposure.oprf import BadElement, Element, KeyPair, derive_key_pair, element
from floodmark.register.key_secrets import forbid_core_dumps
from floodmark.register.key_signing import id_of

FIRST_EPOCH = 1
LAST_EPOCH = (1 << 31) - 1


class EvaluationKey:
    """The private key of an epoch; neither printed, copied nor pickled. A process that has one leaves no core dump.

    Args:
        seed: 32 random bytes.
        epoch: its number, 1 or more.

    Attributes:
        epoch: its number.
        pair: private and public key.
    """

    __slots__ = ("epoch", "pair")

    def __init__(self, seed: bytes | memoryview, epoch: int) -> None:
        forbid_core_dumps()
        self.epoch = epoch
        self.pair: KeyPair = derive_key_pair(bytes(seed), info(epoch))

    @property
    def public(self) -> Element:
        """The public key, 32 bytes."""
        return self.pair.public

    @property
    def id(self) -> str:
        """16 hexadecimal digits that name the key."""
        return id_of(self.public)

    def __repr__(self) -> str:
        return f"EvaluationKey(epoch={self.epoch}, id={self.id!r})"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an evaluation key is neither copied nor pickled")


def info(epoch: int) -> bytes:
    """What an epoch's key is derived with, beside its seed.

    >>> info(12)
    b'floodmark/epoch/12'
    """
    if not is_epoch(epoch):
        raise ValueError("no number of an epoch")
    return b"floodmark/epoch/" + str(epoch).encode()


def is_epoch(value: object) -> TypeGuard[int]:
    """Whether a value numbers an epoch: a whole number, 1 to 2**31 - 1."""
    return type(value) is int and FIRST_EPOCH <= value <= LAST_EPOCH


def is_public(value: bytes) -> bool:
    """Whether bytes are the one encoding of a public key."""
    try:
        element(value)
    except BadElement:
        return False
    return True
