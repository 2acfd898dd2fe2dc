"""Made-up traffic as files: marked, repeatable, and with the truth beside it."""

from __future__ import annotations

import gzip
import json
from io import BytesIO

import polars as pl
import pytest

from floodmark.guard import read_lookups
from floodmark.guard.actors import who
from floodmark.guard.logs import Mapping
from floodmark.identifiers.digests import DigestKey
from floodmark.synth import TargetTaken
from floodmark.synth.traffic import TRUTH
from floodmark.synth.traffic.log_lines import FORMS
from floodmark.synth.traffic.log_mapping import mapping
from floodmark.synth.traffic.traffic import make
from floodmark.synth.traffic.writing import mapping_path, truth_path, write

KEY = DigestKey(bytes(range(32)))


def made(seed=2):
    return make(actors=50, days=2, visitors=20, scrapers={"slow": 1, "anonymous": 1}, seed=seed)


def log(form, seed=2):
    out = BytesIO()
    write(made(seed), KEY, out, form)
    return out.getvalue()


def test_a_lookups_file_says_that_it_is_synthetic_and_under_which_key(tmp_path):
    done = write(made(), KEY, tmp_path / "a.parquet")
    about, rows = read_lookups(tmp_path / "a.parquet")
    assert (about.synthetic, about.key_id, about.rows) == (True, KEY.id, done.lookups.height)
    assert rows.collect().equals(done.lookups)


@pytest.mark.parametrize("form", ["lookups", *FORMS])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path, form):
    files = []
    for name, seed in (("a", 2), ("b", 2), ("c", 3)):
        write(made(seed), KEY, tmp_path / name, form)
        files.append((tmp_path / name).read_bytes() + truth_path(tmp_path / name).read_bytes())
    assert files[0] == files[1] != files[2]


def test_the_truth_names_everybody_in_the_lookups(tmp_path):
    done = write(made(), KEY, tmp_path / "a.parquet")
    truth = pl.read_parquet(truth_path(tmp_path / "a.parquet"))
    assert dict(truth.schema) == TRUTH
    assert set(truth["who"]) == set(done.lookups.select(who())["who"])
    assert truth_path(tmp_path / "a.parquet").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("form", FORMS)
def test_every_line_of_a_log_says_that_it_is_synthetic(form):
    lines = log(form).splitlines()
    assert len(lines) > 1000
    assert all(b"synthetic" in line for line in lines)


def test_a_combined_log_has_a_line_for_each_identifier_and_its_mapping_finds_it():
    lines = log("combined").decode().splitlines()[1:]
    assert len(lines) == len(made().part.asks)
    read = Mapping.parse(mapping("combined"))
    request = lines[0].split('"')[1].split()
    asked = read.asked(request[0], request[1])
    assert asked.texts == (f"+{made().part.asks.number[0]}",)
    assert asked.endpoint.existed(int(lines[0].split('"')[2].split()[0])) is not None


def test_a_json_log_has_a_line_for_each_request_with_all_of_a_batch():
    rows = [json.loads(line) for line in log("json").splitlines()[1:]]
    assert sum(len(row["phones"]) for row in rows) == len(made().part.asks)
    assert all(len(row["phones"]) == len(row["found"]) <= 500 for row in rows)
    assert max(len(row["phones"]) for row in rows) > 100


def test_a_compressed_log_holds_the_same_text(tmp_path):
    write(made(), KEY, tmp_path / "a.log.gz", "combined")
    assert gzip.decompress((tmp_path / "a.log.gz").read_bytes()) == log("combined")
    assert mapping_path(tmp_path / "a.log.gz").is_file()


@pytest.mark.parametrize("form", ["lookups", *FORMS])
def test_a_file_that_we_did_not_make_is_left_alone(tmp_path, form):
    (tmp_path / "access.log").write_bytes(b"theirs")
    with pytest.raises(TargetTaken):
        write(made(), KEY, tmp_path / "access.log", form)
    assert (tmp_path / "access.log").read_bytes() == b"theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_we_made_is_replaced(tmp_path):
    for seed in (2, 3):
        write(made(seed), KEY, tmp_path / "a.log", "json")
    assert (tmp_path / "a.log").read_bytes() == log("json", 3)
