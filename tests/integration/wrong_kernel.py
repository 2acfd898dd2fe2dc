"""A copy of the kernel with lines that are wrong: built from its sources, each wrong only where a test asks for it.

`WRONG_LINE` in the environment says which, by the position of its name in `LINES`; `WRONG_FROM` from which call on, as
of a processor that begins to err in the midst of work; `WRONG_TIME` is another number each time that calls are counted
anew, since tests of one process come in any order.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from shutil import copytree, ignore_patterns
from types import ModuleType

from floodmark.kernel import library, oprf
from floodmark.kernel.library import Kernel

ROOT = Path(__file__).resolve().parents[2]

LINES = {
    "a carry is lost in one lane, for one operand of 65,536": (
        "field{}.h",
        r"(FM_INLINE fe carry\(raw r\) \{\n)",
        r"\1    const uint64_t first[LANES] = {1};\n"
        r"    const vec rare = SUB(AND(r.l[0], SET1(0xffff)), SET1(0xffff));\n"
        r"    if (WRONG) r.l[1] = SUB(r.l[1], BLEND(IS_ZERO(rare), ZERO(), load(first)));\n",
    ),
    "an entry of a table is wrong": (
        "multiply.h",
        r"(    choose\(&chosen, table, d->of\[DIGITS - 1\])",
        r"    if (WRONG) table[4].T2d = table[3].T2d;\n\1",
    ),
    "the key is another": ("batch.h", r"(        digits_of\()", r"        if (WRONG) half[1] ^= 4;\n\1"),
    "a constant of the map is wrong": (
        "map.h",
        r"constant\(D_MINUS_ONE_SQUARED\)",
        "constant(WRONG ? ONE_MINUS_D_SQUARED : D_MINUS_ONE_SQUARED)",
    ),
    "a root is not one": ("map.h", r"(    power_22523\(power, x\);)", r"\1\n    if (WRONG) power[1] = x[1];"),
    "a sign is chosen wrongly": (
        "map.h",
        r"negate_where\(is_negative\(s\[i\]\), s\[i\]\)",
        "negate_where(WRONG ? NO_LANE : is_negative(s[i]), s[i])",
    ),
    "the map begins with another element": (
        "map.h",
        r"mul_raw\(&i1, &a\[i\], PLAIN\)",
        "mul_raw(&i1, WRONG ? &t[i] : &a[i], PLAIN)",
    ),
    "the sign of the other root is chosen wrongly": (
        "map.h",
        r"negate_where\(\(mask\)~is_negative\(st\[i\]\), ",
        "negate_where(WRONG ? NO_LANE : (mask)~is_negative(st[i]), ",
    ),
    "a quotient by which signs are decided is wrong": (
        "encode.h",
        r"(        fe t = mul\()",
        r"        if (WRONG) over_fh = own;\n\1",
    ),
    "the sign of y is chosen wrongly": (
        "encode.h",
        r"negate_where\(\(mask\)~plus, ",
        "negate_where(WRONG ? plus : (mask)~plus, ",
    ),
    "the sign of x is decided wrongly": (
        "encode.h",
        r"const mask plus = is_negative\(x\);",
        "const mask plus = WRONG ? EVERY_LANE : is_negative(x);",
    ),
    "the sign of x y is decided wrongly": (
        "encode.h",
        r"const mask rotate = is_negative\(t\);",
        "const mask rotate = WRONG ? NO_LANE : is_negative(t);",
    ),
    "the sign of an encoding is decided wrongly": (
        "encode.h",
        r"negate_where\(is_negative\(r\), r\)",
        "negate_where(WRONG ? NO_LANE : is_negative(r), r)",
    ),
    "a constant of the encoding is wrong": (
        "encode.h",
        r"constant\(INVERSE_SQRT_A_MINUS_D\)",
        "constant(WRONG ? SQRT_MINUS_1 : INVERSE_SQRT_A_MINUS_D)",
    ),
    "one inverse of many is wrong": (
        "encode.h",
        r"(        fe over_fh = )",
        r"        if (WRONG && k == 3) own = s->before;\n\1",
    ),
    "the encoding of a sum is of another's": (
        "encode.h",
        r"(        s->eg = mul\()",
        r"        if (WRONG && k == 1) s->e = work[0].e;\n\1",
    ),
    "an input is taken for one that cannot be evaluated": (
        "encode.h",
        r"(        s->zero = is_zero\(efgh\);)",
        r"\1\n        if (WRONG && k == 1) s->zero = EVERY_LANE;",
    ),
    "the other root of a d - 1 is taken": (
        "map.h",
        r"c3 = constant\(SQRT_AD_MINUS_ONE\)",
        "root = constant(SQRT_AD_MINUS_ONE), c3 = WRONG ? negate(root) : root",
    ),
    "the last hash is of another text": (
        "hash.h",
        r'"Finalize", 8\)',
        'WRONG ? "finalize" : "Finalize", 8)',
    ),
    "the first hash is of another size": ("hash.h", r"p\[1\] = 64;", "p[1] = WRONG ? 32 : 64;"),
}

SWITCH = """
#include <stdlib.h>
static int wrong_line, counted, calls; /* by one thread */
static void switch_on(void) {
    const char *line = getenv("WRONG_LINE"), *from = getenv("WRONG_FROM"), *which = getenv("WRONG_TIME");
    const int now = which ? atoi(which) : 0;
    calls = now == counted ? calls + 1 : 1;
    counted = now;
    wrong_line = line && calls > (from ? atoi(from) : 0) ? atoi(line) : -1;
}
"""


def build(folder: Path) -> Kernel | None:
    """The kernel with lines to be wrong, for this processor; None where there is no path for it, or no compiler.

    Args:
        folder: an empty one.
    """
    recipe, path = _recipe(), {8: "ifma", 4: "avx2", 0: None}[oprf.lanes(library.kernel)]
    if path is None or recipe.compiler() is None:
        return None
    recipe.KERNEL = folder / "kernel"
    copytree(ROOT / "src/floodmark/kernel/c", recipe.KERNEL / "c", ignore=ignore_patterns("*.cu"))
    own = f"oprf_{path}.c"
    recipe.OWN_FLAGS = {own: [*recipe.OWN_FLAGS[own], "-O1"]}  # the other path is then left out
    templates = recipe.KERNEL / "c/oprf"
    for number, (name, right, wrong) in enumerate(LINES.values()):
        file = templates / name.format("52" if path == "ifma" else "26")
        switched = wrong.replace("WRONG", f"(wrong_line == {number})")
        text, found = re.subn(right, switched, file.read_text())
        assert found == 1, f"{name} has changed: its line {right} is there {found} times"
        file.write_text(text)
    _put_in(templates / "vector512.h", r"(typedef __m512i vec)", SWITCH + r"\1")
    _put_in(templates / "vector256.h", r"(typedef __m256i vec)", SWITCH + r"\1")
    _put_in(templates / "batch.h", r"(static int evaluate\(.*\n)", r"\1    switch_on();\n")
    problem = recipe.compile_kernel(folder / library.NAME)
    assert problem is None, problem
    return library.load(folder / library.NAME)


def _put_in(file: Path, place: str, text: str) -> None:
    changed, found = re.subn(place, text, file.read_text(), count=1)
    assert found == 1, f"{file.name} has no {place}"
    file.write_text(changed)


def _recipe() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
