"""What the protocol's page has refused, Floodmark and the second client refuse alike, however well it is signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots import open_snapshot

from . import second_client as client

PROTOCOL = json.loads((Path(__file__).parents[1] / "vectors" / "protocol-1.json").read_text("utf-8"))
ROOT = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(PROTOCOL["root_seed"]))
PUBLIC = bytes.fromhex(PROTOCOL["root_key"])
NOW = client.time(PROTOCOL["snapshot"]["now"])
BEFORE = {"id": "0" * 32, "sha256": "0" * 64}

Table = dict[str, Any]
Change = Callable[[Table, list[Table]], None]


def text(table: Table) -> str:
    return json.dumps(table, separators=(",", ":")) + "\n"


def sign(domain: bytes, message: str) -> str:
    return ROOT.sign(domain + b"\0" + message.encode()).hex()


def envelope(change: Change, form: Callable[[Table], str] = text) -> bytes:
    """The vectors' snapshot, changed and signed anew with the root key, its manifests too."""
    snapshot = json.loads(PROTOCOL["snapshot"]["text"])
    manifests = [json.loads(leak["manifest"]) for leak in snapshot["leaks"]]
    change(snapshot, manifests)
    for leak, manifest in zip(snapshot["leaks"], manifests, strict=True):
        leak["manifest"] = form(manifest)
        leak["signature"] = sign(b"floodmark/manifest/1", leak["manifest"])
    written = form(snapshot)
    signature = sign(b"floodmark/snapshot/1", written)
    parts = {"format": "floodmark/signed/1", "snapshot": written, "public_key": PUBLIC.hex()}
    return text(parts | {"signature": signature}).encode()


def says(**values: Any) -> Change:
    return lambda snapshot, manifests: snapshot.update(values)


def buckets(**values: Any) -> Change:
    return lambda snapshot, manifests: snapshot["buckets"].update(values)


def leak(**values: Any) -> Change:
    return lambda snapshot, manifests: snapshot["leaks"][0].update(values)


def manifest(**values: Any) -> Change:
    return lambda snapshot, manifests: manifests[0].update(values)


def everywhere(**values: Any) -> Change:
    def change(snapshot: Table, manifests: list[Table]) -> None:
        for table in (snapshot, *manifests):
            table.update(values)

    return change


def keys(**values: Any) -> Change:
    (one,) = json.loads(PROTOCOL["snapshot"]["text"])["keys"]
    return everywhere(keys=[one | values])


def reverse(snapshot: Table, manifests: list[Table]) -> None:
    manifests[0] = dict(reversed(manifests[0].items()))


def nothing(snapshot: Table, manifests: list[Table]) -> None:
    pass


ACCEPTED: dict[str, Change] = {
    "as it is": nothing,
    "a predecessor": says(number=2, predecessor=BEFORE),
    "letters of other scripts": leak(title="Ünïcode 😀"),
    "no dates": leak(breach_date=None, published_date="2019"),
}
REFUSED: dict[str, Change] = {
    "another format": says(format="floodmark/snapshot/2"),
    "mode 0": everywhere(mode=0),
    "mode true": everywhere(mode=True),
    "canon 2": everywhere(canon=2),
    "another suite": everywhere(suite="P256-SHA256"),
    "canon 2 of a manifest alone": manifest(canon=2),
    "epoch 0": everywhere(epoch=0),
    "epoch true": everywhere(epoch=True),
    "another epoch of a manifest": manifest(epoch=2),
    "another key of a manifest": manifest(
        keys=[{"t": 1, "n": 1, "public_key": "00" * 32, "shares": ["00" * 32]}]
    ),
    "another slug of a manifest": manifest(slug="another"),
    "the identity as key": keys(public_key="00" * 32, shares=["00" * 32]),
    "no element as key": keys(public_key="ff" * 32, shares=["ff" * 32]),
    "two shares": keys(n=2),
    "expired": says(expires_at=PROTOCOL["snapshot"]["now"]),
    "of the future": says(made_at="2026-11-24T00:00:01Z", expires_at="2027-01-01T00:00:00Z"),
    "a day that no month has": says(made_at="2026-02-30T10:00:00Z"),
    "a time of another form": says(made_at="2026-11-22 12:00:00Z"),
    "number 0": says(number=0),
    "number 2 without a predecessor": says(number=2),
    "number 1 with a predecessor": says(predecessor=BEFORE),
    "an id in upper case": says(id="A" * 32),
    "a name more": says(more=1),
    "a name more of a manifest": manifest(more=1),
    "another length of answers": buckets(answer_bytes=801),
    "another size of buckets": buckets(bytes=5),
    "a root in upper case": buckets(root="A" * 64),
    "no title": leak(title=None),
    "verified 1": leak(verified=1),
    "a thirteenth month": leak(breach_date="2019-13"),
    "a date in words": leak(breach_date="soon"),
    "fifteen rows": manifest(m=15),
    "another size of rows": manifest(rows={"bytes": 5, "sha256": "0" * 64}),
    "an unknown kind": manifest(members={"phone": 3, "shoe": 2}),
    "fewer than none": manifest(members={"phone": -1}),
    "kinds in another order": manifest(members={"email": 2, "phone": 3}),
    "names in another order": reverse,
}


def accepted(data: bytes) -> tuple[bool, bool]:
    """Whether Floodmark opens an envelope, and whether the second client does."""
    try:
        open_snapshot(data, PUBLIC, NOW)
        ours = True
    except FloodmarkError:
        ours = False
    try:
        client.open_snapshot(data, PUBLIC, NOW)
        theirs = True
    except client.Refused:
        theirs = False
    return ours, theirs


@pytest.mark.parametrize("change", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_both_open(change):
    assert accepted(envelope(change)) == (True, True)


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED.keys())
def test_both_refuse(change):
    assert accepted(envelope(change)) == (False, False)


@pytest.mark.parametrize(
    "form",
    [
        lambda table: json.dumps(table) + "\n",
        lambda table: json.dumps(table, separators=(",", ":")),
        lambda table: json.dumps(table, separators=(",", ":"), ensure_ascii=False) + "\n\n",
        lambda table: text(table).replace('"canon":1', '"canon":1.0'),
        lambda table: text(table).replace('"canon":1', '"canon":1,"canon":1'),
    ],
    ids=["white space", "no line feed", "two line feeds", "a decimal", "a name twice"],
)
def test_both_refuse_another_form_of_the_same(form):
    assert accepted(envelope(nothing, form)) == (False, False)


def test_both_refuse_another_root_key_and_a_flipped_bit():
    data = envelope(nothing)
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    with pytest.raises(FloodmarkError):
        open_snapshot(data, stranger, NOW)
    with pytest.raises(client.Refused):
        client.open_snapshot(data, stranger, NOW)
    for place in range(0, len(data), 97):
        changed = bytearray(data)
        changed[place] ^= 1
        assert accepted(bytes(changed)) == (False, False)
