"""The model file."""

import io
import json
import pickle
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.errors import UnreadableInput
from floodmark.guard.evidence import Learned, evidence, read_model, reference, train, write_model

from . import made_up_lookups as made


@cache
def learned() -> Learned:
    model = train(made.lookups(1, 200), smallest=30)
    return Learned(model, reference(made.lookups(2, 200, first=10**5), model), "k1", synthetic=True)


def test_a_model_that_was_read_finds_the_same_evidence(tmp_path: Path) -> None:
    write_model(tmp_path / "model", learned())
    read = read_model(tmp_path / "model")
    assert (read.key_id, read.synthetic) == ("k1", True)
    now = made.scrapers(4, 5, 200)
    left, right = (evidence(now, one.model, one.reference) for one in (learned(), read))
    assert left.equals(right)
    assert read.reference.table(read.model).equals(learned().reference.table(learned().model))


def test_a_model_is_private_and_the_same_lookups_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_model(tmp_path / name, learned())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600


def test_a_model_holds_no_digest_of_an_actor_or_an_identifier(tmp_path: Path) -> None:
    write_model(tmp_path / "model", learned())
    with zipfile.ZipFile(tmp_path / "model") as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    frame = made.lookups(1, 200)
    for column in ("account", "identifier", "block", "network"):
        for digest in frame[column].unique()[:300].to_list():
            assert digest.to_bytes(8, "little") not in held and str(digest).encode() not in held


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(where=st.floats(0, 1), what=st.binary(max_size=6), cut=st.booleans())
def test_a_damaged_model_is_refused_or_reads_the_same(
    tmp_path: Path, where: float, what: bytes, cut: bool
) -> None:
    path = tmp_path / "model"
    if not (tmp_path / "whole").exists():
        write_model(tmp_path / "whole", learned())
    whole = (tmp_path / "whole").read_bytes()
    at = int(where * len(whole))
    path.write_bytes(whole[:at] + what + (b"" if cut else whole[at + len(what) :]))
    try:
        found = read_model(path)
    except UnreadableInput:
        return
    assert found.reference.scores.keys() == learned().reference.scores.keys()


@pytest.mark.parametrize("content", [b"", b"PK", b"\x93NUMPY", pickle.dumps({"about": 1})])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput):
        read_model(path)


def test_an_archive_of_other_arrays_is_refused(tmp_path: Path) -> None:
    arrays = io.BytesIO()
    np.savez(arrays, about=np.frombuffer(b'{"version": 1}', np.uint8), counts=np.zeros(3), scores=np.zeros(2))
    (tmp_path / "model").write_bytes(arrays.getvalue())
    with pytest.raises(UnreadableInput):
        read_model(tmp_path / "model")


def test_an_array_that_claims_to_be_larger_than_memory_is_refused(tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (10**17,)})
    with zipfile.ZipFile(tmp_path / "model", "w") as archive:
        for name in ("about", "counts", "scores"):
            archive.writestr(f"{name}.npy", header.getvalue())
    with pytest.raises(UnreadableInput):
        read_model(tmp_path / "model")


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(UnreadableInput):
            read_model(path)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("hits", "ordinary", [1.0]),
        ("hits", "ordinary", ["a", 1.0]),
        ("hits", "others", [[float("nan"), 1.0]]),
        ("gaps", "exponents", [2.0]),
        ("gaps", "cap", float("inf")),
        ("rarity", "unseen", 1.0),
        ("rarity", "universe", 0.0),
        ("rarity", "total", -1),
        ("model", "weights", [1e9] * 4),
        ("model", "weights", [1.0]),
        ("model", "cluster", "shoe"),
        ("reference", "epoch", float("nan")),
        ("reference", "clusters", -5),
    ],
)
def test_numbers_that_no_learning_makes_are_refused(
    tmp_path: Path, part: str, name: str, value: object
) -> None:
    path = tmp_path / "model"
    write_model(path, learned())
    with np.load(path) as arrays:
        kept = dict(arrays)
    said = json.loads(bytes(kept["about"]))
    said[part][name] = value
    kept["about"] = np.frombuffer(json.dumps(said).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez(file, **kept)
    with pytest.raises(UnreadableInput):
        read_model(path)
