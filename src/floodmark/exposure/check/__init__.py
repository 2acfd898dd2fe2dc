"""The private check: whether an identifier is in a leak, asked without telling anyone which (protocol 1, section 6)."""

from floodmark.exposure.check.asked import NotAnIdentifier
from floodmark.exposure.check.asking import AsyncEvaluator, AsyncSource, Evaluated, Evaluator, Source
from floodmark.exposure.check.evaluation import EvaluationBroken
from floodmark.exposure.check.local import EvaluationKey, LocalEvaluator
from floodmark.exposure.check.result import Checked, CheckedIdentifier, FoundLeak, SnapshotFacts
from floodmark.exposure.check.run import check, check_async

__all__ = [
    "AsyncEvaluator",
    "AsyncSource",
    "Checked",
    "CheckedIdentifier",
    "Evaluated",
    "EvaluationBroken",
    "EvaluationKey",
    "Evaluator",
    "FoundLeak",
    "LocalEvaluator",
    "NotAnIdentifier",
    "SnapshotFacts",
    "Source",
    "check",
    "check_async",
]
