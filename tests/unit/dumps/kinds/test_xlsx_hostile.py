from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.kinds.xlsx_package import MAX_SHEETS
from floodmark.errors import FloodmarkError, LimitExceeded, NothingToRead, UnreadableInput

from .test_xlsx import PEOPLE, fates_of, read
from .workbooks import TOP, rows_xml, sheet_xml, strings_xml, styles_xml, workbook, zipped

GIB = 1 << 30
BOTH = {"People": sheet_xml(PEOPLE), "More": sheet_xml(PEOPLE[1:])}
# Run under a limit of address space: reads a workbook and prints its records, or the error's slug, and the peak;
# by the kernel's own mark, for `ru_maxrss` begins with the peak of whoever started the process.
BOUNDED = """
import re, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
from floodmark.dumps.kinds.xlsx import XlsxReader
from floodmark.errors import FloodmarkError
rows = 0
try:
    with open(sys.argv[1], "rb") as file:
        for batch in XlsxReader().batches(file):
            rows += batch.frame.height
    print(rows)
except FloodmarkError as error:
    print(error.slug)
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def bounded(path: Path) -> str:
    """What comes of a workbook in three gigabytes of address space, most of which Polars only reserves."""
    command = [sys.executable, "-c", BOUNDED, str(path), str(3 * GIB)]
    few_threads = {
        **os.environ,
        "POLARS_MAX_THREADS": "2",
    }  # each of which reserves its own, one a core by default
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=few_threads)
    assert done.returncode == 0, done.stderr[-2000:]
    found, peak = done.stdout.split()
    assert int(peak) * 1024 < GIB
    return found


def survives(data: bytes) -> None:
    """Read or refused, with every byte accounted for (`read` checks that) and nothing odd in the words."""
    try:
        read(data)
    except FloodmarkError as error:
        assert error.message.isprintable()
        assert error.hint
        assert "mail.example" not in error.message


def test_a_workbook_cut_off_anywhere_is_read_or_refused() -> None:
    data = workbook(BOTH, strings=strings_xml(["a"]), styles=styles_xml(["00"]))
    for size in range(len(data)):
        survives(data[:size])


@settings(max_examples=100)
@given(st.data())
def test_a_workbook_with_wrong_bytes_is_read_or_refused(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    file = bytearray(workbook(BOTH, strings=strings_xml(["a"]), styles=styles_xml(["00"]), method=method))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(file) - 1))
        file[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    survives(bytes(file))


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_any_bytes_for_a_sheet_are_read_or_refused(xml: bytes) -> None:
    survives(workbook({"S": xml}))
    survives(workbook({"S": b"<worksheet><sheetData>" + xml}, strings=xml))


@given(st.text(alphabet="<>/crowvist=\"'& AZ19;!-[]", max_size=80))
def test_any_marks_between_good_rows_are_read_or_refused(xml: str) -> None:
    survives(workbook({"S": sheet_xml(PEOPLE).replace("</row>", f"</row>{xml}", 1)}))


def test_rows_before_the_damage_of_a_sheet_are_kept_and_so_are_other_sheets() -> None:
    broken = sheet_xml(PEOPLE).replace('<row r="4">', '<row r="4"><c r="A4"><v>1</c>')
    batches = read(workbook({"People": broken, "More": BOTH["More"]}))
    assert [(b.table, b.frame.height) for b in batches if b.frame.height] == [("People", 2), ("More", 3)]
    assert fates_of(batches)["damaged-table"] == 1


def test_a_sheet_whose_checksum_is_wrong_is_said_to_be_damaged() -> None:
    data = bytearray(workbook({"People": sheet_xml(PEOPLE)}, method=zipfile.ZIP_STORED))
    at = data.index(b"Bob")
    data[at : at + 3] = b"Rob"
    assert fates_of(read(bytes(data)))["damaged-table"] == 1


def test_a_sheet_that_is_missing_is_said_to_be_damaged() -> None:
    data = workbook(BOTH)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist() if "sheet1" not in n}
    assert fates_of(read(zipped(parts)))["damaged-table"] == 1
    with pytest.raises(UnreadableInput):
        read(zipped({name: part for name, part in parts.items() if "sheet" not in name}))


def test_entities_that_expand_are_refused() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    kind = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    sheet = sheet_xml(PEOPLE).replace(TOP, TOP + kind).replace("Ada", "&l9;")
    with pytest.raises(UnreadableInput):
        read(workbook({"S": sheet}))
    shared = strings_xml(["x"]).replace(TOP, TOP + kind).replace("x</t>", "&l9;</t>")
    with pytest.raises(UnreadableInput):
        read(workbook({"S": sheet_xml(PEOPLE)}, strings=shared))


def test_no_entity_outside_the_file_is_asked_for() -> None:
    kind = '<!DOCTYPE x SYSTEM "file:///etc/passwd" [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(UnreadableInput):
        read(workbook({"S": sheet_xml(PEOPLE).replace(TOP, TOP + kind).replace("Ada", "&e;")}))


def test_elements_nested_without_end_are_damage() -> None:
    deep = f"{TOP}<worksheet><sheetData>{rows_xml(PEOPLE)}" + "<a>" * 1_000_000
    assert fates_of(read(workbook({"S": deep})))["damaged-table"] == 1


def test_a_tag_without_end_is_damage() -> None:
    long = f"{TOP}<worksheet><sheetData>{rows_xml(PEOPLE)}<c r='" + "A" * (20 << 20)
    assert fates_of(read(workbook({"S": long})))["damaged-table"] == 1


def test_sheets_and_parts_without_number_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="sheets"):
        read(workbook({f"S{i}": "" for i in range(MAX_SHEETS + 1)}))
    with pytest.raises(LimitExceeded, match="parts"):
        read(workbook(BOTH, extra={f"xl/media/{'a' * 40}{i}": b"" for i in range(12_000)}))


def test_a_workbook_that_names_itself_as_its_sheet_has_nothing_to_read() -> None:
    data = workbook({"S": ""}).replace(b"worksheets/sheet1.xml", b"././/workbook.xml  ")
    with pytest.raises((NothingToRead, UnreadableInput)):
        read(data)


def test_names_that_climb_out_of_the_file_open_nothing_outside_it() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(BOTH))) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    links = parts["xl/_rels/workbook.xml.rels"]
    assert isinstance(links, bytes)
    parts["xl/_rels/workbook.xml.rels"] = links.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")
    assert fates_of(read(zipped(parts)))["damaged-table"] == 1


def test_a_sheet_that_unpacks_without_end_is_stopped_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(workbook({"S": ""}))
    top = f"{TOP}<worksheet><sheetData>{rows_xml(PEOPLE)}".encode()
    _grown(path, "xl/worksheets/sheet1.xml", top, b" " * (1 << 20), 300)
    assert bounded(path) == "limit-exceeded"


def test_shared_texts_without_end_are_stopped_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "texts.xlsx"
    path.write_bytes(workbook({"S": sheet_xml(PEOPLE)}, strings=""))
    text = b"<si><t>" + b"a" * (1 << 19) + b"</t></si>"
    _grown(path, "xl/sharedStrings.xml", f"{TOP}<sst>".encode(), text, 600)
    assert bounded(path) == "limit-exceeded"


def test_as_many_rows_as_a_sheet_can_have_are_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "full.xlsx"
    path.write_bytes(workbook({"S": ""}, strings=strings_xml(["Ada", "Bob"])))
    rows = 1 << 20
    row = b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d"><v>%d</v></c></row>'
    body = b"".join(row % (i, i, i & 1, i, 447700000000 + i) for i in range(1, rows + 1))
    top = f"{TOP}<worksheet><sheetData>".encode()
    _grown(path, "xl/worksheets/sheet1.xml", top + body, b"</sheetData></worksheet>", 1)
    assert bounded(path) == str(rows)


def _grown(path: Path, part: str, top: bytes, piece: bytes, times: int) -> None:
    """Write a part of a workbook anew: a beginning, and a piece many times over."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != part}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        with archive.open(part, "w") as stream:
            stream.write(top)
            for _ in range(times):
                stream.write(piece)
