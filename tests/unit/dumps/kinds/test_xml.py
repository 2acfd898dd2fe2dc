"""XML texts whose records are elements."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.grammar import Grammar
from floodmark.dumps.kinds import xml
from floodmark.dumps.kinds.xml import XmlTexts
from floodmark.dumps.kinds.xml_rows import read_rows
from floodmark.dumps.overrides import Overrides
from floodmark.errors import NoGrammar

from .reading import accounting, likeness, read, sample_of, survives, tables

KIND = XmlTexts()
PEOPLE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<export>\n'
    b' <user id="1"><name>Ada &amp; Co</name><phone kind="home">1</phone><phone>2</phone></user>\n'
    b' <user id="4"><phone kind="work"/><at><city/></at></user>\n'
    b' <user id="2"><name><![CDATA[<user>&]]></name><at><city>Rome</city></at></user><!-- <user> -->\n'
    b' <user id="3"><name>&#199;i\xc4\x9f</name></user>\n</export>\n'
)
MYSQL = (
    b'<mysqldump><database name="x"><table_structure name="u"><field Field="id" Type="int" /></table_structure>'
    b'<table_data name="u"><row><field name="id">1</field><field name="nm">Ada</field></row>'
    b'<row><field name="id">2</field><field name="nm" xsi:nil="true" /></row></table_data>'
    b'<table_data name="o"><row><field name="n">1</field><field name="m">7</field></row>'
    b'<row><field name="n">2</field><field name="m">8</field></row></table_data></database></mysqldump>'
)
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 9
    + b'">'
    + b'<!ENTITY c SYSTEM "file:///etc/passwd">]>'
    + b"<x><u><i>1</i><n>&b;</n></u><u><i>2</i><n>&c;</n></u><u><i>3</i><n>C</n></u></x>"
)


def rows(count: int, row: bytes = b"<u><i>%d</i><n>x</n></u>\n") -> list[bytes]:
    return [row % number for number in range(count)]


def test_elements_that_repeat_are_records() -> None:
    found = read(KIND, PEOPLE)
    frame = found[0].frame
    assert frame.columns == ["id", "name", "phone", "phone.kind", "at.city"]
    assert frame.rows() == [
        ("1", "Ada & Co", "1; 2", "home", ""),
        ("4", "", "", "work", ""),
        ("2", "<user>&", "", "", "Rome"),
        ("3", "Çiğ", "", "", ""),
    ]
    assert found[0].named


def test_the_grammar_says_where_the_records_are() -> None:
    reader = KIND.reader(sample_of(PEOPLE), "lf", Overrides())
    grammar = Grammar("xml", "plain", "utf-8", False, "", None, "lf", False, 0, (), (), 1.0)
    assert reader.describe(grammar).path == "export/user"


def test_attributes_alone_make_a_record() -> None:
    found = tables(KIND, b'<users><row Id="1" Name="A&lt;"/><row Id="2" Name=\'B"\' Age="3" /></users>')[""]
    assert found.columns == ["Id", "Name", "Age"]
    assert found.rows() == [("1", "A<", ""), ("2", 'B"', "3")]


def test_cells_may_be_told_apart_by_a_name() -> None:
    found = tables(KIND, MYSQL)
    assert {name: frame.columns for name, frame in found.items()} == {"u": ["id", "nm"], "o": ["n", "m"]}
    assert found["u"].rows() == [("1", "Ada"), ("2", "")]


def test_records_may_say_themselves_which_table_they_are_of() -> None:
    row = b'<table name="%s"><column name="id">%d</column></table>'
    text = (
        b"<pma><database>"
        + b"".join(row % (t, i) for t in (b"u", b"o") for i in range(3))
        + b"</database></pma>"
    )
    assert {name: frame.rows() for name, frame in tables(KIND, text).items()} == {
        "u": [("0",), ("1",), ("2",)],
        "o": [("0",), ("1",), ("2",)],
    }


def test_elements_of_several_names_are_several_tables() -> None:
    text = b"<db><users>" + b"".join(rows(3)) + b"</users><orders>" + b"".join(rows(2, b"<o><k>%d</k></o>"))
    found = tables(KIND, text + b"</orders></db>")
    assert {name: frame.columns for name, frame in found.items()} == {"u": ["i", "n"], "o": ["k"]}


def test_cells_without_names_are_numbered_and_the_first_row_may_name_them() -> None:
    cell = "<Cell><Data ss:Type='String'>{}</Data></Cell>"
    lines = [["id", "name", "email"], ["1", "Ada", "ada@mail.example"], ["2", "Bob", "bob@mail.example"]]
    body = "".join("<Row>" + "".join(cell.format(value) for value in line) + "</Row>" for line in lines)
    batch = read(KIND, f"<Workbook><Worksheet><Table>{body}</Table></Worksheet></Workbook>".encode())[0]
    assert batch.frame.columns == lines[0]
    assert batch.frame.rows() == [tuple(line) for line in lines[1:]]


def test_elements_of_one_cell_are_records_of_one_column() -> None:
    found = tables(KIND, b"<all><mail>a@mail.example</mail><mail>b@mail.example</mail></all>")[""]
    assert found.to_dict(as_series=False) == {"mail": ["a@mail.example", "b@mail.example"]}


def test_namespaces_are_dropped() -> None:
    text = b'<a:x xmlns:a="urn:a">' + b"".join(rows(3, b"<a:u><a:i b:k='9'>%d</a:i></a:u>")) + b"</a:x>"
    assert tables(KIND, text)[""].columns == ["i", "i.k"]


def test_a_whole_text_may_be_one_record() -> None:
    assert tables(KIND, b"<user><id>1</id><name>Ada</name></user>")[""].rows() == [("1", "Ada")]


def test_records_within_records_of_their_name_are_their_cells() -> None:
    text = b"<x>" + b"".join(rows(3, b"<u><i>%d</i><friend><u><i>9</i></u></friend></u>")) + b"</x>"
    found = tables(KIND, text)[""]
    assert found["i"].to_list() == ["0", "1", "2"]
    assert found["friend.u.i"].to_list() == ["9"] * 3


@pytest.mark.parametrize(
    "damaged",
    [
        b"<u><i>1</i><n>x</u>",
        b"<u><i>1</i><n>x",
        b"<u><i>1</i><n>x</n>",
        b"<u><i>1</i><n>a < b</n></u>",
        b"<u><i>1</i><n>&nbsp;</n></u>",
        b"<u><i>1</i><n>\xff</n></u>",
        b"<u><i>1</i><n>\x00</n></u>",
        b"<u><i>1</i><n>\x01</n></u>",
        b"<u><i a=1>1</i></u>",
    ],
)
def test_damage_costs_one_record(damaged: bytes) -> None:
    before, after = rows(5), rows(5)
    total = accounting(KIND, b"<x>" + b"".join([*before, damaged, *after]) + b"</x>")
    assert total.records == 10
    assert total.bytes["quarantined"] == len(damaged)


def test_entities_that_a_text_declares_are_never_expanded() -> None:
    total = accounting(KIND, BOMB)
    assert total.records == 1
    assert total.of("quarantined", "unknown-entity").lines == 2


def test_a_billion_laughs_cost_what_they_weigh() -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 400))
    text = (
        b'<!DOCTYPE x [<!ENTITY l0 "ha">'
        + laughs
        + b"]><x>"
        + b"".join(rows(9))
        + b"<u><i>&l399;</i></u></x>"
    )
    total = accounting(KIND, text)
    assert total.records == 9
    assert total.of("quarantined", "document-type").bytes > 10_000
    assert total.of("quarantined", "unknown-entity").lines == 1


@pytest.mark.parametrize(
    "mark",
    [
        b"<u>",
        b"<a>",
        b"<!--",
        b"<![CDATA[",
        b"<u a='",
        b'<u a="<u ',
        b"<?",
        b"</u>",
        b"<!DOCTYPE [",
        b"<u a=1 ",
    ],
)
def test_marks_that_never_close_take_no_longer_than_their_length(mark: bytes) -> None:
    survives(KIND, b"<x>" + b"".join(rows(3)) + mark * (200_000 // len(mark)) + b"</x>")
    survives(KIND, mark * 10_000)


def test_many_cells_of_one_key_take_no_longer_than_their_length() -> None:
    text = b"<x>" + b"".join(rows(4)) + b"<u>" + b"<i>v</i>\n" * 100_000 + b"</u></x>"
    assert tables(KIND, text)[""]["i"][-1] == "; ".join(["v"] * 100_000)


def test_deep_nesting_is_set_aside() -> None:
    text = b"<x>" + b"".join(rows(4)) + b"<u>" + b"<b>" * 50_000 + b"</b>" * 50_000 + b"</u></x>"
    assert accounting(KIND, text).of("quarantined", "too-deep").lines == 1


def test_a_record_too_long_to_hold_is_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "LINE_LIMIT", 5_000)
    long = b"<u><i>" + b"<k>v</k>" * 5_000 + b"</i></u>"
    total = accounting(KIND, b"<x>" + b"".join(rows(3)) + long + b"".join(rows(3)) + b"</x>", 900)
    assert total.records == 6
    assert total.of("quarantined", "line-too-long").bytes == len(long)


def test_much_text_that_is_no_record_is_not_passed_over() -> None:
    total = accounting(KIND, b"<x>" + b"".join(rows(3)) + b"y" * 10_000 + b"".join(rows(3)) + b"</x>")
    assert total.records == 6
    assert total.of("quarantined", "outside-records").bytes == 10_001


@pytest.mark.parametrize("size", [1, 7, 64])
def test_it_does_not_matter_in_which_pieces_a_text_arrives(size: int) -> None:
    for text in (PEOPLE, MYSQL):
        whole, pieces = tables(KIND, text), tables(KIND, text, size)
        assert whole.keys() == pieces.keys()
        assert all(whole[name].equals(pieces[name]) for name in whole)


@pytest.mark.parametrize(
    "text", [b"", b"a,b\n1,2\n", b"<3 hearts>", b"<a@mail.example>\n<b@mail.example>\n", b"<p>hi"]
)
def test_what_is_no_xml_is_not_taken_for_it(text: bytes) -> None:
    assert likeness(KIND, text) <= 0.5
    assert likeness(KIND, PEOPLE) > 0.9


def test_a_text_without_records_has_no_grammar() -> None:
    with pytest.raises(NoGrammar):
        KIND.reader(sample_of(b"<x></x>"), "lf", Overrides())


@pytest.mark.parametrize("text", [PEOPLE, MYSQL, BOMB])
def test_a_text_cut_off_anywhere_loses_no_byte(text: bytes) -> None:
    for stop in range(len(text)):
        survives(KIND, text[:stop])


MARKS = [
    b"<",
    b">",
    b"</u>",
    b"<u>",
    b"<u ",
    b"/>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&x;",
    b"'",
    b'"',
    b"a=",
    b"\xff",
]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(MARKS), max_size=30).map(b"".join))
def test_any_bytes_are_survived(text: bytes) -> None:
    survives(KIND, text)
    survives(KIND, b"<x>" + b"".join(rows(2)) + text + b"".join(rows(2)) + b"</x>")


@pytest.mark.parametrize(
    "odd",
    [
        b"<u> <i>1</i>\n<n>x</n> </u>",
        b"<u><i>1</i><n/></u>",
        b"<u><n>x</n></u>",
        b"<u><n>x</n><i>1</i></u>",
        b"<u><i>1</i><n>x</n><k>new</k></u>",
        b"<u><i>1</i><i>2</i><n>x</n></u>",
        b"<u>t<i>1</i><n>x</n></u>",
        b"<u><i>1</i>t<n>x</n></u>",
        b"<u><i a='1'>1</i><n>x</n></u>",
        b"<u><i>1</i><n>a&amp;b</n></u>",
        b"<u><i>1</i><n>a]]>b</n></u>",
        b"<u><i>1</i><n>a\r\nb</n></u>",
        b"<u><i>1</i><n>a\x01b</n></u>",
        b"<u><i>1</i><n>\xef\xbf\xbe</n></u>",
        b"<u><i>1</i><n>\xff</n></u>",
        b"<u><i>1</i><n>x</n ></u >",
        b"<u><i>1</i><n>x</k></u>",
        b"<u/>",
    ],
)
def test_records_that_are_read_by_pattern_are_those_of_the_parser(odd: bytes) -> None:
    usual = rows(6_000)
    alone = list(read_rows([odd]))
    assert list(read_rows([*usual, odd, *usual]))[6_000] == alone[0]
    assert list(read_rows([odd, *usual, odd]))[-1] == alone[0]


cells = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"),
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=8), st.integers(1, 60))
def test_what_was_written_is_read(people: list[tuple[str, str]], size: int) -> None:
    body = "".join(f"<u><a>{escape(a)}</a>\n<b><![CDATA[{b.replace(']]>', '')}]]></b></u>" for a, b in people)
    found = tables(KIND, f"<x>{body}</x>".encode(), size)[""]
    assert found.rows() == [(a, b.replace("]]>", "")) for a, b in people]


@pytest.mark.parametrize("depth", [9, 40, 15_000])
def test_rows_within_a_deep_nest_are_the_records(depth: int) -> None:
    users = b"".join(b"<user><id>%d</id><mail>p%d@example.org</mail></user>" % (i, i) for i in range(1000))
    found = accounting(KIND, b"<a>" * depth + users + b"</a>" * depth)
    assert (found.records, found.lines["accepted"]) == (1000, 1000)
    assert found.bytes["accepted"] == len(users)
