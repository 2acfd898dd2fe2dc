"""Protocol 1, from key and identifiers to manifest, bucket bytes and answers, as it was frozen."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from floodmark.exposure.check.steps import field_set
from floodmark.exposure.oprf import (
    Proof,
    blind,
    blind_evaluate,
    derive_key_pair,
    element,
    evaluate_texts,
    finalize,
    scalar,
)
from floodmark.exposure.sealed.manifest import CONTEXT, parse_manifest
from floodmark.exposure.sealed.matrix import Partition, filled
from floodmark.exposure.sealed.rows import derive
from floodmark.exposure.snapshots import Snapshot, checked_answer, open_snapshot
from floodmark.register.key_signing import SigningKey
from floodmark.signatures import read_signature, signed

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors/protocol-1.json").read_text(encoding="utf-8")
)
CHECK = VECTORS["check"]
PAIR = derive_key_pair(bytes.fromhex(VECTORS["seed"]), VECTORS["info"].encode())
ROOT = bytes.fromhex(VECTORS["root_key"])
SEALED = pytest.mark.parametrize("leak", VECTORS["sealed"], ids=lambda leak: leak["slug"])


def snapshot() -> Snapshot:
    found = VECTORS["snapshot"]
    return open_snapshot(found["envelope"].encode(), ROOT, datetime.fromisoformat(found["now"]))


def rows_of(bucket: str, width: int) -> list[bytes]:
    data = bytes.fromhex(bucket)
    return [data[at : at + width] for at in range(0, len(data), width)]


def test_the_keys_come_of_their_seeds() -> None:
    assert PAIR.private.hex() == VECTORS["private_key"]
    assert PAIR.public.hex() == VECTORS["public_key"]
    assert SigningKey(bytes.fromhex(VECTORS["root_seed"])).public == ROOT


def test_a_client_asks_what_was_frozen_and_finalises_to_what_the_key_gives() -> None:
    inputs = [one["input"].encode() for one in CHECK["inputs"]]
    factors = [scalar(bytes.fromhex(one["blind"])) for one in CHECK["inputs"]]
    asked = [blind(data, factor) for data, factor in zip(inputs, factors, strict=True)]
    assert [one.hex() for one in asked] == json.loads(CHECK["request"])["elements"]
    [share] = json.loads(CHECK["response"])
    answered, proof = blind_evaluate(PAIR, asked, scalar(bytes.fromhex(CHECK["proof_random"])))
    assert [one.hex() for one in answered] == share["elements"]
    assert proof.to_bytes().hex() == share["proof"]
    elements = [element(bytes.fromhex(one)) for one in share["elements"]]
    sent = Proof.from_bytes(bytes.fromhex(share["proof"]))
    outputs = finalize(inputs, factors, asked, elements, sent, PAIR.public)
    assert [one.hex() for one in outputs] == [one["output"] for one in CHECK["inputs"]]


def test_whoever_seals_gets_the_same_outputs_in_bulk() -> None:
    found = evaluate_texts(PAIR.private, pl.Series([one["input"] for one in CHECK["inputs"]]))
    assert [row.tobytes().hex() for row in found] == [one["output"] for one in CHECK["inputs"]]


@SEALED
def test_outputs_become_the_rows_that_were_frozen(leak: dict[str, Any]) -> None:
    members = leak["members"]
    texts = pl.Series([f"{one['kind']}:{one['canonical']}" for one in members])
    places = derive(evaluate_texts(PAIR.private, texts), bytes.fromhex(leak["seal_id"]), leak["cell_bytes"])
    assert places.buckets.tolist() == [one["bucket"] for one in members]
    assert places.tags.tolist() == [int(one["tag"], 16) for one in members]
    assert places.pads.tolist() == [int(one["pad"], 16) for one in members]
    for one in members:
        assert int(one["cell"], 16) == one["number"] ^ int(one["pad"], 16)
        rows = rows_of(leak["buckets"][str(one["bucket"])], 6 + leak["cell_bytes"])
        assert len(rows) == 16
        assert rows == sorted(rows)
        assert bytes.fromhex(one["tag"] + one["cell"]) in rows


@SEALED
def test_the_manifest_is_what_was_signed(leak: dict[str, Any]) -> None:
    data = leak["manifest"].encode()
    manifest = parse_manifest(data)
    assert manifest.to_bytes() == data
    assert (manifest.public_key, manifest.cell_bytes) == (PAIR.public, leak["cell_bytes"])
    signature = read_signature(leak["manifest_sig"].encode())
    assert signature is not None
    assert signature.public == ROOT
    assert signed(CONTEXT + data, signature)


@SEALED
def test_a_bucket_is_written_as_it_was_frozen(leak: dict[str, Any]) -> None:
    """With the frozen bucket's filler for the random bytes, the same bucket comes out."""
    for number, text in leak["buckets"].items():
        width, cell_bytes = 6 + leak["cell_bytes"], leak["cell_bytes"]
        members = [one for one in leak["members"] if str(one["bucket"]) == number]
        real = [bytes.fromhex(one["tag"] + one["cell"]) for one in members]
        filler = [row for row in rows_of(text, width) if row not in real]
        data = b"".join([bytes(width)] * len(real) + filler) + bytes(255 * 16 * width)
        partition = Partition(
            np.zeros(len(members), np.uint8),
            np.array([int(one["tag"], 16) for one in members], np.uint64),
            np.array([int(one["cell"], 16) for one in members], np.uint32),
        )
        made = filled(partition, 16, cell_bytes, data)
        assert made[0].tobytes().hex() == text


def test_the_snapshot_opens_under_the_root_key_and_is_written_as_it_was() -> None:
    found = snapshot()
    assert found.to_text() == VECTORS["snapshot"]["text"]
    manifests = [leak.manifest.to_bytes().decode() for leak in found.leaks]
    assert manifests == [leak["manifest"] for leak in VECTORS["sealed"]]


def test_every_answer_leads_to_the_root_and_holds_exactly_who_is_a_member() -> None:
    found = snapshot()
    numbers = {
        (leak["slug"], f"{one['kind']}:{one['canonical']}"): one["number"]
        for leak in VECTORS["sealed"]
        for one in leak["members"]
    }
    for one in CHECK["inputs"]:
        answer = bytes.fromhex(VECTORS["answers"][str(one["bucket"])])
        rows = checked_answer(found, one["bucket"], answer)
        for leak, leak_rows in zip(found.leaks, rows, strict=True):
            expected = numbers.get((leak.slug, one["input"]))
            assert field_set(leak, bytes.fromhex(one["output"]), leak_rows) == expected
            assert (expected is not None) == one["member"]
