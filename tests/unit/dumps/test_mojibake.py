"""UTF-8 that was read as something else is repaired, and what could have been meant is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.mojibake import WAYS, repairs, suspects

NAMES = """
Müller Noël SÃO São JOSÉ José Élise Œdipe’s Łódź Żaneta Иванов Ольга Αλέξανδρος 山田太郎 김철수 محمد שלום Đặng สมชาย
Lətifə François Peña Nuñez Ibáñez Kovačić Šimić Horváth Ceaușescu Şahin Čapek MÜNCHEN GRÜßE Þórr
""".split()
MEANT = """
JOSÉ» “CAFÉ” STRAUß’ L’É’s été…» Ä» Nº PIÑA™ Åge ÆØÅ «É» Õ– É® ÕŠEV Â à» Ö”; SÃO PAULO Noël–Été É²
""".split()


def mangled(text: str, codec: str, times: int) -> str:
    for _ in range(times):
        raw = text.encode()
        text = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in raw)
    return text


def repaired(text: str) -> str:
    data = text.encode()
    (way,) = repairs(data, 1, b"\n").tolist()
    convert = WAYS[way - 1].convert if way else None
    return data.decode() if convert is None else convert(data).decode()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
@pytest.mark.parametrize("name", NAMES)
def test_names_of_many_languages_are_repaired(name: str, codec: str, times: int) -> None:
    line = f"1;{name} {name};x\n"
    broken = mangled(line, codec, times)
    assert len(suspects(broken.encode()))
    assert repaired(broken) == line


@pytest.mark.parametrize("text", MEANT)
def test_what_could_have_been_meant_stays(text: str) -> None:
    assert repaired(f"1;{text};x\n") == f"1;{text};x\n"


@pytest.mark.parametrize("text", [*NAMES, "Zoë – “quoted” £5 ½ price", "naïve café, 20 °C", "Ünïcödé"])
def test_right_lines_stay(text: str) -> None:
    assert repaired(f"1;{text};x\n") == f"1;{text};x\n"


def test_a_line_of_which_only_a_part_can_be_undone_stays() -> None:
    line = "Köln;MÃ¼ller\n"
    assert repaired(line) == line


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=1, max_size=8))
def test_each_line_is_repaired_by_itself(lines: list[str]) -> None:
    data = "".join(line + "\n" for line in lines).encode()
    together = repairs(data, len(lines), b"\n").tolist()
    assert together == [repairs(f"{line}\n".encode(), 1, b"\n").tolist()[0] for line in lines]


@given(st.text(st.characters(min_codepoint=0x80, max_codepoint=0x17F), max_size=12), st.sampled_from([1, 2]))
def test_sizes_before_the_repair_add_up(text: str, times: int) -> None:
    broken = mangled(f"vÃ¼{text}", "cp1252", times) + "\n"
    data = broken.encode()
    (way,) = repairs(data, 1, b"\n").tolist()
    if way:
        convert, measure = WAYS[way - 1].convert, WAYS[way - 1].measure
        assert convert is not None and measure is not None
        assert int(measure(np.frombuffer(convert(data), np.uint8)).sum()) == len(data)
