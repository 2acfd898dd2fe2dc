"""Write `docs/reference/profile.md` from the published schema, so that the two cannot part.

python tools/profile_reference.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "src/floodmark/triage/profile.schema.json"
TARGET = ROOT / "docs/reference/profile.md"
HEAD = """# The profile

`floodmark triage -o json` prints a **profile**: everything that triage found in one or more files, as one JSON object.
`floodmark.triage.triage(...)` returns the same as `floodmark.triage.Profile`, whose `to_dict()` is that object.

Its schema (JSON Schema 2020-12) ships with the package:

```python
from importlib.resources import files

schema = files("floodmark.triage").joinpath("profile.schema.json").read_text()
```

The schema is strict: no key is missing and none is added. A change to it raises `schema_version`.

`floodmark.triage.load_profile(path)` reads a profile back, and refuses one of a newer schema (`profile-too-new`) or one that
does not fit (`profile-damaged`, with the JSON pointer of the place). A profile of schema 1 is read as one without
statistics.

- A count says what it counts: lines, rows or distinct identifiers. No count is of people.
- A rate is between 0 and 1.
- In quick mode counts are estimates, and `intervals` holds the 95 % interval of each by JSON pointer: `/rows`,
  `/countries/0/phones`.
- Column names, file labels and e-mail domains are text from a file that somebody hostile may have made. Escape them
  before you show them; the reports of Floodmark do.
- Reports cover what looks like a phone number or an e-mail address in a column's name, because a file without a header
  that is read as if it had one has a person's values there.

## Other forms

| form | what it holds |
| --- | --- |
| `--html FILE` | one page with charts and tables; it loads nothing and runs no script |
| `-o human` | the same tables for a terminal of at least 80 columns, plain text when piped |
| `--csv DIR` | `files`, `columns`, `quarantine`, `identifiers`, `countries`, `fields`, `field_sets`, `dates`; a cell that a spreadsheet would run as a formula begins with an apostrophe |

This page is written by `tools/profile_reference.py`.

"""  # noqa: E501


def page(schema: dict[str, Any]) -> str:
    """The whole page in Markdown."""
    parts = [HEAD, _section("profile", schema)]
    parts += [_section(name, part) for name, part in schema["$defs"].items()]
    return "".join(parts).rstrip() + "\n"


def _section(name: str, described: dict[str, Any]) -> str:
    rows = [_row(field, part) for field, part in _properties(described)]
    title = f"## `{name}`\n\n{described['description']}\n\n"
    return title + "| key | type | meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n\n"


def _properties(described: dict[str, Any], before: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Properties with their paths; an object that has no name of its own is listed in place."""
    found = []
    for field, part in described["properties"].items():
        found.append((before + field, part))
        inner = part.get("items", part)
        if "properties" in inner:
            found += _properties(inner, f"{before}{field}{'[]' if 'items' in part else ''}.")
    return found


def _row(field: str, part: dict[str, Any]) -> str:
    return f"| `{field}` | {_type(part)} | {part['description'].replace('|', chr(92) + '|')} |"


def _type(part: dict[str, Any]) -> str:
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[1]
        return f"[`{name}`](#{name})"
    if "anyOf" in part:
        return " or ".join(_type(one) for one in part["anyOf"])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part["type"] == "array":
        return "list of " + _type(part["items"])
    kinds = [part["type"]] if isinstance(part["type"], str) else part["type"]
    return " or ".join(kinds)


if __name__ == "__main__":
    TARGET.write_text(page(json.loads(SCHEMA.read_text())), encoding="utf-8")
