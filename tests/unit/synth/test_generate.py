"""Writing a twin: the same again for the same arguments, whole or not at all, and never over a dump."""

from __future__ import annotations

import gzip
import hashlib
import json
from io import BytesIO

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.files import OutputFailed
from floodmark.synth import TWINS, TargetTaken, leak
from floodmark.synth.generate import MOST


def text(twin="facebook-2021", rows=500, seed=3, **options):
    out = BytesIO()
    leak(twin, rows, seed, out, **options)
    return out.getvalue()


@pytest.mark.parametrize("twin", TWINS)
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(twin):
    assert text(twin) == text(twin)
    assert text(twin).splitlines()[1:] != text(twin, seed=4).splitlines()[1:]


def test_the_bytes_of_a_seed_are_those_of_this_release():
    digests = {twin: hashlib.sha256(text(twin, rows=1000, seed=1)).hexdigest()[:16] for twin in TWINS}
    assert digests == {
        "facebook-2021": "b6e0289dea6726bb",
        "facebook-2021-csv": "daedd7c535000a2b",
        "facebook-2021-dz": "91cfe423642b7279",
        "whatsapp-2022": "07fd954fa2744793",
        "combo": "ac2d498bd4fb71ab",
    }


@given(
    twin=st.sampled_from(sorted(TWINS)),
    rows=st.integers(1, 300),
    seed=st.integers(0, 2**63),
    damage=st.floats(0, MOST),
    duplicates=st.floats(0, MOST),
    invalid=st.floats(0, MOST),
    order=st.none() | st.integers(0, 50),
)
@settings(max_examples=40)
def test_every_line_and_byte_is_in_the_truth(twin, rows, seed, damage, duplicates, invalid, order):
    out = BytesIO()
    shares = {"damage": damage, "duplicates": duplicates, "invalid": invalid}
    truth = leak(twin, rows, seed, out, order=order, **shares)
    data = out.getvalue()
    assert truth["bytes"] == truth["bytes_by"]["total"] == len(data) == truth["file"]["bytes"]
    assert sum(truth["bytes_by"].values()) == 2 * len(data)
    assert truth["lines"]["total"] == data.count(b"\n") == rows + 1 + TWINS[twin].header
    assert truth["lines"]["damaged"] == round(rows * damage)
    assert truth["undamaged"]["duplicates"]["repeats"] == round(rows * duplicates)
    for tally in truth["damage"]:
        assert tally["offsets_complete"]
        assert all(data[offset - 1] == 0x0A for offset in tally["offsets"])


def test_a_shuffle_of_the_columns_moves_cells_and_changes_none():
    usual = text("facebook-2021-dz", damage=0).decode().splitlines()[2:]
    names = [column.name for column in TWINS["facebook-2021-dz"].columns]
    turned = text("facebook-2021-dz", damage=0, order=names[::-1]).decode().splitlines()
    assert turned[1] == ",".join(names[::-1])
    assert [sorted(line) for line in usual] == [sorted(line) for line in turned[2:]]
    shuffled = [text(order=seed).splitlines()[1:] for seed in (1, 2)]
    assert shuffled[0] != shuffled[1]


@pytest.mark.parametrize(("suffix", "unpack"), [(".gz", gzip.decompress), (".zst", None)])
def test_a_compressed_twin_holds_the_same_text(tmp_path, suffix, unpack):
    path = tmp_path / f"twin.txt{suffix}"
    truth = leak("facebook-2021", 500, 3, path)
    packed = path.read_bytes()
    plain = unpack(packed) if unpack else zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    assert plain == text()
    assert truth["bytes"] == len(plain)
    assert truth["file"] == {"bytes": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
    assert truth["grammar"]["container"] == {".gz": "gzip", ".zst": "zstd"}[suffix]


def test_the_sidecar_holds_what_the_call_returns(tmp_path):
    truth = leak("combo", 100, 1, tmp_path / "a.txt")
    assert json.loads((tmp_path / "a.txt.truth.json").read_text()) == truth
    leak("combo", 100, 1, tmp_path / "b.txt", truth=tmp_path / "elsewhere.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.txt",
        "a.txt.truth.json",
        "b.txt",
        "elsewhere.json",
    ]


def test_a_twin_is_replaced_and_anything_else_is_left_alone(tmp_path):
    path = tmp_path / "a.txt"
    leak("combo", 100, 1, path)
    leak("combo", 100, 2, path)
    assert path.read_bytes() == text("combo", 100, 2)
    dump = tmp_path / "dump.txt"
    dump.write_bytes(b"found")
    link = tmp_path / "link.txt"
    link.symlink_to(dump)
    for target in (dump, link, tmp_path):
        with pytest.raises(TargetTaken) as caught:
            leak("combo", 100, 1, target)
        assert caught.value.hint
    assert dump.read_bytes() == b"found"


def test_a_failure_halfway_leaves_nothing(tmp_path):
    def stop(size):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leak("combo", 100, 1, tmp_path / "a.txt", advance=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_a_clear_error(tmp_path):
    with pytest.raises(OutputFailed):
        leak("combo", 100, 1, tmp_path / "none" / "a.txt")


def test_progress_adds_up_to_the_text():
    steps = []
    assert len(text("whatsapp-2022", 300_000, advance=steps.append)) - sum(steps) < 100
    assert len(steps) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"twin": "none"},
        {"rows": 0},
        {"seed": -1},
        {"damage": 0.3},
        {"duplicates": -0.1},
        {"invalid": float("nan")},
        {"order": ["phone"]},
        {"countries": ["XX"]},
        {"rows": 5_000_000, "countries": ["mv"]},
    ],
)
def test_arguments_that_make_no_sense_are_a_usage_error_before_anything_is_written(wrong):
    out = BytesIO()
    arguments = {"twin": "facebook-2021", "rows": 10, "seed": 1} | wrong
    with pytest.raises(UsageError) as caught:
        leak(out=out, **arguments)
    assert caught.value.hint
    assert out.getvalue() == b""


def test_one_country_is_all_that_is_in_a_file_of_one_country():
    truth = leak("facebook-2021", 2000, 1, BytesIO(), countries=["tr"])
    assert [row["country"] for row in truth["undamaged"]["countries"]] == ["TR"]
    assert set(truth["undamaged"]["places"]["city"]) == {"TR"}
