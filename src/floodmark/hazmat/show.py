"""`show`: raw lines of a dump, logged before they are handed out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from floodmark.dumps import BackgroundDigest, InputDigest, Span, Unopened, open_regular, opened
from floodmark.dumps.code_pages import code_page
from floodmark.dumps.containers import Fingerprint, Member, Opening, Source, members
from floodmark.dumps.encodings import encoding_of
from floodmark.errors import InputChanged, UsageError
from floodmark.hazmat.lines import lines_at
from floodmark.hazmat.look import Look, NoSuchPlace, RawLine, Shown

MOST_LINES = 100
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
        grammar: a grammar file, for what is quarantined.
        advance: told how many raw bytes were read since it was last called; all are read once, for their SHA-256.
        **overrides: parts of the grammar, as for `floodmark.dumps.read`.

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
        digest = _digest(file, path.name, advance)
    span = None
    if isinstance(place, Quarantined):
        span = _quarantined(
            path, member, place.number, grammar=grammar, opening=opening or Opening(), **overrides
        )
        offset = span.start
    else:
        offset = place.offset
    if offset < 0:
        raise UsageError("An offset is 0 or more", "Take it from a report.")
    number, codec, found = _lines(path, member, opening or Opening(), offset, lines)
    with open_regular(path) as file:
        if Fingerprint.of(file) != before:
            raise InputChanged("The file changed while it was read")
    look = Look(digest.sha256 or "", digest.size, number, offset, lines, reason)
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
    path: Path, name: str | None, opening: Opening, offset: int, count: int
) -> tuple[int, str, tuple[RawLine, ...]]:
    """Number of the member, codec of its text, and the lines."""
    with closing(members(path, opening)) as found:
        for number, member in enumerate(found):
            if not member.name and name is None:
                return 0, *_of(_source(member), offset, count)
            if name is None:
                raise UsageError(
                    "The file has several members",
                    "Name the one that the offset is of with --member, as the report calls it.",
                )
            if member.name == name:
                return number + 1, *_of(_source(member), offset, count)
    raise NoSuchPlace("The file has no member of this name")


def _source(member: Member) -> Source:
    if member.source is None:
        raise member.problem or NoSuchPlace("The member cannot be read")
    if member.source.kind != "text":
        raise UsageError(
            f"A file of kind {member.source.kind} has no lines",
            "Look at its cells in the program that made it.",
        )
    return member.source


def _of(source: Source, offset: int, count: int) -> tuple[str, tuple[RawLine, ...]]:
    codec = code_page(encoding_of(source.peek(HEAD)).name).codec
    return codec, lines_at(source.read, offset, count, codec)


def _quarantined(path: Path, member: str | None, number: int, **options: Any) -> Span:
    """The span of a quarantined place, counted over the text."""
    if number < 1:
        raise UsageError("Quarantined places are counted from 1", "State 1 or more.")
    seen = 0
    with closing(opened(path, label="", **options)) as dumps:
        for dump in dumps:
            if dump.label != (f"/{member}" if member else ""):
                continue
            if isinstance(dump, Unopened):
                raise dump.problem
            for batch in dump.accounted():
                for span in sorted(batch.spans, key=lambda one: one.start):
                    seen += span.kind == "quarantined"
                    if seen == number and span.kind == "quarantined":
                        return span
    raise NoSuchPlace(f"Only {seen:,} places of the file are quarantined", "Ask for one of these.")
