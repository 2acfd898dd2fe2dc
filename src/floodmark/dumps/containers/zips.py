"""Which reader a zip archive needs: our own, libarchive's, or that of a format which only looks like zip."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from floodmark.dumps.containers import foreign, zip_members
from floodmark.dumps.containers.member import Entry
from floodmark.dumps.containers.opening import Opening
from floodmark.dumps.containers.seekable import Seekable, SeekableFile
from floodmark.dumps.containers.stream import Stream
from floodmark.dumps.containers.zip_directory import ZipMember, find_directory, headers
from floodmark.errors import UnknownContainer, UnreadableInput

WORKBOOK = "xl/workbook.xml"
FIRST_OF_WORKBOOK = (b"[Content_Types].xml", b"xl/", b"_rels/.rels", b"docProps/")
NAME_AT = 30  # of a member, behind its own header
OTHERS = {
    "xl/workbook.bin": "binary Excel workbook",
    "word/document.xml": "Word document",
    "ppt/presentation.xml": "PowerPoint document",
    "META-INF/manifest.xml": "OpenDocument file",
}


class Zip:
    """A zip archive and its directory.

    Args:
        archive: its bytes.
        opening: limits and passwords.

    Raises:
        UnreadableInput: its directory is damaged, or it is one part of several.
        LimitExceeded: it has too many members.
    """

    def __init__(self, archive: Seekable, opening: Opening) -> None:
        self._archive = archive
        self._passwords = opening.passwords
        self._directory = find_directory(archive)
        self._members: Sequence[ZipMember] = ()
        if self._directory is not None:
            self._members = list(headers(archive, self._directory, opening.members))

    def is_workbook(self) -> bool:
        """Whether it is an xlsx file.

        Raises:
            UnknownContainer: it is another format that is packed as zip.
            UnreadableInput: it is a workbook that is cut off.
        """
        if self._directory is None and self._begins_as_workbook():
            raise UnreadableInput(
                "This is a workbook, or another Office document, that is cut off at its end",
                "Get it again, or open it in a program that mends it, and save it as CSV.",
            )
        names = {member.name for member in self._members}
        for name, what in OTHERS.items():
            if name in names:
                raise UnknownContainer(
                    f"This is a {what}, not text", "Save it as xlsx or CSV, and read that."
                )
        return WORKBOOK in names

    def entries(self, passed: Callable[[int], None]) -> Generator[Entry, None, None]:
        """Entries of the archive, each to be read before the next is asked for.

        Args:
            passed: told how many bytes of the archive are read each time.

        Raises:
            FloodmarkError: those of `ArchiveProcess.entries`; LimitExceeded where members overlap.
        """
        if self._directory is None:
            return self._without_directory(passed)
        zip_members.check_places(self._members, self._directory)
        if all(member.method in zip_members.METHODS and not member.encrypted for member in self._members):
            return zip_members.entries(self._archive, self._members, passed)
        return foreign.seeking(self._archive, "zip", self._passwords, passed)

    def _begins_as_workbook(self) -> bool:
        head = self._archive.pread(0, NAME_AT + max(map(len, FIRST_OF_WORKBOOK)))
        return head[NAME_AT:].startswith(FIRST_OF_WORKBOOK)

    def _without_directory(self, passed: Callable[[int], None]) -> Generator[Entry, None, None]:
        own = SeekableFile(self._archive)

        def read_next(size: int) -> bytes:
            data = own.read(size)
            passed(len(data))
            return data

        yield from foreign.in_order(Stream(read_next), "zip", self._passwords)
        raise UnreadableInput("This zip archive is cut off", "Get it again; what stood before was read.")
