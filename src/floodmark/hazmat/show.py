"""`show`: raw lines of a dump, logged before they are handed out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from floodmark.dumps import (
    BackgroundDigest,
    Dump,
    InputDigest,
    Opening,
    Span,
    Unopened,
    open_regular,
    opened,
)
from floodmark.dumps.code_pages import code_page
from floodmark.dumps.containers import Fingerprint, Member, Source, members
from floodmark.dumps.containers.labels import shown_as
from floodmark.dumps.encodings import Encoding, encoding_of
from floodmark.errors import InputChanged, UsageError
from floodmark.hazmat.lines import lines_at
from floodmark.hazmat.look import Look, NoSuchPlace, RawLine, Shown
from floodmark.reports.labels import plain

MOST_LINES = 100
LONGEST_LABEL = 200
HEAD = 1 << 20
PIECE = 1 << 20
Advance = Callable[[int], None]


@dataclass(frozen=True)
class At:
    """An offset in the text, as reports name it."""

    offset: int


@dataclass(frozen=True)
class Quarantined:
    """The so-manieth place that no grammar explains, from 1, in the order of the text."""

    number: int


def show(
    path: str | Path,
    place: At | Quarantined,
    *,
    reason: str,
    log: Callable[[Look], None],
    lines: int = 1,
    member: str | None = None,
    opening: Opening | None = None,
    grammar: Path | None = None,
    advance: Advance | None = None,
    **overrides: Any,
) -> Shown:
    """Raw lines of a dump. Whoever gets them shows them to a person and keeps them nowhere.

    Args:
        path: the file.
        place: where.
        reason: why they are looked at, for the log.
        log: is given what is looked at before it is handed out; where it raises, nothing is.
        lines: how many, at most `MOST_LINES`.
        member: label of a member of the file, where it is an archive.
        opening: how its containers are opened.
        grammar: a grammar file, for what is quarantined; the lines of an offset need none.
        advance: told how many raw bytes were read since it was last called; all are read once, for their SHA-256.
        **overrides: parts of the grammar, as for `floodmark.dumps.opened`; `encoding` for every place.

    Raises:
        NoSuchPlace: the file has no such offset, member or quarantined place.
        UsageError: an archive without a member named, a member that has no lines, or a number that cannot be.
        InputChanged: the file changed meanwhile.
        FloodmarkError: it cannot be read.
    """
    path = Path(path)
    if not 1 <= lines <= MOST_LINES:
        raise UsageError(f"{lines:,} lines were asked for", f"Ask for 1 to {MOST_LINES} at a time.")
    with open_regular(path) as file:
        before = Fingerprint.of(file)
        digest = _digest(file, shown_as(path.name), advance)
    opening = opening or Opening()
    span = None
    if isinstance(place, Quarantined):
        span = _quarantined(path, member, opening, place.number, grammar, overrides)
        offset = span.start
    else:
        offset = place.offset
    if offset < 0:
        raise UsageError("An offset is 0 or more", "Take it from a report.")
    encoding = overrides.get("encoding")
    number, label, codec, found = _lines(path, member, opening, encoding, offset, lines)
    with open_regular(path) as file:
        if Fingerprint.of(file) != before:
            raise InputChanged("The file changed while it was read")
    look = Look(digest.sha256 or "", digest.size, number, offset, lines, reason, label)
    log(look)
    return Shown(look, codec, found, span)


def _digest(file: BinaryIO, label: str, advance: Advance | None) -> InputDigest:
    with BackgroundDigest() as digest:
        while data := file.read(PIECE):
            digest(data)
            if advance is not None:
                advance(len(data))
        return digest.finish(label)


def _lines(
    path: Path, name: str | None, opening: Opening, encoding: str | None, offset: int, count: int
) -> tuple[int, str, str, tuple[RawLine, ...]]:
    """Number and label of the member, codec of its text, and the lines."""
    with closing(members(path, opening)) as found:
        for number, member in enumerate(found):
            if _is_meant(member.name, path, name):
                source = _source(member)
                head = source.peek(HEAD)
                known = Encoding.stated(encoding, head) if encoding else encoding_of(head)
                codec = code_page(known.name).codec
                found_lines = lines_at(source.read, offset, count, codec)
                if not member.name:
                    return 0, "", codec, found_lines
                return (
                    number + 1,
                    plain(f"{shown_as(path.name)}/{member.name}", LONGEST_LABEL),
                    codec,
                    found_lines,
                )
    raise NoSuchPlace("The file has no member of this name")


def _is_meant(member: str, path: Path, name: str | None) -> bool:
    """Whether a member is the one that was named, by itself or as reports call it, behind the name of its file.

    Raises:
        UsageError: none was named, and there is more than the file itself.
    """
    if not member:
        return name is None
    if name is None:
        raise UsageError(
            "The file has several members",
            "Name the one that the place is in with --member, as the report calls it.",
        )
    return name in (member, f"{shown_as(path.name)}/{member}")


def _source(member: Member) -> Source:
    if member.source is None:
        raise member.problem or NoSuchPlace("The member cannot be read")
    if member.source.kind != "text":
        raise UsageError(
            f"A file of kind {member.source.kind} has no lines",
            "Look at its cells in the program that made it.",
        )
    return member.source


def _quarantined(
    path: Path,
    name: str | None,
    opening: Opening,
    number: int,
    grammar: Path | None,
    overrides: dict[str, Any],
) -> Span:
    """The span of a quarantined place of a member, counted over its text."""
    if number < 1:
        raise UsageError("Quarantined places are counted from 1", "State 1 or more.")
    with closing(opened(path, grammar=grammar, opening=opening, **overrides)) as found:
        for dump in found:
            if not _is_meant(dump.label.removeprefix(shown_as(path.name)).removeprefix("/"), path, name):
                continue
            if isinstance(dump, Unopened):
                raise dump.problem
            return _nth_quarantined(dump, number)
    raise NoSuchPlace("The file has no member of this name")


def _nth_quarantined(dump: Dump, number: int) -> Span:
    seen = 0
    with closing(dump.accounted()) as batches:
        for batch in batches:
            spans = [span for span in batch.spans if span.kind == "quarantined"]
            spans.sort(key=lambda span: span.start)
            if seen + len(spans) >= number:
                return spans[number - seen - 1]
            seen += len(spans)
    raise NoSuchPlace(f"Only {seen:,} places of the text are quarantined", "Ask for one of these.")
