"""Evidence on each actor: scores at checkpoints, and e-values against a reference population.

`train` learns what is ordinary, `reference` scores other ordinary actors by it, and `evidence` compares actors with
those. `Watch` does the same while lookups come in.
"""

from __future__ import annotations

from floodmark.guard.evidence.actor_evidence import evidence
from floodmark.guard.evidence.conformal import e_bh
from floodmark.guard.evidence.model import Model, train
from floodmark.guard.evidence.model_file import Learned, read_model, write_model
from floodmark.guard.evidence.reference import Reference, reference
from floodmark.guard.evidence.splitting import split, without
from floodmark.guard.evidence.watch import Standing, Watch

__all__ = [
    "Learned",
    "Model",
    "Reference",
    "Standing",
    "Watch",
    "e_bh",
    "evidence",
    "read_model",
    "reference",
    "split",
    "train",
    "without",
    "write_model",
]
