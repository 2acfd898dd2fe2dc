"""Where every byte of a file went: accepted, repaired, quarantined or skipped, with records counted apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SpanKind = Literal["accepted", "repaired", "quarantined", "skipped"]
KINDS: tuple[SpanKind, ...] = ("accepted", "repaired", "quarantined", "skipped")
OFFSETS_KEPT = 1000


@dataclass(frozen=True)
class Span:
    """A stretch of a file's text (after its container is opened) with one fate.

    Attributes:
        kind: the fate.
        reason: name of the repair, of the quarantine reason or of what was skipped; empty when accepted.
        start: offset of the first byte.
        size: bytes, the line end included.
        lines: lines in the span.
    """

    kind: SpanKind
    reason: str
    start: int
    size: int
    lines: int = 1


@dataclass
class Tally:
    """Lines and bytes of one reason, with the offsets of its first `OFFSETS_KEPT` spans."""

    lines: int = 0
    bytes: int = 0
    offsets: list[int] = field(default_factory=list)


@dataclass
class Accounting:
    """Running totals over the spans of one file.

    Attributes:
        lines: lines by kind.
        bytes: bytes by kind.
        records: records handed out.
        reasons: for each kind but accepted, the tally by reason.
    """

    lines: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    bytes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    records: int = 0
    reasons: dict[str, dict[str, Tally]] = field(
        default_factory=lambda: {"repaired": {}, "quarantined": {}, "skipped": {}}
    )

    def accept(self, lines: int, size: int) -> None:
        """Count `lines` accepted lines of `size` bytes together."""
        self.lines["accepted"] += lines
        self.bytes["accepted"] += size

    def add(self, span: Span) -> None:
        """Count one span."""
        self.lines[span.kind] += span.lines
        self.bytes[span.kind] += span.size
        if span.kind == "accepted":
            return
        tally = self.reasons[span.kind].setdefault(span.reason, Tally())
        tally.lines += span.lines
        tally.bytes += span.size
        if len(tally.offsets) < OFFSETS_KEPT:
            tally.offsets.append(span.start)

    def of(self, kind: str, reason: str) -> Tally:
        """The tally of one reason; an empty one when nothing had it."""
        return self.reasons[kind].get(reason, Tally())

    def merge(self, other: Accounting) -> None:
        """Add what another stretch of the same file came to."""
        self.records += other.records
        for kind in KINDS:
            self.lines[kind] += other.lines[kind]
            self.bytes[kind] += other.bytes[kind]
        for fate, reasons in other.reasons.items():
            for reason, theirs in reasons.items():
                mine = self.reasons[fate].setdefault(reason, Tally())
                mine.lines += theirs.lines
                mine.bytes += theirs.bytes
                mine.offsets.extend(theirs.offsets[: OFFSETS_KEPT - len(mine.offsets)])

    @property
    def total_lines(self) -> int:
        """Lines of every kind together."""
        return sum(self.lines.values())

    @property
    def total_bytes(self) -> int:
        """Bytes of every kind together; equals the size of the text when the file was read through."""
        return sum(self.bytes.values())
