"""Tables of countries written in many layouts, as people and programs write them."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Sequence

Rows = Sequence[tuple[str, str]]  # a country's name and its count, as they are printed


def _csv(rows: Rows, delimiter: str, header: bool = True) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([("Country", "Records"), *rows] if header else rows)
    return out.getvalue()


def _aligned(rows: Rows) -> str:
    width = max(len(name) for name, _ in rows) + 3
    return "\n".join(f"{name:<{width}}{count:>16}" for name, count in rows)


def _html(rows: Rows) -> str:
    cells = "".join(
        f"<tr><td>{html.escape(name)}</td><td>{html.escape(count)}</td></tr>\n" for name, count in rows
    )
    return f"<!doctype html><table><tr><th>Country<th>Accounts</tr>\n{cells}</table>"


def _pairs(rows: Rows) -> str:
    half = (len(rows) + 1) // 2
    lines = []
    for at in range(half):
        pair = [rows[at], *rows[half + at : half + at + 1]]
        lines.append("\t".join(cell for row in pair for cell in row))
    return "\n".join(lines)


LAYOUTS: dict[str, Callable[[Rows], str]] = {
    "commas": lambda rows: _csv(rows, ","),
    "semicolons": lambda rows: _csv(rows, ";"),
    "tabs": lambda rows: _csv(rows, "\t"),
    "tabs without headings": lambda rows: _csv(rows, "\t", header=False),
    "semicolons without headings": lambda rows: _csv(rows, ";", header=False),
    "hyphens": lambda rows: "\n".join(f"{name} - {count}" for name, count in rows),
    "dashes": lambda rows: "\n".join(f"{name} – {count}" for name, count in rows),
    "colons": lambda rows: "\n".join(f"{name}: {count}" for name, count in rows),
    "equals": lambda rows: "\n".join(f"{name} = {count}" for name, count in rows),
    "arrows": lambda rows: "\n".join(f"{name} -> {count}" for name, count in rows),
    "spaces": lambda rows: "\n".join(f"{name} {count}" for name, count in rows),
    "aligned": _aligned,
    "bullets": lambda rows: "\n".join(f"• {name}: {count}" for name, count in rows),
    "ranks": lambda rows: "\n".join(f"{at}. {name} {count}" for at, (name, count) in enumerate(rows, 1)),
    "ranks in brackets": lambda rows: "\n".join(
        f"{at}) {name} - {count}" for at, (name, count) in enumerate(rows, 1)
    ),
    "brackets": lambda rows: "\n".join(f"{name} ({count})" for name, count in rows),
    "one cell a line": lambda rows: "\n".join(cell for row in rows for cell in row),
    "one cell a line, parted": lambda rows: "\n\n".join("\n".join(row) for row in rows),
    "Markdown": lambda rows: (
        "| Country | Count |\n|:---|---:|\n" + "\n".join(f"| {n} | {c} |" for n, c in rows)
    ),
    "bars of a terminal": lambda rows: (
        "+---+---+\n" + "\n".join(f"│ {name} │ {count} │" for name, count in rows)
    ),
    "HTML": _html,
    "HTML lines": lambda rows: "<br>".join(f"{html.escape(name)}: {count}" for name, count in rows),
    "JSON object": lambda rows: json.dumps(dict(rows), ensure_ascii=False),
    "JSON list": lambda rows: json.dumps({"data": [{"country": n, "count": c} for n, c in rows]}),
    "JSON lists": lambda rows: json.dumps([list(row) for row in rows]),
    "side by side": _pairs,
}
