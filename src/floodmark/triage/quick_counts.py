"""The counts of a quick profile: where each stands, and how a piece counts it.

A count is named by its JSON pointer (RFC 6901). Most are estimated from a sum over pieces (`counts`, `file_counts`);
what no sample estimates is bounded (`bounded`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, is_dataclass
from typing import Any

from floodmark.dumps import Accounting, Grammar
from floodmark.identifiers import FieldType, phones
from floodmark.triage.assemble import FileResult, birth_column, rows_by_type, valid_rows
from floodmark.triage.observe import Observed, field_types
from floodmark.triage.profile import Profile


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


def counts(profile: Profile, samples: list[Sampled]) -> Iterable[tuple[str, Count]]:
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


def file_counts(profile: Profile, sample: Sampled, i: int) -> Iterable[tuple[str, Count]]:
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


def bounded(profile: Profile, intervals: dict[str, list[int]]) -> Iterable[tuple[str, int | None, int]]:
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


def get(part: Any, pointer: str) -> int:
    """The number of a profile that stands at a JSON pointer."""
    for name in pointer.split("/")[1:]:
        part = _step(part, name)
    return int(part)


def put(profile: Profile, pointer: str, value: int) -> None:
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
