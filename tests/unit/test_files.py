"""Files are replaced whole or not at all."""

import os
import stat
import subprocess
import sys
import textwrap

import pytest

from floodmark.errors import FloodmarkError
from floodmark.files import OutputFailed, open_atomic, real, write_atomic


def test_a_file_is_made_and_replaced_and_nothing_else_stays(tmp_path):
    path = tmp_path / "profile.json"
    write_atomic(path, b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_raises_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.html"
    write_atomic(path, b"old")
    with pytest.raises(RuntimeError), open_atomic(path) as file:
        file.write(b"half of the new")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.html"
    write_atomic(path, b"old")
    script = """
        import os, signal, sys
        from pathlib import Path
        from floodmark.files import open_atomic
        with open_atomic(Path(sys.argv[1])) as file:
            file.write(b"half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(path)], check=False)
    assert done.returncode == -9
    assert path.read_bytes() == b"old"
    assert [left.suffix for left in tmp_path.iterdir() if left != path] == [".part"]


def test_a_private_file_is_readable_for_its_owner_alone(tmp_path):
    write_atomic(tmp_path / "secret", b"", private=True)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "ordinary", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ordinary").stat().st_mode) == 0o640


def test_a_link_is_replaced_and_its_target_left_alone(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"kept")
    link.symlink_to(target)
    write_atomic(link, b"new")
    assert (target.read_bytes(), link.read_bytes(), link.is_symlink()) == (b"kept", b"new", False)


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomic(pipe, b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("where", ["missing/out.json", "folder", "file/out.json"])
def test_what_cannot_be_written_is_an_error_with_a_hint(tmp_path, where):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputFailed) as caught:
        write_atomic(tmp_path / where, b"data")
    assert isinstance(caught.value, FloodmarkError)
    assert "folder" in caught.value.hint
    assert str(tmp_path) not in caught.value.message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_long_name_still_fits_its_temporary_name(tmp_path):
    path = tmp_path / ("n" * 250)
    write_atomic(path, b"x")
    assert path.read_bytes() == b"x"


def test_links_that_lead_to_each_other_have_a_real_path_too(tmp_path):
    (tmp_path / "round").symlink_to(tmp_path / "round")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert real(tmp_path / "round").name == "round"
    assert real(tmp_path / "link") == real(tmp_path / "file")
