"""The private check: whether an identifier is in a leak, asked without telling anyone which (protocol 1, section 6)."""

from floodmark.exposure.check.address import BadAddress, base_of
from floodmark.exposure.check.asked import NotAnIdentifier
from floodmark.exposure.check.asking import AsyncEvaluator, AsyncSource, Evaluated, Evaluator, Source
from floodmark.exposure.check.certificates import BadCertificates
from floodmark.exposure.check.evaluation import EvaluationBroken
from floodmark.exposure.check.http import (
    AsyncHttpEvaluator,
    AsyncHttpSource,
    BadApiKey,
    HttpEvaluator,
    HttpSource,
)
from floodmark.exposure.check.local import EvaluationKey, LocalEvaluator
from floodmark.exposure.check.refusals import AccessRefused, BudgetSpent, ServerFailed
from floodmark.exposure.check.result import Checked, CheckedIdentifier, FoundLeak, SnapshotFacts
from floodmark.exposure.check.run import check, check_async

__all__ = [
    "AccessRefused",
    "AsyncEvaluator",
    "AsyncHttpEvaluator",
    "AsyncHttpSource",
    "AsyncSource",
    "BadAddress",
    "BadApiKey",
    "BadCertificates",
    "BudgetSpent",
    "Checked",
    "CheckedIdentifier",
    "Evaluated",
    "EvaluationBroken",
    "EvaluationKey",
    "Evaluator",
    "FoundLeak",
    "HttpEvaluator",
    "HttpSource",
    "LocalEvaluator",
    "NotAnIdentifier",
    "ServerFailed",
    "SnapshotFacts",
    "Source",
    "base_of",
    "check",
    "check_async",
]
