"""Lines that are no records, wherever they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.asides import Asides
from floodmark.dumps.chunks import find_lines
from floodmark.dumps.delimited import split
from floodmark.dumps.plan import Plan
from floodmark.dumps.quoted import split_quoted
from floodmark.identifiers import FieldType

TEXTS = (FieldType.UNKNOWN, FieldType.UNKNOWN)
ASIDES = Asides(((b"a,b", "repeated-header"), (b",", "blank"), (b"Total,9", "footer")), b"#")


def found(data: bytes, asides: Asides) -> dict[int, str]:
    return {line: why for lines, why in asides.found(data, find_lines(data, "lf")) for line in lines.tolist()}


def test_the_header_come_again_comments_and_totals_are_skipped_by_name() -> None:
    plan = Plan(",", ("a", "b"), TEXTS, (), None, asides=ASIDES)
    batch = split(b"1,2\na,b\n3,4\n# c,d\n,\nTotal,9\n", 0, "lf", plan)
    assert batch.frame.rows() == [("1", "2"), ("3", "4")]
    assert [(span.kind, span.reason) for span in batch.spans] == [
        ("skipped", "repeated-header"),
        ("skipped", "comment"),
        ("skipped", "blank"),
        ("skipped", "footer"),
    ]


def test_a_line_inside_a_quoted_cell_is_part_of_its_record() -> None:
    plan = Plan(",", ("a", "b"), TEXTS, (), None, asides=ASIDES, quote='"')
    batch = split_quoted(b'1,"x\na,b\ny"\na,b\n', 0, "lf", plan, '"')
    assert batch.frame.rows() == [("1", "x\na,b\ny")]
    assert [(span.reason, span.lines) for span in batch.spans] == [("repeated-header", 1)]


@given(st.lists(st.text("ab,#", max_size=4)), st.lists(st.text("ab,#", min_size=1, max_size=4), max_size=3))
def test_a_line_is_found_when_it_is_one_of_them_or_begins_as_a_comment(
    lines: list[str], known: list[str]
) -> None:
    data = "".join(line + "\n" for line in lines).encode()
    asides = Asides(tuple((text.encode(), "known") for text in dict.fromkeys(known)), b"#")
    expected = {i for i, line in enumerate(lines) if line in known or line.startswith("#")}
    assert set(found(data, asides)) == expected
