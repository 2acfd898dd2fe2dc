"""Triage: read every input once, sum what its records show, and put the profile together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from floodmark.dumps import Accounting, Batch, Dump, Opening, Table, Unopened, Watcher, opened
from floodmark.dumps.secret_file import SpoolFailed
from floodmark.errors import FloodmarkError, InputChanged, NothingToRead
from floodmark.identifiers import phones
from floodmark.triage import assemble
from floodmark.triage.assemble import FileResult
from floodmark.triage.custody import Acquisition, BackgroundDigest, Custody, InputDigest, tool_versions
from floodmark.triage.inputs import Input, inputs, passed_over
from floodmark.triage.keeping import Keeper
from floodmark.triage.observe import Observed, Shared, observe
from floodmark.triage.passes import pass_over
from floodmark.triage.profile import DuplicatesProfile, Profile, Summary
from floodmark.triage.statistics.assemble import statistics as assemble_statistics
from floodmark.triage.statistics.gather import Statistics
from floodmark.triage.statistics.numbers import LARGEST
from floodmark.triage.summary import summarise
from floodmark.triage.warnings import warnings_for

WORKERS = 2
UNREAD = 250_000  # distinct date or location cells gathered over batches before they are read
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Options:
    """What a triage is asked to do.

    Attributes:
        region: country of phone numbers written without country code, ISO 3166-1 alpha-2.
        as_of: day on which ages are taken; None is the day on which the triage starts.
        grammar: a grammar file for all inputs.
        overrides: parts of the grammar for all inputs (`floodmark.dumps.Overrides`).
        acquired: how the inputs were come by.
        workers: threads.
        opening: how far containers are opened, and with which passwords.
    """

    region: str | None = None
    as_of: date | None = None
    grammar: Path | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    acquired: Acquisition = field(default_factory=Acquisition)
    workers: int = WORKERS
    opening: Opening = field(default_factory=Opening)

    def to_dict(self) -> dict[str, Any]:
        """The options as custody keeps them."""
        return {
            "region": self.region,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "grammar": self.grammar.name if self.grammar else None,
            "overrides": {key: value for key, value in self.overrides.items() if value is not None},
        }


def triage(
    paths: Iterable[str | Path],
    options: Options | None = None,
    *,
    keeper: Keeper | None = None,
    statistics: Statistics | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    advance: Advance | None = None,
) -> Profile:
    """The exact profile of some files, together and each.

    Args:
        paths: files, or folders whose files are read.
        options: what to do.
        keeper: is given every valid identifier, to keep its digest; with it the profile has its statistics.
        statistics: asks for the sufficient statistics, also without a keeper.
        clock: gives the time, for custody.
        advance: told how many raw bytes were read since it was last called.

    Raises:
        NothingToRead: no input, or none with a record.
        InputChanged: the only input changed while it was read.
        FloodmarkError: nothing at all could be read. What was read of an input that is damaged, or of the other
            inputs beside it, is in the profile, and so is what the matter was.
    """
    options = options or Options()
    started = clock()
    options = replace(options, as_of=options.as_of or started.date())
    named = [Path(path) for path in paths]
    items = inputs(named)
    if not items:
        raise NothingToRead("No input was named", "Name one file or more, or a folder.")
    if keeper is not None and statistics is None:
        statistics = Statistics(keeper.key)
    if statistics is not None:
        statistics.begin()
    shared = Shared.open(keeper, statistics)
    try:
        results = [
            result
            for item in items
            for result in _read_one(item, options, shared, advance, alone=len(items) == 1)
        ]
        results += [FileResult(item.label, 0, None, problem=item.problem) for item in passed_over(named)]
        problems = [result.problem for result in results if result.problem and not _was_read(result)]
        if len(problems) == len(results):
            raise problems[0]
        return concluded(profile_of(results, shared, options, started, clock))
    finally:
        shared.close()


def total_size(paths: Iterable[str | Path]) -> int:
    """Raw bytes of all inputs together, for a progress bar; what does not exist counts nothing."""
    return sum(item.size for item in inputs(Path(path) for path in paths))


def _read_one(
    item: Input, options: Options, shared: Shared, advance: Advance | None, alone: bool
) -> list[FileResult]:
    """Read one file through, member by member; a failure is a result unless it is all that there is.

    What was read before a failure counts: its identifiers are among the distinct ones already.
    """
    results: list[FileResult] = []
    problem: FloodmarkError | None = None
    with BackgroundDigest() as digest:
        try:
            with closing(
                opened(
                    item.path,
                    grammar=options.grammar,
                    opening=options.opening,
                    label=item.label,
                    watch=digest,
                    advance=advance,
                    **options.overrides,
                )
            ) as found:
                for dump in found:
                    results += _read_member(dump, options, shared, hashed=dump.label != item.label)
        except SpoolFailed:
            raise
        except FloodmarkError as error:
            problem = error
        whole = digest.finish(item.label)
    if problem is None and not results:
        problem = NothingToRead(
            f"{item.label} is an archive without a file in it", "Check that it is the right one."
        )
    if problem is not None:
        if alone and isinstance(problem, InputChanged):
            raise problem
        results = _failed(results, item, problem)
    failed = problem is not None or any(r.problem for r in results if r.label == item.label)
    known = replace(whole, size=item.size, sha256=None if failed else whole.sha256)
    return [_of_input(result, item, known) for result in results]


def _was_read(result: FileResult) -> bool:
    return result.accounting.total_bytes > 0


def _of_input(result: FileResult, item: Input, known: InputDigest) -> FileResult:
    """The result with the input that it is of; a text that is the file itself has its size and SHA-256."""
    if result.label == item.label:
        return replace(result, input=known, size=known.size, sha256=known.sha256)
    return replace(result, input=known, sha256=result.sha256 or known.sha256)


def _failed(results: list[FileResult], item: Input, problem: FloodmarkError) -> list[FileResult]:
    """The results with why reading the file stopped: said of the last of them that it was reading."""
    if not results or results[-1].problem is not None:
        return [*results, FileResult(item.label, item.size, None, problem=problem)]
    return [*results[:-1], replace(results[-1], problem=problem, sha256=None)]


def _read_member(dump: Dump | Unopened, options: Options, shared: Shared, hashed: bool) -> list[FileResult]:
    """What one member shows, a result for each of its tables; it is hashed where it is not the file itself."""
    if isinstance(dump, Unopened):
        return [FileResult(dump.label, dump.size, None, problem=dump.problem)]
    with BackgroundDigest() as digest:
        observed, problem = _observe_all(dump, options, shared, digest if hashed else None)
        if isinstance(problem, SpoolFailed):
            raise problem
        found = digest.finish(dump.label)
    whole = hashed and problem is None and found.size
    return member_results(dump, observed, problem, found.sha256 if whole else None)


def member_results(
    dump: Dump, observed: dict[str, Observed], problem: FloodmarkError | None, sha256: str | None = None
) -> list[FileResult]:
    """A result for each table of a member; the first has the bytes that belong to no table, too."""
    results: list[FileResult] = []
    several = len(dump.tables) > 1
    for number, (name, table) in enumerate(dump.tables.items()):
        accounting = Accounting()
        if number == 0:
            accounting.merge(dump.outside)
        accounting.merge(table.accounting)
        label = f"{dump.label}: {table.grammar.table or number + 1}" if several else dump.label
        results.append(
            FileResult(
                label,
                accounting.total_bytes,
                sha256,
                table.grammar,
                accounting,
                observed.get(name) or Observed.empty(len(table.grammar.columns)),
                dump.synthetic,
                problem if number == 0 else None,
            )
        )
    return results


def _observe_all(
    dump: Dump, options: Options, shared: Shared, watch: Watcher | None
) -> tuple[dict[str, Observed], FloodmarkError | None]:
    """What all records of a member show, by table, and why reading ended before its end if it did."""
    assert options.as_of is not None  # noqa: S101  set by triage
    totals: dict[str, Observed] = {}
    problem: FloodmarkError | None = None
    done: dict[tuple[int, str], Observed] = {}

    def work(batch: Batch, table: Table) -> tuple[int, str]:
        done[batch.start, batch.table] = observe(batch.frame, table, shared, options.region)
        return batch.start, batch.table

    def add(seen: tuple[int, str]) -> Observed:
        name = seen[1]
        total = totals.setdefault(name, Observed.empty(len(dump.tables[name].grammar.columns)))
        total.add(done.pop(seen))
        return total

    try:
        # Closed at once when interrupted: its threads must be done before the spools that they fill are gone.
        with closing(dump.map(work, options.workers, watch)) as found:
            for seen in found:
                add(seen).settle(dump.tables[seen[1]].grammar, options.as_of, at_least=UNREAD)
    except FloodmarkError as error:
        problem = error
    # Batches that were under way when reading failed: they are in the spools, so they count.
    for seen in list(done):
        add(seen)
    for name, total in totals.items():
        total.settle(dump.tables[name].grammar, options.as_of)
    return totals, problem


def profile_of(
    results: list[FileResult],
    shared: Shared,
    options: Options,
    started: datetime,
    clock: Callable[[], datetime],
) -> Profile:
    """The profile of what was read, with its custody but without warnings and summary."""
    assert options.as_of is not None  # noqa: S101  set by triage
    rows = sum(result.accounting.records for result in results)
    asked = shared.statistics
    largest = assemble.largest_regions(results, LARGEST)
    passes = pass_over(shared.spools, detailed=asked is not None, largest=largest)
    distinct = {kind: counter.distinct for kind, counter in passes.copies.items()}
    copies = passes.copies["row"]
    profile = Profile(
        mode="exact",
        synthetic=any(result.synthetic for result in results),
        rows=rows,
        summary=Summary([], [], []),
        files=[assemble.file_profile(result) for result in results],
        identifiers=assemble.identifiers(results, distinct),
        countries=assemble.countries(results, passes.by_region),
        locations=assemble.locations(results),
        fields=assemble.fields(results, rows),
        field_sets=assemble.field_sets(results),
        dates=assemble.date_profiles(results),
        minors=assemble.minors(results, options.as_of.isoformat()),
        duplicates=DuplicatesProfile(
            rows=copies.total,
            distinct=copies.distinct,
            repeats=copies.total - copies.distinct,
            most_copies=copies.most,
        ),
        runs=passes.runs,
        email_domains=assemble.domains(shared.domains),
        warnings=[],
        custody={},
        statistics=assemble_statistics(results, asked, passes) if asked is not None else None,
    )
    custody = Custody(
        inputs=list(dict.fromkeys(result.input for result in results if result.input is not None)),
        tool=tool_versions(phones.METADATA_VERSION),
        options=options.to_dict(),
        started_at=started,
        finished_at=clock(),
        acquired=options.acquired,
    )
    return replace(profile, custody=custody.to_dict())


def concluded(profile: Profile) -> Profile:
    """The profile with its warnings and its first screen."""
    profile = replace(profile, warnings=warnings_for(profile))
    return replace(profile, summary=summarise(profile))
