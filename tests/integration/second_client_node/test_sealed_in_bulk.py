"""A leak comes to the same rows whatever evaluates it, and a client that shares no code finds who is in it, by HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from floodmark.exposure.oprf import Engine, engine
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Features
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealed_leaks import sealed_of
from floodmark.register.sealing import seal
from floodmark.register.workspace import Workspace

from ...browser.serving import serving
from ...browser.workspace import Made, floodmark
from .test_second_client_node import ask

NOW = datetime.now(UTC).replace(microsecond=0)
SEAL_ID = bytes(range(16))
PEOPLE = 900
TYPES = ["phone", "profile_id", "full_name", "email"]
ENGINES = {"libsodium": engine("libsodium")}
if library.kernel is not None:
    for feature in (Features.AVX2, Features.IFMA):
        if oprf.lanes(library.kernel.using(feature)):
            ENGINES[feature.name or ""] = engine(kernel=library.kernel.using(feature | Features.SHA))
FASTEST = list(ENGINES)[-1]


def person(n: int) -> list[str]:
    """Everybody has a number; every third an address, some in other scripts; every fifth a name."""
    mail = f"person.{n}@{'bücher' if n % 2 else 'example'}.example" if n % 3 == 0 else ""
    return [f"+4477008{n:05d}", str(5000 + n), "Ada Example" if n % 5 == 0 else "", mail]


def inputs(n: int) -> list[str]:
    phone, profile, _, mail = person(n)
    canonical = mail.replace("bücher", "xn--bcher-kva")
    return [f"phone:{phone}", f"profile_id:{profile}", *([f"email:{canonical}"] if mail else [])]


def sealed_by(saved: Path, folder: Path, one: Engine) -> Path:
    """A copy of the workspace, and its leak sealed in it."""
    shutil.copytree(saved, folder)
    workspace = Workspace.open(folder / "home", wait=0)
    with Keyring.open(folder / "keys", workspace=workspace.folder) as keyring:
        seal(
            *(workspace, keyring, "people", [folder / "people.csv"]),
            kinds=["phone", "email", "profile_id"],
            workers=2,
            by=one,
            clock=lambda: NOW,
            random=lambda size: SEAL_ID[:size],
        )
    return sealed_of(workspace, "people").folder


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same leak, sealed by each engine, in a workspace of its own."""
    root = tmp_path_factory.mktemp("sealed")
    saved = root / "saved"
    workspace = Workspace.open(saved / "home", wait=0)
    make(saved / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=workspace.folder)
    lines = [",".join(TYPES), *[",".join(person(n)) for n in range(PEOPLE)]]
    (saved / "people.csv").write_text("\n".join(lines) + "\n")
    with Keyring.open(saved / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "people", [saved / "people.csv"])
    return {name: sealed_by(saved, root / name, one) for name, one in ENGINES.items()}


def test_every_path_comes_to_the_same_bytes_under_the_same_name(places: dict[str, Path]) -> None:
    files = {name: (folder / "rows.npy").read_bytes() for name, folder in places.items()}
    manifests = {name: (folder / "manifest.json").read_bytes() for name, folder in places.items()}
    assert all(folder.name == SEAL_ID.hex() for folder in places.values())
    assert [name for name, rows in files.items() if rows != files["libsodium"]] == []
    assert [name for name, text in manifests.items() if text != manifests["libsodium"]] == []


@pytest.fixture(scope="module")
def served(places: dict[str, Path]) -> Iterator[tuple[str, str]]:
    """Address and root key of a server of what the fastest engine sealed."""
    folder = places[FASTEST].parents[4]
    floodmark(folder, "snapshot", "make")
    floodmark(folder, "publish", "public", "--irrevocable")
    with Keyring.open(folder / "keys", workspace=folder / "home") as keyring:
        root = keyring.signing_key().public.hex()
    with serving(Made(folder, root, phone="", email="", secret="")) as server:
        yield server.address, root


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_both_other_clients_find_who_was_sealed_with_what_is_known_of_them(served: tuple[str, str]) -> None:
    address, root = served
    people = [0, 1, 2, 3, 5, 9, 15, PEOPLE - 1]
    asked = [one for n in people for one in inputs(n)]
    expected = [
        [["people", sorted(name for name, cell in zip(TYPES, person(n), strict=True) if cell)]]
        for n in people
        for _ in inputs(n)
    ]
    strangers = [*inputs(PEOPLE), "phone:+447700899999", "email:person.1@example.example"]
    for client in ("second", "page's"):
        found = ask(client, check=asked + strangers, address=address, root=root)["found"]
        shown = [[[slug, sorted(types)] for slug, types in leaks] for leaks in found]
        assert shown == expected + [[] for _ in strangers], client
