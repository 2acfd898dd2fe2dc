"""Dumps: containers, encodings, grammars, and reading records with every byte accounted for."""

from floodmark.dumps.accounting import Accounting, Span, Tally
from floodmark.dumps.containers import open_regular
from floodmark.dumps.fates import Batch
from floodmark.dumps.fits import misfit_count
from floodmark.dumps.grammar import Alternative, Column, Grammar
from floodmark.dumps.grammar_file import to_toml
from floodmark.dumps.hashing import BackgroundDigest, InputDigest
from floodmark.dumps.identified import Identified, identify
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.reader import Dump, Piece, read

__all__ = [
    "Accounting",
    "Alternative",
    "BackgroundDigest",
    "Batch",
    "Column",
    "Dump",
    "Grammar",
    "Identified",
    "InputDigest",
    "Overrides",
    "Piece",
    "Span",
    "Tally",
    "identify",
    "misfit_count",
    "open_regular",
    "read",
    "to_toml",
]
