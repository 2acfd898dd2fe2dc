"""Texts whose records are no lines, in lines longer than what is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from floodmark.dumps.dump import Dump
from floodmark.dumps.reading import read
from floodmark.dumps.sample import HEAD_SIZE

MYSQL = (
    "-- MySQL dump 10.13\n"
    + "/*!40101 SET NAMES utf8 */;\n" * 100
    + "CREATE TABLE `users` (`id` int, `mail` text, `name` text) ENGINE=InnoDB;\n"
)
SQL = "CREATE TABLE users (id int, mail text, name text);\n"
ENDLESS = "some " * (HEAD_SIZE // 2)


def rows(first: int, count: int, joint: str = ",") -> str:
    return joint.join(f"({i},'p{i}@example.org','Zo\u00eb {i}')" for i in range(first, first + count))


def objects(count: int, joint: str = ",") -> str:
    return joint.join(f'{{"id":{i},"mail":"p{i}@example.org","name":"Zo\u00eb {i}"}}' for i in range(count))


def elements(count: int) -> str:
    return "".join(f"<u><id>{i}</id><mail>p{i}@example.org</mail></u>" for i in range(count))


def read_whole(folder: Path, text: str) -> Dump:
    path = folder / "dump.txt"
    path.write_text(text, encoding="utf-8")
    dump = read(path)
    for _ in dump.batches():
        pass
    assert sum(dump.accounting.bytes.values()) == len(text.encode())
    return dump


@pytest.mark.parametrize(
    ("kind", "text", "count"),
    [
        ("sql", f"{SQL}INSERT INTO users VALUES {rows(0, 30_000)};\n", 30_000),
        (
            "sql",
            MYSQL + "".join(f"INSERT INTO `users` VALUES {rows(n, 28_000)};\n" for n in range(3)),
            84_000,
        ),
        ("json", f"[\n{objects(25_000)}]\n", 25_000),
        ("json", f"\n[{objects(25_000)}]", 25_000),
        ("json", f'{{"ok":true,\n"users":[{objects(25_000)}]}}\n', 25_000),
        ("xml", f'<?xml version="1.0"?>\n<users>{elements(30_000)}</users>\n', 30_000),
    ],
)
def test_records_are_found_in_one_line_after_short_ones(
    tmp_path: Path, kind: str, text: str, count: int
) -> None:
    assert len(text) > 1.1 * HEAD_SIZE
    dump = read_whole(tmp_path, text)
    assert (dump.grammar.record, dump.accounting.records) == (kind, count)
    assert not dump.accounting.bytes["quarantined"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("sql", f"{SQL}INSERT INTO users VALUES\n{rows(0, 1000, ',' + chr(10))},\n(1,'{ENDLESS}"),
        ("json", "[\n" + objects(1000, ",\n") + ',\n{"id":1,"mail":"' + ENDLESS),
        ("xml", f"<?xml version='1.0'?>\n<users>{elements(1000)}\n<u><id>{ENDLESS}"),
    ],
)
def test_records_before_a_string_that_nothing_ends_are_read(tmp_path: Path, kind: str, text: str) -> None:
    dump = read_whole(tmp_path, text)
    assert dump.grammar.record == kind
    assert dump.accounting.records >= 999
    assert dump.accounting.bytes["quarantined"] >= len(ENDLESS)


@pytest.mark.parametrize("around", ["[{}]", '{{"users":[{}]}}', ' {{ "users" : [\n{}] }}'])
@pytest.mark.parametrize(
    "broken", ['{"id":1,"id":2,"mail":"p@example.org"}', '{"id":1,"mail":p@example.org}']
)
def test_json_of_which_no_record_can_be_read_is_json(tmp_path: Path, around: str, broken: str) -> None:
    text = around.format(",".join([broken] * 500))
    dump = read_whole(tmp_path, text)
    assert (dump.grammar.record, dump.accounting.records) == ("json", 0)
    assert dump.accounting.bytes["quarantined"] >= 500 * len(broken)
