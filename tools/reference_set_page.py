"""Write `docs/reference/reference-set.md` from the reference set, so that the two cannot part.

python tools/reference_set_page.py
"""

from __future__ import annotations

from pathlib import Path

from floodmark.assessment import reference
from floodmark.assessment.statements.statement import Statement

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs/reference/reference-set.md"
HEAD = """# The reference set

What was said in public of {incidents} incidents from 2018 to 2025: {statements} statements that come with the
program. `floodmark timeline` shows them, `floodmark statement list --reference` lists them, `floodmark
assess` compares an advert with their {tables} tables of countries. In Python:

```pycon
>>> from floodmark.assessment import reference
>>> [one.slug for one in reference.incidents()][:3]
['cambridge-analytica', 'mypersonality-2018', 'facebook-token-2018']
>>> said = reference.statements("facebook-2021")
>>> next(one.learnt_on for one in said if one.id == "facebook-2021/memo")
'2021-04-20'
>>> "EG" in reference.known_tables()[-1].counts
True
```

## What a statement here is

- **Said, not true.** A statement is what somebody said. That it is here does not make it so; what a test says
  of it is [evidence](../how-to/record-statements.md), and stands apart.
- **Each has a date and a source.** A date is no more exact than the source: a year, a month or a day.
  *Learnt* is when it became known, where that was later.
- **Read, or only cited.** With a day in the last column somebody read, on that day, a stored copy of a page
  that bears the statement out (the link, or the page named beside it). *Not opened* means that it is cited
  from elsewhere: take it with care.
- **Where reports disagree, both stand**, an error of the press as well. `floodmark timeline` marks what
  contradicts what.
- **Digits as they were said.** 28.8 million has three digits, 28,804,686 has eight; a comparison takes no
  more from a number than was said.
- **A row of a table has a source of its own**: somebody other than the seller printed that figure, with that
  country. Of the lists that sellers and leakers posted the set has the rows that were printed, and no figure
  was filled in from memory. So the tables are shorter than the lists. A figure that somebody else counted in
  the files is said to be theirs. Rows that only reports on an advert give are in the table of that advert and in no
  other, so that an advert is never compared with itself.
- **Nobody private is named.** Speakers are bodies, roles and names of accounts that the press printed. No
  link leads to a dump, to a forum or to a place that sells data.

Facts are free; quotations are short and belong to those who said them. The words between them were written
for Floodmark and are under its licence. Something is wrong, or a better source is known? Open an issue with
the link: the set is `src/floodmark/assessment/reference/data/`, one file for an incident, and this page is
made from it.
"""


def page() -> str:
    """The page as the reference set has it."""
    counts = {
        "incidents": len(reference.incidents()),
        "statements": len(reference.statements()),
        "tables": len(reference.known_tables()),
    }
    parts = [HEAD.format(**counts)]
    parts += [_incident(one.slug, one.title) for one in reference.incidents()]
    return "\n".join(parts)


def _incident(slug: str, title: str) -> str:
    said = reference.statements(slug)
    lines = [f"## {title}", "", f"`{slug}`", ""]
    lines += ["| said | by | kind | what | source | read |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [_row(one) for one in said]
    return "\n".join([*lines, "", *(line for one in said for line in _table(one))])


def _row(one: Statement) -> str:
    said = one.said_on + (f", learnt {one.learnt_on}" if one.learnt_on else "")
    link = (
        f"[{one.source_url.split('/')[2].removeprefix('www.')}]({one.source_url})" if one.source_url else ""
    )
    source = "; ".join(part for part in (link, one.source) if part)
    cells = (
        said,
        one.speaker,
        one.kind,
        f"`{_name(one)}` {one.text}",
        source,
        one.checked_on or "not opened",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(one: Statement) -> list[str]:
    if one.table is None:
        return []
    lines = [
        f"Table of `{_name(one)}`:",
        "",
        "| country | count | price | read at |",
        "| --- | --- | --- | --- |",
    ]
    for row in one.table.rows:
        count = (
            "" if row.count is None else f"{row.count.bound.replace('-', ' ')} {row.count.value:,}".strip()
        )
        digits = (
            ""
            if row.count is None or row.count.digits == len(str(row.count.value))
            else (f" ({row.count.digits} digit{'s' if row.count.digits > 1 else ''})")
        )
        price = "" if row.price is None else f"{row.price.amount.value:,} {row.price.currency}"
        lines.append(f"| {row.country} | {count}{digits} | {price} | {row.source} |")
    return [*lines, ""]


def _name(one: Statement) -> str:
    return one.id.partition("/")[2]


if __name__ == "__main__":
    TARGET.write_text(page())
