"""Identifiers and field types: canonical forms, checks, dates, places. Pure and vectorised; no input or output.

Other rooms use the names below and the modules `phones`, `emails`, `profile_ids`, `usernames`, `dates`, `places`,
`checks`, `vocabulary`, `canon` and `digests`.
"""

from __future__ import annotations

from floodmark.identifiers.dates import DateOrder, infer_order
from floodmark.identifiers.field_types import KINDS, FieldType, IdentifierKind
from floodmark.identifiers.folding import fold, fold_series
from floodmark.identifiers.recognise import Recogniser, recogniser

__all__ = [
    "KINDS",
    "DateOrder",
    "FieldType",
    "IdentifierKind",
    "Recogniser",
    "fold",
    "fold_series",
    "infer_order",
    "recogniser",
]
