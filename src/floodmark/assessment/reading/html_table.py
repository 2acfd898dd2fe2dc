r"""Rows of tables in HTML: nothing in it is followed, loaded or run.

Tags are found in one pass that never looks back, since the parser of the standard library needs minutes for a
megabyte of `<!--`. Of a tag only its name and how many columns it spans matter here.

>>> rows("<table><tr><th>Country<th>Users<tr><td>Egypt<td>44&nbsp;823&nbsp;547</table>")
[(1, ('Country', 'Users')), (1, ('Egypt', '44 823 547'))]
>>> lines("Egypt: 5<br>Italy: 6")
'Egypt: 5\nItaly: 6'
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

WIDEST = 60
_MARKUP = re.compile(r"<(?:!doctype|html|body|table|tbody|tr|td|ul|ol|li|p|br|div)\b", re.IGNORECASE)
_NAME = re.compile(r"/?[a-z][a-z0-9]{0,20}", re.IGNORECASE)
_SPAN = re.compile(r"colspan\s{0,3}=\s{0,3}[\"']?([0-9]{1,3})", re.IGNORECASE)
_UNSEEN = ("script", "style", "template", "noscript")
_BREAKS = frozenset("br p div li tr h1 h2 h3 h4 ul ol table".split())


@dataclass(frozen=True)
class _Piece:
    """A tag, or text between tags.

    Attributes:
        line: that it begins on.
        tag: its name in lower case, with a slash where it closes; empty of text.
        text: of text, or what stands behind the tag's name.
    """

    line: int
    tag: str
    text: str


def is_html(text: str) -> bool:
    """Whether a text has tags of HTML that make a table or lines."""
    return bool(_MARKUP.search(text))


def rows(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Cells of every row of every table, with the line that the row begins on; merged cells leave empty ones."""
    found: list[tuple[int, list[str]]] = []
    at = -1  # the cell of the last row that text goes into
    raised = False
    for piece in _pieces(text):
        if piece.tag == "tr" or (piece.tag in ("td", "th") and not found):
            found.append((piece.line, []))
            at = -1
        if piece.tag in ("td", "th"):
            cells = found[-1][1]
            at = len(cells) if len(cells) < WIDEST else -1
            cells += [""] * min(_span(piece.text), WIDEST - len(cells))
        elif piece.tag in ("/td", "/th", "/tr", "/table", "table"):
            at = -1
        elif piece.tag in ("sup", "/sup"):
            raised = piece.tag == "sup"
            if raised and at >= 0 and found[-1][1][at].strip():
                found[-1][1][at] += "*"  # the mark of a footnote, never part of a number
        elif piece.tag in ("caption", "/caption"):
            if piece.tag == "caption":
                found.append((piece.line, [""]))
            at = 0 if piece.tag == "caption" else -1
        elif at >= 0 and not raised:
            found[-1][1][at] += " " if piece.tag else piece.text
    return [(line, tuple(" ".join(cell.split()) for cell in cells)) for line, cells in found if cells]


def lines(text: str) -> str:
    """A text without its tags, broken where they break lines."""
    found: list[str] = []
    for piece in _pieces(text):
        if not piece.tag:
            found.append(piece.text)
        elif piece.tag in _BREAKS:
            found.append("\n")
        elif piece.tag in ("td", "th"):
            found.append("\t")  # cells of a row are never joined to one number
        elif piece.tag == "sup":
            found.append(" *")
    return "".join(found)


def _span(attributes: str) -> int:
    match = _SPAN.search(attributes[:200])
    return max(1, int(match[1])) if match else 1


def _pieces(text: str) -> Iterator[_Piece]:
    """Tags and texts in order; comments, scripts and what never closes are left out."""
    at, line, lower = 0, 1, text.lower()
    while at < len(text):
        start = text.find("<", at)
        start = len(text) if start < 0 else start
        if start > at:
            yield _Piece(line, "", html.unescape(text[at:start]))
            line += text.count("\n", at, start)
        name = _NAME.match(text, start + 1)
        if start == len(text):
            return
        if name is None and text[start + 1 : start + 2] not in ("!", "?", "/"):
            yield _Piece(line, "", "<")
            at = start + 1
            continue
        closing = "-->" if text.startswith("<!--", start) else ">"
        end = text.find(closing, start + 1)
        if end < 0:
            return
        end += len(closing)
        if name is not None:
            yield _Piece(line, name[0].lower(), text[name.end() : end - 1])
            if name[0].lower() in _UNSEEN:
                end = lower.find(f"</{name[0].lower()}", end)
                if end < 0:
                    return
        line += text.count("\n", start, end)
        at = end
