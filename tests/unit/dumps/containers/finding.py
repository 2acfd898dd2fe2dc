"""All members of a file, read to their ends, as tests compare them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from floodmark.dumps.containers import Opening, members
from floodmark.dumps.containers.stream import Kind
from floodmark.errors import FloodmarkError

STEP = 1 << 16


@dataclass(frozen=True)
class Found:
    name: str
    wrapping: tuple[str, ...]
    text: bytes = b""
    problem: FloodmarkError | None = None
    kind: Kind | None = None


def found(path: Path, opening: Opening | None = None, step: int = STEP) -> list[Found]:
    """Every member, with its text as far as it can be read."""
    all_of_them = []
    for member in members(path, opening or Opening()):
        if member.source is None:
            all_of_them.append(Found(member.name, member.wrapping, problem=member.problem))
            continue
        text, problem = bytearray(), member.problem
        try:
            while data := member.source.read(step):
                text += data
        except FloodmarkError as error:
            problem = error
        all_of_them.append(Found(member.name, member.wrapping, bytes(text), problem, member.source.kind))
    return all_of_them


def found_in(folder: Path, raw: bytes, opening: Opening | None = None) -> list[Found]:
    """Every member of a file with these bytes."""
    path = folder / "dump.bin"
    path.write_bytes(raw)
    return found(path, opening)


def texts(members_found: list[Found]) -> dict[str, bytes]:
    """What was read without a problem, by name."""
    return {member.name: member.text for member in members_found if member.problem is None}


def only_problem(members_found: list[Found], kind: Callable[..., FloodmarkError]) -> FloodmarkError:
    """The one problem there is, which is of that kind."""
    problems = [member.problem for member in members_found if member.problem is not None]
    assert len(problems) == 1, problems
    assert type(problems[0]) is kind, problems
    return problems[0]
