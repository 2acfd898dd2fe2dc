"""The model file: what was learnt, in one private file without any identifier.

It holds counts, rates and scores, and digests of cohorts and apps under the workspace's key: neither who asked nor what
was asked about. A NumPy archive of plain arrays, of which one is JSON; nothing in it is ever executed.
"""

from __future__ import annotations

import json
import math
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from floodmark.errors import UnreadableInput
from floodmark.files import open_atomic
from floodmark.guard.actors import PARTS
from floodmark.guard.evidence.gaps import Gaps
from floodmark.guard.evidence.hits import Hits
from floodmark.guard.evidence.model import CHECKPOINTS, Model
from floodmark.guard.evidence.rarity import LARGEST, ROWS, SMALLEST, Rarity
from floodmark.guard.evidence.reference import Reference
from floodmark.guard.evidence.strata import Strata

VERSION = 1
_LARGEST_FILE = ROWS * 2**LARGEST + 2**28
# What zipfile, zlib, NumPy and json raise on files that were damaged or made up.
_DAMAGE = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError),
    *(TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True, eq=False)
class Learned:
    """A model and the reference that goes with it.

    Attributes:
        model: trained.
        reference: scored by it.
        key_id: of the digest key that all digests are under.
        synthetic: whether made-up lookups were learnt from.
    """

    model: Model
    reference: Reference
    key_id: str = ""
    synthetic: bool = False


def write_model(path: Path, learned: Learned) -> None:
    """Write a model file, private and whole or not at all."""
    model, reference = learned.model, learned.reference
    names = sorted(reference.scores)
    said = {
        "version": VERSION,
        "key_id": learned.key_id,
        "synthetic": learned.synthetic,
        "hits": {"ordinary": model.hits.ordinary, "others": model.hits.others},
        "gaps": {"exponents": model.gaps.exponents, "cap": model.gaps.cap},
        "rarity": {name: getattr(model.rarity, name) for name in ("total", "seen", "unseen", "universe")},
        "strata": {
            "parts": dict(model.strata.parts),
            "others": dict(model.strata.others),
            "cohorts": sorted(model.strata.cohorts),
        },
        "model": {name: getattr(model, name) for name in ("checkpoints", "weights", "cluster", "actors")},
        "reference": {
            "names": names,
            "sizes": [len(reference.scores[name]) for name in names],
            **{name: getattr(reference, name) for name in ("epoch", "actors", "clusters")},
        },
    }
    scores = np.concatenate([np.zeros(0), *(reference.scores[name] for name in names)])
    text = np.frombuffer(json.dumps(said, sort_keys=True).encode(), np.uint8)
    with open_atomic(path, private=True) as file:
        np.savez_compressed(file, about=text, counts=model.rarity.counts, scores=scores)


def read_model(path: Path) -> Learned:
    """Read a model file.

    Raises:
        UnreadableInput: it is none, or of another version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST_FILE:
                raise ValueError
        with np.load(path, allow_pickle=False) as arrays:
            said = json.loads(bytes(arrays["about"]))
            counts, scores = arrays["counts"], arrays["scores"]
        if said["version"] == VERSION:
            return _learned(said, counts, scores)
    except _DAMAGE as error:
        raise UnreadableInput(
            "This is no model file", "floodmark guard learn writes one, from lookups."
        ) from error
    raise UnreadableInput("This model file was written by another version", "Learn again with this one.")


def _learned(said: dict[str, Any], counts: np.ndarray[Any, Any], scores: np.ndarray[Any, Any]) -> Learned:
    rows, width = counts.shape
    good = counts.dtype == np.uint8 and rows == ROWS and width.bit_count() == 1
    if not good or not 2**SMALLEST <= width <= 2**LARGEST or scores.dtype != np.float64:
        raise ValueError
    hits, strata, about = said["hits"], said["strata"], said["reference"]
    ends = np.cumsum(about["sizes"])
    if scores.ndim != 1 or len(scores) != (ends[-1] if len(ends) else 0) or not np.isfinite(scores).all():
        raise ValueError
    parts = np.split(scores, ends[:-1])
    names = [(str(name), int(checkpoint)) for name, checkpoint in about["names"]]
    if tuple(said["model"]["checkpoints"]) != CHECKPOINTS:
        raise ValueError
    counted = said["rarity"]
    model = Model(
        hits=Hits(tuple(hits["ordinary"]), tuple(tuple(other) for other in hits["others"])),
        gaps=Gaps(tuple(said["gaps"]["exponents"]), float(said["gaps"]["cap"])),
        rarity=Rarity(
            counts,
            int(counted["total"]),
            int(counted["seen"]),
            float(counted["unseen"]),
            float(counted["universe"]),
        ),
        strata=Strata(dict(strata["parts"]), dict(strata["others"]), frozenset(strata["cohorts"])),
        weights=tuple(map(float, said["model"]["weights"])),
        cluster=str(said["model"]["cluster"]),
        actors=int(said["model"]["actors"]),
    )
    reference = Reference(
        dict(zip(names, parts, strict=True)),
        float(about["epoch"]),
        int(about["actors"]),
        int(about["clusters"]),
    )
    if not _is_sound(model, reference):
        raise ValueError
    return Learned(model, reference, str(said["key_id"]), bool(said["synthetic"]))


def _is_sound(model: Model, reference: Reference) -> bool:
    """Whether every number can be what `train` and `reference` make, so that no score is NaN or made up by a file."""
    pairs = [model.hits.ordinary, *model.hits.others]
    positive = [*chain.from_iterable(pairs), *model.gaps.exponents, model.gaps.cap, model.rarity.universe]
    positive += [*model.weights, reference.epoch]
    if not all(type(one) in (int, float) and 0.0 < one < math.inf for one in positive):
        return False
    return (
        all(len(pair) == 2 for pair in pairs)
        and all(one <= 1.0 for one in model.gaps.exponents)
        and len(model.weights) == len(CHECKPOINTS)
        and math.isclose(sum(model.weights), 1.0)
        and 0.0 < model.rarity.unseen < 1.0
        and min(model.rarity.total, model.rarity.seen, model.actors, reference.actors, reference.clusters)
        >= 0
        and model.cluster in PARTS
    )
