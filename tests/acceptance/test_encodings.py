"""Dumps in other encodings are read cell for cell, and every byte of the file as found has its fate."""

from __future__ import annotations

from pathlib import Path

import pytest

from floodmark import dumps
from floodmark.dumps.code_pages import code_page

WESTERN = ["Müller;Köln", "Noël;Nîmes", "Ibáñez;Málaga", "Größe;Zürich", "Peña;Logroño", "Besançon;Orléans"]
CENTRAL = [
    "Łukasz;Łódź",
    "Świątek;Kraków",
    "Źrebię;Wrocław",
    "Dąbek;Gdańsk",
    "Żuk;Częstochowa",
    "Gołąb;Poznań",
]
RUSSIAN = ["Ольга;Новосибирск", "Иван;Пермь", "Наталья;Тверь", "Егор;Казань", "Жанна;Псков", "Борис;Омск"]
GREEK = ["Ελένη;Αθήνα", "Γιώργος;Πάτρα", "Νίκος;Βόλος", "Μαρία;Λάρισα", "Κώστας;Χανιά", "Άννα;Ρόδος"]
CHINESE = ["王伟;北京", "李娜;上海", "张敏;广州", "刘洋;深圳", "陈静;成都", "杨帆;武汉"]
JAPANESE = [
    "佐藤太郎;東京",
    "鈴木花子;大阪",
    "高橋健;名古屋",
    "田中さくら;横浜",
    "伊藤ユキ;京都",
    "渡辺誠;福岡",
]
KOREAN = ["김철수;서울", "이영희;부산", "박민수;대구", "최지우;인천", "정다운;광주", "강하늘;대전"]
TABLES = [
    *(
        (WESTERN, name)
        for name in ("windows-1252", "utf-16-le", "utf-16-be", "utf-32-le", "ibm850", "macintosh")
    ),
    *((CENTRAL, name) for name in ("windows-1250", "iso-8859-2", "ibm852")),
    *((RUSSIAN, name) for name in ("windows-1251", "koi8-r", "iso-8859-5", "utf-16-le")),
    *((GREEK, name) for name in ("windows-1253", "iso-8859-7")),
    (CHINESE, "gb18030"),
    (CHINESE, "utf-16-be"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (KOREAN, "euc-kr"),
]


def rows_of(people: list[str]) -> list[tuple[str, ...]]:
    return [
        (f"+4930{number:07}", *people[number % len(people)].split(";"), f"user{number}@example.org")
        for number in range(60)
    ]


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "dump.txt"
    path.write_bytes(raw)
    return path


def rows_read(dump: dumps.Dump) -> list[tuple[str, ...]]:
    return [row for frame in dump.batches() for row in frame.iter_rows()]


@pytest.mark.parametrize(("people", "name"), TABLES, ids=[name for _, name in TABLES])
def test_a_table_comes_out_cell_for_cell_and_its_bytes_add_up(
    tmp_path: Path, people: list[str], name: str
) -> None:
    rows = rows_of(people)
    text = "".join(";".join(row) + "\r\n" for row in rows)
    path = written(tmp_path, text.encode(code_page(name).codec))
    dump = dumps.read(path)
    assert rows_read(dump) == rows
    assert dump.grammar.encoding == name
    assert dump.accounting.lines["accepted"] == len(rows)
    assert dump.accounting.total_bytes == path.stat().st_size


@pytest.mark.parametrize("name", ["windows-1252", "utf-16-le"])
def test_a_bad_line_is_quarantined_at_its_offset_in_the_file_as_found(tmp_path: Path, name: str) -> None:
    codec = code_page(name).codec
    lines = [(";".join(row) + "\n").encode(codec) for row in rows_of(WESTERN)]
    lines[40] = b"\x81\x8d" + lines[40] if name == "windows-1252" else b"\x00\xd8" + lines[40]
    path = written(tmp_path, b"".join(lines))
    dump = dumps.read(path)
    assert len(rows_read(dump)) == 59
    bad = dump.accounting.of("quarantined", "invalid-utf-8-or-nul")
    assert (bad.lines, bad.bytes, bad.offsets) == (1, len(lines[40]), [sum(map(len, lines[:40]))])
    assert dump.accounting.total_bytes == path.stat().st_size


def test_mixed_lines_and_mojibake_are_repaired_and_counted_at_their_offsets(tmp_path: Path) -> None:
    rows = rows_of(WESTERN)
    lines = [(";".join(row) + "\n").encode() for row in rows]
    for number in (5, 12, 18, 31, 44):
        lines[number] = lines[number].decode().encode("cp1252")
    for number in (7, 50):
        lines[number] = lines[number].decode("cp1252").encode()
    path = written(tmp_path, b"".join(lines))
    dump = dumps.read(path)
    assert rows_read(dump) == rows
    repaired = dump.accounting.reasons["repaired"]
    starts = {number: sum(map(len, lines[:number])) for number in range(60)}
    assert repaired["decoded-as-windows-1252"].offsets == [starts[number] for number in (5, 12, 18, 31, 44)]
    assert repaired["mojibake-repaired"].offsets == [starts[7], starts[50]]
    assert repaired["mojibake-repaired"].bytes == len(lines[7]) + len(lines[50])
    assert dump.accounting.lines["accepted"] == 53
    assert dump.accounting.total_bytes == path.stat().st_size


def test_a_stated_encoding_is_used(tmp_path: Path) -> None:
    rows = rows_of(["Ольга;Пермь"])
    path = written(tmp_path, "".join(";".join(row) + "\n" for row in rows).encode("koi8-r"))
    dump = dumps.read(path, encoding="koi8-r")
    assert rows_read(dump) == rows
    assert rows_read(dumps.read(path, encoding="windows-1251")) != rows


@pytest.mark.parametrize(("name", "longest"), [("utf-16-le", 4), ("windows-1251", 1), ("gb18030", 4)])
def test_a_file_cut_off_at_any_byte_of_its_end_is_accounted_for(
    tmp_path: Path, name: str, longest: int
) -> None:
    people = CHINESE if name == "gb18030" else RUSSIAN
    raw = "".join(";".join(row) + "\n" for row in rows_of(people)).encode(code_page(name).codec)
    for cut in (*range(1, longest + 2), 33):  # within the end of the line, or any character, and further
        path = written(tmp_path, raw[:-cut])
        dump = dumps.read(path)
        assert rows_read(dump)[:58] == rows_of(people)[:58]
        assert dump.accounting.total_bytes == len(raw) - cut
