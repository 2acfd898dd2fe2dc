"""A client in Node.js that was written from the protocol's page alone, the page's own and Python's come to the same."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from floodmark.errors import FloodmarkError
from floodmark.exposure.check import check
from floodmark.exposure.check.asked import read
from floodmark.exposure.snapshots import open_snapshot

from ...browser.serving import Served, serving
from ...browser.workspace import MISSED_EMAIL, MISSED_PHONE, Made, copy, shared
from ..test_second_client_refuses import (
    ACCEPTED,
    NOW,
    PROTOCOL,
    PUBLIC,
    REFUSED,
    ROOT,
    Table,
    envelope,
    sign,
    text,
)

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
VECTORS = HERE.parents[1] / "vectors"
CLIENTS = {"second": "run.mjs", "page's": "page_client.ts"}


def ask(client: str, **asked: Any) -> Any:
    """What a client answers, of which nothing may go wrong on the way."""
    done = subprocess.run(
        [NODE, "--disable-warning=ExperimentalWarning", HERE / CLIENTS[client]],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_its_oprf_is_that_of_the_rfc():
    (suite,) = [
        one for one in json.loads((VECTORS / "rfc9497-ristretto255.json").read_text()) if one["mode"] == 1
    ]
    vectors = [vector | {"publicKey": suite["pkSm"]} for vector in suite["vectors"]]
    found = ask("second", vectors=vectors)
    for vector, steps in zip(vectors, found, strict=True):
        assert steps == {
            "blinded": vector["BlindedElement"],
            "proof": [True, False],
            "outputs": vector["Output"],
        }


# What all three open and refuse


def opened(envelopes: Sequence[bytes], now: datetime = NOW) -> list[tuple[str | None, str | None, bool]]:
    """Of each envelope: Python's slug when it refuses, the page's code, and whether the second client opens it."""

    def slug(data: bytes) -> str | None:
        try:
            open_snapshot(data, PUBLIC, now)
        except FloodmarkError as error:
            return error.slug
        return None

    asked = {
        "open": [base64.b64encode(one).decode() for one in envelopes],
        "root": PUBLIC.hex(),
        "now": now.isoformat(),
    }
    codes = [None if one is True else one for one in ask("page's", **asked)]
    return list(zip(map(slug, envelopes), codes, ask("second", **asked), strict=True))


def test_all_three_open_and_refuse_what_the_page_says():
    found = opened([envelope(change) for change in (*ACCEPTED.values(), *REFUSED.values())])
    for name, (ours, page, second) in zip((*ACCEPTED, *REFUSED), found, strict=True):
        assert (ours, page, second) == (ours, ours, name in ACCEPTED), name
        assert (ours is None) == (name in ACCEPTED), name


STRANGE: list[Any] = [
    *(None, True, False, 0, 1, -1, 2, 3, 15, 16, 1 << 31, 1 << 53, 1.5, 1e300, "", "0", "a" * 32, "A" * 32),
    *("00" * 32, "ff" * 32, "2019", "2019-02-29", "2020-02-29", "0000", "2026-11-22T23:59:59Z"),
    *("2026-11-22T23:59:60Z", "2026-06-31T00:00:00Z", "9999-12-31T23:59:59Z", "\ud83d", "\x7f", "é", "😀"),
    *(
        [],
        {},
        [[]],
        [["phone"]],
        {"phone": 1},
        {"email": 1, "phone": 1},
        {"id": "0" * 32, "sha256": "0" * 64},
    ),
]


def changed(rng: random.Random, value: Any) -> Any:
    """A value of JSON with one thing in it another: replaced, taken away, put in or moved."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        items = list(value.items())
        place = rng.randrange(len(items))
        name, one = items[place]
        kind = rng.random()
        if kind < 0.75:
            items[place] = name, changed(rng, one)
        elif kind < 0.85:
            del items[place]
        elif kind < 0.92:
            items.insert(place, (rng.choice(["more", "__proto__", "id", "phone", ""]), rng.choice(STRANGE)))
        else:
            rng.shuffle(items)
        return dict(items)
    if isinstance(value, list) and value and rng.random() < 0.7:
        place = rng.randrange(len(value))
        other = [*value[:place], changed(rng, value[place]), *value[place + 1 :]]
        return rng.choice([other, [*value[:place], *value[place + 1 :]], [*value, value[place]]])
    return value + rng.choice([-1, 1]) if type(value) is int and rng.random() < 0.5 else rng.choice(STRANGE)


SPELLINGS = [
    ("{", '{"a":1,'),
    (":1", ":1.0"),
    (":1", ":01"),
    (":1", ":1e0"),
    (":0", ":-0"),
    (",", ", "),
    (",", ",,"),
    ("\n", "\r\n"),
    ("\n", ""),
    ("/", "\\/"),
    ("a", "\\u0061"),
    ("phone", "phon\u00e9"),
    ("phone", "phon\\u00e9"),
    ("phone", "phon\\u00E9"),
    ("true", "True"),
    ('"synthetic":true', '"synthetic":true,"synthetic":true'),
    ('"title":"', '"title":"\\u007f'),
    ('"title":"', '"title":"\x7f'),
    ('"title":"', '"title":"\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\/'),
    ('"title":"', '"title":"\\u0008'),
    ('"title":"', '"title":"\\ud83d\\ude00'),
    ('"title":"', '"title":"\\ude00\\ud83d'),
]


def mutant(rng: random.Random) -> bytes:
    """The vectors' snapshot with something changed in what it says or in how it is spelled, and signed anew."""
    spelled = rng.random() < 0.3

    def written(table: Table) -> str:
        found = text(table)
        if spelled and rng.random() < 0.5:
            old, new = rng.choice(SPELLINGS)
            places = [at for at in range(len(found)) if found.startswith(old, at)]
            if places:
                at = rng.choice(places)
                found = found[:at] + new + found[at + len(old) :]
        return found

    snapshot = json.loads(PROTOCOL["snapshot"]["text"])
    for leak in snapshot["leaks"]:
        manifest = json.loads(leak["manifest"])
        if not spelled and rng.random() < 0.3:
            manifest = changed(rng, manifest)
        leak["manifest"] = written(manifest)
        leak["signature"] = sign(b"floodmark/manifest/1", leak["manifest"])
    if not spelled and rng.random() < 0.7:
        snapshot = changed(rng, snapshot)
    message = written(snapshot)
    signature = ROOT.sign(b"floodmark/snapshot/1\0" + message.encode("utf-8", "replace")).hex()
    parts = {"format": "floodmark/signed/1", "snapshot": message, "public_key": PUBLIC.hex()}
    return text(parts | {"signature": signature}).encode()


@pytest.mark.parametrize("seed", range(3))
def test_all_three_agree_on_snapshots_that_are_changed_at_random(seed):
    rng = random.Random(seed)
    envelopes = [mutant(rng) for _ in range(150)]
    found = opened(envelopes)
    odd = [
        (ours, page, second, data)
        for (ours, page, second), data in zip(found, envelopes, strict=True)
        if not (ours is None) == (page is None) == second
    ]
    assert not odd
    assert {ours is None for ours, _, _ in found} == {True, False}


# A real server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Made:
    return copy(
        shared(tmp_path_factory.getbasetemp(), worker_id), tmp_path_factory.mktemp("served") / "place"
    )


@pytest.fixture(scope="module")
def server(made: Made):
    with serving(made) as served:
        yield served


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_all_three_find_the_same_at_a_server(server: Served, made: Made):
    typed = [made.phone, made.email, MISSED_EMAIL, MISSED_PHONE]
    inputs = [read(one).data.decode() for one in typed]
    ours = check(typed, source=server.address, root_key=made.root_key)
    expected = [[[leak.slug, list(leak.field_types)] for leak in one.leaks] for one in ours.identifiers]
    assert [len(one) for one in expected] == [2, 2, 0, 0]
    page = ask("page's", check=inputs, address=server.address, root=made.root_key)
    second = ask("second", check=inputs, address=server.address, root=made.root_key)
    assert (page["found"], second["found"]) == (expected, expected)
    methods = [method for method, _ in page["sent"]]
    assert methods == ["GET", "POST", *["GET"] * 4] * len(inputs)  # one check each
    assert [method for method, _ in second["sent"]] == ["GET", "POST", *["GET"] * 16]  # one of all together
    assert {path for _, path in page["sent"]} == {path for _, path in second["sent"]}
