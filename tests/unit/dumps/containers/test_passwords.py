"""Encrypted members are opened by the first password that fits; a wrong one is told apart from none."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

from floodmark.dumps.containers import Opening
from floodmark.dumps.containers.sandbox.said import EncryptedMember, problem_of
from floodmark.errors import LimitExceeded, UnreadableInput

from .finding import found_in, texts
from .packing import FILES, fits_at_first, rar4, written_by_libarchive, zipped

SECRET = "corréct horse"
WRONG = ("wrong", "wrong-one", "wrong-two", "a", "b", "c")
CIPHERS = ["zipcrypt", "aes128", "aes256"]


@cache
def encrypted(cipher: str) -> bytes:
    """An archive whose salt, which libarchive draws, lets no wrong password fit by chance."""
    while True:
        raw = written_by_libarchive(FILES, "zip", options=f"zip:encryption={cipher}", password=SECRET)
        assert fits_at_first(raw, SECRET)
        if not any(fits_at_first(raw, password) for password in WRONG):
            return raw


@pytest.mark.parametrize("cipher", CIPHERS)
def test_the_password_opens_a_zip_wherever_it_stands_in_the_list(tmp_path: Path, cipher: str) -> None:
    for passwords in ((SECRET,), ("wrong", SECRET), ("a", "b", SECRET, "c")):
        assert texts(found_in(tmp_path, encrypted(cipher), Opening(passwords))) == dict(FILES)


def test_the_password_opens_a_zip_in_a_zip(tmp_path: Path) -> None:
    raw = zipped([("inner.zip", encrypted("aes256"))])
    assert set(texts(found_in(tmp_path, raw, Opening((SECRET,))))) == {
        f"inner.zip/{name}" for name, _ in FILES
    }


@pytest.mark.parametrize("cipher", CIPHERS)
def test_without_a_password_an_encrypted_zip_says_how_to_give_one(tmp_path: Path, cipher: str) -> None:
    first = found_in(tmp_path, encrypted(cipher))[0]
    assert isinstance(first.problem, EncryptedMember)
    assert "is encrypted" in first.problem.message
    assert "--password-file" in first.problem.hint


@pytest.mark.parametrize("cipher", CIPHERS[1:])
def test_a_wrong_password_is_told_apart_from_none_and_never_shown(tmp_path: Path, cipher: str) -> None:
    opening = Opening(("wrong-one", "wrong-two"))
    first = found_in(tmp_path, encrypted(cipher), opening)[0]
    assert isinstance(first.problem, EncryptedMember)
    assert "None of the passwords" in first.problem.message
    assert "wrong" not in f"{first.problem.message} {first.problem.hint} {opening!r}"


def test_no_password_is_in_the_list_of_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    real = subprocess.Popen

    def watched(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        started.append(f"{command} {options}")
        return real(command, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", watched)
    assert texts(found_in(tmp_path, encrypted("aes256"), Opening((SECRET,)))) == dict(FILES)
    assert started
    assert not any(SECRET in said for said in started)


def rar_of_version_4_with_encrypted_names() -> bytes:
    return rar4(FILES, flags=0x0080)


@pytest.mark.parametrize(
    "said", ["RAR encryption support unavailable.", "Crypto codec not supported yet (ID: 0x6F10701)"]
)
@pytest.mark.parametrize("container", ["rar", "7z"])
def test_an_encrypted_archive_that_nobody_here_opens_says_exactly_what_to_do(
    said: str, container: str
) -> None:
    for tried in (False, True):
        problem = problem_of(said, container, tried)
        assert isinstance(problem, EncryptedMember)
        assert f"{container if container == '7z' else 'unrar'} x FILE" in problem.hint


def test_a_rar_whose_names_are_encrypted_is_called_encrypted(tmp_path: Path) -> None:
    [member] = found_in(tmp_path, rar_of_version_4_with_encrypted_names())
    assert isinstance(member.problem, EncryptedMember)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Can't allocate memory for ppmd", LimitExceeded),
        ("Unsupported ZIP compression method (9: deflation-64-bit)", UnreadableInput),
        ("Truncated RAR file data", UnreadableInput),
        ("zanzibar.quokka", UnreadableInput),
    ],
)
def test_what_libarchive_says_is_put_in_our_own_words(said: str, kind: type[Exception]) -> None:
    problem = problem_of(said, "rar", tried=False)
    assert type(problem) is kind
    assert problem.hint
    assert said.lower() not in (problem.message + problem.hint).lower()
