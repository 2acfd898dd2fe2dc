"""RFC 9497 on ristretto255: blind, evaluate, prove, finalise."""

from floodmark.exposure.oprf.batch import (
    evaluate_piece,
    evaluate_places,
    evaluate_texts,
    place_piece,
)
from floodmark.exposure.oprf.checked import EvaluationFault
from floodmark.exposure.oprf.context import SUITE, Mode
from floodmark.exposure.oprf.engine import DEVICES, Engine, engine
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
    "DEVICES",
    "SUITE",
    "BadElement",
    "BadInput",
    "BadScalar",
    "Element",
    "Engine",
    "EvaluationFault",
    "KeyPair",
    "Mode",
    "Proof",
    "ProofFailed",
    "Scalar",
    "blind",
    "blind_evaluate",
    "derive_key_pair",
    "element",
    "engine",
    "evaluate",
    "evaluate_piece",
    "evaluate_places",
    "evaluate_texts",
    "finalize",
    "place_piece",
    "random_scalar",
    "scalar",
    "unblind",
]
