"""Whole logs, as they lie about: compressed, damaged, out of order, of every format."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile

import polars as pl
import pytest

from floodmark.errors import FloodmarkError, NothingToRead, UnreadableInput
from floodmark.guard.actors import Actor
from floodmark.guard.logs import Mapping, Replay, lookups_of
from floodmark.guard.lookups import SCHEMA
from floodmark.guard.reduction import reduce_one
from floodmark.identifiers.digests import DigestKey

KEY = DigestKey(bytes(range(32)))
MAPPING = """
[[endpoints]]
name = "users"
path = "/users/{identifier}"
kind = "phone"
hit = {status = 200}
"""


def line(second: int, number: int, status: int = 200, address: str = "203.0.113.7") -> str:
    path = f"/users/%2B447400{number:06}"
    return (
        f'{address} - ada [17/May/2015:10:05:{second:02} +0000] "GET {path} HTTP/1.1" {status} 5 "-" "curl"\n'
    )


LINES = "".join(line(second, second % 7, 200 if second % 2 else 404) for second in range(40))


def replayed(path, text=MAPPING):
    replay = Replay(Mapping.parse(text), KEY)
    return replay, pl.concat([pl.DataFrame(schema=SCHEMA), *replay.read(path)])


def test_a_log_becomes_lookups_without_its_identifiers(tmp_path):
    path = tmp_path / "access.log"
    path.write_text(LINES + "nonsense\n# a comment\n\n" + line(1, 1).replace("/users", "/else"))
    replay, found = replayed(path)
    assert dict(replay.counts.lines) == {
        "lookup": 40,
        "other-endpoint": 1,
        "malformed": 1,
        "comment": 1,
        "blank": 1,
        "no-time": 0,
        "no-identifier": 0,
    }
    assert found.schema == SCHEMA
    ada = Actor.of(KEY, account="ada", address="203.0.113.7")
    assert set(found["account"]) == {ada.account}
    assert set(found["prefix"]) == {ada.prefix}
    one = reduce_one("phone", "+447400000003", KEY)
    assert found.row(3, named=True)["identifier"] == one.digest
    assert found.row(3, named=True)["block"] == one.block
    assert found["hit"].to_list() == [second % 2 == 1 for second in range(40)]
    assert [(one.label, one.sha256) for one in replay.sources] == [
        ("access.log", hashlib.sha256(path.read_bytes()).hexdigest())
    ]


def test_a_compressed_log_says_the_same(tmp_path):
    plain, packed, archive = (tmp_path / name for name in ("access.log", "access.log.gz", "logs.zip"))
    plain.write_text(LINES)
    packed.write_bytes(gzip.compress(LINES.encode()))
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("one.log", LINES[: LINES.find("\n") + 1])
        file.writestr("two.log", LINES[LINES.find("\n") + 1 :])
    expected = replayed(plain)[1]
    assert replayed(packed)[1].equals(expected)
    assert replayed(archive)[1].equals(expected)


def test_what_comes_before_the_damage_of_a_log_counts(tmp_path):
    path = tmp_path / "access.log.gz"
    many = "".join(line(second % 60, second) for second in range(20_000))
    packed = gzip.compress(many.encode())
    path.write_bytes(packed[: len(packed) // 2])
    replay, found = replayed(path)
    assert 0 < found.height < 20_000
    assert [(label, type(problem)) for label, problem in replay.problems] == [
        ("access.log.gz", UnreadableInput)
    ]
    with pytest.raises(UnreadableInput):
        list(lookups_of([path], Mapping.parse(MAPPING), KEY))


def test_events_out_of_order_and_twice_are_all_kept(tmp_path):
    path = tmp_path / "access.log"
    path.write_text(line(9, 1) + line(1, 2) + line(9, 1))
    found = replayed(path)[1]
    assert found["at"].dt.second().to_list() == [9, 1, 9]


def test_identifiers_that_are_none_are_counted_and_left_out(tmp_path):
    path = tmp_path / "access.log"
    path.write_text(
        line(1, 1) + line(2, 2).replace("%2B447400000002", "hello") + line(3, 3).replace("%2B", "%00%ff")
    )
    replay, found = replayed(path)
    assert found.height == 1
    assert replay.counts.identifiers == {"asked": 3, "none": 2}
    assert replay.counts.lines["lookup"] == 3


def test_a_forged_header_does_not_move_a_client(tmp_path):
    path = tmp_path / "access.log"
    rest = [
        '"203.0.113.200"',
        '"198.51.100.1, 203.0.113.200"',
        '"10.0.0.1"',
        '"\\"198.51.100.1, 203.0.113.200"',
    ]
    path.write_text("".join(line(1, 1, address="10.0.0.5")[:-1] + f" {one}\n" for one in rest))
    found = replayed(path, MAPPING + '[client]\ntrusted = ["10.0.0.0/8"]')[1]
    real, proxy = Actor.of(KEY, address="203.0.113.200").address, Actor.of(KEY, address="10.0.0.1").address
    assert found["address"].to_list() == [real, real, proxy, real]
    believed = replayed(path)[1]
    assert set(believed["address"]) == {Actor.of(KEY, address="10.0.0.5").address}


def test_json_lines_with_batches_say_what_access_lines_say(tmp_path):
    path = tmp_path / "log.json"
    path.write_text(
        '{"ts": 1431857103.25, "ip": "203.0.113.7", "req": {"user": "ada", "body":'
        ' "{\\"phones\\": [\\"+447400000001\\", \\"x\\"]}"}, "made": "2015-05-01T09:00:00Z"}\n'
        '{"ts": 1431857104, "ip": "203.0.113.7", "req": {"body": 5}}\n'
        '{"ts": "soon", "req": {"body": "{\\"phones\\": [\\"1\\"]}"}}\n'
    )
    replay, found = replayed(
        path,
        'log = "json"\n[fields]\ntime = "ts"\naddress = "ip"\naccount = "req.user"\nbody = "req.body"\n'
        'created = "made"\n'
        '[[endpoints]]\nname = "sync"\nidentifier = "body:phones[]"\nkind = "phone"',
    )
    assert found.height == 1
    assert found["cohort"][0] == Actor.of(KEY, cohort="2015-05-01").cohort
    assert {fate: count for fate, count in replay.counts.lines.items() if count} == {
        "lookup": 1,
        "no-identifier": 1,
        "no-time": 1,
    }
    assert replay.counts.identifiers == {"asked": 2, "none": 1}


TABLE = 'log = "{}"\n[fields]\ntime = "when"\naccount = "who"\n[[endpoints]]\nname = "find"\n' + (
    'identifier = "field:asked"\nkind = "phone"\nhit = {{field = "found", equals = true}}'
)


def test_tables_say_what_logs_say(tmp_path):
    table = pl.DataFrame(
        {
            "when": ["2015-05-17T10:05:03Z", "2015-05-17T10:05:04Z", ""],
            "who": ["ada", "bob, junior", "x"],
            "asked": ["+447400000001", "+447400000002", "+447400000003"],
            "found": [True, False, True],
        }
    )
    lines, rows = tmp_path / "export.csv", tmp_path / "export.parquet"
    table.write_csv(lines)
    table.with_columns(pl.col("when").str.to_datetime("%+", strict=False)).write_parquet(rows)
    counts, found = replayed(lines, TABLE.format("csv"))
    assert found["hit"].to_list() == [True, False]
    assert found["account"][1] == Actor.of(KEY, account="bob, junior").account
    assert counts.counts.lines["no-time"] == 1
    assert replayed(rows, TABLE.format("parquet"))[1].equals(found)


def test_a_list_in_a_cell_is_a_batch(tmp_path):
    rows, lines = tmp_path / "export.parquet", tmp_path / "export.csv"
    table = pl.DataFrame(
        {"time": ["1431857103"], "p": [["+447400000001", "+447400000002"]], "ok": [[True, False]]}
    )
    table.write_parquet(rows)
    lines.write_text('time,p,ok\n1431857103,"[""+447400000001"", ""+447400000002""]","[true, false]"\n')
    mapping = (
        'log = "{}"\n[[endpoints]]\nname = "x"\nkind = "phone"\nidentifier = "field:p[]"\nhits = "field:ok[]"'
    )
    found = replayed(rows, mapping.format("parquet"))[1]
    assert found["hit"].to_list() == [True, False]
    assert replayed(lines, mapping.format("csv"))[1].equals(found)


def test_sshd_says_who_was_tried(tmp_path):
    path = tmp_path / "auth.log"
    path.write_text(
        "Mar  7 13:06:56 host sshd[1]: Invalid user oracle from 203.0.113.7\n"
        "Mar  7 13:06:57 host sshd[1]: Failed password for invalid user oracle from 203.0.113.7 port 4 ssh2\n"
        "Mar  7 13:06:58 host sshd[2]: Accepted publickey for ada from 203.0.113.8 port 4 ssh2\n"
        "Mar  7 13:06:59 host CRON[3]: session opened\n"
    )
    replay = Replay(Mapping.ready("sshd"), KEY)
    found = pl.concat(list(replay.read(path)))
    assert found["hit"].to_list() == [False, True]
    assert found["endpoint"].to_list() == ["ssh/invalid", "ssh/accepted"]
    assert replay.counts.lines["other-endpoint"] == 2


def test_what_is_no_log_is_an_error_that_says_so(tmp_path):
    replay = Replay(Mapping.parse(MAPPING), KEY)
    with pytest.raises(NothingToRead):
        list(replay.read(tmp_path / "missing.log"))
    with pytest.raises(FloodmarkError):
        list(replay.read(tmp_path))
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert replayed(empty, TABLE.format("csv"))[1].height == 0


def test_hostile_lines_are_counted_in_bounded_blocks(tmp_path):
    path = tmp_path / "access.log"
    long = b"x" * (1 << 20)
    path.write_bytes(
        b"\n".join([line(1, 1).strip().encode(), long + b"y", b"\xff\xfe", b"", line(2, 2).strip().encode()])
    )
    replay, found = replayed(path)
    assert found.height == 2
    assert {fate: count for fate, count in replay.counts.lines.items() if count} == {
        "lookup": 2,
        "too-long": 1,
        "not-utf-8": 1,
        "blank": 1,
    }


def test_a_made_up_log_makes_made_up_lookups(tmp_path):
    path = tmp_path / "access.log"
    path.write_text("# floodmark-synthetic traffic\n" + line(1, 1))
    assert replayed(path)[0].synthetic


def test_millions_of_one_shot_actors_are_so_many_rows_and_no_more():
    lines = "".join(line(1, 1, address=f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}") for n in range(50_000))
    from floodmark.guard.logs import Parser
    from floodmark.guard.logs.blocks import blocks

    parser = Parser(Mapping.parse(MAPPING), KEY)
    found = pl.concat(
        [parser.lines(block.lines).lookups for block in blocks(io.BytesIO(lines.encode()).read, 1 << 20)]
    )
    assert found["address"].n_unique() == found.height == 50_000


def test_lookups_of_one_second_at_several_endpoints_keep_the_order_of_their_lines(tmp_path):
    path = tmp_path / "access.log"
    path.write_text(
        "".join(line(1, number).replace("/users", "/users" if number % 2 else "/b") for number in range(6))
    )
    found = replayed(path, MAPPING + MAPPING.replace("users", "b"))[1]
    assert found["endpoint"].to_list() == ["b", "users"] * 3
