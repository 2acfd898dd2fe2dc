"""From a file to the dumps in it: one for a plain file, one for each member of an archive."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from floodmark.dumps.containers import Opening, Source, Watcher, members
from floodmark.dumps.containers.labels import shown_as
from floodmark.dumps.dump import Dump
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.grammar_file import load_overrides
from floodmark.dumps.infer import Inference, infer, infer_workbook
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample, take_sample
from floodmark.errors import FloodmarkError, UnreadableInput, UsageError
from floodmark.identifiers import FieldType


@dataclass(frozen=True)
class Unopened:
    """Something in a file that cannot be read.

    Attributes:
        label: what reports call it.
        size: its bytes, 0 where nobody can tell.
        problem: why.
    """

    label: str
    size: int
    problem: FloodmarkError


@dataclass(frozen=True)
class Stated:
    """What a caller states of the grammar of texts.

    Attributes:
        overrides: parts of the grammar.
        types: types of columns, by number.
    """

    overrides: Overrides
    types: dict[int, FieldType]

    @classmethod
    def of(cls, grammar: str | Path | None, overrides: dict[str, object]) -> Stated:
        """What a grammar file and options state; options win.

        Raises:
            UsageError: an override that does not exist, or cannot be.
        """
        found, types = load_overrides(Path(grammar)) if grammar is not None else (Overrides(), {})
        if unknown := sorted(set(overrides) - set(Overrides.__dataclass_fields__)):
            raise UsageError(f"No such override: {', '.join(unknown)}", "See floodmark.dumps.Overrides.")
        chosen = {name: value for name, value in overrides.items() if value is not None}
        if "columns" in chosen:
            chosen["columns"] = tuple(chosen["columns"])  # type: ignore[arg-type]
        return cls(replace(found, **chosen), types)  # type: ignore[arg-type]


def opened(
    path: str | Path,
    *,
    grammar: str | Path | None = None,
    opening: Opening | None = None,
    label: str | None = None,
    watch: Watcher | None = None,
    advance: Callable[[int], None] | None = None,
    **overrides: object,
) -> Generator[Dump | Unopened, None, None]:
    """Everything that can be read in a file, one after the other: each is read before the next is asked for.

    Args:
        path: a regular file; a symlink is followed.
        grammar: a grammar file (`grammar_file.to_toml`) whose parts replace what would be inferred.
        opening: how far containers are opened, and with which passwords.
        label: what reports call the file; by default its name.
        watch: told of every raw byte of the file in order, for hashing.
        advance: told how many raw bytes were read since it was last called.
        **overrides: fields of `Overrides`, which beat the grammar file: `delimiter`, `quote` ("" for none),
            `header`, `preamble`, `encoding`, `newline`, `record`, `columns` (names or labels of types).

    Raises:
        NothingToRead: the file does not exist.
        UnreadableInput: it cannot be opened, or is no regular file.
        InputChanged: it changed while it was read.
        UsageError: an override that does not exist.
    """
    path = Path(path)
    stated = Stated.of(grammar, overrides)
    name = label if label is not None else shown_as(path.name)
    with closing(members(path, opening or Opening(), watch=watch, advance=advance)) as found:
        for member in found:
            whole = f"{name}/{member.name}" if member.name else name
            if member.source is None:
                problem = member.problem or UnreadableInput("It cannot be read")
                yield Unopened(whole, member.size or 0, _about(whole, problem))
                continue
            source, plain = member.source, path if not member.wrapping and not member.name else None
            try:
                inference, sample = _inferred(source, " > ".join(member.wrapping) or "plain", plain, stated)
            except FloodmarkError as error:
                yield Unopened(whole, member.size or 0, _about(whole, error))
                continue
            yield Dump(whole, inference, sample, _once(source), plain)


def read(
    path: str | Path,
    *,
    grammar: str | Path | None = None,
    opening: Opening | None = None,
    **overrides: object,
) -> Dump:
    """The one dump of a file that is no archive, which may be read several times.

    Args:
        path: as for `opened`.
        grammar: as for `opened`.
        opening: as for `opened`.
        **overrides: as for `opened`.

    Raises:
        NothingToRead: the file does not exist or is empty.
        UnreadableInput: it cannot be opened, is no regular file, or is an archive.
        UnknownContainer: it is not text.
        UnknownEncoding: its text is in an encoding that is not read.
        NoGrammar: nothing explains it.
        UsageError: an override that does not exist.
    """
    path = Path(path)

    @contextmanager
    def again() -> Iterator[Source]:
        with closing(members(path, opening or Opening())) as found:
            source = next(found).source
            assert source is not None  # noqa: S101  it was there before
            yield source
            for _ in found:  # to the end, where the file is checked for changes
                pass

    with closing(opened(path, grammar=grammar, opening=opening, **overrides)) as found:  # type: ignore[arg-type]
        first = next(found)
        if isinstance(first, Unopened):
            raise first.problem
        if first.path is None and "/" in first.label:
            raise UnreadableInput(
                f"{shown_as(path.name)} is an archive, which can hold several texts",
                "Read it with floodmark.dumps.opened, or unpack it.",
            )
        return Dump(first.label, first.inference, first.sample, again, first.path)


def _once(source: Source) -> Callable[[], nullcontext[Source]]:
    return lambda: nullcontext(source)


def _inferred(source: Source, container: str, path: Path | None, stated: Stated) -> tuple[Inference, Sample]:
    if source.kind == "text":
        sample = take_sample(source.peek, container, path, stated.overrides.encoding)
        inference = infer(sample, stated.overrides)
    else:
        sample = Sample(b"", (), container, Encoding("utf-8", False), complete=False)
        with source.file() as file:
            inference = infer_workbook(source.kind, file, container, stated.overrides)
    if stated.types and len(stated.types) == len(inference.grammar.columns):
        first, *_ = inference.tables
        typed = replace(inference.first, grammar=inference.grammar.with_types(stated.types))
        inference = replace(inference, tables={**inference.tables, first: typed})
    return inference, sample


def _about(label: str, error: FloodmarkError) -> FloodmarkError:
    """The error with what it is about."""
    if label not in error.message and label.rpartition("/")[2] not in error.message:
        error.message = f"{label}: {error.message}"
        error.args = (error.message,)
    return error
