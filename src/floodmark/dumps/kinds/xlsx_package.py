"""The parts of a workbook file: a zip of XML, of which only what the tables need is opened."""

from __future__ import annotations

import io
import os
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from floodmark.dumps.kinds.xlsx_part import DamagedPart, Part
from floodmark.dumps.kinds.xlsx_xml import Attributes, DamagedXml, Scan
from floodmark.errors import LimitExceeded, UnknownContainer, UnreadableInput

LONGEST_READ = (
    1 << 20
)  # bytes asked of the file at once: bounds the directory of the zip, to some 20,000 parts
MAX_RATIO = 300
RATIO_FLOOR = 1 << 28
MAX_SHEETS = 1000
SMALL_PART = 1 << 26
# What `zipfile` and what lies under it raise of damaged files.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

Read = Callable[[int], bytes]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name as found, the name of its part, and whether it is shown."""

    name: str
    part: str
    hidden: bool


class ShortReads(io.RawIOBase):
    """A file of which nobody reads much at once: so the directory of a zip is read only when it is short."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to an offset."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The offset where it stands."""
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, or all that are left.

        Raises:
            LimitExceeded: they are more than anybody should read at once.
        """
        if size < 0:
            here = self.tell()
            size = self.seek(0, os.SEEK_END) - here
            self.seek(here)
        if size > LONGEST_READ:
            raise LimitExceeded("This workbook has more parts than any", "Save it anew, or as CSV.")
        return self._file.read(size)


class Package:
    """A workbook file, open.

    Attributes:
        sheets: its sheets, in order.
        gone_through: bytes of the file that were read for sheets and their texts, so far.
        since_1904: whether its days are counted from 1904, as old Macintoshes did.

    Args:
        file: the file, seekable.
        size: its bytes.

    Raises:
        UnreadableInput: it is no zip, or its list of sheets cannot be read.
        UnknownContainer: it is another kind of document.
        LimitExceeded: it has too many parts or sheets.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.size = size
        self.gone_through = 0
        self.sheets: list[Sheet] = []
        self.since_1904 = False
        self._file = file
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(ShortReads(file))
        except ZIP_ERRORS as error:
            raise _damaged() from error
        self._names = {name.casefold(): name for name in self._zip.namelist()}
        try:
            self._find_sheets()
        except (DamagedPart, DamagedXml) as error:
            raise _damaged() from error

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.casefold() in self._names

    def pass_over(self, part: str, begun: int) -> None:
        """Count a part's bytes as gone through, those that cannot be read with them.

        Args:
            part: its name.
            begun: bytes gone through before it.
        """
        size = self._zip.getinfo(self._names[part.casefold()]).compress_size
        self.gone_through = max(self.gone_through, begun + size)

    def open(self, part: str, limit: int | None = None) -> Read:
        """A function that reads a part, unpacked.

        Args:
            part: its name.
            limit: most bytes that it may unpack to; None for a part with texts of records, whose bytes are counted.

        Raises:
            DamagedPart: there is none such, or it cannot be unpacked; the function raises it too.
            LimitExceeded: by the function, when it unpacks to far more than any workbook's does.
        """
        if not self.has(part):
            raise DamagedPart("not there")
        stream = Part(self._file, self._zip.getinfo(self._names[part.casefold()]))
        taken = 0

        def read(size: int) -> bytes:
            nonlocal taken
            before = stream.taken
            try:
                data = stream.read(size)
            finally:
                self.gone_through += stream.taken - before if limit is None else 0
            taken += len(data)
            self._unpacked += len(data)
            expanded = self._unpacked > max(RATIO_FLOOR, MAX_RATIO * self.size)
            if expanded or (limit is not None and taken > limit):
                raise LimitExceeded(
                    f"This workbook expands more than {MAX_RATIO} times, which no table does",
                    "It looks like a decompression bomb; nothing was read from it beyond this point.",
                )
            return data

        return read

    def _find_sheets(self) -> None:
        book = next((target for kind, target in self._relations("").values() if kind == "officeDocument"), "")
        if not book.casefold().endswith(".xml") or not self._holds_sheets(book):
            raise _other_document(self._names, book)
        relations = self._relations(book)

        def start(name: str, attributes: Attributes) -> None:
            if name == "workbookPr":
                self.since_1904 = attributes.get("date1904", "0") in {"1", "true"}
            if name != "sheet":
                return
            kind, part = relations.get(_local(attributes, "id"), ("", ""))
            if kind == "worksheet":
                shown = attributes.get("state", "visible") == "visible"
                self.sheets.append(Sheet(attributes.get("name", ""), part, not shown))
            if len(self.sheets) > MAX_SHEETS:
                raise LimitExceeded(f"This workbook has more than {MAX_SHEETS:,} sheets", "Split it.")

        Scan(self.open(book, SMALL_PART), start).run()
        self.strings = _of_kind(relations, "sharedStrings")
        self.styles = _of_kind(relations, "styles")

    def _holds_sheets(self, book: str) -> bool:
        roots: list[str] = []
        scan = Scan(self.open(book, SMALL_PART), lambda name, _: roots.append(name) if not roots else None)
        while not roots and scan.step():
            pass
        return roots == ["workbook"]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to inside the file, by id: the kind and the name of the other part."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: Attributes) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, target.lstrip("/"))

        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if self.has(path):
            Scan(self.open(path, SMALL_PART), start).run()
        return found


def _of_kind(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((part for found, part in relations.values() if found == kind), "")


def _local(attributes: Attributes, name: str) -> str:
    """An attribute by its name without prefix; the prefix of relations is free to choose."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _other_document(names: dict[str, str], book: str) -> UnknownContainer:
    if book.casefold().endswith(".bin"):
        return UnknownContainer(
            "This is a binary workbook (xlsb)", "Open it in a spreadsheet program and save it as xlsx or CSV."
        )
    if "mimetype" in names:
        return UnknownContainer(
            "This is an OpenDocument file", "Open it in a spreadsheet program and save it as xlsx or CSV."
        )
    return UnknownContainer("This is no workbook", "Unpack it, or save the tables in it as CSV.")


def _damaged() -> UnreadableInput:
    return UnreadableInput(
        "This workbook is damaged or cut off", "Get it again, or have a spreadsheet program mend it."
    )
