"""The key is followed through the machine code of the very library that is loaded (tools/constant_time).

Every path is that the compiler built, on any x86-64 with Linux: this processor need not know its instructions.
"""

import platform
import sys
from pathlib import Path

import pytest

from floodmark.kernel import library
from floodmark.kernel.library import Features

IS_FOLLOWED = sys.platform == "linux" and platform.machine() == "x86_64"
EVERY = Features.SHA | Features.AVX2 | Features.AVX512 | Features.IFMA
PATHS = {
    name: features
    for name, features in {"ifma": EVERY, "avx2": Features.SHA | Features.AVX2}.items()
    if IS_FOLLOWED and library.kernel is not None and library.kernel.functions.fm_oprf_lanes(features)
}
DONE, BAD_KEY, NO_MEMORY, NEUTRAL = 0, 2, 3, 4  # FM_OPRF_… of c/kernel.h
SIZES = [19, 5, 200]  # in the view and beside it, of one block and of more; fewer than there are lanes
WIPED = 128 * 1024  # bytes of the stack, by c/oprf.c

COMPILED = Path(library.__file__).with_name(library.NAME)

if IS_FOLLOWED:
    from constant_time.evaluation import evaluate, places
    from constant_time.mxcsr import AT_FIRST
    from constant_time.processor import Left

    NOTHING = Left({}, 0, ())
every_path = pytest.mark.parametrize("features", PATHS.values() or [None], ids=[*PATHS] or ["none"])


def follow(features, **otherwise):
    return evaluate(COMPILED, features, SIZES, **otherwise)


@every_path
def test_no_branch_address_or_time_depends_on_the_key_and_nothing_of_it_is_left(features):
    if features is None:
        return
    found = follow(features)
    assert found.result == DONE
    assert found.declared == {1, 2, 3}
    assert found.left == NOTHING
    assert 0 < found.depth <= WIPED // 2
    assert found.mxcsr == AT_FIRST


@every_path
def test_a_key_that_is_none_leaves_nothing(features):
    if features is None:
        return
    found = follow(features, answers={1: 0})
    assert (found.result, found.declared, found.left) == (BAD_KEY, {1}, NOTHING)


@every_path
@pytest.mark.parametrize("blocks", [0, 1])
def test_a_call_without_memory_leaves_nothing(features, blocks):
    if features is None:
        return
    found = follow(features, blocks=blocks)
    assert (found.result, found.left) == (NO_MEMORY, NOTHING)


def test_a_batch_that_ends_early_leaves_nothing():
    if PATHS:
        found = follow(next(iter(PATHS.values())), answers={2: 1})
        assert (found.result, found.left) == (NEUTRAL, NOTHING)


@pytest.mark.parametrize("features", [Features.PORTABLE, Features.SHA, Features.AVX2], ids=str)
def test_places_take_the_same_time_for_all_outputs_and_leave_nothing_of_them(features):
    if IS_FOLLOWED and library.kernel is not None:
        found = places(COMPILED, features, 19)
        assert (found.declared, found.left) == (set(), NOTHING)


def test_nothing_else_is_said_to_be_public_than_what_was_looked_at():
    sources = Path(library.__file__).parent / "c"
    said = [
        (path.name, line.strip())
        for path in sorted(sources.rglob("*.[ch]"))
        for line in path.read_text().splitlines()
        if "FM_PUBLIC(" in line and not line.startswith("#define")
    ]
    assert said == [
        ("batch.h", "if (FM_PUBLIC(FM_PUBLIC_NEUTRAL, !any))"),
        ("batch.h", "if (FM_PUBLIC(FM_PUBLIC_FAULT, ANY_LANE(work->failed)))"),
        ("batch.h", "return FM_PUBLIC(FM_PUBLIC_FAULT, ANY_LANE(failed)) ? FM_OPRF_FAULT : FM_OPRF_DONE;"),
        ("oprf.c", "if (FM_PUBLIC(FM_PUBLIC_KEY_FITS, is_key(batch->key))) {"),
    ]
