"""The part of a dump that inference sees."""

from __future__ import annotations

import codecs
import gzip
from contextlib import closing
from pathlib import Path

import pytest

from floodmark.dumps.containers import Opening, members
from floodmark.dumps.sample import HEAD_SIZE, PIECES, SYNTHETIC_MARK, Sample, take_sample
from floodmark.errors import NothingToRead, UnknownContainer

LINE = b"%07d:somebody:somewhere:something of a text\n"
LONG = b"".join(LINE % number for number in range(4 * HEAD_SIZE // len(LINE % 0)))


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "dump.txt"
    path.write_bytes(raw)
    return path


def sampled(path: Path, encoding: str | None = None) -> Sample:
    with closing(members(path, Opening())) as found:
        member = next(found)
        assert member.source is not None
        container = " > ".join(member.wrapping) or "plain"
        return take_sample(member.source.peek, container, None if member.wrapping else path, encoding)


def test_a_short_file_is_its_own_sample(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, b"a:b\nc:d"))
    assert (sample.head, sample.pieces, sample.container) == (b"a:b\nc:d", (), "plain")
    assert sample.complete
    assert sample.encoding.name == "us-ascii"


def test_a_byte_order_mark_is_told_and_taken_off(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, codecs.BOM_UTF8 + b"a:b\n"))
    assert sample.head == b"a:b\n"
    assert sample.encoding.bom


def test_of_a_long_file_the_head_is_whole_lines(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, LONG))
    assert not sample.complete
    assert LONG.startswith(sample.head)
    assert sample.head.endswith(b"\n")
    assert HEAD_SIZE - len(sample.head) < len(LINE % 0)


def test_pieces_are_whole_lines_from_further_on_in_file_order(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, LONG))
    lines = LONG.splitlines(keepends=True)
    places = {line: number for number, line in enumerate(lines)}
    firsts = []
    for piece in sample.pieces:
        numbers = [places[line] for line in piece.splitlines(keepends=True)]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        firsts.append(numbers[0])
    assert firsts == sorted(firsts)
    assert 1 <= len(firsts) <= PIECES
    assert firsts[0] >= sample.head.count(b"\n")


def test_nobody_can_seek_in_a_container_so_it_has_no_pieces(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, gzip.compress(LONG, 1)))
    assert sample.container == "gzip"
    assert sample.pieces == ()
    assert LONG.startswith(sample.head)


def test_one_line_longer_than_the_sample_fills_it(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, b"x" * (HEAD_SIZE + 100)))
    assert sample.head == b"x" * HEAD_SIZE


def test_a_head_of_carriage_returns_is_whole_lines_too(tmp_path: Path) -> None:
    sample = sampled(written(tmp_path, LONG.replace(b"\n", b"\r")))
    assert sample.head.endswith(b"\r")


@pytest.mark.parametrize("raw", [b"", gzip.compress(b"", mtime=0)], ids=["plain", "gzip"])
def test_an_empty_text_is_nothing_to_read(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(NothingToRead, match="is empty"):
        sampled(written(tmp_path, raw))


def test_a_stated_encoding_is_not_doubted(tmp_path: Path) -> None:
    latin = written(tmp_path, "Müller:Köln\n".encode("latin-1") * 50)
    assert sampled(latin).head.decode() == "Müller:Köln\n" * 50
    assert sampled(latin, "utf-8").encoding.name == "utf-8"


def test_a_sample_is_utf_8_whatever_the_text_is(tmp_path: Path) -> None:
    assert sampled(written(tmp_path, "Müller:Köln\n".encode("utf-16"))).head == "Müller:Köln\n".encode()


def test_a_text_that_says_it_is_synthetic_is_known_as_such(tmp_path: Path) -> None:
    assert sampled(written(tmp_path, SYNTHETIC_MARK + b"twin\na:b\n")).synthetic
    assert not sampled(written(tmp_path, b"a:b\n" + SYNTHETIC_MARK + b"twin\n")).synthetic


def test_binaries_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownContainer):
        sampled(written(tmp_path, bytes(range(32)) * 60))


def test_of_a_line_that_goes_on_after_the_sample_the_beginning_is_kept(tmp_path: Path) -> None:
    raw = b"first\n" + b"x" * (2 * HEAD_SIZE)
    sample = sampled(written(tmp_path, raw))
    assert sample.head == b"first\n"
    assert sample.text == raw[:HEAD_SIZE]


def test_blank_lines_before_one_long_line_are_not_all_of_a_sample(tmp_path: Path) -> None:
    raw = b"\n \n" + b"x" * (2 * HEAD_SIZE)
    assert sampled(written(tmp_path, raw)).head == raw[:HEAD_SIZE]


@pytest.mark.parametrize("shift", range(3))
def test_a_character_cut_off_by_the_sample_does_not_damage_its_line(tmp_path: Path, shift: int) -> None:
    text = "x" * shift + "\u20ac" * HEAD_SIZE
    sample = sampled(written(tmp_path, text.encode()))
    assert text.startswith(sample.text.decode())
    assert len(sample.text) > HEAD_SIZE - 3
