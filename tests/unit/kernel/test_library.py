"""What is built, what is loaded, and what happens where it cannot be."""

import importlib.util
import os
import platform
import re
import shlex
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from shutil import copy, copytree, ignore_patterns, which

import polars as pl
import pytest

from floodmark import kernel
from floodmark.exposure.oprf import derive_key_pair, evaluate, evaluate_texts
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE")


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path):
    for name in SHIPPED:
        copy(ROOT / name, tmp_path)
    copytree(
        ROOT / "src/floodmark/kernel",
        tmp_path / "src/floodmark/kernel",
        ignore=ignore_patterns("*.so", "__py*"),
    )
    copy(ROOT / "src/floodmark/__init__.py", tmp_path / "src/floodmark")
    return tmp_path


def built(tree, target, compiler):
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", tree / "dist"]
    environment = {**os.environ, "CC": compiler}
    subprocess.run(command, cwd=tree, check=True, capture_output=True, env=environment)
    (found,) = (tree / "dist").iterdir()
    return found


def wheel(tree, compiler):
    found = built(tree, "wheel", compiler)
    with zipfile.ZipFile(found) as archive:
        return found.name, archive.namelist()


def hasty(folder, build, refused=()):
    """The compiler, but it optimises nothing, which takes a tenth of the time, and does not know some flags."""
    script = folder / "hasty-cc"
    flags = "|".join(refused) or "none"
    script.write_text(
        '#!/bin/sh\nfor flag; do case "$flag" in '
        + flags
        + ') echo "unknown: $flag" >&2; exit 1;; esac; done\n'
        f'exec {shlex.join(build.compiler())} "$@" -O0\n'
    )
    script.chmod(0o755)
    return str(script)


PATHS = {"oprf_ifma.c": (Features.IFMA, 8), "oprf_avx2.c": (Features.AVX2, 4)}


def lanes_expected(build, tmp_path, refused=()):
    """How many lanes each path has, where the compiler knows its instructions."""
    empty, known = tmp_path / "empty.c", {}
    empty.write_text("int x;")
    for name, (feature, lanes) in PATHS.items():
        command = [*build.compiler(), *build.OWN_FLAGS[name], "-c", empty, "-o", tmp_path / "empty.o"]
        takes = subprocess.run(command, capture_output=True, check=False).returncode == 0
        known[feature] = lanes if takes and not set(refused) & set(build.OWN_FLAGS[name]) else 0
    return known


def lanes_built(found):
    return {feature: found.functions.fm_oprf_lanes(feature) for feature, _ in PATHS.values()}


def test_the_library_that_is_loaded_was_built_from_these_sources(build):
    assert kernel.compiled == (library.kernel is not None)
    if library.kernel is not None:
        assert library.kernel.source == build.source_digest(), "run make setup"


def test_the_kernel_compiles_without_a_warning_wherever_there_is_a_compiler(build, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "FLAGS", [*build.FLAGS, "-Wall", "-Wextra", "-Wno-unknown-pragmas", "-Werror"])
    if build.compiler() is None:
        assert build.compile_kernel(tmp_path / library.NAME) == "no C compiler was found"
        return
    expected = lanes_expected(build, tmp_path)
    monkeypatch.setenv("CC", hasty(tmp_path, build))
    assert build.compile_kernel(tmp_path / library.NAME) is None
    found = library.load(tmp_path / library.NAME)
    assert lanes_built(found) == expected, "a file with flags of its own has a warning, and was left empty"


def test_the_library_that_is_loaded_has_every_path_that_the_compiler_knows(build, tmp_path):
    if library.kernel is not None and build.compiler() is not None:
        assert lanes_built(library.kernel) == lanes_expected(build, tmp_path)


def test_what_a_compiler_does_not_know_is_left_out_and_something_else_evaluates(build, tmp_path, monkeypatch):
    if build.compiler() is None:
        return
    refused, said = ["-mavx512ifma"], []
    expected = lanes_expected(build, tmp_path, refused)
    monkeypatch.setenv("CC", hasty(tmp_path, build, refused))
    assert build.compile_kernel(tmp_path / library.NAME, said.append) is None
    found = library.load(tmp_path / library.NAME)
    empty = [name for name, (feature, _) in PATHS.items() if not expected[feature]]
    assert sorted(sentence.split()[0] for sentence in said) == sorted(empty)
    assert lanes_built(found) == expected
    assert Features.IFMA not in found.features and oprf.lanes(found.using(Features.IFMA)) == 0
    private, texts = derive_key_pair(bytes(32), b"test").private, ["phone:+447700900123", "", "é" * 90]
    for part in (found, found.using(Features.IFMA), found.using(Features.PORTABLE)):
        outputs = evaluate_texts(private, pl.Series(texts), kernel=part)
        assert [row.tobytes() for row in outputs] == [evaluate(private, text.encode()) for text in texts]


BY_ATTRIBUTE = [
    *["count_by_eight", "count_by_four", "keep_by_eight", "keep_by_four", "sha256_compress_avx2"],
    *["wipe_lower_registers", "wipe_upper_registers"],
]
"""Functions that have a target of their own in C, and are called where the processor has it."""


def test_no_file_but_those_with_flags_of_their_own_has_instructions_that_not_every_processor_has(
    build, tmp_path
):
    if build.compiler() is None or which("objdump") is None:
        return
    wide = {}
    for source in set(build.sources()) - {build.KERNEL / "c" / name for name in build.OWN_FLAGS}:
        target = tmp_path / f"{source.stem}.o"
        subprocess.run([*build.compiler(), *build.FLAGS, "-c", source, "-o", target], check=True)
        shown = subprocess.run(["objdump", "-d", target], capture_output=True, text=True, check=True).stdout
        for function in shown.split("\n\n"):
            if re.search(r"%[yz]mm|\tv[a-z0-9]+\b", function):
                wide[re.search(r"<(\w+)", function)[1]] = source.name
    assert sorted(wide) == BY_ATTRIBUTE if platform.machine() == "x86_64" else wide == {}


def test_what_is_used_is_what_this_processor_and_its_system_have():
    cpu = Path("/proc/cpuinfo")
    if library.kernel is None or not cpu.exists() or platform.machine() != "x86_64":
        return
    flags, built_paths = (
        set(re.search(r"^flags\s*:(.*)$", cpu.read_text(), re.M)[1].split()),
        lanes_built(library.kernel),
    )
    needed = {
        Features.SHA: {"sha_ni", "ssse3", "sse4_1"},
        Features.AVX2: {"avx2", "popcnt"},
        Features.AVX512: {"avx512f", "popcnt"},
        Features.IFMA: {"avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512ifma"},
    }
    has = {feature for feature, names in needed.items() if names <= flags}
    if not built_paths[Features.IFMA]:
        has.discard(Features.IFMA)
    assert {feature for feature in needed if feature in library.kernel.features} == has


def test_a_wheel_with_the_kernel_is_for_this_platform_alone_whatever_its_compiler_knows(tree):
    """The compiler here knows nothing and writes empty files: what a wheel is for does not depend on what is in it."""
    script = tree / "no-cc"
    script.write_text(
        '#!/bin/sh\ncase "$*" in *-mavx*) exit 1;; esac\nwhile [ "$1" != -o ]; do shift; done\n: > "$2"\n'
    )
    script.chmod(0o755)
    name, files = wheel(tree, str(script))
    system = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert name.endswith(f"-py3-none-{system}.whl")
    assert f"floodmark/kernel/{library.NAME}" in files


def test_an_archive_of_the_sources_has_all_of_them_and_no_library(tree):
    (tree / "src/floodmark/kernel" / library.NAME).write_bytes(b"built here")
    with tarfile.open(built(tree, "sdist", "false")) as archive:
        files = {Path(name).relative_to(Path(name).parts[0]) for name in archive.getnames()}
    sources = {file.relative_to(tree) for file in (tree / "src/floodmark/kernel/c").rglob("*.[ch]")}
    assert len([file for file in sources if file.parent.name == "oprf"]) > 10
    assert sources <= files
    assert not any(file.suffix == ".so" for file in files)


@pytest.mark.parametrize("compiler", ["false", "no-such-compiler", "cc -no-such-option"])
def test_a_wheel_is_built_for_any_platform_when_the_compiler_is_missing_or_fails(tree, compiler):
    name, files = wheel(tree, compiler)
    assert name.endswith("-py3-none-any.whl")
    assert "floodmark/kernel/sorted_sets.py" in files
    assert not any(file.endswith(".so") for file in files)


def test_a_library_that_could_not_be_built_again_is_gone(build, tmp_path, monkeypatch):
    path = tmp_path / library.NAME
    path.write_bytes(b"of other sources")
    monkeypatch.setenv("CC", "false")
    assert "failed" in build.compile_kernel(path)
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_missing_or_no_library_is_none(tmp_path):
    assert library.load(tmp_path / library.NAME) is None
    (tmp_path / library.NAME).write_bytes(b"\x7fELF, and no more")
    assert library.load(tmp_path / library.NAME) is None


@pytest.mark.parametrize(
    "source",
    ["int other;", "int fm_abi(void) { return 0; }", f"int fm_abi(void) {{ return {library.ABI}; }}"],
)
def test_a_library_of_another_version_is_not_used(build, tmp_path, source):
    if (compiler := build.compiler()) is not None:
        (tmp_path / "other.c").write_text(source)
        path = tmp_path / library.NAME
        subprocess.run([*compiler, "-shared", "-fPIC", "-o", path, tmp_path / "other.c"], check=True)
        assert library.load(path) is None


def test_the_version_in_python_is_the_version_in_c():
    header = (ROOT / "src/floodmark/kernel/c/kernel.h").read_text()
    assert f"#define FM_ABI {library.ABI} " in header
