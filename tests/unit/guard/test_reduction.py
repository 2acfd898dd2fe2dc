"""What is left of an identifier, by the column and one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import NothingToRead, UnreadableInput
from floodmark.guard import (
    SCHEMA,
    Actor,
    Lookup,
    LookupsFile,
    read_lookups,
    reduce,
    reduce_one,
    table,
    write_lookups,
)
from floodmark.guard.actors import PARTS, actor_columns
from floodmark.guard.reduction import BLOCK_SIZE
from floodmark.identifiers import KINDS, IdentifierKind
from floodmark.identifiers.digests import DigestKey, one

KEY = DigestKey(bytes(range(32)))
TEXTS = {
    "phone": ["+44 7400 123456", "07400123456", "hello", "", None, "+447400123456", "+1 201 555 0123"],
    "email": ["Ada@Example.org", "ada@example.org", "no", None, "b@example.org"],
    "profile_id": ["17", "017", "4000000", "x", None],
    "username": ["@Ada.L", "ada.l", "", None, "grace", "Ŝtraße"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_is_reduced_as_its_cells_are_one_by_one(kind: IdentifierKind) -> None:
    texts = pl.Series(TEXTS[kind], dtype=pl.String)
    table = reduce(kind, texts, KEY, "GB")
    assert table.height == texts.len()
    for text, row in zip(texts, table.rows(), strict=True):
        alone = None if text is None else reduce_one(kind, text, KEY, "GB")
        assert (row[0] is None) == (alone is None)
        if alone is not None:
            assert (alone.digest, alone.block, alone.position) == row
            assert 0 <= alone.position < BLOCK_SIZE[kind]


def test_a_digest_is_the_one_that_leaks_have() -> None:
    found = reduce_one("phone", "+44 7400 123456", KEY)
    assert found is not None
    assert found.digest == one("phone", "+447400123456", KEY)


@given(st.lists(st.text(max_size=12), max_size=20), st.sampled_from(KINDS))
def test_any_texts_are_reduced_or_are_none(texts: list[str], kind: IdentifierKind) -> None:
    table = reduce(kind, pl.Series(texts, dtype=pl.String), KEY)
    assert table.height == len(texts)
    assert (table["position"].drop_nulls() < BLOCK_SIZE[kind]).all()
    assert table["identifier"].is_null().to_list() == table["block"].is_null().to_list()


def test_user_names_in_order_are_positions_in_order() -> None:
    names = pl.Series(["ada", "adab", "adaba", "adabb", "adaz", "ada.", "ada~", "adaÿ"])
    positions = reduce("username", names, KEY)["position"]
    assert positions.to_list()[:5] == sorted(positions.to_list()[:5])


def test_actors_are_the_same_by_the_column_and_one_by_one() -> None:
    known = {
        "account": pl.Series(["ada", None, ""]),
        "address": pl.Series(["203.0.113.7", "2001:db8::1%eth0", "nonsense"]),
        "network": pl.Series([None, "AS64500", ""], dtype=pl.String),
    }
    table = actor_columns(KEY, known)
    assert table.columns == list(PARTS)
    for number, row in enumerate(table.rows()):
        alone = Actor.of(KEY, **{name: series[number] for name, series in known.items()})
        assert tuple(getattr(alone, part) for part in PARTS) == row


def test_a_part_that_no_actor_has_is_refused() -> None:
    with pytest.raises(TypeError, match="shoe"):
        Actor.of(KEY, shoe="42")
    with pytest.raises(TypeError, match="shoe"):
        actor_columns(KEY, {"shoe": pl.Series(["42"])})


def test_lookups_are_read_as_they_were_written_and_in_order_of_time(tmp_path: Path) -> None:
    path = tmp_path / "lookups.parquet"
    frame = pl.DataFrame(
        {
            "at": [2, 1],
            "account": [1, 1],
            "endpoint": ["sync", "sync"],
            "identifier": [3, 4],
            "hit": [True, None],
        }
    )
    frame = frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(0)).cast(dtype).alias(name)
        for name, dtype in SCHEMA.items()
    )
    about = write_lookups(path, [frame], LookupsFile("key", 0, sources=(("a.log", "00"),)))
    read, rows = read_lookups(path)
    assert (read, about.rows) == (about, 2)
    assert rows.collect()["identifier"].to_list() == [4, 3]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_no_lookups_file_is_refused(tmp_path: Path) -> None:
    for name, data in {"text": b"hello", "empty": b""}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnreadableInput):
            read_lookups(tmp_path / name)
    pl.DataFrame({"at": [1]}).write_parquet(tmp_path / "other")
    with pytest.raises(UnreadableInput):
        read_lookups(tmp_path / "other")
    with pytest.raises(NothingToRead):
        read_lookups(tmp_path / "missing")


def test_a_lookup_of_a_programs_own_is_the_row_that_a_replay_would_write() -> None:
    at = datetime(2026, 1, 5, 12, tzinfo=timezone(timedelta(hours=2)))
    ada = Actor.of(KEY, account="ada", address="192.0.2.7")
    lookup = Lookup.of(KEY, at, ada, "sync", "phone", "07400 123456", hit=False, region="GB")
    assert lookup is not None
    row = table([lookup]).row(0, named=True)
    column = reduce("phone", pl.Series(["07400 123456"]), KEY, "GB").row(0)
    assert (row["identifier"], row["block"], row["position"]) == column
    assert row["at"] == at
    assert (row["account"], row["prefix"], row["device"]) == (ada.account, ada.prefix, 0)
    assert (row["endpoint"], row["kind"], row["hit"]) == ("sync", "phone", False)
    assert table([]).schema == SCHEMA


def test_a_lookup_without_time_zone_or_identifier_is_none() -> None:
    ada = Actor.of(KEY, account="ada")
    assert Lookup.of(KEY, datetime(2026, 1, 5, tzinfo=UTC), ada, "sync", "profile_id", "x") is None
    with pytest.raises(ValueError, match="time zone"):
        Lookup.of(KEY, datetime(2026, 1, 5), ada, "sync", "profile_id", "1")
