"""What cannot be evaluated: no text is known that hashes to the neutral element, so texts here are their own hash.

The kernel's own files are compiled, but for one function: 64 bytes of a text are its uniform bytes.
"""

import importlib.util
import os
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest

from floodmark.exposure.oprf import EvaluationFault, derive_key_pair, evaluate_texts
from floodmark.kernel import library, oprf

ROOT = Path(__file__).resolve().parents[3]
PRIVATE = derive_key_pair(bytes(range(32)), b"test").private
NEUTRAL, OTHER = "\0" * 64, "0" * 64

INSTEAD = """
#include "oprf/hash.h"
static void as_it_is(vec uniform[8], const inputs *in) {
    uint64_t columns[8][LANES];
    for (int j = 0; j < LANES; j++)
        for (int word = 0; word < 8; word++)
            memcpy(&columns[word][j], in->bytes[j] + 8 * word, 8);
    for (int word = 0; word < 8; word++)
        uniform[word] = load(columns[word]);
}
#define expand(uniform, x, in, messages, stride) as_it_is(uniform, in)
#include "oprf/batch.h"
"""


@pytest.fixture(scope="session")
def unhashed(tmp_path_factory):
    """The library, compiled without optimisation."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    build.KERNEL, library_ = (
        tmp_path_factory.mktemp("kernel"),
        tmp_path_factory.mktemp("built") / library.NAME,
    )
    build.FLAGS.append("-O0")
    copytree(ROOT / "src/floodmark/kernel/c", build.KERNEL / "c")
    for name, flags in build.OWN_FLAGS.items():
        text = (build.KERNEL / "c" / name).read_text()
        assert text.count('#include "oprf/batch.h"') == 1
        (build.KERNEL / "c" / name).write_text(text.replace('#include "oprf/batch.h"', INSTEAD))
        flags.append("-O0")
    assert (build.compile_kernel(library_) is None) == (build.compiler() is not None)
    return library.load(library_)


@pytest.mark.parametrize("position", [7, 513])
def test_an_input_that_hashes_to_the_neutral_element_is_named_by_its_position(path, unhashed, position):
    if path is None or unhashed is None:
        return
    kernel = unhashed.using(path.features)
    texts = pl.Series([NEUTRAL if n == position else OTHER for n in range(520)])
    for series in (texts, pl.concat([texts[:500], texts[500:]], rechunk=False)):
        with pytest.raises(oprf.NeutralInput) as found:
            oprf.evaluate(PRIVATE, b"tag", series, random=os.urandom, kernel=kernel)
        assert found.value.position == position
    found = oprf.evaluate(PRIVATE, b"tag", pl.Series([OTHER] * 9), random=os.urandom, kernel=kernel)
    assert len({row.tobytes() for row in found.outputs}) == 1


def test_a_kernel_that_takes_an_input_for_neutral_that_is_not_stops_the_work(path, unhashed):
    if path is None or unhashed is None:
        return
    with pytest.raises(EvaluationFault, match="libsodium evaluates"):
        evaluate_texts(PRIVATE, pl.Series([OTHER, NEUTRAL]), kernel=unhashed.using(path.features))
    with pytest.raises(EvaluationFault, match="is not what libsodium computes"):
        evaluate_texts(PRIVATE, pl.Series([OTHER] * 3), kernel=unhashed.using(path.features))
