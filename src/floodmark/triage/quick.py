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
from floodmark.errors import NothingToRead
from floodmark.identifiers import FieldType, phones
from floodmark.triage.assemble import FileResult
from floodmark.triage.inputs import Input, inputs
from floodmark.triage.observe import Observed, Shared, field_types, observe
from floodmark.triage.profile import Profile
from floodmark.triage.run import Advance, Options, concluded, profile_of
from floodmark.triage.sampling import Estimate, draw_offsets, estimate_total

PIECE_SIZE = 1 << 17
PIECES = 256
LEAST_PIECES = 32


@dataclass(frozen=True)
class Sampled:
    """Pieces of one file: sizes in bytes, sums and accounting a piece, and pieces in the file."""

    result: FileResult
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
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    advance: Advance | None = None,
) -> Profile:
    """A profile from random pieces, `mode` quick, with a 95 % interval for every count that is an estimate.

    Args:
        paths: plain files, or folders of them.
        options: as for `triage`.
        seed: of the random offsets; drawn and kept in custody when None.
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
    total = sum(item.path.stat().st_size for item in items if item.path.exists())
    shared = Shared.open()
    try:
        samples = [_sample(item, options, shared, rng, total, advance) for item in items]
        profile = profile_of([sample.result for sample in samples], shared, options, started, clock)
    finally:
        shared.close()
    if not profile.rows:
        raise NothingToRead("No piece that was read holds a record", "Read all of it with --exact.")
    custody = {
        **profile.custody,
        "inputs": [{"label": s.result.label, "size": s.result.size, "sha256": None} for s in samples],
        "options": {**profile.custody["options"], "quick": {"seed": seed, "piece_bytes": PIECE_SIZE}},
    }
    return concluded(_estimated(replace(profile, mode="quick", custody=custody), samples))


def _sample(
    item: Input, options: Options, shared: Shared, rng: np.random.Generator, total: int, advance: Advance | None
) -> Sampled:
    dump = read(item.path, grammar=options.grammar, **options.overrides)
    size = item.path.stat().st_size
    wanted = max(LEAST_PIECES, round(PIECES * size / max(total, 1)))
    offsets = draw_offsets(size, PIECE_SIZE, wanted, rng)
    sizes, seen, accounts = [], [], []
    assert options.as_of is not None  # noqa: S101  set by quick_triage
    for piece in dump.pieces(offsets.tolist(), PIECE_SIZE):
        seen.append(observe(piece.batch.frame, dump, shared, options.region))
        seen[-1].settle(dump.grammar, options.as_of)
        accounts.append(piece.accounting)
        sizes.append(piece.size)
        if advance is not None:
            advance(piece.size)
    observed, accounting = Observed.empty(len(dump.grammar.columns)), Accounting()
    for one in seen:
        observed.add(one)
    for account in accounts:
        accounting.merge(account)
    result = FileResult(item.label, size, None, dump.grammar, accounting, observed, dump.synthetic)
    return Sampled(result, sizes, seen, accounts, -(-size // PIECE_SIZE))


def _estimated(profile: Profile, samples: list[Sampled]) -> Profile:
    """Every count of the sample replaced by its estimate, and the intervals."""
    intervals: dict[str, list[int]] = {}

    def settle(pointer: str, count: Count, of: list[Sampled]) -> Estimate:
        parts = [_estimate(sample, count) for sample in of]
        whole = Estimate(sum(p.value for p in parts), sum(p.low for p in parts), sum(p.high for p in parts))
        _put(profile, pointer, whole.value)
        intervals[pointer] = [whole.low, whole.high]
        return whole

    rows = settle("/rows", lambda o, a, g: o.rows, samples)
    for pointer, count in _counts(profile):
        settle(pointer, count, samples)
    for i, sample in enumerate(samples):
        for pointer, count in _file_counts(profile, i):
            settle(pointer, count, [sample])
        for part in ("lines", "bytes"):
            shares = getattr(profile.files[i], part)
            total = shares.accepted + shares.repaired + shares.quarantined + shares.skipped
            _put(profile, f"/files/{i}/{part}/total", total)
    highs = {item.kind: intervals[f"/identifiers/{i}/valid"][1] for i, item in enumerate(profile.identifiers)}
    for pointer, most in _bounded(profile, rows.high, highs):
        intervals[pointer] = [_get(profile, pointer), max(most, _get(profile, pointer))]
    return replace(profile, rows=rows.value, intervals=intervals)


def _estimate(sample: Sampled, count: Count) -> Estimate:
    grammar = sample.result.grammar
    assert grammar is not None  # noqa: S101  set by _sample
    counts = np.array([count(o, a, grammar) for o, a in zip(sample.seen, sample.accounts, strict=True)], np.int64)
    rows = np.array([o.rows for o in sample.seen], np.int64)
    within = rows if (counts <= rows).all() else None
    return estimate_total(counts, np.array(sample.sizes), sample.result.size, sample.population, within)


def _counts(profile: Profile) -> Iterable[tuple[str, Count]]:
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
    for i, group in enumerate(profile.field_sets):
        kinds = frozenset(FieldType[name.upper()] for name in group.fields)
        yield f"/field_sets/{i}/rows", lambda o, a, g, k=kinds: _with_set(o, g, k)  # type: ignore[misc]
    if profile.minors is not None:
        yield "/minors/rows", lambda o, a, g: sum(t.rows for t in _births(o, g))
        yield "/minors/minors", lambda o, a, g: sum(t.minors for t in _births(o, g))


def _with_type(observed: Observed, grammar: Grammar, kind: FieldType) -> int:
    types = field_types(grammar)
    if kind not in types:
        return max((int(observed.filled[c.index]) for c in grammar.columns if c.type is kind), default=0)
    bit = types.index(kind)
    return sum(rows for mask, rows in observed.sets.items() if mask >> bit & 1)


def _valid_of_type(observed: Observed, grammar: Grammar, kind: FieldType) -> int:
    valid = sum(int(observed.valid[c.index]) for c in grammar.columns if c.type is kind)
    return min(valid, _with_type(observed, grammar, kind))


def _with_set(observed: Observed, grammar: Grammar, kinds: frozenset[FieldType]) -> int:
    types = field_types(grammar)
    if not kinds <= set(types):
        return 0
    return observed.sets[sum(1 << types.index(kind) for kind in kinds)]


def _births(observed: Observed, grammar: Grammar) -> Iterable[Any]:
    return (t for i, t in observed.dates.items() if grammar.columns[i].type is FieldType.BIRTH_DATE)


def _file_counts(profile: Profile, i: int) -> Iterable[tuple[str, Count]]:
    """The same for one file."""
    yield f"/files/{i}/records", lambda o, a, g: o.rows
    for kind in ("accepted", "repaired", "quarantined", "skipped"):
        yield f"/files/{i}/lines/{kind}", lambda o, a, g, k=kind: a.lines[k]  # type: ignore[misc]
        yield f"/files/{i}/bytes/{kind}", lambda o, a, g, k=kind: a.bytes[k]  # type: ignore[misc]
    for part, kind in (("repairs", "repaired"), ("quarantine", "quarantined"), ("skipped", "skipped")):
        for j, reason in enumerate(getattr(profile.files[i], part)):
            at = (kind, reason.reason)
            yield f"/files/{i}/{part}/{j}/lines", lambda o, a, g, at=at: a.of(*at).lines  # type: ignore[misc]
            yield f"/files/{i}/{part}/{j}/bytes", lambda o, a, g, at=at: a.of(*at).bytes  # type: ignore[misc]
    file = profile.files[i]
    for j, date in enumerate(profile.dates):
        if date.file != file.label or file.grammar is None:
            continue
        column = next(c.index for c in file.grammar.columns if c.name == date.column)
        for part in ("rows", "parsed", "ambiguous"):
            yield f"/dates/{j}/{part}", lambda o, a, g, c=column, p=part: _dated(o, c, p)  # type: ignore[misc]
        for n, sentinel in enumerate(date.sentinels):
            value = sentinel["value"]
            yield f"/dates/{j}/sentinels/{n}/rows", lambda o, a, g, c=column, v=value: _sentinels(o, c, v)  # type: ignore[misc]
        for n, year in enumerate(date.years):
            value = year["year"]
            yield f"/dates/{j}/years/{n}/rows", lambda o, a, g, c=column, v=value: _years(o, c, v)  # type: ignore[misc]


def _dated(observed: Observed, column: int, part: str) -> int:
    return int(getattr(observed.dates[column], part)) if column in observed.dates else 0


def _sentinels(observed: Observed, column: int, value: str) -> int:
    return observed.dates[column].sentinels[value] if column in observed.dates else 0


def _years(observed: Observed, column: int, value: int) -> int:
    return observed.dates[column].years[value] if column in observed.dates else 0


def _bounded(profile: Profile, rows: int, valid: dict[str, int]) -> Iterable[tuple[str, int]]:
    """Counts that no sample estimates: what the pieces hold is the lower bound, and this is the upper one."""
    for i, identifier in enumerate(profile.identifiers):
        yield f"/identifiers/{i}/distinct", valid[identifier.kind]
    for i in range(len(profile.countries)):
        yield f"/countries/{i}/distinct", valid.get("phone", 0)
    for part in ("rows", "distinct", "repeats", "most_copies"):
        yield f"/duplicates/{part}", rows
    for part in ("numbers", "in_runs", "runs", "longest"):
        yield f"/runs/{part}", valid.get("phone", 0)
    yield "/email_domains/distinct", valid.get("email", 0)
    yield "/email_domains/other_rows", valid.get("email", 0)
    for i in range(len(profile.email_domains.top)):
        yield f"/email_domains/top/{i}/rows", valid.get("email", 0)
    if profile.minors is not None:
        yield "/minors/low", rows
        yield "/minors/high", rows


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
