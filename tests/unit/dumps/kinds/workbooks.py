"""Builders of workbooks: the few parts that a reader needs, written out, so that each can be made wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TOP = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(row: int, column: int, value: object, style: int = 0) -> str:
    """A cell as writers write them: text inline, anything else as a number; a `str` that begins with `<c` as it is."""
    where = f'r="{letters(column)}{row + 1}"' + (f' s="{style}"' if style else "")
    if isinstance(value, str) and value.startswith("<c"):
        return value
    if isinstance(value, bool):
        return f'<c {where} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() else ""
        return f'<c {where} t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'
    return f"<c {where}><v>{value}</v></c>"


def rows_xml(rows: Iterable[Sequence[object]], styles: Sequence[int] = ()) -> str:
    return "".join(
        f'<row r="{at + 1}">'
        + "".join(
            cell(at, i, value, styles[i] if i < len(styles) else 0)
            for i, value in enumerate(row)
            if value is not None
        )
        + "</row>"
        for at, row in enumerate(rows)
    )


def sheet_xml(rows: Iterable[Sequence[object]], styles: Sequence[int] = ()) -> str:
    return f'{TOP}<worksheet xmlns="{MAIN}"><sheetData>{rows_xml(rows, styles)}</sheetData></worksheet>'


def strings_xml(texts: Iterable[str]) -> str:
    return f'{TOP}<sst xmlns="{MAIN}">' + "".join(f"<si><t>{escape(t)}</t></si>" for t in texts) + "</sst>"


def styles_xml(codes: Sequence[str | int]) -> str:
    own = "".join(
        f'<numFmt numFmtId="{200 + i}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for i, code in enumerate(codes)
        if isinstance(code, str)
    )
    used = "".join(f'<xf numFmtId="{200 + i if isinstance(c, str) else c}"/>' for i, c in enumerate(codes))
    return f'{TOP}<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'


def workbook(
    sheets: dict[str, str | bytes],
    *,
    strings: str | bytes | None = None,
    styles: str | None = None,
    hidden: Sequence[str] = (),
    since_1904: bool = False,
    extra: dict[str, bytes] | None = None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook of sheets by their names, each given as its XML."""
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{i}" r:id="r{i}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for i, name in enumerate(sheets, 1)
    )
    links = [(f"r{i}", "worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
    links += [("rs", "sharedStrings", "sharedStrings.xml")] if strings is not None else []
    links += [("ry", "styles", "styles.xml")] if styles is not None else []
    parts: dict[str, str | bytes] = {
        "_rels/.rels": _links([("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{TOP}<workbook xmlns="{MAIN}" xmlns:r="{KINDS}">'
        f'<workbookPr date1904="{int(since_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links),
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
    if styles is not None:
        parts["xl/styles.xml"] = styles
    parts |= {f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets.values(), 1)}
    return zipped({**parts, **(extra or {})}, method)


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), data, method
            )  # of 1980, so that its bytes are always the same
    return file.getvalue()


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    body = "".join(f'<Relationship Id="{i}" Type="{KINDS}/{kind}" Target="{to}"/>' for i, kind, to in links)
    return f'{TOP}<Relationships xmlns="{RELATIONS}">{body}</Relationships>'
