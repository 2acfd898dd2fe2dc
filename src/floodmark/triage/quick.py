"""A first answer at any size: random pieces of the files, and an interval on every count.

The unit of sampling is the piece, since rows that lie together are alike (`triage.sampling`). Each file is estimated
from its own pieces, and the limits of several files are added, which is wider than need be and never too narrow.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from floodmark.dumps import Accounting, Grammar, read
from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.identifiers import FieldType, phones
from floodmark.triage.assemble import FileResult, birth_column, rows_by_type, valid_rows
from floodmark.triage.column_names import published
from floodmark.triage.inputs import Input, inputs
from floodmark.triage.observe import Observed, Shared, field_types, observe
from floodmark.triage.profile import Profile
from floodmark.triage.run import Advance, Options, concluded, profile_of
from floodmark.triage.sampling import Estimate, draw_offsets, estimate_total
from floodmark.triage.spill import SpoolFailed

PIECE_SIZE = 1 << 17
PIECES = 128
LEAST_PIECES = 32


@dataclass(frozen=True)
class Sampled:
    """Pieces of one file.

    Attributes:
        result: the file, with the sums over its pieces.
        head: what precedes the records (byte order mark, preamble, header), which is known and not estimated.
        sizes: bytes of each piece, without the head.
        seen: what the records of each piece show.
        accounts: where the bytes of each piece went.
        population: pieces in the file.
    """

    result: FileResult
    head: Accounting
    sizes: list[int]
    seen: list[Observed]
    accounts: list[Accounting]
    population: int


Count = Callable[[Observed, Accounting, Grammar], int]


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
        return Sampled(FileResult(item.label, item.size, None, problem=error), Accounting(), [], [], [], 0)


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
    for piece in dump.pieces(offsets.tolist(), PIECE_SIZE):
        seen.append(observe(piece.batch.frame, dump, shared, options.region))
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
    grammar = published(dump.grammar)
    result = FileResult(item.label, size, None, grammar, accounting, observed, dump.synthetic)
    return Sampled(result, head, sizes, seen, accounts, -(-size // PIECE_SIZE))


def _estimated(profile: Profile, samples: list[Sampled]) -> Profile:
    """Every count of the sample replaced by its estimate, and the intervals."""
    intervals: dict[str, list[int]] = {}

    def settle(pointer: str, count: Count, of: list[Sampled]) -> Estimate:
        parts = [_estimate(sample, count) for sample in of if sample.seen]
        whole = Estimate(*(sum(getattr(p, f) for p in parts) for f in ("value", "low", "high", "unseen")))
        _put(profile, pointer, whole.value)
        intervals[pointer] = [whole.low, whole.high]
        return whole

    rows = settle("/rows", lambda o, a, g: o.rows, samples)
    for pointer, count in _counts(profile, samples):
        settle(pointer, count, samples)
    for i, sample in enumerate(samples):
        for pointer, count in _file_counts(profile, sample, i):
            settle(pointer, count, [sample])
        settle(f"/files/{i}/lines/total", lambda o, a, g: a.total_lines, [sample])
        for part in ("lines", "bytes"):
            shares = getattr(profile.files[i], part)
            total = shares.accepted + shares.repaired + shares.quarantined + shares.skipped
            low, high = intervals.get(
                f"/files/{i}/{part}/total", [sample.result.size] * 2 if sample.seen else [0, 0]
            )
            _put(profile, f"/files/{i}/{part}/total", total)
            intervals[f"/files/{i}/{part}/total"] = [min(low, total), max(high, total)]
    for pointer, least, most in _bounded(profile, intervals):
        value = _get(profile, pointer)
        intervals[pointer] = [value if least is None else min(least, value), max(most, value)]
    return replace(profile, rows=rows.value, intervals=intervals, unseen_rows=rows.unseen)


def _estimate(sample: Sampled, count: Count) -> Estimate:
    grammar, head = sample.result.grammar, sample.head
    assert grammar is not None  # noqa: S101  set by _sample
    counts = np.array(
        [count(o, a, grammar) for o, a in zip(sample.seen, sample.accounts, strict=True)], np.int64
    )
    rows = np.array([o.rows for o in sample.seen], np.int64)
    within = rows if (counts <= rows).all() else None
    size = sample.result.size - head.total_bytes
    found = estimate_total(counts, np.array(sample.sizes), size, sample.population, within)
    known = count(Observed.empty(len(grammar.columns)), head, grammar)
    return Estimate(found.value + known, found.low + known, found.high + known, found.unseen)


def _counts(profile: Profile, samples: list[Sampled]) -> Iterable[tuple[str, Count]]:
    """Every count over all files that a sum over pieces estimates: where it stands, and how a piece counts it."""
    for i, identifier in enumerate(profile.identifiers):
        yield f"/identifiers/{i}/rows", lambda o, a, g, k=identifier.kind: o.kind_rows[k]  # type: ignore[misc]
        yield f"/identifiers/{i}/valid", lambda o, a, g, k=identifier.kind: o.kind_valid[k]  # type: ignore[misc]
    for i, country in enumerate(profile.countries):
        at = phones.REGIONS.index(country.country)
        yield f"/countries/{i}/phones", lambda o, a, g, at=at: int(o.regions[at])  # type: ignore[misc]
    yield "/locations/rows", lambda o, a, g: o.places.total()
    yield "/locations/unknown", lambda o, a, g: o.places[""]
    for i, place in enumerate(profile.locations.countries):
        yield f"/locations/countries/{i}/rows", lambda o, a, g, c=place["country"]: o.places[c]  # type: ignore[misc]
    for i, found in enumerate(profile.fields):
        kind = FieldType[found.type.upper()]
        yield f"/fields/{i}/rows", lambda o, a, g, k=kind: _with_type(o, g, k)  # type: ignore[misc]
        if found.valid is not None:
            yield f"/fields/{i}/valid", lambda o, a, g, k=kind: _valid_of_type(o, g, k)  # type: ignore[misc]
    if profile.minors is not None:
        births = {id(s.result.grammar): birth_column(*s.result.read) for s in samples if s.result.read}
        for part in ("rows", "minors", "low", "high"):
            yield f"/minors/{part}", lambda o, a, g, p=part: _births(o, births[id(g)], p)  # type: ignore[misc]
    for i, group in enumerate(profile.field_sets):
        kinds = frozenset(FieldType[name.upper()] for name in group.fields)
        yield f"/field_sets/{i}/rows", lambda o, a, g, k=kinds: _with_set(o, g, k)  # type: ignore[misc]


def _with_type(observed: Observed, grammar: Grammar, kind: FieldType) -> int:
    return rows_by_type(grammar, observed)[kind]


def _valid_of_type(observed: Observed, grammar: Grammar, kind: FieldType) -> int:
    return valid_rows(grammar, observed, kind) or 0


def _with_set(observed: Observed, grammar: Grammar, kinds: frozenset[FieldType]) -> int:
    types = field_types(grammar)
    if not kinds <= set(types):
        return 0
    return observed.sets[sum(1 << types.index(kind) for kind in kinds)]


def _file_counts(profile: Profile, sample: Sampled, i: int) -> Iterable[tuple[str, Count]]:
    """The same for one file."""
    if sample.result.read is None:
        return
    yield f"/files/{i}/records", lambda o, a, g: o.rows
    for kind in ("accepted", "repaired", "quarantined", "skipped"):
        yield f"/files/{i}/lines/{kind}", lambda o, a, g, k=kind: a.lines[k]  # type: ignore[misc]
        yield f"/files/{i}/bytes/{kind}", lambda o, a, g, k=kind: a.bytes[k]  # type: ignore[misc]
    for part, kind in (("repairs", "repaired"), ("quarantine", "quarantined"), ("skipped", "skipped")):
        for j, reason in enumerate(getattr(profile.files[i], part)):
            at = (kind, reason.reason)
            yield f"/files/{i}/{part}/{j}/lines", lambda o, a, g, at=at: a.of(*at).lines  # type: ignore[misc]
            yield f"/files/{i}/{part}/{j}/bytes", lambda o, a, g, at=at: a.of(*at).bytes  # type: ignore[misc]
    _, observed = sample.result.read
    places = [j for j, date in enumerate(profile.dates) if date.file == profile.files[i].label]
    for j, column in zip(places, sorted(observed.dates), strict=True):
        date = profile.dates[j]
        for part in ("rows", "parsed", "ambiguous"):
            yield f"/dates/{j}/{part}", lambda o, a, g, c=column, p=part: _dated(o, c, p)  # type: ignore[misc]
        for n, sentinel in enumerate(date.sentinels):
            value = sentinel["value"]
            yield f"/dates/{j}/sentinels/{n}/rows", lambda o, a, g, c=column, v=value: _sentinels(o, c, v)  # type: ignore[misc]
        for n, year in enumerate(date.years):
            value = year["year"]
            yield f"/dates/{j}/years/{n}/rows", lambda o, a, g, c=column, v=value: _years(o, c, v)  # type: ignore[misc]


def _births(observed: Observed, column: int | None, part: str) -> int:
    tally = observed.dates.get(column) if column is not None else None
    if tally is None:
        return 0
    return tally.minors + (tally.perhaps if part == "high" else 0) if part != "rows" else tally.rows


def _dated(observed: Observed, column: int, part: str) -> int:
    return int(getattr(observed.dates[column], part)) if column in observed.dates else 0


def _sentinels(observed: Observed, column: int, value: str) -> int:
    return observed.dates[column].sentinels[value] if column in observed.dates else 0


def _years(observed: Observed, column: int, value: int) -> int:
    return observed.dates[column].years[value] if column in observed.dates else 0


def _bounded(profile: Profile, intervals: dict[str, list[int]]) -> Iterable[tuple[str, int | None, int]]:
    """Counts that no sample estimates: where, the lower bound (None: what the pieces hold) and the upper one."""
    rows = intervals["/rows"][1]
    valid = {item.kind: intervals[f"/identifiers/{i}/valid"][1] for i, item in enumerate(profile.identifiers)}
    phones_, addresses = valid.get("phone", 0), valid.get("email", 0)
    for i, identifier in enumerate(profile.identifiers):
        yield f"/identifiers/{i}/distinct", None, valid[identifier.kind]
    for i in range(len(profile.countries)):
        yield f"/countries/{i}/distinct", None, intervals[f"/countries/{i}/phones"][1]
    for part in ("rows", "distinct", "repeats", "most_copies"):
        yield f"/duplicates/{part}", None, rows
    for part in ("numbers", "in_runs", "longest"):
        yield f"/runs/{part}", None, phones_
    # Runs of two pieces may be one, and a domain that is rare in the pieces may have a name in the file.
    yield "/runs/runs", min(profile.runs.runs, 1), phones_
    for i in range(len(profile.runs.lengths)):
        for part in ("runs", "numbers"):
            yield f"/runs/lengths/{i}/{part}", 0, phones_
    yield "/email_domains/distinct", None, addresses
    yield "/email_domains/other_rows", 0, addresses
    for i in range(len(profile.email_domains.top)):
        yield f"/email_domains/top/{i}/rows", None, addresses


def _of_findings(profile: Profile) -> dict[str, list[int]]:
    """Intervals of the rows that findings name, each a copy of a count that has one."""
    known = [p for p in profile.intervals if p.startswith(("/fields/", "/minors/", "/duplicates/"))]
    found = {}
    for i, finding in enumerate(profile.warnings):
        same = [profile.intervals[p] for p in known if _get(profile, p) == finding.rows]
        if finding.rows is not None:
            found[f"/warnings/{i}/rows"] = [min(low for low, _ in same), max(high for _, high in same)]
    return found


def _get(part: Any, pointer: str) -> int:
    for name in pointer.split("/")[1:]:
        part = _step(part, name)
    return int(part)


def _put(profile: Profile, pointer: str, value: int) -> None:
    """Set a number of the profile that stands at a JSON pointer; parts are frozen, so this goes around that."""
    *way, last = pointer.split("/")[1:]
    part: Any = profile
    for name in way:
        part = _step(part, name)
    if is_dataclass(part):
        object.__setattr__(part, last, value)
    else:
        part[last] = value


def _step(part: Any, name: str) -> Any:
    if isinstance(part, list):
        return part[int(name)]
    return part[name] if isinstance(part, dict) else getattr(part, name)
