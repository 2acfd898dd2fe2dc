"""Blinding, and what is made of an evaluator's answer, which is believed only with its proof (protocol 1, section 2).

>>> import secrets
>>> from floodmark.exposure.oprf import blind_evaluate, derive_key_pair, evaluate, random_scalar
>>> pair = derive_key_pair(bytes(32), b"floodmark/epoch/1")
>>> blinded = blind_one(b"email:ada@example.org", secrets.token_bytes)
>>> elements, proof = blind_evaluate(pair, [blinded.element], random_scalar())
>>> answer = Evaluated(tuple(elements), proof.to_bytes())
>>> finalised([blinded], answer, pair.public) == [evaluate(pair.private, b"email:ada@example.org")]
True
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.check.asking import Evaluated, Random
from floodmark.exposure.oprf import Element, Proof, Scalar, blind, element, finalize, scalar
from floodmark.exposure.oprf.group import hash_to_scalar
from floodmark.signatures import strict_table

_ELEMENT = re.compile(r"[0-9a-f]{64}")
_PROOF = re.compile(r"[0-9a-f]{128}")


class EvaluationBroken(FloodmarkError):
    """An evaluator's answer has not the form of one, or is not about what was asked."""

    slug: ClassVar[str] = "evaluation-broken"
    hint = "The server does not follow the protocol: try again later, or do not trust it."


@dataclass(frozen=True)
class Blinded:
    """An input and what hides it.

    Attributes:
        data: the input.
        factor: what it was blinded with.
        element: what is sent.
    """

    data: bytes = field(repr=False)
    factor: Scalar = field(repr=False)
    element: Element = field(repr=False)


def blind_one(data: bytes, random: Random) -> Blinded:
    """Blind an input with a fresh factor.

    Args:
        data: the input.
        random: gives so many random bytes; whoever knows them can unblind.

    Raises:
        BadInput: the input cannot be evaluated.
    """
    factor = scalar(hash_to_scalar(random(64), b"floodmark/check/blind"))
    return Blinded(data, factor, blind(data, factor))


def finalised(blinded: Sequence[Blinded], answer: Evaluated, public: Element) -> list[bytes]:
    """The outputs, 64 bytes each, of an answer whose proof holds.

    Args:
        blinded: what was asked, in order.
        answer: the evaluator's.
        public: key of the epoch, from the signed snapshot.

    Raises:
        EvaluationBroken: it has more or fewer elements than were asked.
        BadElement, BadScalar: it holds what is none.
        ProofFailed: it was not made with that key, or not of these elements.
    """
    if len(answer.elements) != len(blinded):
        raise EvaluationBroken("The evaluator answered with another number of elements than were asked.")
    return finalize(
        [one.data for one in blinded],
        [one.factor for one in blinded],
        [one.element for one in blinded],
        [element(one) for one in answer.elements],
        Proof.from_bytes(answer.proof),
        public,
    )


def request_body(epoch: int, elements: Sequence[Element]) -> bytes:
    """What is posted to an evaluator: JSON, whose size depends on the epoch and the number of elements alone."""
    return json.dumps({"epoch": epoch, "elements": [one.hex() for one in elements]}).encode()


def read_answer(body: bytes) -> Evaluated:
    """An evaluator's answer from its JSON.

    Raises:
        EvaluationBroken: it has another form than the protocol gives it.
    """
    # The one reader of strict JSON takes objects, and a list is one's only value: text that would add a name, or
    # end the object, is refused like any other that is no list.
    table = strict_table(b'{"shares":' + body + b"}")
    try:
        if table is None or set(table) != {"shares"}:
            raise ValueError("no list")
        [share] = table["shares"]
        if (
            set(share) != {"share", "elements", "proof"}
            or type(share["share"]) is not int
            or share["share"] != 1
            or not isinstance(share["elements"], list)
        ):
            raise ValueError("another form")
        elements = tuple(_bytes(one, _ELEMENT) for one in share["elements"])
        return Evaluated(elements, _bytes(share["proof"], _PROOF))
    except (TypeError, ValueError):
        raise EvaluationBroken("The evaluator's answer has not the form of one.") from None


def _bytes(value: Any, form: re.Pattern[str]) -> bytes:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("another form")
    return bytes.fromhex(value)
