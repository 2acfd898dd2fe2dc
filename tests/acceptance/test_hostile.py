"""Hostile input ends in a clear error or in quarantine: no traceback, no hang, no balloon of memory."""

from __future__ import annotations

import faulthandler
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from floodmark import dumps
from floodmark.errors import FloodmarkError, NothingToRead, UnreadableInput, UsageError

from . import hostile
from .probe import GIB, RESIDENT_LIMIT, WALL_LIMIT, probe, probe_all

DOCUMENTED_EXIT_CODES = {1, 2, 3}
CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(autouse=True)
def nothing_hangs_unnoticed() -> Iterator[None]:
    """A reading in this process that never ends takes the whole run down, with the place where it hung."""
    faulthandler.dump_traceback_later(3 * WALL_LIMIT, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def assert_is_a_clear_error(error: FloodmarkError) -> None:
    assert error.message
    assert error.hint
    assert error.slug
    assert error.exit_code in DOCUMENTED_EXIT_CODES
    said = f"{error.message} {error.hint}"
    assert hostile.CANARY not in said
    assert said.isprintable()


def read_through(path: Path | str, **overrides: Any) -> dumps.Dump | FloodmarkError:
    """Read to the end; what must hold of every reading is asserted here."""
    try:
        dump = dumps.read(path, **overrides)
        names, heights = dump.grammar.names, 0
        for frame in dump.batches():
            assert frame.columns == names
            heights += frame.height
    except FloodmarkError as error:
        assert_is_a_clear_error(error)
        return error
    assert heights == dump.accounting.records
    assert len(set(names)) == len(names)
    return dump


@cache
def hostile_text(name: str) -> tuple[dumps.Dump | FloodmarkError, int]:
    """A hostile text read to its end, and its size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.txt"
        hostile.TEXTS[name](path)
        return read_through(path), path.stat().st_size


def all_read(path: Path) -> list[dumps.Dump]:
    """Every dump in a file, each read to its end."""
    found = []
    for dump in dumps.opened(path):
        assert isinstance(dump, dumps.Dump)
        assert sum(frame.height for frame in dump.batches()) == dump.accounting.records
        found.append(dump)
    return found


def assert_probe_ended_well(found: dict[str, Any], size: int | None) -> None:
    assert found["resident"] < RESIDENT_LIMIT
    if found["outcome"] == "error":
        assert found["message"]
        assert found["hint"]
        assert found["exit_code"] in DOCUMENTED_EXIT_CODES
        assert hostile.CANARY not in found["message"] + found["hint"]
        return
    assert found["heights"] == found["records"]
    if size is not None:
        assert sum(found["bytes"].values()) == size


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


# --- what is no file of text


def test_an_empty_file_is_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    error = read_through(path)
    assert isinstance(error, NothingToRead)
    assert error.exit_code == 3


@pytest.mark.parametrize("kind", hostile.BINARIES)
def test_a_binary_is_refused_by_the_name_of_its_format(kind: str, tmp_path: Path) -> None:
    build, names = hostile.BINARIES[kind]
    path = tmp_path / "dump.txt"
    build(path)
    error = read_through(path)
    assert isinstance(error, FloodmarkError)
    assert any(name in f"{error.message} {error.hint}".lower() for name in names)


@pytest.mark.parametrize("kind", hostile.ARCHIVES)
def test_an_archive_is_no_single_text_and_its_members_are_read_whatever_their_names(
    kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "dump.txt"
    hostile.ARCHIVES[kind](path)
    error = read_through(path)
    assert isinstance(error, UnreadableInput)
    assert "archive" in error.message
    (member,) = all_read(path)
    assert member.label.startswith("dump.txt/")
    assert member.label.endswith("etc/dump.txt")
    assert member.grammar.container == kind
    assert (member.accounting.records, member.accounting.total_bytes) == (200, len(hostile.GOOD))
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_bytes(hostile.GOOD)
    assert isinstance(read_through(tmp_path), FloodmarkError)


@pytest.mark.parametrize("name", ["missing.txt", "missing/dump.txt", "x" * 300, "a\0b", "dump.txt/below", ""])
def test_a_path_that_cannot_be_is_a_clear_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_bytes(hostile.GOOD)
    assert isinstance(read_through(f"{tmp_path}/{name}"), FloodmarkError)


def test_a_file_name_that_is_no_utf8_reads(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/dump-\xff\xfe.txt"
    Path(os.fsdecode(path)).write_bytes(hostile.GOOD)
    dump = read_through(os.fsdecode(path))
    assert isinstance(dump, dumps.Dump)
    assert dump.accounting.records == 200


def test_a_file_without_permission_is_a_clear_error(open_folder: Path) -> None:
    path = open_folder / "dump.txt"
    path.write_bytes(hostile.GOOD)
    path.chmod(0o000)
    found = probe(path, act="nobody")
    assert found["outcome"] == "error"
    assert found["type"] == UnreadableInput.__name__


def test_a_file_in_a_folder_without_permission_is_a_clear_error(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir()
    (closed / "dump.txt").write_bytes(hostile.GOOD)
    closed.chmod(0o000)
    try:
        found = probe(closed / "dump.txt", act="nobody")
    finally:
        closed.chmod(0o700)
    assert found["outcome"] == "error"
    assert found["exit_code"] == 1


# --- links, pipes, devices


def test_a_link_that_is_given_is_followed(tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_bytes(hostile.GOOD)
    (tmp_path / "link").symlink_to(tmp_path / "dump.txt")
    dump = read_through(tmp_path / "link")
    assert isinstance(dump, dumps.Dump)
    assert dump.accounting.records == 200


def test_a_link_to_nothing_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    assert isinstance(read_through(tmp_path / "link"), FloodmarkError)


def test_links_in_a_ring_are_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    assert isinstance(read_through(tmp_path / "one"), FloodmarkError)


def test_a_pipe_socket_or_device_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    hostile.a_socket(tmp_path / "socket")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    (tmp_path / "null").symlink_to("/dev/null")
    paths = list(tmp_path.iterdir())
    for path in paths.copy():
        paths.append(path.with_suffix(".link"))
        paths[-1].symlink_to(path)
    for path, found in zip(paths, probe_all(paths), strict=True):
        assert found["outcome"] == "error", path
        assert_probe_ended_well(found, None)


# --- files that change meanwhile


@pytest.mark.parametrize("act", ["grow", "shrink", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read_is_never_half_counted(act: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(b"".join(hostile.good_line(number) for number in range(10_000)) * 60)
    size = path.stat().st_size
    found = probe(path, act=act)
    assert_probe_ended_well(found, size)
    if found["outcome"] == "error":
        assert found["slug"] in {"input-changed", "unreadable-input"}
    else:
        assert act in {"grow", "replace", "remove"}, "a file that shrank cannot be read to its end"
        assert found["records"] == 600_000


# --- hostile text


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_hostile_text_ends_in_an_error_or_in_exact_accounting(name: str) -> None:
    dump, size = hostile_text(name)
    if isinstance(dump, dumps.Dump):
        assert dump.accounting.total_bytes == size


@pytest.mark.parametrize(
    "name",
    [
        "random_bytes_between_good_lines",
        "surrogates_in_utf8",
        "overlong_utf8",
        "beyond_unicode",
        "control_characters",
    ],
)
def test_good_lines_around_hostile_ones_all_load(name: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    hostile.TEXTS[name](path)
    dump = read_through(path)
    assert isinstance(dump, dumps.Dump)
    good = sum(
        frame.select(frame[frame.columns[1]].str.contains(hostile.CANARY, literal=True).sum()).item()
        for frame in dumps.read(path).batches()
    )
    assert good == 400


@pytest.mark.parametrize("name", ["surrogates_in_utf8", "overlong_utf8", "beyond_unicode"])
def test_a_line_that_is_no_utf8_is_quarantined(name: str) -> None:
    dump, _ = hostile_text(name)
    assert isinstance(dump, dumps.Dump)
    assert dump.accounting.lines == {"accepted": 400, "repaired": 0, "quarantined": 1, "skipped": 0}


@pytest.mark.parametrize(
    "name", ["header_only", "header_only_without_newline", "only_newlines", "only_blanks"]
)
def test_a_file_without_a_record_is_nothing_to_read_or_has_none(name: str) -> None:
    found, _ = hostile_text(name)
    assert isinstance(found, NothingToRead) or (
        isinstance(found, dumps.Dump) and found.accounting.records == 0
    )


@pytest.mark.parametrize(
    "name", [name for name in hostile.TEXTS if name.startswith("json_") and "all" not in name]
)
def test_good_objects_around_hostile_ones_all_load(name: str) -> None:
    dump, _ = hostile_text(name)
    if name == "json_keys_without_end" and isinstance(dump, FloodmarkError):
        assert dump.slug == "limit-exceeded"
        return
    assert isinstance(dump, dumps.Dump)
    assert dump.grammar.record == "jsonl"
    assert dump.accounting.records >= 20


def test_an_unterminated_quote_swallows_at_most_a_few_lines(tmp_path: Path) -> None:
    path = tmp_path / "dump.csv"
    hostile.an_unterminated_quote(path)
    dump = read_through(path)
    assert isinstance(dump, dumps.Dump)
    assert dump.accounting.total_bytes == path.stat().st_size
    assert dump.accounting.total_lines == 60_002
    assert dump.accounting.records >= 59_900


def test_an_unterminated_quote_among_quotes_swallows_at_most_a_few_lines(tmp_path: Path) -> None:
    path = tmp_path / "dump.csv"
    hostile.an_unterminated_quote_among_quotes(path)
    dump = read_through(path)
    assert isinstance(dump, dumps.Dump)
    assert dump.accounting.total_bytes == path.stat().st_size
    assert dump.accounting.total_lines == 20_001
    assert dump.accounting.records >= 19_900


# --- sizes and containers


def test_a_line_of_two_gigabytes_is_quarantined_in_three_gigabytes_of_address_space(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    hostile.a_line_of_two_gigabytes(path)
    found = probe(path, address_space=3 * GIB)
    assert found["outcome"] == "read"
    assert_probe_ended_well(found, path.stat().st_size)
    assert found["records"] == 400
    assert found["lines"]["quarantined"] == 1
    assert found["bytes"]["quarantined"] > 2 * GIB


@pytest.mark.parametrize("name", hostile.SIZES)
def test_an_outsized_line_stays_within_bounded_memory_and_good_lines_around_it_load(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "dump.txt"
    hostile.SIZES[name](path)
    found = probe(path)
    assert_probe_ended_well(found, path.stat().st_size)
    if name in ("long_line_of_letters", "long_line_of_delimiters", "long_line_of_cells"):
        assert found["lines"] == {"accepted": 400, "repaired": 0, "quarantined": 1, "skipped": 0}


@pytest.mark.parametrize("name", hostile.BOMBS)
def test_a_bomb_ends_within_bounded_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt.gz"
    hostile.BOMBS[name](path)
    assert_probe_ended_well(probe(path), None)


@pytest.mark.parametrize("name", hostile.BROKEN_CONTAINERS)
def test_a_broken_container_is_a_clear_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / "dump.txt.gz"
    hostile.BROKEN_CONTAINERS[name](path)
    assert isinstance(read_through(path), FloodmarkError)


def test_a_gzip_inside_a_gzip_is_opened_twice(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt.gz"
    hostile.gzip_inside_gzip(path)
    dump = read_through(path)
    assert isinstance(dump, dumps.Dump)
    assert dump.grammar.container == "gzip > gzip"
    assert (dump.accounting.records, dump.accounting.total_bytes) == (200, len(hostile.GOOD))


# --- overrides that make no sense


@pytest.mark.parametrize(
    "overrides",
    [
        {"delimiter": "\n"},
        {"delimiter": "\ud800"},
        {"quote": '""'},
        {"quote": ":", "delimiter": ":"},
        {"encoding": "klingon"},
        {"columns": []},
        {"record": "xml"},
        {"preamble": -1},
        {"grammar": "missing.toml"},
    ],
    ids=lambda overrides: "-".join(f"{key}={str(value)[:12]!a}" for key, value in overrides.items()),
)
def test_an_override_that_makes_no_sense_is_a_clear_error(overrides: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(hostile.GOOD)
    if "grammar" in overrides:
        overrides = {"grammar": tmp_path / "missing.toml"}
    error = read_through(path, **overrides)
    assert isinstance(error, FloodmarkError)


@pytest.mark.parametrize(
    "overrides",
    [
        {"delimiter": ""},
        {"delimiter": "\0"},
        {"delimiter": ":" * 100_000},
        {"delimiter": "female"},
        {"columns": ["nonsense"]},
        {"columns": ["phone"] * 500},
        {"columns": ["same", "same", "same", "same"]},
        {"record": "jsonl"},
        {"quote": "1"},
        {"header": True, "preamble": 199},
    ],
    ids=lambda overrides: "-".join(f"{key}={str(value)[:12]!a}" for key, value in overrides.items()),
)
def test_an_override_that_does_not_fit_ends_in_an_error_or_in_exact_accounting(
    overrides: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(hostile.GOOD)
    dump = read_through(path, **overrides)
    if isinstance(dump, dumps.Dump):
        assert dump.accounting.total_bytes == len(hostile.GOOD)
        assert dump.accounting.total_lines == 200


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"delimiter = 5\n",
        b"[[columns]]\n",
        b"= =",
        b'delimiter = ":"\ncolumns = "x"\n',
        b"\0" * 99,
    ],
)
def test_a_grammar_file_that_is_none_is_a_clear_error(content: bytes, tmp_path: Path) -> None:
    path, grammar = tmp_path / "dump.txt", tmp_path / "grammar.toml"
    path.write_bytes(hostile.GOOD)
    grammar.write_bytes(content)
    assert isinstance(read_through(path, grammar=grammar), FloodmarkError)


def test_a_preamble_longer_than_the_file_leaves_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(hostile.GOOD)
    found = read_through(path, preamble=10_000)
    assert isinstance(found, NothingToRead | UsageError) or (
        isinstance(found, dumps.Dump) and found.accounting.records == 0
    )


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    first = [frame.rows() for frame in dumps.read(CORPUS / "stray-fits-one-way.txt").batches()]
    assert [frame.rows() for frame in dumps.read(CORPUS / "stray-fits-one-way.txt").batches()] == first
