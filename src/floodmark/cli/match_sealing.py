"""The sealed files of a match: where they go, checked before hours of work, and written after it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from floodmark.errors import UsageError
from floodmark.files import OutputFailed, real

if TYPE_CHECKING:
    from floodmark.cli.match_report import HandedOver
    from floodmark.exposure import Constituent, Matched, Recipient

ENDING = ".csv.age"


def check_file(path: Path, inputs: Sequence[Path]) -> None:
    """See that a file can be written and is apart from the inputs.

    Raises:
        OutputFailed: it is a folder, or in none that exists.
        UsageError: as `check_apart`.
    """
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise OutputFailed(
            f"{path.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    check_apart(path, inputs)


def check_apart(path: Path, inputs: Sequence[Path]) -> None:
    """See that an output is no input and lies in none.

    Raises:
        UsageError: it is, or does.
    """
    place = real(path)
    if {place, *place.parents} & {real(other) for other in inputs}:
        raise UsageError(f"{path.name} is an input or in its folder", "Write results elsewhere.")


@dataclass(frozen=True)
class Sealing:
    """What is to be sealed, to whom and where.

    Attributes:
        recipients: who is sent everything; none for nobody.
        constituents: who is sent what is theirs.
        out: the file, or for constituents the folder; None where nothing is sealed.
    """

    recipients: tuple[Recipient, ...]
    constituents: tuple[Constituent, ...]
    out: Path | None

    def check(self, inputs: Sequence[Path]) -> None:
        """See that the outputs can be written and would destroy no input.

        Raises:
            UsageError: options that make no sense together.
            OutputFailed: there is no such folder.
        """
        if self.out is None:
            if self.recipients or self.constituents:
                raise UsageError(
                    "--to and --hand-over need --out", "Name a file, or a folder for --hand-over."
                )
            return
        if not self.recipients and not self.constituents:
            raise UsageError(
                "--out is for sealed files, and nobody can open one", "Say for whom with --to or --hand-over."
            )
        if self.constituents:
            if self.out.exists() and not self.out.is_dir():
                raise OutputFailed(
                    f"{self.out.name} is a file, and --hand-over makes several",
                    "Name a folder, new or existing.",
                )
            there = self.out if self.out.exists() else self.out.absolute().parent
            if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
                raise OutputFailed(
                    f"{self.out.name} cannot be made or written to", "Name a folder in one that is yours."
                )
            check_apart(self.out, inputs)
            if there == self.out and any(there.iterdir()):
                raise OutputFailed(
                    f"The folder {real(there).name} is not empty",
                    "Name a new folder: what is left of another run would go out with the files of this one.",
                )
            return
        check_file(self.out, inputs)

    def write(self, matched: Matched) -> tuple[str | None, list[HandedOver]]:
        """Write the sealed files.

        Returns:
            Name of the file with everything, if there is one, and what each constituent was told.

        Raises:
            OutputFailed: a file cannot be written; those before it are there.
        """
        from floodmark.cli.match_report import HandedOver
        from floodmark.exposure import Findings, file_safe, seal

        if self.out is None:
            return None, []
        findings = Findings(matched)
        if not self.constituents:
            seal(findings.everything(), self.out, self.recipients)
            return self.out.name, []
        self._make_folder(self.out)
        target = file_safe(matched.target, set(), "match")
        handed_over = []
        for one in self.constituents:
            name = f"{target}-{one.file_name}{ENDING}"
            seal(findings.of(one), self.out / name, one.recipients)
            handed_over.append(HandedOver(findings.share(one), name))
        if not self.recipients:
            return None, handed_over
        seal(findings.everything(), self.out / f"{target}{ENDING}", self.recipients)
        return f"{target}{ENDING}", handed_over

    @staticmethod
    def _make_folder(folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise OutputFailed(
                f"The folder {folder.name} could not be made: {error.strerror}.",
                "Name a folder in one that exists.",
            ) from error
