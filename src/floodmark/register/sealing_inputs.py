"""The files of a saved leak once more: held against its custody, and read as they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from floodmark.dumps import BackgroundDigest, Dump, InputDigest, Unopened, open_regular, opened
from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure.sealing.ranks import DumpDiffers, Ranks
from floodmark.exposure.sealing.stream import Inputs, inputs_of
from floodmark.identifiers.digests import DigestKey
from floodmark.triage import Options
from floodmark.triage.inputs import Input


def as_saved(options: Options, custody: Mapping[str, Any]) -> Options:
    """The reading options that a leak was saved with, but for those that are given now.

    Args:
        options: given now.
        custody: of the leak's profile.

    Raises:
        UsageError: it was saved with a grammar file, and none is given.
    """
    saved = custody["options"]
    if saved["grammar"] is not None and options.grammar is None:
        raise UsageError(
            "The leak was saved with a grammar file, of which only the name is kept",
            "Give the same file with --grammar.",
        )
    given = {name: value for name, value in options.overrides.items() if value is not None}
    return replace(
        options, region=options.region or saved["region"], overrides={**saved["overrides"], **given}
    )


class Expected:
    """The inputs that a leak was saved from, each of which has to come once.

    Args:
        custody: of the leak's profile.
    """

    def __init__(self, custody: Mapping[str, Any]) -> None:
        # A file that could not be read to its end has no SHA-256: its size is all that is known.
        self._left = Counter((item["size"], item["sha256"]) for item in custody["inputs"])

    def check_sizes(self, files: Sequence[Input]) -> None:
        """Refuse files that cannot be those, before any is read.

        Raises:
            NothingToRead, UnreadableInput: one is not there, or no ordinary file.
            DumpDiffers: their sizes, or their number, are others.
        """
        for item in files:
            open_regular(item.path).close()
        sizes = Counter(size for size, _ in self._left.elements())
        if Counter(item.size for item in files) != sizes:
            many = self._left.total()
            raise DumpDiffers(
                f"The leak was saved from {many} {'file' if many == 1 else 'files'} of other sizes or another number."
            )

    def met(self, found: InputDigest, size: int, problem: FloodmarkError | None) -> None:
        """Note that a file was read.

        Args:
            found: what was read of it.
            size: of the file.
            problem: why reading stopped before its end, if it did.

        Raises:
            DumpDiffers: it is none of those that are still to come.
            FloodmarkError: the problem, where the file was read to its end when it was saved.
        """
        key = (size, None) if problem is not None else (found.size, found.sha256)
        if self._left[key] < 1:
            if problem is not None:
                raise problem
            raise DumpDiffers(
                "A file is not what was saved: its SHA-256 is none of those in the leak's custody."
            )
        self._left[key] -= 1


def read_all(
    files: Sequence[Input],
    options: Options,
    expected: Expected,
    ranks: Ranks,
    kinds: Sequence[str],
    key: DigestKey,
    bytes_read: Callable[[int], None] = lambda size: None,
) -> Generator[Inputs, None, None]:
    """Everything that is still to be evaluated, of all files one after another.

    Raises:
        DumpDiffers: the files are not those that were saved, or are read in another way.
        FloodmarkError: a file cannot be read.
    """
    for item in files:
        problem: FloodmarkError | None = None
        with BackgroundDigest() as digest:
            try:
                with closing(_dumps(item, options, digest, bytes_read)) as dumps:
                    for dump in dumps:
                        if isinstance(dump, Unopened):
                            failed: FloodmarkError | None = dump.problem
                        else:
                            failed = yield from inputs_of(
                                dump, ranks, kinds, key, region=options.region, workers=options.workers
                            )
                        if dump.label == item.label:  # else a member, and the file can be read without it
                            problem = failed
            except DumpDiffers:
                raise
            except FloodmarkError as error:  # as it was when the leak was saved, or it is raised again
                problem = error
            found = digest.finish(item.label)
        expected.met(found, item.size, problem)


def _dumps(
    item: Input, options: Options, digest: BackgroundDigest, bytes_read: Callable[[int], None]
) -> Generator[Dump | Unopened, None, None]:
    return opened(
        item.path,
        grammar=options.grammar,
        opening=options.opening,
        label=item.label,
        watch=digest,
        advance=bytes_read,
        **options.overrides,
    )
