from __future__ import annotations

import io

import pytest

from floodmark.dumps import Overrides
from floodmark.dumps.fates import Batch
from floodmark.dumps.kinds.xlsx import XlsxReader
from floodmark.errors import NothingToRead, UnknownContainer, UnreadableInput

from .workbooks import cell, rows_xml, sheet_xml, strings_xml, styles_xml, workbook, zipped

PEOPLE = [
    ["Name", "E-mail", "Phone"],
    ["Ada", "ada@mail.example", 447700900001],
    ["Bob", "bob@mail.example", 447700900002],
    ["Çiğdem", "c@mail.example", 447700900003],
]


def read(data: bytes, given: Overrides | None = None) -> list[Batch]:
    batches = list(XlsxReader(given).batches(io.BytesIO(data)))
    assert sum(b.accepted_bytes + sum(s.size for s in b.spans) for b in batches) == len(data)
    at = 0
    for batch in batches:
        assert batch.start == at
        assert all(span.size >= 0 for span in batch.spans)
        assert batch.accepted_bytes >= 0
        assert batch.accepted_lines == batch.frame.height
        at += batch.accepted_bytes + sum(span.size for span in batch.spans)
    return batches


def rows_of(data: bytes, given: Overrides | None = None) -> list[tuple[str, ...]]:
    return [row for batch in read(data, given) for row in batch.frame.rows()]


def fates_of(batches: list[Batch]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in batches:
        for span in batch.spans:
            found[span.reason] = found.get(span.reason, 0) + span.lines
    return found


def test_rows_of_a_sheet_are_records_under_the_names_of_its_header() -> None:
    first, rest = read(workbook({"People": sheet_xml(PEOPLE)}))
    assert (first.table, first.named, first.frame.columns) == ("People", True, PEOPLE[0])
    assert first.frame.rows() == [tuple(map(str, row)) for row in PEOPLE[1:]]
    assert fates_of([first]) == {"header": 1}
    assert [span.reason for span in rest.spans] == ["file-structure"]


def test_titles_above_the_header_and_blank_rows_are_skipped_and_counted() -> None:
    rows = [["Members of the club"], [], *PEOPLE, [], PEOPLE[1]]
    (first, _) = read(workbook({"People": sheet_xml(rows)}))
    assert first.frame.columns == PEOPLE[0]
    assert first.frame.height == 4
    assert fates_of([first]) == {"blank": 2, "preamble": 1, "header": 1}


def test_a_sheet_without_a_header_keeps_its_first_row() -> None:
    (first, _) = read(workbook({"People": sheet_xml(PEOPLE[1:])}))
    assert not first.named
    assert first.frame.columns == ["column_1", "column_2", "column_3"]
    assert first.frame.height == 3


def test_what_is_stated_of_the_header_beats_what_is_seen() -> None:
    data = workbook({"People": sheet_xml(PEOPLE)})
    assert read(data, Overrides(header=False))[0].frame.height == 4
    (first, _) = read(workbook({"P": sheet_xml([["x", "y"], *PEOPLE])}), Overrides(header=True, preamble=1))
    assert first.frame.columns == PEOPLE[0]


def test_every_sheet_is_a_table_and_a_hidden_one_is_said_to_be_hidden() -> None:
    sheets = {"People": sheet_xml(PEOPLE), "Empty": sheet_xml([]), "Old": sheet_xml([["x", 1], ["y", 2]])}
    batches = read(workbook(sheets, hidden=["Old"]))
    assert [batch.table for batch in batches] == ["People", "Old (hidden)", "Old (hidden)"]
    assert batches[1].frame.rows() == [("x", "1"), ("y", "2")]


def test_the_name_of_a_sheet_that_could_be_an_identifier_is_not_repeated() -> None:
    names = ["ada@mail.example", "447700900001", "tidy\u202e\x0bname"]
    sheets = dict.fromkeys(names[:2], sheet_xml(PEOPLE))
    assert {b.table for b in read(workbook(sheets))} == {"sheet 1", "sheet 2"}
    assert read(workbook({"a\u202eb": sheet_xml(PEOPLE)}))[0].table == "ab"


def test_shared_texts_rich_texts_and_readings_aside_are_read_as_a_person_sees_them() -> None:
    shared = strings_xml(["Ada & Bob", "a_x000A_b", "x"]).replace(
        "<si><t>x</t></si>", "<si><r><t>one </t></r><r><t>two</t></r><rPh><t>aside</t></rPh></si>"
    )
    cells = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABC"))
    row = f'<row r="1">{cells}</row>'
    sheet = sheet_xml([]).replace("<sheetData>", f"<sheetData>{row}")
    assert rows_of(workbook({"S": sheet}, strings=shared)) == [("Ada & Bob", "a\nb", "one two")]


def test_a_cell_whose_shared_text_is_missing_sets_its_row_aside() -> None:
    sheet = sheet_xml([["Ada", 1], ["Bob", '<c r="B2" t="s"><v>7</v></c>'], ["Eve", 3]])
    batches = read(workbook({"S": sheet}, strings=strings_xml(["one"])))
    assert [row[0] for b in batches for row in b.frame.rows()] == ["Ada", "Eve"]
    assert fates_of(batches)["unknown-cell"] == 1


def test_booleans_errors_formulas_and_dates_of_their_own_kind() -> None:
    row = [
        True,
        False,
        '<c r="C1" t="e"><v>#N/A</v></c>',
        '<c r="D1" t="str"><f>A1&amp;"x"</f><v>TRUEx</v></c>',
        '<c r="E1"><f>1+1</f><v>2</v></c>',
        '<c r="F1" t="d"><v>2021-04-03T00:00:00</v></c>',
        '<c r="G1" t="d"><v>2021-04-03T10:11:12</v></c>',
    ]
    assert rows_of(workbook({"S": sheet_xml([row])})) == [
        ("TRUE", "FALSE", "", "TRUEx", "2", "2021-04-03", "2021-04-03 10:11:12")
    ]


def test_cells_without_a_reference_stand_one_after_the_other() -> None:
    sheet = sheet_xml([]).replace(
        "<sheetData>", '<sheetData><row><c t="inlineStr"><is><t>Ada</t></is></c><c><v>1</v></c></row>'
    )
    assert rows_of(workbook({"S": sheet})) == [("Ada", "1")]


def test_a_table_may_begin_in_any_column_and_a_lone_cell_far_away_is_none() -> None:
    rows = [[None, None, "Ada", 1], [None, None, "Bob", 2], [None, None, "Eve", 3, *[None] * 900, "stray"]]
    batches = read(workbook({"S": sheet_xml(rows)}))
    assert batches[0].frame.rows() == [("Ada", "1"), ("Bob", "2")]
    assert fates_of(batches)["too-many-cells"] == 1


def test_a_row_longer_than_a_line_may_be_is_set_aside() -> None:
    rows = [["Ada", "x"], ["Bob", "y" * (1 << 20)], ["Eve", "z" * ((1 << 20) + 1)]]
    batches = read(workbook({"S": sheet_xml(rows)}))
    assert [batch.frame.height for batch in batches] == [1, 0]
    assert fates_of(batches)["line-too-long"] == 2


def test_dates_counted_from_1904_and_prefixed_parts_are_read() -> None:
    styles = styles_xml(["General", "yyyy-mm-dd"])
    data = workbook({"S": sheet_xml([[0, 42827]], [1, 1])}, styles=styles, since_1904=True)
    assert rows_of(data) == [("1904-01-01", "2021-04-03")]
    prefixed = sheet_xml(PEOPLE).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    prefixed = prefixed.replace("xmlns=", "xmlns:x=")
    assert len(rows_of(workbook({"S": prefixed}))) == 3


def test_other_documents_are_named_with_a_next_step() -> None:
    links = workbook({"S": sheet_xml(PEOPLE)})
    binary = zipped({"_rels/.rels": _rels("xl/workbook.bin"), "xl/workbook.bin": b"\x83\x01"})
    text = zipped({"_rels/.rels": _rels("word/document.xml"), "word/document.xml": "<document/>"})
    office = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})
    for data in (binary, text, office, zipped({"a.txt": "a"})):
        with pytest.raises(UnknownContainer) as error:
            read(data)
        assert "CSV" in error.value.hint
    assert links


def test_a_workbook_without_a_filled_cell_is_nothing_to_read() -> None:
    with pytest.raises(NothingToRead):
        read(workbook({"S": sheet_xml([[], []])}))


def test_a_file_that_is_no_workbook_is_unreadable() -> None:
    for data in (b"", b"PK\x03\x04 and so on", rows_xml(PEOPLE).encode()):
        with pytest.raises(UnreadableInput):
            read(data)


def test_cells_written_one_by_one_are_those_that_the_builder_says() -> None:
    assert cell(0, 27, "a<b") == '<c r="AB1" t="inlineStr"><is><t>a&lt;b</t></is></c>'


def _rels(target: str) -> str:
    return (
        '<Relationships><Relationship Id="a" Type="http://x/relationships/officeDocument" '
        f'Target="{target}"/></Relationships>'
    )
