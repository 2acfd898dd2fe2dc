"""Dumps: containers, encodings, grammars, and reading records with every byte accounted for."""

from floodmark.dumps.accounting import Accounting, Span, Tally
from floodmark.dumps.containers import Opening, Watcher, open_regular
from floodmark.dumps.dump import Dump
from floodmark.dumps.fates import Batch
from floodmark.dumps.fits import misfit_count
from floodmark.dumps.grammar import Alternative, Column, Grammar
from floodmark.dumps.grammar_file import to_toml
from floodmark.dumps.hashing import BackgroundDigest, InputDigest
from floodmark.dumps.identified import Identified, identify
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.pieces import Piece, pieces
from floodmark.dumps.reading import Unopened, opened, read
from floodmark.dumps.table import Table

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
    "Opening",
    "Overrides",
    "Piece",
    "Span",
    "Table",
    "Tally",
    "Unopened",
    "Watcher",
    "identify",
    "misfit_count",
    "open_regular",
    "opened",
    "pieces",
    "read",
    "to_toml",
]
