"""Lines of another encoding in a UTF-8 file are told from damaged ones."""

from __future__ import annotations

from floodmark.dumps.stray_lines import beyond_ascii, told, written_otherwise
from floodmark.dumps.utf8_lines import line_edges


def otherwise(*lines: bytes) -> list[bool]:
    data = b"".join(line + b"\n" for line in lines)
    return written_otherwise(data, line_edges(data)).tolist()


def test_lines_of_old_letters_are_and_cut_or_mixed_ones_are_not() -> None:
    assert (
        otherwise(b"M\xfcller", b"Jos\xe9", "Иван".encode("cp1251"), "王伟".encode("gb18030")) == [True] * 4
    )
    assert otherwise("Zoë".encode(), b"Ada", b"M\xc3;x", "Zoë".encode() + b";K\xf6ln") == [False] * 4


def test_a_line_with_other_old_letters_was_not_cut() -> None:
    assert otherwise(b"Bj\xf6rn,Wei\xdf,D\xfcsseldorf", b"Jos\xe9;IRM\xc3;x") == [True, True]
    assert otherwise(b"M\xc3;Sch\xc3;x") == [False]


def test_a_last_letter_is_a_cut_one_only_where_letters_begin_so() -> None:
    data = b"Gro\xdf;x\nJOS\xc9;x\nM\xc3;x\n"
    assert otherwise(b"Gro\xdf,Ulm", b"Wei\xdf;") == [True, True]
    assert written_otherwise(data, line_edges(data), frozenset("üé")).tolist() == [True, True, False]


def test_too_few_lines_tell_nothing() -> None:
    lines = ["Ольга;Новосибирск\n".encode("cp1251"), "Наталья;Тверь\n".encode("cp1251")]
    assert told(lines, frozenset()) is None
    assert told([*lines, "Игорь;Пермь\n".encode("cp1251")], frozenset()) == "windows-1251"


def test_the_letters_of_the_other_lines_tell_what_few_words_cannot() -> None:
    names = ["Besançon;Orléans", "Müller;Köln", "Noël;Nîmes", "Ibáñez;Málaga"]
    lines = [name.encode("cp1252") for name in names]
    assert told(lines, beyond_ascii("".join(names))) == "windows-1252"


def test_noise_speaks_for_no_encoding() -> None:
    lines = [bytes([97, 0x80 + number, 98, 0xFF - number, 99]) for number in range(0, 100, 7)]
    assert told(lines, frozenset()) is None
