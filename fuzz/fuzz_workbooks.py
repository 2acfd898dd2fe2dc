"""Fuzz target of workbooks: any bytes as any part of one; only batches and FloodmarkErrors may come out.

Run it as `fuzz/README.md` says, with this name. The first byte of an input chooses which part the rest is, or whether
it is the whole file; the other parts are those of a small workbook.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["floodmark"]):
    from floodmark.dumps.kinds.xlsx import XlsxReader
    from floodmark.errors import FloodmarkError

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "_rels/.rels": f"""<Relationships>
<Relationship Id="a" Type="{KINDS}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships>
<Relationship Id="s" Type="{KINDS}/worksheet" Target="s.xml"/>
<Relationship Id="t" Type="{KINDS}/sharedStrings" Target="t.xml"/>
<Relationship Id="y" Type="{KINDS}/styles" Target="y.xml"/></Relationships>""",
    "xl/workbook.xml": '<workbook><sheets><sheet name="S" r:id="s"/></sheets></workbook>',
    "xl/s.xml": """<worksheet><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44289.5</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Ada</t></is></c><c r="B2" t="b"><v>1</v></c></row>
</sheetData></worksheet>""",
    "xl/t.xml": "<sst><si><t>Name</t></si><si><r><t>a</t></r></si></sst>",
    "xl/y.xml": """<styleSheet><numFmts><numFmt numFmtId="200" formatCode="dd/mm/yyyy"/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>""",
}


def made(choice: int, data: bytes) -> bytes:
    """A workbook one part of which is the data, or the data itself."""
    names = list(PARTS)
    if choice % 8 >= len(names):
        return data
    parts = {name: part.encode() for name, part in PARTS.items()} | {names[choice % 8]: data}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def read_one(data: bytes) -> None:
    """Read one input and check what must hold of every file.

    Raises:
        AssertionError: a byte that is accounted for twice or not at all, or frames of one table that differ.
    """
    if not data:
        return
    raw = made(data[0], data[1:])
    total, columns = 0, {}
    try:
        for batch in XlsxReader().batches(io.BytesIO(raw)):
            assert batch.start == total
            assert batch.accepted_lines == batch.frame.height
            assert columns.setdefault(batch.table, batch.frame.columns) == batch.frame.columns
            total += batch.accepted_bytes + sum(span.size for span in batch.spans)
    except FloodmarkError as error:
        assert error.message.isprintable()
        assert error.hint
        return
    assert total == len(raw)


def main() -> None:
    """Fuzz until told to stop."""
    with tempfile.TemporaryDirectory() as name:
        seeds(Path(name))
        atheris.Setup([*sys.argv, name], read_one)
        atheris.Fuzz()


def seeds(folder: Path) -> None:
    """Write the parts of the small workbook as inputs to begin with."""
    for choice, part in enumerate(PARTS.values()):
        (folder / f"part{choice}").write_bytes(bytes([choice]) + part.encode())
    (folder / "whole").write_bytes(bytes([7]) + made(3, PARTS["xl/s.xml"].encode()))


if __name__ == "__main__":
    main()
