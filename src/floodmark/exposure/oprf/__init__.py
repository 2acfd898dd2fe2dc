"""RFC 9497 on ristretto255: blind, evaluate, prove, finalise."""

from floodmark.exposure.oprf.batch import evaluate_texts
from floodmark.exposure.oprf.context import SUITE, Mode
from floodmark.exposure.oprf.group import (
    BadElement,
    BadScalar,
    Element,
    Scalar,
    element,
    random_scalar,
    scalar,
)
from floodmark.exposure.oprf.proof import Proof
from floodmark.exposure.oprf.protocol import (
    BadInput,
    KeyPair,
    ProofFailed,
    blind,
    blind_evaluate,
    derive_key_pair,
    evaluate,
    finalize,
    unblind,
)

__all__ = [
    "SUITE",
    "BadElement",
    "BadInput",
    "BadScalar",
    "Element",
    "KeyPair",
    "Mode",
    "Proof",
    "ProofFailed",
    "Scalar",
    "blind",
    "blind_evaluate",
    "derive_key_pair",
    "element",
    "evaluate",
    "evaluate_texts",
    "finalize",
    "random_scalar",
    "scalar",
    "unblind",
]
