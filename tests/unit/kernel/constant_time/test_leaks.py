"""The check of constant time can fail: leaks put in on purpose are seen, each for what it is."""

import importlib.util
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

IS_FOLLOWED = sys.platform == "linux" and platform.machine() == "x86_64"
HERE = Path(__file__).parent
ROOT = next(parent for parent in HERE.parents if (parent / "hatch_build.py").exists())
_spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
hatch_build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hatch_build)
C = hatch_build.KERNEL / "c"
IFMA = hatch_build.OWN_FLAGS["oprf_ifma.c"]

if IS_FOLLOWED:
    from constant_time.findings import Leak
    from constant_time.library import Library
    from constant_time.memory import SECRET, Memory
    from constant_time.processor import Processor
    from constant_time.steady import STEADY_MXCSR


def compile_library(source: Path, folder: Path, headers: Path = C) -> Path | None:
    """A library of one file, with the flags of the path that has most; None without a compiler that takes them."""
    command, target = hatch_build.compiler(), folder / f"{source.stem}.so"
    if command is None or not IS_FOLLOWED:
        return None
    flags = [*hatch_build.FLAGS, *IFMA, f"-I{headers}", "-shared", "-o", str(target), str(source)]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, check=False)
    refused = "-mavx512ifma" in done.stderr
    assert done.returncode == 0 or refused, done.stderr
    return None if refused else target


def prepare(path: Path) -> "tuple[Memory, Processor]":
    memory = Memory()
    return memory, Processor(Library(path, memory), memory)


def prepare_multiple(path: Path) -> "tuple[Memory, Processor]":
    """Where MXCSR is as `fm_oprf_evaluate` sets it."""
    memory, processor = prepare(path)
    processor.mxcsr = STEADY_MXCSR
    return memory, processor


@pytest.fixture(scope="module")
def leaks(tmp_path_factory):
    return compile_library(HERE / "leaks.c", tmp_path_factory.mktemp("leaks"))


def call(path: Path, name: str):
    memory, processor = prepare(path)
    key = memory.map("the key", 80, level=SECRET)
    assert processor.call(name, key.base, 3) == 7
    return processor.left("the key", "the library")


@pytest.mark.parametrize("name", ["steady", "a_product_while_mxcsr_holds"])
def test_what_has_no_leak_passes(leaks, name):
    if leaks is not None:
        left = call(leaks, name)
        assert (left.memory, left.freed) == ({}, 0)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("an_address", "an address: an_address"),
        ("an_address_to_write_to", "an address: an_address_to_write_to"),
        ("a_branch", "a branch: a_branch"),
        ("a_loop", "a branch: a_loop"),
        ("a_branch_through_memory", "a branch: a_branch_through_memory"),
        ("a_division", "(time that data may decide|a branch): a_division"),  # compilers differ
        ("an_instruction_that_is_not_on_the_list", "time that data may decide: an_instruction"),
        ("a_call", "an address: a_call"),
        ("a_size", "an argument of a function of the C library"),
        ("an_answer_that_is_not_on_the_list", "99 is not declared to be public"),
        ("a_gather", "an address: a_gather"),
        ("a_mask_of_a_store", "a store under a secret mask: a_mask_of_a_store"),
        ("a_prefetch", "time that data may decide: a_prefetch"),
        ("a_bit_in_memory", "an address: a_bit_in_memory"),
        ("a_product", "time that data may decide, for what MXCSR is: a_product"),
        ("a_product_before_mxcsr_holds", "for what MXCSR is: a_product"),
        ("a_product_after_mxcsr_held", "for what MXCSR is: a_product"),
        ("a_mask_under_which_a_register_is_cleared", "a branch: a_mask_under_which_a_register_is_cleared"),
    ],
)
def test_a_leak_is_seen(leaks, name, seen):
    if leaks is not None:
        with pytest.raises(Leak, match=seen):
            call(leaks, name)


def test_what_is_left_is_seen(leaks):
    if leaks is not None:
        assert call(leaks, "left_on_the_stack").memory == {"the stack": 1}
        assert call(leaks, "left_in_memory_given_back").freed == 1
        assert "zmm5" in call(leaks, "left_in_a_register").registers


def changed(change, source, folder):
    """A library of a source over templates of which one is changed."""
    header, before, after = change
    shutil.copytree(C, folder / "c")
    text = (folder / "c" / "oprf" / header).read_text()
    assert text.count(before) == 1
    (folder / "c" / "oprf" / header).write_text(text.replace(before, after))
    return compile_library(HERE / source, folder, folder / "c")


CHOICE = "    for (int i = 0; i < LIMBS; i++) {\n        limb e[4];"
TABLE = "    const limb *from = (const limb *)table;"
LOOK_UP = ("multiply.h", CHOICE, "    *o = table[size & 7];\n    return;\n" + CHOICE)
EARLY_EXIT = ("multiply.h", TABLE, "    *minus = 0;\n    if (!size)\n        return;\n" + TABLE)
SAME = ("scalar.h", "    int carried = 0;", "    int carried = 0;")
DIVISION = ("scalar.h", "carried = (x + 8) >> 4;", "carried = x / (9 + carried);")
BRANCH = 'if (carried) {\n                __asm__ volatile("");\n                x -= 16;\n            }'
BY_CARRY = ("scalar.h", "x -= carried << 4;", BRANCH)


@pytest.mark.parametrize(
    ("change", "seen"),
    [(LOOK_UP, "an address: multiply"), (EARLY_EXIT, "a branch: multiply")],
    ids=["a look-up by the digit", "an early exit for the digit 0"],
)
def test_a_leak_in_the_multiplication_is_seen(change, seen, tmp_path):
    path = changed(change, "multiple.c", tmp_path)
    if path is None:
        return
    memory, processor = prepare_multiple(path)
    key, point = memory.map("the key", 32, level=SECRET), memory.map("the point", 4 * 5 * 64)
    out = memory.map("the multiple", 3 * 5 * 64)
    with pytest.raises(Leak, match=seen):
        processor.call("multiple", key.base, point.base, out.base)


@pytest.mark.parametrize(
    ("change", "seen"),
    [(SAME, None), (DIVISION, "time that data may decide: digits_to"), (BY_CARRY, "a branch: digits_to")],
    ids=["none", "a division", "a branch on a carry"],
)
def test_a_leak_where_digits_are_made_is_seen(change, seen, tmp_path):
    path = changed(change, "digits.c", tmp_path)
    if path is None:
        return
    memory, processor = prepare(path)
    key, out = memory.map("the key", 32, level=SECRET), memory.map("the digits", 64)
    if seen is None:
        assert processor.call("digits_to", key.base, out.base) == 7
        assert out.secrets() == len(out.levels)
    else:
        with pytest.raises(Leak, match=seen):
            processor.call("digits_to", key.base, out.base)
