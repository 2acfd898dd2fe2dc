"""A first answer at any size: random pieces of the files, and an interval on every count.

The unit of sampling is the piece, since rows that lie together are alike (`triage.sampling`). Each file is estimated
from its own pieces, and the limits of several files are added, which is wider than need be and never too narrow.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from floodmark.dumps import Accounting, InputDigest, pieces, read
from floodmark.dumps.secret_file import SpoolFailed
from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.triage.assemble import FileResult
from floodmark.triage.inputs import Input, inputs
from floodmark.triage.observe import Observed, Shared, observe
from floodmark.triage.profile import Profile
from floodmark.triage.quick_counts import Count, Sampled, bounded, counts, file_counts, get, put
from floodmark.triage.run import Advance, Options, concluded, profile_of
from floodmark.triage.sampling import Estimate, draw_offsets, estimate_total

PIECE_SIZE = 1 << 17
PIECES = 128
LEAST_PIECES = 32


def quick_triage(
    paths: Iterable[str | Path],
    options: Options | None = None,
    *,
    seed: int | None = None,
    pieces: int = PIECES,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    advance: Advance | None = None,
) -> Profile:
    """A profile from random pieces, `mode` quick, with a 95 % interval for every count that is an estimate.

    Args:
        paths: plain files, or folders of them.
        options: as for `triage`.
        seed: of the random offsets; drawn and kept in custody when None.
        pieces: how many to read of all files together; of each file at least `LEAST_PIECES`.
        clock: gives the time, for custody.
        advance: told how many bytes were read since it was last called.

    Raises:
        NothingToRead: no input, or no record in any piece.
        UnreadableInput: an input is compressed.
    """
    options = options or Options()
    started = clock()
    options = replace(options, as_of=options.as_of or started.date())
    seed = secrets.randbits(32) if seed is None else seed
    rng = np.random.default_rng(seed)
    items = inputs(Path(path) for path in paths)
    total = sum(item.size for item in items)
    shared = Shared.open()
    try:
        samples = [
            _sampled(item, options, shared, rng, pieces / max(total, 1), advance, alone=len(items) == 1)
            for item in items
        ]
        problems = [sample.result.problem for sample in samples if sample.result.problem]
        if len(problems) == len(samples):
            raise problems[0]
        profile = profile_of([sample.result for sample in samples], shared, options, started, clock)
    finally:
        shared.close()
    if not profile.rows:
        raise NothingToRead("No piece that was read holds a record", "Read all of it with --exact.")
    quick = {"seed": seed, "pieces": pieces, "piece_bytes": PIECE_SIZE}
    custody = {**profile.custody, "options": {**profile.custody["options"], "quick": quick}}
    profile = concluded(_estimated(replace(profile, mode="quick", custody=custody), samples))
    return replace(profile, intervals=profile.intervals | _of_findings(profile))


def _sampled(
    item: Input,
    options: Options,
    shared: Shared,
    rng: np.random.Generator,
    per_byte: float,
    advance: Advance | None,
    alone: bool,
) -> Sampled:
    """Pieces of one file; that it cannot be read is a result unless the file is the only one."""
    try:
        return _sample(item, options, shared, rng, per_byte, advance)
    except SpoolFailed:
        raise
    except FloodmarkError as error:
        if alone:
            raise
        unread = FileResult(
            item.label, item.size, None, problem=error, input=InputDigest(item.label, item.size, None)
        )
        return Sampled(unread, Accounting(), [], [], [], 0)


def _sample(
    item: Input,
    options: Options,
    shared: Shared,
    rng: np.random.Generator,
    per_byte: float,
    advance: Advance | None,
) -> Sampled:
    dump = read(item.path, grammar=options.grammar, **options.overrides)
    size = item.size
    wanted = max(LEAST_PIECES, round(size * per_byte))
    offsets = draw_offsets(size, PIECE_SIZE, wanted, rng)
    sizes, seen, accounts = [], [], []
    assert options.as_of is not None  # noqa: S101  set by quick_triage
    for piece in pieces(dump, offsets.tolist(), PIECE_SIZE):
        seen.append(observe(piece.batch.frame, piece.table, shared, options.region))
        seen[-1].settle(dump.grammar, options.as_of)
        accounts.append(piece.accounting)
        sizes.append(piece.start + piece.size - piece.batch.start)
        if advance is not None:
            advance(piece.size)
    head = dump.accounting
    observed, accounting = Observed.empty(len(dump.grammar.columns)), Accounting()
    accounting.merge(head)
    for one, account in zip(seen, accounts, strict=True):
        observed.add(one)
        accounting.merge(account)
    grammar = dump.grammar
    result = FileResult(
        item.label,
        size,
        None,
        grammar,
        accounting,
        observed,
        dump.synthetic,
        input=InputDigest(item.label, size, None),
    )
    return Sampled(result, head, sizes, seen, accounts, -(-size // PIECE_SIZE))


def _estimated(profile: Profile, samples: list[Sampled]) -> Profile:
    """Every count of the sample replaced by its estimate, and the intervals."""
    intervals: dict[str, list[int]] = {}

    def settle(pointer: str, count: Count, of: list[Sampled]) -> Estimate:
        parts = [_estimate(sample, count) for sample in of if sample.seen]
        whole = Estimate(*(sum(getattr(p, f) for p in parts) for f in ("value", "low", "high", "unseen")))
        put(profile, pointer, whole.value)
        intervals[pointer] = [whole.low, whole.high]
        return whole

    rows = settle("/rows", lambda o, a, g: o.rows, samples)
    for pointer, count in counts(profile, samples):
        settle(pointer, count, samples)
    for i, sample in enumerate(samples):
        for pointer, count in file_counts(profile, sample, i):
            settle(pointer, count, [sample])
        settle(f"/files/{i}/lines/total", lambda o, a, g: a.total_lines, [sample])
        for part in ("lines", "bytes"):
            shares = getattr(profile.files[i], part)
            total = shares.accepted + shares.repaired + shares.quarantined + shares.skipped
            low, high = intervals.get(
                f"/files/{i}/{part}/total", [sample.result.size] * 2 if sample.seen else [0, 0]
            )
            put(profile, f"/files/{i}/{part}/total", total)
            intervals[f"/files/{i}/{part}/total"] = [min(low, total), max(high, total)]
    for pointer, least, most in bounded(profile, intervals):
        value = get(profile, pointer)
        intervals[pointer] = [value if least is None else min(least, value), max(most, value)]
    return replace(profile, rows=rows.value, intervals=intervals, unseen_rows=rows.unseen)


def _estimate(sample: Sampled, count: Count) -> Estimate:
    grammar, head = sample.result.grammar, sample.head
    assert grammar is not None  # noqa: S101  set by _sample
    by_piece = np.array(
        [count(o, a, grammar) for o, a in zip(sample.seen, sample.accounts, strict=True)], np.int64
    )
    rows = np.array([o.rows for o in sample.seen], np.int64)
    within = rows if (by_piece <= rows).all() else None
    size = sample.result.size - head.total_bytes
    found = estimate_total(by_piece, np.array(sample.sizes), size, sample.population, within)
    known = count(Observed.empty(len(grammar.columns)), head, grammar)
    return Estimate(found.value + known, found.low + known, found.high + known, found.unseen)


def _of_findings(profile: Profile) -> dict[str, list[int]]:
    """Intervals of the rows that findings name, each a copy of a count that has one."""
    known = [p for p in profile.intervals if p.startswith(("/fields/", "/minors/", "/duplicates/"))]
    found = {}
    for i, finding in enumerate(profile.warnings):
        same = [profile.intervals[p] for p in known if get(profile, p) == finding.rows]
        if finding.rows is not None:
            found[f"/warnings/{i}/rows"] = [min(low for low, _ in same), max(high for _, high in same)]
    return found
