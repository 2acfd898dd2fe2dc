"""A check's answer for a terminal or a pipe: what of yours, when, how sure, what to do; who learnt what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from floodmark.reports.labels import field_name, plain
from floodmark.reports.numbers import listing, plural

if TYPE_CHECKING:
    from rich.console import RenderableType

    from floodmark.exposure.check import Checked, CheckedIdentifier, Evaluator, FoundLeak
    from floodmark.notices.advising import Advice

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 2000
LONGEST_DOMAIN = 253
SYNTHETIC = "SYNTHETIC DATA"


def render(checked: Checked, told: Sequence[Advice], sentences: Sequence[str]) -> RenderableType:
    """The answer for a terminal.

    Args:
        checked: what was found of one identifier.
        told: the advice for it.
        sentences: what was sent and who learnt what; none where nobody asked.
    """
    from rich.console import Group
    from rich.text import Text

    [one] = checked.identifiers
    parts: list[RenderableType] = []
    if checked.snapshot.synthetic:
        some = "all" if checked.snapshot.synthetic == checked.snapshot.leaks else "some"
        parts.append(Text(f"{SYNTHETIC}: {some} of these leaks were made for a test.", style="bold yellow"))
    parts.append(Text(_headline(checked, one), style="bold"))
    for leak in one.leaks:
        parts += _leak(leak)
    parts += _advice(told)
    parts += _limits(one)
    if sentences:
        parts.append(_heading("WHO LEARNT WHAT"))
        parts += [Text(sentence) for sentence in sentences]
    return Group(*parts)


def explanation(source: Path | str, evaluator: Evaluator | str | None, *, named: bool = False) -> list[str]:
    """What was sent and who learnt what, in three sentences.

    Args:
        source: the folder, or the address of the server, that has the snapshot.
        evaluator: the address of the server that evaluated, an evaluator on this machine, or None for the source.
        named: whether the evaluator was asked with an API key.
    """
    host = _name(source) if isinstance(source, str) else None
    who = "the holder of the API key" if named else "somebody"
    asked = _name(evaluator) if isinstance(evaluator, str) else host if evaluator is None else None
    last = (
        "Nobody but you learnt whether anything was found: the requests are the same either way, and none came after"
        " the answer."
    )
    if host is None and asked is None:
        return [
            "Nothing was sent: the snapshot and the key that evaluates are both on this machine.",
            "Whoever reads this machine's memory meanwhile could learn what was asked, and nobody else.",
            last,
        ]
    buckets = "four of 65,536 buckets were fetched in random order, three of them decoys"
    sent = "Sent was one blinded element, which looks random to anyone"
    if host is None:
        return [
            f"{sent}; the buckets were read from files on this machine.",
            f"{asked} learnt that {who} at your network address checked something, and when.",
            last,
        ]
    if asked is None:
        return [
            f"Nothing was sent for the evaluation, whose key is on this machine; {buckets}.",
            f"{host} learnt that somebody at your network address checked, when, and the four buckets, which mean"
            " nothing to whoever has not the key.",
            last,
        ]
    if asked == host:
        return [
            f"{sent}, and {buckets}.",
            f"{host} learnt that {who} at your network address checked, and when; as it has the key too, it could"
            " try all identifiers there are, and be left with one in 16,000 of them, yours among these.",
            last,
        ]
    return [
        f"{sent}, to {asked}; {buckets}, from {host}.",
        f"{asked} learnt that {who} at your network address checked, and when, and {host} learnt four buckets,"
        " which mean nothing without the key; only together could they try all identifiers there are, and be left with"
        " one in 16,000 of them, yours among these.",
        last,
    ]


def _name(address: str) -> str:
    return plain(urlsplit(address).netloc, LONGEST_TITLE)


def _headline(checked: Checked, one: CheckedIdentifier) -> str:
    snapshot = checked.snapshot
    where = f"snapshot {snapshot.number} of {snapshot.made_at:%Y-%m-%d}"
    if one.leaks:
        return f"Found in {len(one.leaks):,} of {plural(snapshot.leaks, 'leak')} in {where}."
    if one.looked_in:
        return f"Not found in {plural(one.looked_in, 'leak')} in {where}."
    return f"Nothing is known: no leak in {where} was sealed for this kind of identifier."


def _leak(leak: FoundLeak) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    mark = " (synthetic)" if leak.synthetic else ""
    yield _heading((plain(leak.title, LONGEST_TITLE) or plain(leak.slug, LONGEST_TITLE)) + mark)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    rows = [
        ("what of yours", _all([field_name(label) for label in leak.field_types])),
        ("when", _when(leak)),
        ("how sure", " ".join(_how_sure(leak))),
    ]
    if leak.domain:
        rows.append(("whose data", plain(leak.domain, LONGEST_DOMAIN)))
    if leak.description:
        rows.append(("about it", plain(leak.description, LONGEST_DESCRIPTION)))
    for name, value in rows:
        grid.add_row(Text(name), Text(value))
    yield grid


def _all(items: list[str]) -> str:
    """Every one of them: what is left out here, nobody would look for."""
    return listing(items, most=len(items))


def _when(leak: FoundLeak) -> str:
    taken = f"taken {leak.breach_date}" if leak.breach_date else "when it was taken is not known"
    return f"{taken}; {f'published {leak.published_date}' if leak.published_date else 'when it came out is not known'}"


def _how_sure(leak: FoundLeak) -> Iterator[str]:
    if leak.fabricated:
        yield "The data is made up in whole or in part: yours may be in it without ever having been taken."
    elif leak.verified:
        yield "The data was verified as real."
    else:
        yield "Nobody has verified that the data is real."
    if leak.spam_list:
        yield "It is a list for sending spam; no break-in is known."
    if leak.malware or leak.stealer_log:
        yield "It was taken from people's own machines by malware: clean yours before you change a password."


def _advice(told: Sequence[Advice]) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    before = None
    for one in told:
        if one.heading != before:
            yield _heading(one.heading.upper())
            before = one.heading
        yield Text(one.title, style="bold")
        yield Padding(Text(one.text), (0, 0, 0, 2))


def _limits(one: CheckedIdentifier) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    notes = []
    if one.not_looked_in:
        slugs = _all([plain(slug, LONGEST_TITLE) for slug in one.not_looked_in])
        notes.append(f"Not looked in, as they were not sealed for this kind of identifier: {slugs}.")
    if one.looked_in and not one.leaks:
        notes.append(
            "Not found holds for these leaks as they were read, and for the identifier as it was typed. It does not"
            " say that no other leak has it."
        )
    if notes:
        yield Padding(Text(" ".join(notes)), (1, 0, 0, 0))


def _heading(title: str) -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(title, style="bold"), (1, 0, 0, 0))
