"""Reading a snapshot's text: everything in it has the form that protocol 1 gives it, or nothing is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from floodmark.exposure.oprf import BadElement
from floodmark.exposure.sealed.manifest import (
    HASH,
    MOMENT,
    MOST_EPOCH,
    SEAL_ID,
    SLUG,
    check_protocol,
    parse_manifest,
    public_key_of,
)
from floodmark.exposure.snapshots.snapshot import (
    DATES,
    FLAGS,
    FORMAT,
    MOMENT_FORM,
    TEXTS,
    Buckets,
    Predecessor,
    Snapshot,
    SnapshotBroken,
    SnapshotLeak,
)
from floodmark.signatures import SIGNATURE, strict_table

MOST_NUMBER = 1 << 31
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def parse_snapshot(text: str) -> Snapshot:
    """A snapshot from its exact text; its signature, those of its manifests and its dates are another matter.

    Raises:
        SnapshotBroken: it has another form than protocol 1 gives it.
        ManifestBroken: a manifest in it has.
        ProtocolRefused: it, or a manifest in it, is of another format, suite, mode or canon.
    """
    table = strict_table(text.encode("utf-8", "surrogatepass"))
    if table is None:
        raise SnapshotBroken("A snapshot is no JSON object.")
    check_protocol(table, FORMAT, "snapshot")
    try:
        found = _parsed(table)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, BadElement):
        found = None
    # Written in one form only: so sizes that do not add up, and a name more, are refused, too.
    if found is None or found.to_text() != text:
        raise SnapshotBroken("A snapshot has not the form of protocol 1.")
    return found


def _parsed(table: Mapping[str, Any]) -> Snapshot:
    before = table["predecessor"]
    found = Snapshot(
        id=_text(table["id"], SEAL_ID),
        number=_number(table["number"], 1, MOST_NUMBER),
        made_at=_moment(table["made_at"]),
        expires_at=_moment(table["expires_at"]),
        predecessor=None
        if before is None
        else Predecessor(_text(before["id"], SEAL_ID), _text(before["sha256"], HASH)),
        epoch=_number(table["epoch"], 1, MOST_EPOCH),
        public_key=public_key_of(table["keys"]),
        leaks=tuple(_leak(item) for item in table["leaks"]),
        buckets=Buckets(
            bytes.fromhex(_text(table["buckets"]["root"], HASH)), _text(table["buckets"]["sha256"], HASH)
        ),
    )
    slugs, seals = {leak.slug for leak in found.leaks}, {leak.manifest.seal_id for leak in found.leaks}
    once = len(slugs) == len(seals) == len(found.leaks) > 0
    if not once or (found.number == 1) != (before is None) or found.expires_at <= found.made_at:
        raise ValueError("another form")
    return found


def _leak(item: Mapping[str, Any]) -> SnapshotLeak:
    values: dict[str, Any] = {name: _words(item[name]) for name in TEXTS}
    values |= {name: _date(item[name]) for name in DATES}
    values |= {name: _flag(item[name]) for name in FLAGS}
    found = SnapshotLeak(
        slug=_text(item["slug"], SLUG),
        **values,
        manifest=parse_manifest(_words(item["manifest"]).encode()),
        signature=bytes.fromhex(_text(item["signature"], SIGNATURE)),
    )
    if found.slug != found.manifest.slug or found.synthetic != found.manifest.synthetic:
        raise ValueError("the manifest of another leak")
    return found


def _moment(value: Any) -> datetime:
    return datetime.strptime(_text(value, MOMENT), MOMENT_FORM).replace(tzinfo=UTC)


def _text(value: Any, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("another form")
    return value


def _words(value: Any) -> str:
    """Any text of Unicode; half a surrogate pair, which JSON can spell, is none."""
    if not isinstance(value, str):
        raise ValueError("another form")
    value.encode()
    return value


def _date(value: Any) -> str | None:
    if value is None:
        return None
    text = _text(value, DATE)
    date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    return text


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("another form")
    return value


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("another form")
    return value
