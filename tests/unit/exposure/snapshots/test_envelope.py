"""What of a snapshot a client refuses (protocol 1, section 5)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError, LimitExceeded
from floodmark.exposure.oprf import derive_key_pair
from floodmark.exposure.sealed.manifest import CONTEXT as MANIFEST_CONTEXT
from floodmark.exposure.sealed.manifest import ManifestBroken, ProtocolRefused
from floodmark.exposure.snapshots import (
    Predecessor,
    SnapshotBroken,
    SnapshotExpired,
    SnapshotFromTheFuture,
    WrongEpoch,
    WrongRootKey,
    open_snapshot,
    read_snapshot,
    sign_snapshot,
)
from floodmark.exposure.snapshots.parse import parse_snapshot
from floodmark.exposure.snapshots.snapshot import CONTEXT

OTHER = derive_key_pair(bytes(32), b"floodmark/epoch/2").public


def signed_text(text, root):
    """The envelope of any text, soundly signed."""
    value = root.sign(CONTEXT + text.encode())
    table = {
        "format": "floodmark/signed/1",
        "snapshot": text,
        "public_key": root.public.hex(),
        "signature": value.hex(),
    }
    return (json.dumps(table, separators=(",", ":")) + "\n").encode()


def changed(snapshot, change):
    """The text of a snapshot after a change of its table."""
    table = json.loads(snapshot.to_text())
    change(table)
    return json.dumps(table, separators=(",", ":")) + "\n"


def with_manifest(snapshot, root, **said):
    """A snapshot whose first manifest says something else, soundly signed."""
    leak = snapshot.leaks[0]
    manifest = replace(leak.manifest, **said)
    leak = replace(leak, manifest=manifest, signature=root.sign(MANIFEST_CONTEXT + manifest.to_bytes()))
    return replace(snapshot, leaks=(leak, *snapshot.leaks[1:]))


def test_a_snapshot_is_the_same_after_it_was_signed_and_opened(made, root, now):
    place, snapshot = made
    assert open_snapshot((place / "v1" / "snapshot").read_bytes(), root.public, now) == snapshot


def test_a_number_with_its_predecessor_is_the_same_after_it_was_signed_and_opened(snapshot, root, now):
    second = replace(snapshot, number=2, predecessor=Predecessor("ab" * 16, snapshot.sha256))
    assert open_snapshot(sign_snapshot(second, root), root.public, now) == second


def test_another_root_key_is_refused(snapshot, root, other_root, now):
    with pytest.raises(WrongRootKey) as raised:
        open_snapshot(sign_snapshot(snapshot, other_root), root.public, now)
    assert raised.value.slug == "wrong-root-key"


def test_a_signature_of_another_text_is_refused(snapshot, root, now):
    envelope = json.loads(sign_snapshot(snapshot, root))
    envelope["signature"] = root.sign(b"something else").hex()
    data = (json.dumps(envelope, separators=(",", ":")) + "\n").encode()
    with pytest.raises(SnapshotBroken, match="not what was signed"):
        open_snapshot(data, root.public, now)


@given(st.data())
def test_a_flipped_bit_anywhere_in_the_envelope_is_refused(snapshot, root, now, data):
    envelope = bytearray(sign_snapshot(snapshot, root))
    place = data.draw(st.integers(0, len(envelope) - 1))
    envelope[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(FloodmarkError):
        open_snapshot(bytes(envelope), root.public, now)


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_what_is_no_envelope_is_refused(root, now, data):
    with pytest.raises(FloodmarkError):
        open_snapshot(data, root.public, now)


@pytest.mark.parametrize(
    ("seconds", "refused"),
    [
        (-86_401, SnapshotFromTheFuture),
        (-86_400, None),
        (0, None),
        (30 * 86_400 - 1, None),
        (30 * 86_400, SnapshotExpired),
    ],
)
def test_a_snapshot_serves_from_a_day_before_it_was_made_until_it_expires(snapshot, root, seconds, refused):
    envelope, then = sign_snapshot(snapshot, root), snapshot.made_at + timedelta(seconds=seconds)
    if refused is None:
        assert open_snapshot(envelope, root.public, then) == snapshot
    else:
        with pytest.raises(refused):
            open_snapshot(envelope, root.public, then)
    assert read_snapshot(envelope, root.public) == snapshot


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", 0),
        ("mode", True),
        ("mode", 1.0),
        ("canon", 0),
        ("canon", 2),
        ("suite", "P256-SHA256"),
        ("format", "floodmark/snapshot/2"),
    ],
)
def test_another_protocol_is_refused_even_when_it_is_signed(snapshot, root, now, name, value):
    text = changed(snapshot, lambda table: table.update({name: value}))
    with pytest.raises(ProtocolRefused, match=name):
        open_snapshot(signed_text(text, root), root.public, now)


def test_an_envelope_of_another_format_is_refused(snapshot, root, now):
    data = sign_snapshot(snapshot, root).replace(b"floodmark/signed/1", b"floodmark/signed/2")
    with pytest.raises(ProtocolRefused):
        open_snapshot(data, root.public, now)


@pytest.mark.parametrize("said", [{"epoch": 2}, {"public_key": OTHER}, {"epoch": 2, "public_key": OTHER}])
def test_a_manifest_of_another_epoch_or_key_is_refused(snapshot, root, now, said):
    with pytest.raises(WrongEpoch, match="made-up"):
        open_snapshot(sign_snapshot(with_manifest(snapshot, root, **said), root), root.public, now)


def test_a_manifest_that_another_key_signed_is_refused(snapshot, root, other_root, now):
    with pytest.raises(SnapshotBroken, match="made-up"):
        open_snapshot(sign_snapshot(with_manifest(snapshot, other_root), root), root.public, now)


@pytest.mark.parametrize("said", [{"slug": "third"}, {"synthetic": False}])
def test_the_manifest_of_another_leak_is_refused(snapshot, root, now, said):
    with pytest.raises(SnapshotBroken):
        open_snapshot(sign_snapshot(with_manifest(snapshot, root, **said), root), root.public, now)


def test_a_downgraded_manifest_within_a_signed_snapshot_is_refused(snapshot, root, now):
    def change(table):
        table["leaks"][0]["manifest"] = table["leaks"][0]["manifest"].replace('"mode":1', '"mode":0')

    with pytest.raises(ProtocolRefused, match="manifest"):
        open_snapshot(signed_text(changed(snapshot, change), root), root.public, now)


def _bucket(name, value):
    return lambda table: table["buckets"].update({name: value})


def _leak(name, value):
    return lambda table: table["leaks"][0].update({name: value})


@pytest.mark.parametrize(
    "change",
    [
        _bucket("answer_bytes", 809),
        _bucket("answer_bytes", 811),
        _bucket("bytes", 1),
        _bucket("root", "AB" * 32),
        _bucket("root", "ab" * 31),
        _bucket("sha256", None),
        _bucket("more", 1),
        _leak("title", 3),
        _leak("title", "\ud800"),
        _leak("breach_date", "2019-8"),
        _leak("breach_date", "2019-02-30"),
        _leak("breach_date", ""),
        _leak("verified", 1),
        _leak("sensitive", False),
        _leak("signature", ""),
        _leak("slug", "Made-Up"),
        lambda table: table["leaks"].clear(),
        lambda table: table["leaks"].append(table["leaks"][0]),
        lambda table: table["leaks"][0].pop("domain"),
        lambda table: table.update({"more": 1}),
        lambda table: table.update(id="0A" * 16),
        lambda table: table.update(number=0),
        lambda table: table.update(number=2),
        lambda table: table.update(number=True),
        lambda table: table.update(predecessor={"id": "ab" * 16, "sha256": "cd" * 32}),
        lambda table: table.update(number=2, predecessor={"id": "ab" * 16}),
        lambda table: table.update(made_at="2026-13-31T13:05:00Z"),
        lambda table: table.update(made_at="2026-01-31T13:05:00+00:00"),
        lambda table: table.update(expires_at="2026-01-31T13:05:00Z"),
        lambda table: table.update(epoch=0),
        lambda table: table["keys"].append(table["keys"][0]),
        lambda table: table.update(keys=[]),
        lambda table: table.update(keys=""),
        lambda table: table.update(keys={}),
        lambda table: table["keys"][0].update(public_key="00" * 32, shares=["00" * 32]),
        lambda table: table.update(leaks={}),
        lambda table: table.update(leaks=None),
        lambda table: table.update(buckets=[]),
    ],
)
def test_another_form_is_refused_even_when_it_is_signed(snapshot, root, now, change):
    with pytest.raises(SnapshotBroken):
        open_snapshot(signed_text(changed(snapshot, change), root), root.public, now)


def test_a_manifest_of_another_form_is_refused(snapshot, root, now):
    with pytest.raises(ManifestBroken):
        text = changed(snapshot, _leak("manifest", snapshot.leaks[0].manifest.to_bytes().decode() + " "))
        open_snapshot(signed_text(text, root), root.public, now)


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text + "\n",
        lambda text: text.rstrip("\n"),
        lambda text: text.replace('","', '", "', 1),
        lambda text: text.replace("\\u00e1", "á"),
        lambda text: text.replace("\\u00e1", "\\u00E1"),
        lambda text: text.replace('"number":1,', '"number":1,"number":1,'),
        lambda text: text.replace('"number":1,', '"number":1.0,'),
        lambda text: text.replace('"number":1,', '"number":NaN,'),
        lambda text: "[" * 100_000,
        lambda text: "",
    ],
)
def test_a_snapshot_spelled_otherwise_is_refused(snapshot, root, now, spell):
    text = spell(snapshot.to_text())
    assert text != snapshot.to_text()
    with pytest.raises(SnapshotBroken):
        open_snapshot(signed_text(text, root), root.public, now)


def test_an_envelope_over_64_mib_is_refused_before_it_is_read(root, now):
    with pytest.raises(LimitExceeded):
        open_snapshot(b"{" * ((64 << 20) + 1), root.public, now)


@given(
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    date=st.none()
    | st.dates().map(str)
    | st.dates().map(lambda day: str(day)[:7])
    | st.dates().map(lambda day: str(day)[:4]),
    flag=st.booleans(),
)
def test_whatever_is_said_of_a_leak_survives_the_text(snapshot, title, date, flag):
    leak = replace(snapshot.leaks[0], title=title, description=title, published_date=date, malware=flag)
    said = replace(snapshot, leaks=(leak,))
    assert parse_snapshot(said.to_text()) == said
