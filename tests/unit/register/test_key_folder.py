"""The keys folder: where it is, who may read it, and that its files change together."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from floodmark.errors import UnreadableInput
from floodmark.files import OutputFailed
from floodmark.register.key_folder import KeyFolder, KeysMisplaced, apart, default_folder
from floodmark.register.key_privacy import KeysExposed, read_private

OLD = {"digest": b"old digest", "signing": b"old signing"}
NEW = {"digest": b"new digest", "signing": b"new signing"}


@pytest.fixture
def folder(tmp_path) -> KeyFolder:
    made = KeyFolder(tmp_path / "keys")
    with made.changing():
        made.put(OLD)
    return made


def content(folder: KeyFolder) -> dict[str, bytes | None]:
    return {purpose: folder.read(purpose) for purpose in folder.purposes()}


def test_keys_are_in_a_folder_and_in_files_of_this_user_alone(folder):
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.path.iterdir()}
    assert modes == {"digest.json": 0o600, "signing.json": 0o600}
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_they_are_so_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        folder = KeyFolder(tmp_path / "new" / "keys")
        with folder.changing():
            folder.put(OLD)
    finally:
        os.umask(before)
    assert content(folder) == OLD


def test_the_folder_is_named_by_a_variable_or_lies_below_the_users_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("FLOODMARK_KEYS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/xdg-mine")
    assert default_folder() == Path("/etc/xdg-mine/floodmark/keys")
    for relative in ("", "not/absolute"):  # the XDG specification has relative paths ignored
        monkeypatch.setenv("XDG_CONFIG_HOME", relative)
        assert default_folder() == tmp_path / ".config/floodmark/keys"
    monkeypatch.setenv("FLOODMARK_KEYS", "/media/stick/keys")
    assert default_folder() == Path("/media/stick/keys")


def test_a_folder_that_does_not_exist_holds_no_keys(tmp_path):
    assert KeyFolder(tmp_path / "none").purposes() == []
    assert KeyFolder(tmp_path / "none").read("digest") is None


def test_a_file_in_its_place_is_no_folder(tmp_path):
    (tmp_path / "keys").write_bytes(b"")
    with pytest.raises(UnreadableInput):
        KeyFolder(tmp_path / "keys").purposes()
    with pytest.raises(OutputFailed), KeyFolder(tmp_path / "keys").changing():
        pass


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o704, 0o770, 0o755, 0o777])
def test_a_folder_that_others_can_use_is_refused_and_not_repaired(folder, mode):
    folder.path.chmod(mode)
    for attempt in (folder.purposes, lambda: folder.read("digest"), lambda: folder.changing().__enter__()):
        with pytest.raises(KeysExposed) as caught:
            attempt()
        assert caught.value.hint.endswith(f"chmod 700 {folder.path}")
    assert folder.path.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o601, 0o644, 0o666])
def test_a_file_that_others_can_use_is_refused_and_not_repaired(folder, mode):
    path = folder.path / "digest.json"
    path.chmod(mode)
    with pytest.raises(KeysExposed, match=r"digest\.json") as caught:
        folder.read("digest")
    assert caught.value.hint.endswith(f"chmod 600 {path}")
    assert path.stat().st_mode & 0o777 == mode
    assert folder.read("signing") == OLD["signing"]


def test_what_belongs_to_another_user_is_refused(folder, monkeypatch):
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(KeysExposed, match="another user") as caught:
        folder.read("digest")
    assert f"chown {mine + 1} " in caught.value.hint


def test_a_link_to_a_key_is_not_followed(folder, tmp_path):
    path = folder.path / "digest.json"
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(KeysExposed, match=r"digest\.json"):
        folder.read("digest")


def test_a_pipe_or_a_folder_in_place_of_a_key_is_refused_without_waiting(folder):
    path = folder.path / "digest.json"
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(KeysExposed, match="ordinary"):
        folder.read("digest")
    path.unlink()
    path.mkdir(mode=0o700)
    with pytest.raises(KeysExposed, match="ordinary"):
        folder.read("digest")


def test_a_path_with_spaces_can_be_pasted_from_the_hint(tmp_path):
    path = tmp_path / "my 'secret' file"
    path.write_bytes(b"x")
    path.chmod(0o644)
    with pytest.raises(KeysExposed) as caught:
        read_private(path)
    command = caught.value.hint[caught.value.hint.index("chmod") :]
    subprocess.run(["/bin/sh", "-c", command], check=True)
    assert read_private(path) == b"x"


def test_a_huge_file_is_not_read_whole(folder):
    with (folder.path / "digest.json").open("r+b") as file:
        file.truncate(1 << 40)
    raw = folder.read("digest")
    assert raw is not None and len(raw) == 64 * 1024 + 1


@pytest.mark.parametrize(
    ("keys", "workspace"),
    [
        ("w/keys", "w"),
        ("w", "w"),
        ("k", "k/w"),
        ("k", "k/a/b/w"),
        ("w/../w/keys", "w"),
        ("link/keys", "w"),
        ("w/a/b/link2", "k"),
    ],
)
def test_keys_and_workspace_lie_apart_whatever_links_lead_there(tmp_path, keys, workspace):
    for name in ("w/a/b", "k"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "w")
    (tmp_path / "w/a/b/link2").symlink_to(tmp_path / "k")
    with pytest.raises(KeysMisplaced):
        apart(tmp_path / keys, tmp_path / workspace)


@pytest.mark.parametrize(
    ("keys", "workspace"), [("k", "w"), ("w-keys", "w"), ("a/keys", "a/data"), ("w", "w2")]
)
def test_neighbours_are_apart(tmp_path, keys, workspace):
    (tmp_path / workspace).mkdir(parents=True)
    apart(tmp_path / keys, tmp_path / workspace)
    (tmp_path / keys).mkdir(parents=True)
    apart(tmp_path / keys, tmp_path / workspace)


def test_files_that_were_committed_are_read_before_they_are_moved(folder):
    (folder.path / ".ready").mkdir(mode=0o700)
    path = folder.path / ".ready" / "digest.json"
    path.write_bytes(NEW["digest"])
    path.chmod(0o600)
    assert content(folder) == {"digest": NEW["digest"], "signing": OLD["signing"]}
    with folder.changing():
        assert sorted(entry.name for entry in folder.path.iterdir()) == ["digest.json", "signing.json"]
    assert content(folder) == {"digest": NEW["digest"], "signing": OLD["signing"]}


KILLED = """
    import os, shutil, sys
    from pathlib import Path
    from floodmark.register.key_folder import KeyFolder

    OLD = {"digest": b"old digest", "signing": b"old signing"}
    NEW = {"digest": b"new digest", "signing": b"new signing"}
    CALLS = ("open", "mkdir", "rename", "rmdir", "unlink", "fsync", "fdopen")
    folder = KeyFolder(Path(sys.argv[1]))

    def dying_at(step):
        count = 0
        def counted(call):
            def instead(*args, **kwargs):
                nonlocal count
                count += 1
                if count == step:
                    os.kill(os.getpid(), 9)
                return call(*args, **kwargs)
            return instead
        for name in CALLS:
            setattr(os, name, counted(getattr(os, name)))

    seen, step, code = set(), 0, None
    while code != 0:
        step += 1
        shutil.rmtree(folder.path, ignore_errors=True)
        if sys.argv[2] == "replace":
            with folder.changing():
                folder.put(OLD)
        pid = os.fork()
        if not pid:
            dying_at(step)
            with folder.changing():
                folder.put(NEW)
            os._exit(0)
        code = os.waitpid(pid, 0)[1]
        found = {purpose: folder.read(purpose) for purpose in folder.purposes()}
        assert found in (NEW, OLD if sys.argv[2] == "replace" else {}), (step, found)
        seen.add(found == NEW)
        with folder.changing():
            names = sorted(entry.name for entry in folder.path.iterdir())
            assert names == [purpose + ".json" for purpose in found], (step, names)
        assert {purpose: folder.read(purpose) for purpose in folder.purposes()} == found
    assert seen == {True, False}
    print(step)
"""


@pytest.mark.parametrize("case", ["make", "replace"])
def test_a_kill_at_any_call_leaves_all_old_keys_or_all_new_ones(tmp_path, case):
    program = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "keys"), case]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15  # so many calls of the system were tried


def test_a_full_disk_leaves_the_old_keys(folder, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with folder.changing(), monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputFailed, match="No space left"):
            folder.put(NEW)
    assert content(folder) == OLD
    assert sorted(entry.name for entry in folder.path.iterdir()) == ["digest.json", "signing.json"]


def test_keys_on_read_only_media_are_read_and_not_changed(folder, monkeypatch):
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("mkdir", "rename", "rmdir", "unlink"):
        monkeypatch.setattr(os, name, read_only)
    assert content(folder) == OLD
    with pytest.raises(OutputFailed, match="Read-only"), folder.changing():
        folder.put(NEW)
    assert content(folder) == OLD


def test_two_processes_change_the_folder_one_after_the_other(folder):
    program = """
        import sys
        from pathlib import Path
        from floodmark.register.key_folder import KeyFolder
        folder = KeyFolder(Path(sys.argv[1]))
        for _ in range(50):
            with folder.changing():
                count = int(folder.read("digest")) + 1
                folder.put({"digest": b"%d" % count, "signing": b"%d" % count})
    """
    with folder.changing():
        folder.put({"digest": b"0", "signing": b"0"})
    command = [sys.executable, "-c", textwrap.dedent(program), str(folder.path)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert content(folder) == {"digest": b"100", "signing": b"100"}
