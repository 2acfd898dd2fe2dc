"""What is built, what is loaded, and what happens where it cannot be."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

from floodmark import kernel
from floodmark.kernel import library

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


def wheel(tree, compiler):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tree / "dist"]
    environment = {**os.environ, "CC": compiler}
    subprocess.run(command, cwd=tree, check=True, capture_output=True, env=environment)
    (found,) = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(found) as archive:
        return found.name, archive.namelist()


def test_the_library_that_is_loaded_was_built_from_these_sources(build):
    assert kernel.compiled == (library.kernel is not None)
    if library.kernel is not None:
        assert library.kernel.source == build.source_digest(), "run make setup"


def test_the_kernel_compiles_without_a_warning_wherever_there_is_a_compiler(build, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "FLAGS", [*build.FLAGS, "-Wall", "-Wextra", "-Wno-unknown-pragmas", "-Werror"])
    problem = build.compile_kernel(tmp_path / library.NAME)
    assert (problem is None) == (build.compiler() is not None), problem
    assert (library.load(tmp_path / library.NAME) is not None) == (problem is None)


def test_a_wheel_with_the_kernel_is_for_this_platform_alone(build, tree):
    if (compiler := build.compiler()) is not None:
        name, files = wheel(tree, " ".join(compiler))
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        assert name.endswith(f"-py3-none-{platform}.whl")
        assert f"floodmark/kernel/{library.NAME}" in files


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
