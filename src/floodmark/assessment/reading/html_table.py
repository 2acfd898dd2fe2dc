"""Rows of tables in HTML, with the standard library's parser: nothing in it is followed, loaded or run."""

from __future__ import annotations

import re
from html.parser import HTMLParser

WIDEST = 60
_MARKUP = re.compile(r"<(?:!doctype|html|body|table|tbody|tr|td|ul|ol|li|p|br|div)\b", re.IGNORECASE)
_UNSEEN = ("script", "style", "template", "noscript")
_BREAKS = ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table")


def is_html(text: str) -> bool:
    """Whether a text has tags of HTML that make a table or lines."""
    return bool(_MARKUP.search(text))


def rows(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Cells of every row of every table, with the line that the row begins on; merged cells leave empty ones."""
    parser = _Rows()
    parser.feed(text)
    parser.close()
    return [(line, tuple(" ".join(part.split()) for part in cells)) for line, cells in parser.rows if cells]


def lines(text: str) -> str:
    """A text without its tags, broken where they break lines."""
    parser = _Lines()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


class _Seen(HTMLParser):
    """Passes over what a browser does not show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden += 1
        else:
            self.started(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text(data)

    def started(self, tag: str, attributes: dict[str, str | None]) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        raise NotImplementedError


class _Rows(_Seen):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[int, list[str]]] = []
        self._in_cell = False

    def started(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            self.rows.append((self.getpos()[0], []))
        if tag not in ("td", "th"):
            return
        if not self.rows:
            self.rows.append((self.getpos()[0], []))
        span = attributes.get("colspan") or "1"
        wide = min(int(span), WIDEST) if span.isascii() and span.isdigit() and len(span) < 4 else 1
        cells = self.rows[-1][1]
        cells += [""] * min(max(1, wide), max(1, WIDEST - len(cells)))
        self._at = len(cells) - max(1, wide) if wide <= WIDEST else len(cells) - 1
        self._at = max(0, self._at)
        self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag in ("td", "th", "tr", "table"):
            self._in_cell = False

    def text(self, data: str) -> None:
        if self._in_cell:
            cells = self.rows[-1][1]
            cells[self._at] += data


class _Lines(_Seen):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def started(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")

    def text(self, data: str) -> None:
        self.parts.append(data)
