"""`compare`: two dumps side by side, read from their files, with nothing kept.

Each is triaged with a keeper of its own under one key made for the run, which gives its profile and the digests of its
identifiers; then both are read again for their rows, since only now it is known which columns they share.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from floodmark.dumps import Batch, Dump, Grammar, Table, Unopened, opened
from floodmark.dumps.secret_file import SpoolFailed
from floodmark.errors import FloodmarkError, InputChanged
from floodmark.files import real
from floodmark.identifiers import KINDS, FieldType
from floodmark.identifiers.digests import SECRET_BYTES, DigestKey
from floodmark.triage.comparing import rows
from floodmark.triage.comparing.columns import Columns
from floodmark.triage.comparing.comparable import Plan, plan_of
from floodmark.triage.comparing.comparison import (
    Comparison,
    CountryPair,
    FieldFill,
    RowPair,
    SharedColumn,
    Side,
)
from floodmark.triage.comparing.identifiers import compare_kind
from floodmark.triage.inputs import Input, inputs
from floodmark.triage.keeping import Keeper
from floodmark.triage.profile import Profile
from floodmark.triage.run import Advance, Options, triage

PASSES = 2
"""How often `compare` reads both dumps; once where rows are not asked for."""


def compare(
    a: str | Path,
    b: str | Path,
    options: Options | None = None,
    *,
    options_b: Options | None = None,
    whole_rows: bool = True,
    key: DigestKey | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    advance: Advance | None = None,
) -> Comparison:
    """Two dumps side by side: columns, fill rates, countries, identifiers and rows of one, the other and both.

    Args:
        a: a file, or a folder whose files together are the first dump.
        b: the second.
        options: how both are read.
        options_b: how the second is read, where that is another way.
        whole_rows: whether rows are compared too, for which both are read a second time.
        key: digest key of the run, random by default and forgotten afterwards.
        clock: gives the time.
        advance: told how many raw bytes were read since it was last called.

    Raises:
        NothingToRead: one of them has no record.
        InputChanged: a file changed between the two times that it was read.
        FloodmarkError: a dump cannot be read.
    """
    first = options or Options()
    second = options_b or first
    key = key or DigestKey(secrets.token_bytes(SECRET_BYTES))
    with ExitStack() as stack:
        keepers = [stack.enter_context(Keeper(key)) for _ in range(2)]
        profiles = [
            triage([path], options, keeper=keeper, clock=clock, advance=advance)
            for path, options, keeper in zip((a, b), (first, second), keepers, strict=True)
        ]
        identifiers = [compare_kind(kind, *keepers) for kind in KINDS]
    found = Columns.of(*(profile.files for profile in profiles))
    plan = plan_of(found)
    compared = None
    if whole_rows and plan.joints:
        compared = _rows((a, b), (first, second), profiles, plan, key, advance)
    return Comparison(
        a=_side(profiles[0], a),
        b=_side(profiles[1], b),
        shared_columns=[
            SharedColumn(joint.of(0), joint.of(1), joint.by, number in plan.joints)
            for number, joint in found.of_dump(0)
            if joint.shared
        ],
        columns_a=[joint.of(0) for _, joint in found.of_dump(0) if not joint.shared],
        columns_b=[joint.of(1) for _, joint in found.of_dump(1) if not joint.shared],
        fields=_fields(*profiles),
        countries=_countries(*profiles),
        identifiers=[one for one in identifiers if one.a or one.b],
        rows=compared,
    )


def _rows(
    paths: tuple[str | Path, str | Path],
    options: tuple[Options, Options],
    profiles: list[Profile],
    plan: Plan,
    key: DigestKey,
    advance: Advance | None,
) -> RowPair:
    with ExitStack() as stack:
        spools = [stack.enter_context(rows.RowSpool(plan, key, one.region)) for one in options]
        for path, one, spool, profile in zip(paths, options, spools, profiles, strict=True):
            partly = any(file.problem for file in profile.files)
            rows_read = read_again(Path(path), one, spool.add, advance, partly=partly)
            if not partly and rows_read != profile.rows:
                raise InputChanged("A dump had other rows when it was read again")
        return rows.compare_rows(*spools)


def read_again(
    path: Path,
    options: Options,
    work: Callable[[pl.DataFrame, Grammar], None],
    advance: Advance | None = None,
    *,
    partly: bool = False,
) -> int:
    """Give every batch of a dump to `work`, from several threads.

    Args:
        path: a file, or a folder.
        options: how it is read.
        work: takes the records of a batch, and the grammar of their table.
        advance: as for `compare`.
        partly: whether triage could not read all of it: what fails again is passed over then.

    Returns:
        Rows of what was read to its end.
    """
    total = 0

    def step(batch: Batch, table: Table) -> int:
        work(batch.frame, table.grammar)
        return batch.frame.height

    for item in inputs([path]):
        with _passing_over(partly), closing(_opened(item, options, advance)) as found:
            for dump in found:
                if isinstance(dump, Dump):
                    with _passing_over(partly), closing(dump.map(step, options.workers)) as counts:
                        total += sum(counts)
    return total


def _opened(item: Input, options: Options, advance: Advance | None) -> Generator[Dump | Unopened, None, None]:
    return opened(
        item.path, grammar=options.grammar, opening=options.opening, advance=advance, **options.overrides
    )


@contextmanager
def _passing_over(partly: bool) -> Iterator[None]:
    """Let what cannot be read be, where that is known; but not temporary space that failed."""
    try:
        yield
    except SpoolFailed:
        raise
    except FloodmarkError:
        if not partly:
            raise


def _side(profile: Profile, path: str | Path) -> Side:
    return Side(
        label=real(Path(path)).name.encode("utf-8", "replace").decode(),
        rows=profile.rows,
        distinct=profile.duplicates.distinct,
        files=len(profile.custody["inputs"]),
        tables=len(profile.files),
        unread=sum(file.problem is not None for file in profile.files),
        size=sum(file["size"] for file in profile.custody["inputs"]),
        quarantined=sum(file.lines.quarantined for file in profile.files),
        synthetic=profile.synthetic,
        inputs=profile.custody["inputs"],
    )


def _fields(a: Profile, b: Profile) -> list[FieldFill]:
    """The fill vectors, in the order of the types' numbers."""
    left, right = ({one.type: one for one in profile.fields} for profile in (a, b))
    return [
        FieldFill(
            type=label,
            rows_a=left[label].rows if label in left else 0,
            rows_b=right[label].rows if label in right else 0,
            fill_a=left[label].fill_rate if label in left else 0.0,
            fill_b=right[label].fill_rate if label in right else 0.0,
        )
        for label in (kind.label for kind in FieldType)
        if label in left or label in right
    ]


def _countries(a: Profile, b: Profile) -> list[CountryPair]:
    left, right = ({one.country: one for one in profile.countries} for profile in (a, b))
    found = [
        CountryPair(
            country=country,
            rows_a=left[country].phones if country in left else 0,
            rows_b=right[country].phones if country in right else 0,
            distinct_a=left[country].distinct if country in left else 0,
            distinct_b=right[country].distinct if country in right else 0,
        )
        for country in {**left, **right}
    ]
    return sorted(found, key=lambda one: (-(one.rows_a + one.rows_b), one.country))
