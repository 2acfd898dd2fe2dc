"""A client and a verifier of protocol 1, written from docs/reference/protocol.md alone: nothing here is Floodmark's.

It shows that the page is enough. Where the page and the code differ, one of them is wrong, not this file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from . import second_oprf as oprf
from .second_files import Refused, check_signature, count, day, demand, hexadecimal, read_json, same, time

BUCKETS, PATH_BYTES, TAG_BYTES, HEADER_BYTES = 65_536, 16 * 32, 6, 128
KINDS = ["phone", "email", "profile_id", "username"]
SUITE = {"suite": "ristretto255-SHA512", "mode": 1, "canon": 1}
MANIFEST = """format suite mode canon epoch seal_id slug synthetic sealed_at members field_sets cell_bytes m rows
    keys""".split()
SNAPSHOT = "format id number made_at expires_at predecessor suite mode canon epoch keys leaks buckets".split()
LEAK = """slug title domain description breach_date published_date verified fabricated spam_list malware
    stealer_log synthetic manifest signature""".split()
ENVELOPE = "format snapshot public_key signature".split()
SIGNATURE = "format algorithm public_key signature".split()


# Section 2: the evaluation


def evaluate_at(
    post: Callable[[bytes], bytes], epoch: int, public: bytes, inputs: list[bytes], rng: random.Random
) -> list[bytes]:
    """`y` of each input; `post` sends the body of `POST /v1/evaluate` and gives that of the answer."""
    scalars = [rng.randrange(1, oprf.ORDER) for _ in inputs]
    blinded = [oprf.blind(x, scalar) for x, scalar in zip(inputs, scalars, strict=True)]
    answer = post(json.dumps({"epoch": epoch, "elements": [one.hex() for one in blinded]}).encode())
    try:
        (item,) = json.loads(answer)
    except (ValueError, TypeError) as error:
        raise Refused("more or less than one share") from error
    demand(set(item) == {"share", "elements", "proof"} and item["share"] == 1, "another share")
    evaluated = [hexadecimal(one, 32) for one in item["elements"]]
    demand(oprf.proof_holds(public, blinded, evaluated, hexadecimal(item["proof"], 64)), "a false proof")
    return [oprf.finalize(*three) for three in zip(inputs, scalars, evaluated, strict=True)]


# Section 3: rows


def bucket_of(y: bytes) -> int:
    return int.from_bytes(y[0:2], "big")


def look_up(rows: bytes, manifest: dict[str, Any], y: bytes) -> list[str] | None:
    """The field set that one bucket's rows hold of `y`."""
    cell_bytes, row_bytes = manifest["cell_bytes"], TAG_BYTES + manifest["cell_bytes"]
    k = hmac.digest(y[32:64], b"floodmark/seal/1" + bytes.fromhex(manifest["seal_id"]), "sha256")
    tag, pad = k[:6], int.from_bytes(k[6 : 6 + cell_bytes], "big")
    for start in range(0, len(rows), row_bytes):
        row = rows[start : start + row_bytes]
        number = int.from_bytes(row[6:], "big") ^ pad
        if row[:6] == tag and number < len(manifest["field_sets"]):
            return list(manifest["field_sets"][number])
    return None


# Section 4: the manifest


def read_manifest(text: bytes) -> dict[str, Any]:
    manifest = read_json(text, MANIFEST)
    demand(manifest["format"] == "floodmark/manifest/1", "another format of manifest")
    demand(all(same(manifest[name], value) for name, value in SUITE.items()), "another suite, mode or canon")
    hexadecimal(manifest["seal_id"], 16)
    time(manifest["sealed_at"])
    count(manifest["epoch"], 1)
    members = manifest["members"]
    demand(list(members) == [kind for kind in KINDS if kind in members], "other kinds, or in another order")
    demand(all(count(number) >= 0 for number in members.values()), "no number")
    demand(list(manifest["rows"]) == ["bytes", "sha256"], "other names of rows")
    hexadecimal(manifest["rows"]["sha256"], 32)
    public_key(manifest["keys"])
    demand(manifest["cell_bytes"] in (2, 4), "other cells")
    demand(len(manifest["field_sets"]) <= 256 ** manifest["cell_bytes"], "cells too small for the field sets")
    demand(isinstance(manifest["m"], int) and manifest["m"] >= 16, "too few rows in a bucket")
    demand(manifest["rows"]["bytes"] == HEADER_BYTES + BUCKETS * stride(manifest), "another size of rows")
    return manifest


def stride(manifest: dict[str, Any]) -> int:
    return int(manifest["m"]) * (TAG_BYTES + int(manifest["cell_bytes"]))


def public_key(keys: list[dict[str, Any]]) -> bytes:
    demand([(key["t"], key["n"]) for key in keys] == [(1, 1)], "a shared key")
    demand(list(keys[0]) == ["t", "n", "public_key", "shares"], "other names of a key")
    demand(keys[0]["shares"] == [keys[0]["public_key"]], "a share that is not the key")
    public = hexadecimal(keys[0]["public_key"], 32)
    try:
        oprf.decode(public)
    except ValueError as error:
        raise Refused("no key") from error
    return public


def verify_sealed_leak(folder: Path, root: bytes) -> dict[str, Any]:
    """Reads all of a sealed leak: the signature, the size and hash of the rows, and their order."""
    text = (folder / "manifest.json").read_bytes()
    signed = read_json((folder / "manifest.json.sig").read_bytes(), SIGNATURE, one_form=False)
    demand(
        (signed["format"], signed["algorithm"]) == ("floodmark/signature/1", "Ed25519"), "another signature"
    )
    demand(hexadecimal(signed["public_key"], 32) == root, "another root key")
    check_signature(root, hexadecimal(signed["signature"], 64), "floodmark/manifest/1", text)
    manifest = read_manifest(text)
    rows = (folder / "rows.npy").read_bytes()
    demand(len(rows) == manifest["rows"]["bytes"], "rows of another size")
    demand(hashlib.sha256(rows).hexdigest() == manifest["rows"]["sha256"], "other rows")
    size, width = stride(manifest), TAG_BYTES + manifest["cell_bytes"]
    for start in range(HEADER_BYTES, len(rows), size):
        bucket = [rows[at : at + width] for at in range(start, start + size, width)]
        demand(bucket == sorted(bucket), "rows out of order")
    return manifest


# Section 5: the snapshot


@dataclass(frozen=True)
class Snapshot:
    text: dict[str, Any]
    manifests: list[dict[str, Any]]
    public: bytes

    @property
    def answer_bytes(self) -> int:
        return int(self.text["buckets"]["answer_bytes"])


def open_snapshot(envelope: bytes, root: bytes, now: datetime) -> Snapshot:
    signed = read_json(envelope, ENVELOPE)
    demand(signed["format"] == "floodmark/signed/1", "another envelope")
    demand(hexadecimal(signed["public_key"], 32) == root, "another root key")
    text = signed["snapshot"].encode()
    check_signature(root, hexadecimal(signed["signature"], 64), "floodmark/snapshot/1", text)
    snapshot = read_json(text, SNAPSHOT)
    demand(snapshot["format"] == "floodmark/snapshot/1", "another format of snapshot")
    demand(all(same(snapshot[name], value) for name, value in SUITE.items()), "another suite, mode or canon")
    hexadecimal(snapshot["id"], 16)
    count(snapshot["epoch"], 1)
    before, number = snapshot["predecessor"], count(snapshot["number"], 1)
    demand((before is None) == (number == 1), "a number that does not fit the predecessor")
    if before is not None:
        demand(list(before) == ["id", "sha256"], "other names of the predecessor")
        demand(bool(hexadecimal(before["id"], 16) and hexadecimal(before["sha256"], 32)), "no predecessor")
    demand(now < time(snapshot["expires_at"]), "an expired snapshot")
    demand(time(snapshot["made_at"]) <= now + timedelta(days=1), "a snapshot of the future")
    public, manifests = public_key(snapshot["keys"]), []
    for leak in snapshot["leaks"]:
        demand(list(leak) == LEAK, "other names of a leak")
        demand(all(isinstance(leak[name], str) for name in LEAK[:4]), "no text")
        demand(all(isinstance(leak[name], bool) for name in LEAK[6:12]), "neither true nor false")
        day(leak["breach_date"])
        day(leak["published_date"])
        manifest_text = leak["manifest"].encode()
        check_signature(root, hexadecimal(leak["signature"], 64), "floodmark/manifest/1", manifest_text)
        manifest = read_manifest(manifest_text)
        demand(same(manifest["epoch"], snapshot["epoch"]), "another epoch")
        demand(same(manifest["keys"], snapshot["keys"]), "another key")
        demand(manifest["slug"] == leak["slug"], "another slug")
        manifests.append(manifest)
    opened = Snapshot(snapshot, manifests, public)
    buckets = snapshot["buckets"]
    demand(list(buckets) == ["answer_bytes", "root", "bytes", "sha256"], "other names of buckets")
    demand(opened.answer_bytes == sum(map(stride, manifests)) + PATH_BYTES, "another length of answers")
    demand(buckets["bytes"] == BUCKETS * opened.answer_bytes, "another size of buckets")
    demand(bool(hexadecimal(buckets["root"], 32) and hexadecimal(buckets["sha256"], 32)), "no hashes")
    return opened


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def rows_of(snapshot: Snapshot, bucket: int, answer: bytes) -> list[bytes]:
    """The rows of every leak in an answer, once its path has led to the root."""
    demand(len(answer) == snapshot.answer_bytes, "an answer of another length")
    rows, path = answer[:-PATH_BYTES], answer[-PATH_BYTES:]
    reached = hashlib.sha256(b"\x00" + rows).digest()
    for level in range(16):
        sibling = path[32 * level : 32 * level + 32]
        reached = node(sibling, reached) if bucket >> level & 1 else node(reached, sibling)
    demand(reached.hex() == snapshot.text["buckets"]["root"], "a path that leads elsewhere")
    parts, at = [], 0
    for manifest in snapshot.manifests:
        parts.append(rows[at : at + stride(manifest)])
        at += stride(manifest)
    return parts


def verify_directory(directory: Path, root: bytes, now: datetime) -> Snapshot:
    """Reads all of a snapshot directory, and forms the Merkle tree anew."""
    snapshot = open_snapshot((directory / "v1/snapshot").read_bytes(), root, now)
    stated, size = snapshot.text["buckets"], snapshot.answer_bytes
    data = (directory / "v1/snapshots" / snapshot.text["id"] / "buckets.bin").read_bytes()
    demand(len(data) == stated["bytes"] == BUCKETS * size, "buckets of another size")
    demand(hashlib.sha256(data).hexdigest() == stated["sha256"], "other buckets")
    answers = [data[at : at + size] for at in range(0, len(data), size)]
    level = [hashlib.sha256(b"\x00" + answer[:-PATH_BYTES]).digest() for answer in answers]
    for height in range(16):
        at = len(answers[0]) - PATH_BYTES + 32 * height
        for bucket, answer in enumerate(answers):
            demand(answer[at : at + 32] == level[bucket >> height ^ 1], "another sibling")
        level = [node(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    demand(level[0].hex() == stated["root"], "another root")
    return snapshot


# Section 6: a check


def check(
    directory: Path,
    root: bytes,
    x: bytes,
    post: Callable[[bytes], bytes],
    now: datetime,
    rng: random.Random,
) -> list[tuple[str, list[str]]]:
    """Slug and field types of every leak that holds `x`, read from a snapshot directory."""
    snapshot = open_snapshot((directory / "v1/snapshot").read_bytes(), root, now)
    (y,) = evaluate_at(post, snapshot.text["epoch"], snapshot.public, [x], rng)
    wanted = bucket_of(y)
    decoys = rng.sample([one for one in range(BUCKETS) if one != wanted], 3)
    order = rng.sample([wanted, *decoys], 4)
    found: dict[int, list[bytes]] = {}
    with (directory / "v1/snapshots" / snapshot.text["id"] / "buckets.bin").open("rb") as buckets:
        for bucket in order:
            buckets.seek(bucket * snapshot.answer_bytes)
            found[bucket] = rows_of(snapshot, bucket, buckets.read(snapshot.answer_bytes))
    hits = [
        (manifest["slug"], look_up(rows, manifest, y))
        for manifest, rows in zip(snapshot.manifests, found[wanted], strict=True)
    ]
    return [(slug, fields) for slug, fields in hits if fields is not None]
