"""The processor, from the text in which Linux tells of it."""

import platform

from floodmark.kernel.processor import processor, read, usable_cores


def test_the_first_of_several_processors_is_told():
    one = "processor\t: 0\nmodel name\t: One\nflags\t\t: avx2 fpu\n"
    two = "processor\t: 1\nmodel name\t: Two\nflags\t\t: sha_ni\n"
    assert (read(f"{one}\n{two}").name, read(f"{one}\n{two}").features) == ("One", ("AVX2",))


def test_features_are_told_by_whole_words():
    assert read("flags : avx avx512ifmax sha").features == ()


def test_a_processor_of_another_kind_is_told_by_the_systems_name_for_it(tmp_path):
    expected = platform.machine() or "unknown"
    assert read("CPU implementer : 0x41\nFeatures : fp asimd sha2\n").name == expected
    assert processor(tmp_path / "missing").name == expected
    assert processor(tmp_path / "missing").features == ()


def test_this_machine_has_a_name_and_a_core():
    assert processor().name
    assert usable_cores() >= 1
