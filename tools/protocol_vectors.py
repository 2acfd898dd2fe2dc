"""Make tests/vectors/protocol-1.json: from keys and identifiers to manifests, buckets, a snapshot and a check.

Made once and frozen: what these vectors hold is protocol 1. The script is here to show how they came about; it
refuses to write over them.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from floodmark.exposure.oprf import (
    KeyPair,
    blind,
    blind_evaluate,
    derive_key_pair,
    evaluate_texts,
    finalize,
    scalar,
)
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.matrix import Partition, write_matrix
from floodmark.exposure.sealed.rows import Places, derive
from floodmark.exposure.snapshots.envelope import sign_snapshot
from floodmark.exposure.snapshots.snapshot import Snapshot, SnapshotLeak
from floodmark.exposure.snapshots.source import Source
from floodmark.exposure.snapshots.write import write_buckets
from floodmark.register.key_signing import SigningKey
from floodmark.signatures import signature_file

PATH = Path(__file__).resolve().parent.parent / "tests/vectors/protocol-1.json"
EPOCH = 1
MADE = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
EXPIRES = datetime(2026, 12, 22, 12, 0, 0, tzinfo=UTC)

# Numbers and names that are kept free for examples, and one text in which every byte of UTF-8 is longer than one.
MEMBERS = [
    ("phone", "+447700900123", 0),
    ("phone", "+12025550143", 2),
    ("phone", "+33199000001", 1),
    ("email", "ada@example.org", 1),
    ("email", "bob@xn--bcher-kva.example", 0),
    ("profile_id", "1234567", 2),
    ("username", "ελένη", 1),
]
ABSENT = [("phone", "+447700900999"), ("email", "nobody@example.org")]
FIELD_SETS = (("phone",), ("email", "full_name"), ("phone", "profile_id", "location"))


def filler(name: str) -> Any:
    """Bytes that are the same whenever this runs; drawn for 256 buckets of 16 rows at a time."""

    def block(number: int, size: int) -> bytes:
        seed = f"floodmark/vectors/{name}/{number}".encode()
        return hashlib.shake_256(seed).digest(256 * size)

    return block


def sealed(folder: Path, slug: str, cell_bytes: int, pair: KeyPair, root: SigningKey) -> dict[str, Any]:
    """One sealed leak, in a folder, and its part of the vectors."""
    seal_id = hashlib.sha256(f"floodmark/vectors/{slug}".encode()).digest()[:16]
    texts = pl.Series([f"{kind}:{canonical}" for kind, canonical, _ in MEMBERS])
    outputs = evaluate_texts(pair.private, texts, workers=1)
    places = derive(outputs, seal_id, cell_bytes)
    numbers = np.array([number for _, _, number in MEMBERS], np.uint32)
    cells = numbers ^ places.pads
    folder.mkdir()
    rows = write_matrix(
        folder / "rows.npy",
        list(partitions(places, cells)),
        16,
        cell_bytes,
        filler=filler(f"{slug}/filler"),
    )
    counted = {kind: sum(kind == one for one, _, _ in MEMBERS) for kind, _, _ in MEMBERS}
    manifest = Manifest(
        seal_id=seal_id.hex(),
        slug=slug,
        synthetic=True,
        sealed_at="2026-11-22T11:00:00Z",
        epoch=EPOCH,
        public_key=pair.public,
        members=counted,
        field_sets=FIELD_SETS,
        cell_bytes=cell_bytes,
        m=16,
        rows_bytes=rows.bytes,
        rows_sha256=rows.sha256,
    )
    data = manifest.to_bytes()
    value = root.sign(CONTEXT + data)
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.json.sig").write_bytes(signature_file(root.public, value))
    matrix = np.load(folder / "rows.npy")
    return {
        "slug": slug,
        "seal_id": seal_id.hex(),
        "cell_bytes": cell_bytes,
        "manifest": data.decode(),
        "manifest_sig": (folder / "manifest.json.sig").read_text(),
        "members": [
            {
                "kind": kind,
                "canonical": canonical,
                "number": number,
                "tag": f"{tag:012x}",
                "pad": f"{pad:0{2 * cell_bytes}x}",
                "cell": f"{cell:0{2 * cell_bytes}x}",
                "bucket": bucket,
            }
            for (kind, canonical, number), tag, pad, cell, bucket in zip(
                MEMBERS,
                places.tags.tolist(),
                places.pads.tolist(),
                cells.tolist(),
                places.buckets.tolist(),
                strict=True,
            )
        ],
        "buckets": {
            str(number): matrix[number].tobytes().hex() for number in sorted(set(places.buckets.tolist()))
        },
        "source": Source(manifest, value, folder),
    }


def partitions(places: Places, cells: np.ndarray[Any, np.dtype[np.uint32]]) -> Any:
    for first in range(256):
        chosen = places.buckets >> 8 == first
        yield Partition(
            (places.buckets[chosen] & 0xFF).astype(np.uint8),
            places.tags[chosen],
            cells[chosen].astype(np.uint32),
        )


def main() -> None:
    if PATH.exists():
        sys.exit("protocol-1.json is frozen: a change of it is another protocol.")
    seed = bytes(range(32))
    pair = derive_key_pair(seed, f"floodmark/epoch/{EPOCH}".encode())
    root = SigningKey(bytes(range(32, 64)))
    with tempfile.TemporaryDirectory() as place:
        leaks = [
            sealed(Path(place) / "a", "made-up-2019", 2, pair, root),
            sealed(Path(place) / "b", "made-up-2026", 4, pair, root),
        ]
        sources = [leak.pop("source") for leak in leaks]
        path = Path(place) / "buckets.bin"
        with path.open("w+b") as file:
            buckets = write_buckets(file, sources)
        snapshot = Snapshot(
            id=hashlib.sha256(b"floodmark/vectors/snapshot").hexdigest()[:32],
            number=1,
            made_at=MADE,
            expires_at=EXPIRES,
            predecessor=None,
            epoch=EPOCH,
            public_key=pair.public,
            leaks=tuple(described(source) for source in sources),
            buckets=buckets,
        )
        envelope = sign_snapshot(snapshot, root)
        asked = [f"{kind}:{canonical}" for kind, canonical, _ in MEMBERS] + [
            f"{kind}:{canonical}" for kind, canonical in ABSENT
        ]
        checks = check(asked, pair)
        size = snapshot.answer_bytes
        with path.open("rb") as file:
            answers = {}
            for number in sorted({one["bucket"] for one in checks["inputs"]}):
                file.seek(number * size)
                answers[str(number)] = file.read(size).hex()
    table = {
        "about": "Vectors of docs/reference/protocol.md; all data is made up. Bytes are hexadecimal.",
        "epoch": EPOCH,
        "seed": seed.hex(),
        "info": f"floodmark/epoch/{EPOCH}",
        "private_key": pair.private.hex(),
        "public_key": pair.public.hex(),
        "root_seed": bytes(range(32, 64)).hex(),
        "root_key": root.public.hex(),
        "check": checks,
        "sealed": leaks,
        "snapshot": {
            "envelope": envelope.decode(),
            "text": snapshot.to_text(),
            "now": "2026-11-23T00:00:00Z",
        },
        "answers": answers,
    }
    PATH.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n")


def check(asked: list[str], pair: KeyPair) -> dict[str, Any]:
    """One request for all inputs, with blinds and the proof's random scalar fixed."""
    factors = [scalar(int.to_bytes(1_000_003 * (n + 1), 32, "little")) for n in range(len(asked))]
    inputs = [text.encode() for text in asked]
    elements = [blind(data, factor) for data, factor in zip(inputs, factors, strict=True)]
    random = scalar(int.to_bytes(7_777_777_777, 32, "little"))
    answered, proof = blind_evaluate(pair, elements, random)
    outputs = finalize(inputs, factors, elements, answered, proof, pair.public)
    return {
        "request": json.dumps({"epoch": EPOCH, "elements": [one.hex() for one in elements]}),
        "proof_random": random.hex(),
        "response": json.dumps(
            [{"share": 1, "elements": [one.hex() for one in answered], "proof": proof.to_bytes().hex()}]
        ),
        "inputs": [
            {
                "input": text,
                "blind": factor.hex(),
                "output": output.hex(),
                "bucket": int.from_bytes(output[:2]),
                "member": text in asked[: len(MEMBERS)],
            }
            for text, factor, output in zip(asked, factors, outputs, strict=True)
        ],
    }


def described(source: Source) -> SnapshotLeak:
    return SnapshotLeak(
        slug=source.manifest.slug,
        title="Made up, with “quotes”",
        domain="example.org",
        description="Nobody is in it.",
        breach_date="2019-08",
        published_date=None,
        verified=True,
        fabricated=False,
        spam_list=False,
        malware=False,
        stealer_log=False,
        synthetic=True,
        manifest=source.manifest,
        signature=source.signature,
    )


if __name__ == "__main__":
    main()
