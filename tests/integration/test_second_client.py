"""Another client, written from the protocol's page alone, agrees with Floodmark on the vectors and on a leak."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pytest

from floodmark.exposure.oprf import blind_evaluate, element, random_scalar
from floodmark.register.keys import Keyring
from floodmark.synth import leak

from . import second_client as client
from . import second_oprf as oprf

FLOODMARK = [
    sys.executable,
    "-W",
    "error",
    "-c",
    "import sys; from floodmark.cli import main; sys.exit(main())",
]
VECTORS = Path(__file__).parents[1] / "vectors"
PROTOCOL = json.loads((VECTORS / "protocol-1.json").read_text("utf-8"))
ROOT = bytes.fromhex(PROTOCOL["root_key"])
NOW = client.time(PROTOCOL["snapshot"]["now"])
OUTPUTS = {item["input"]: bytes.fromhex(item["output"]) for item in PROTOCOL["check"]["inputs"]}


def integer(text: str) -> int:
    return int.from_bytes(bytes.fromhex(text), "little")


# The second client's OPRF, against the RFC


@pytest.mark.parametrize("suite", json.loads((VECTORS / "rfc9497-ristretto255.json").read_text())[1:2])
def test_its_oprf_is_that_of_the_rfc(suite):
    assert suite["mode"] == 1
    secret = oprf.derive_key(bytes.fromhex(suite["seed"]), bytes.fromhex(suite["keyInfo"]))
    public = oprf.encode(oprf.times(secret, oprf.BASE))
    assert (secret, public.hex()) == (integer(suite["skSm"]), suite["pkSm"])
    for vector in suite["vectors"]:
        inputs = [bytes.fromhex(one) for one in vector["Input"].split(",")]
        scalars = [integer(one) for one in vector["Blind"].split(",")]
        blinded = [oprf.blind(*pair) for pair in zip(inputs, scalars, strict=True)]
        evaluated, proof = oprf.blind_evaluate(secret, blinded, integer(vector["Proof"]["r"]))
        assert ",".join(one.hex() for one in blinded) == vector["BlindedElement"]
        assert ",".join(one.hex() for one in evaluated) == vector["EvaluationElement"]
        assert proof.hex() == vector["Proof"]["proof"]
        assert oprf.proof_holds(public, blinded, evaluated, proof)
        assert not oprf.proof_holds(public, blinded, evaluated, proof[:-1] + bytes([proof[-1] ^ 1]))
        outputs = [oprf.finalize(*three) for three in zip(inputs, scalars, evaluated, strict=True)]
        assert ",".join(one.hex() for one in outputs) == vector["Output"]


# The frozen vectors


def test_it_derives_the_key_and_answers_the_request_byte_for_byte():
    secret = oprf.derive_key(bytes.fromhex(PROTOCOL["seed"]), PROTOCOL["info"].encode())
    assert secret == integer(PROTOCOL["private_key"])
    assert oprf.encode(oprf.times(secret, oprf.BASE)).hex() == PROTOCOL["public_key"]
    asked = json.loads(PROTOCOL["check"]["request"])
    evaluated, proof = oprf.blind_evaluate(
        secret, [bytes.fromhex(one) for one in asked["elements"]], integer(PROTOCOL["check"]["proof_random"])
    )
    share = {"share": 1, "elements": [one.hex() for one in evaluated], "proof": proof.hex()}
    assert [share] == json.loads(PROTOCOL["check"]["response"])


@pytest.mark.parametrize("item", PROTOCOL["check"]["inputs"], ids=lambda item: item["input"])
def test_it_comes_to_the_output_and_the_bucket(item):
    place = PROTOCOL["check"]["inputs"].index(item)
    x, scalar = item["input"].encode(), integer(item["blind"])
    evaluated = bytes.fromhex(json.loads(PROTOCOL["check"]["response"])[0]["elements"][place])
    assert oprf.blind(x, scalar).hex() == json.loads(PROTOCOL["check"]["request"])["elements"][place]
    assert oprf.finalize(x, scalar, evaluated).hex() == item["output"]
    assert client.bucket_of(OUTPUTS[item["input"]]) == item["bucket"]


@pytest.mark.parametrize("sealed", PROTOCOL["sealed"], ids=lambda sealed: sealed["slug"])
def test_it_reads_a_sealed_leak_and_finds_its_members(sealed):
    manifest = client.read_manifest(sealed["manifest"].encode())
    signature = json.loads(sealed["manifest_sig"])["signature"]
    client.check_signature(
        ROOT, bytes.fromhex(signature), "floodmark/manifest/1", sealed["manifest"].encode()
    )
    numbers = {f"{one['kind']}:{one['canonical']}": one["number"] for one in sealed["members"]}
    for x, y in OUTPUTS.items():
        bucket = sealed["buckets"].get(str(client.bucket_of(y)))
        if bucket is not None:
            found = client.look_up(bytes.fromhex(bucket), manifest, y)
            assert found == (manifest["field_sets"][numbers[x]] if x in numbers else None)
    assert set(numbers) <= {x for x, y in OUTPUTS.items() if str(client.bucket_of(y)) in sealed["buckets"]}


def test_it_opens_the_snapshot_and_finds_in_its_answers_who_is_in_it():
    snapshot = client.open_snapshot(PROTOCOL["snapshot"]["envelope"].encode(), ROOT, NOW)
    answers = {int(bucket): bytes.fromhex(answer) for bucket, answer in PROTOCOL["answers"].items()}
    for item in PROTOCOL["check"]["inputs"]:
        rows = client.rows_of(snapshot, item["bucket"], answers[item["bucket"]])
        y = OUTPUTS[item["input"]]
        hits = [client.look_up(*two, y) for two in zip(rows, snapshot.manifests, strict=True)]
        assert [hit is not None for hit in hits] == [item["member"]] * len(hits)


def test_it_refuses_an_answer_for_another_bucket_and_one_with_a_flipped_bit():
    snapshot = client.open_snapshot(PROTOCOL["snapshot"]["envelope"].encode(), ROOT, NOW)
    bucket, answer = next((int(b), bytes.fromhex(answer)) for b, answer in PROTOCOL["answers"].items())
    with pytest.raises(client.Refused, match="elsewhere"):
        client.rows_of(snapshot, bucket ^ 1, answer)
    for place in (0, len(answer) // 2, len(answer) - 1):
        changed = bytearray(answer)
        changed[place] ^= 1
        with pytest.raises(client.Refused, match="elsewhere"):
            client.rows_of(snapshot, bucket, bytes(changed))
    with pytest.raises(client.Refused, match="another length"):
        client.rows_of(snapshot, bucket, answer[:-1])


# A leak of its own, sealed and published on the command line


class Place:
    """A workspace and its keys, a synthetic leak that is sealed, and what the files of both say."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.public = folder, folder / "public"
        self.dump = folder / "dump.txt"

    def run(self, *args: object, typed: str = "", expected: int = 0) -> str:
        places = {
            "FLOODMARK_HOME": str(self.folder / "home"),
            "FLOODMARK_KEYS": str(self.folder / "keys"),
        }
        done = subprocess.run(
            [*FLOODMARK, *map(str, args)],
            cwd=self.folder,
            env={**os.environ, **places},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == expected, done.stderr
        return done.stdout

    @cached_property
    def keyring(self) -> Keyring:
        return Keyring.open(self.folder / "keys")

    @property
    def root(self) -> bytes:
        return self.keyring.signing_key().public

    @property
    def sealed(self) -> Path:
        (found,) = self.folder.glob("home/leaks/twin/sealed/*")
        return found

    def post(self, body: bytes) -> bytes:
        """`POST /v1/evaluate`, as Floodmark evaluates."""
        asked, key = json.loads(body), self.keyring.evaluation_key()
        assert asked["epoch"] == key.epoch
        elements = [element(bytes.fromhex(one)) for one in asked["elements"]]
        evaluated, proof = blind_evaluate(key.pair, elements, random_scalar())
        share = {"share": 1, "elements": [one.hex() for one in evaluated], "proof": proof.to_bytes().hex()}
        return json.dumps([share]).encode()

    def outputs(self, inputs: list[bytes]) -> list[bytes]:
        key = self.keyring.evaluation_key()
        return client.evaluate_at(self.post, key.epoch, key.public, inputs, random.Random(5))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("second"))
    leak("facebook-2021", 1500, 11, place.dump, damage=0, invalid=0)
    place.run("keys", "init", "--wrap", "none")
    place.run("save", "twin", place.dump, "--title", "A twin", "--acquired-from", "a test")
    place.run("seal", "twin", "--from", place.dump, "--kinds", "phone,profile_id")
    numbers = place.folder / "numbers.txt"
    leak("whatsapp-2022", 300, 11, numbers, damage=0, invalid=0)
    place.run("save", "numbers", numbers, "--title", "Numbers alone", "--acquired-from", "a test")
    place.run("seal", "numbers", "--from", numbers)
    place.run("snapshot", "make")
    place.run("publish", place.public, "--irrevocable")
    return place


@pytest.fixture(scope="module")
def lines(place: Place) -> list[list[str]]:
    """Cells of 24 lines of the dump that begin with a number, without its plus, and a profile's number."""
    cells = [line.split(":") for line in place.dump.read_text("utf-8").splitlines()[1:]]
    return [line for line in cells if line[0] and line[1]][:24]


def test_it_verifies_a_sealed_leak_and_finds_in_it_who_is_in_the_dump(place, lines):
    manifest = client.verify_sealed_leak(place.sealed, place.root)
    rows = (place.sealed / "rows.npy").read_bytes()[client.HEADER_BYTES :]
    strangers = [b"phone:+447700900999", b"profile_id:7"]
    members = [f"phone:+{line[0]}".encode() for line in lines] + [
        f"profile_id:{line[1]}".encode() for line in lines
    ]
    found = {}
    for x, y in zip(members + strangers, place.outputs(members + strangers), strict=True):
        start = client.bucket_of(y) * client.stride(manifest)
        found[x] = client.look_up(rows[start : start + client.stride(manifest)], manifest, y)
    assert [x for x, fields in found.items() if fields is None] == strangers
    for phone, profile in zip(members[:24], members[24:], strict=True):
        assert {"phone", "profile_id", "first_name"} <= set(found[phone] or ()) & set(found[profile] or ())


@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sig", "rows.npy"])
def test_it_refuses_a_sealed_leak_with_a_flipped_bit(place, tmp_path, name):
    folder = shutil.copytree(place.sealed, tmp_path / "copy")
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(client.Refused):
        client.verify_sealed_leak(folder, place.root)


def test_it_verifies_a_published_snapshot_and_comes_to_what_floodmark_check_comes_to(place, lines):
    now = datetime.now(UTC)
    snapshot = client.verify_directory(place.public, place.root, now)
    assert {manifest["slug"] for manifest in snapshot.manifests} == {"twin", "numbers"}
    numbers = (place.folder / "numbers.txt").read_text().splitlines()[-1].lstrip("+")
    for phone in (lines[0][0], lines[-1][0], numbers, "12025550143"):
        found = client.check(
            place.public, place.root, f"phone:+{phone}".encode(), place.post, now, random.Random(3)
        )
        ours = place.run(
            *("check", place.public, "--root-key", place.root.hex(), "-o", "json"),
            typed=f"+{phone}\n",
            expected=10 if found else 0,
        )
        (identifier,) = json.loads(ours)["identifiers"]
        assert [(one["slug"], one["field_types"]) for one in identifier["leaks"]] == found
        assert bool(found) == (phone != "12025550143")
