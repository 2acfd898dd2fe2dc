"""A sealed leak holds each identifier of its dump once, whatever happened on the way, and no trace of their order."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

from floodmark.dumps import read, to_toml
from floodmark.errors import NothingToRead, UnreadableInput, UsageError
from floodmark.exposure.oprf import Engine, EvaluationFault, Scalar, engine, evaluate_texts
from floodmark.exposure.sealed.rows import Places, derive
from floodmark.exposure.sealed.sealed_leak import SealedLeak
from floodmark.exposure.sealing.journal import Journal
from floodmark.exposure.sealing.ranks import DumpDiffers
from floodmark.kernel.oprf import Seal
from floodmark.register import sealing_folder
from floodmark.register.database import WorkspaceBusy, WorkspaceUnwritable
from floodmark.register.forget import forget
from floodmark.register.key_changes import make
from floodmark.register.key_epochs import EpochChanged, next_epoch, present
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.optouts import pending
from floodmark.register.saving import save
from floodmark.register.sealed_leaks import NotSealed, SealedRow, sealed_of
from floodmark.register.sealing import seal
from floodmark.register.sealing_folder import SealingFolder
from floodmark.register.tables import optouts
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import WrongKeys
from floodmark.triage import Options

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
PEOPLE = 300


def number(person: int) -> str:
    return f"+4477008{person:05d}"


def address(person: int) -> str:
    return f"person.{person}@example.org"


def lines(people: range) -> str:
    """Everybody has a number; every third an address; every fifth a name; every seventh is there twice."""
    text = "phone,email,full_name,profile_id\n"
    for person in people:
        mail, name = address(person) if person % 3 == 0 else "", "Ada Example" if person % 5 == 0 else ""
        row = f"{number(person)},{mail},{name},{5000 + person}\n"
        text += row * (2 if person % 7 == 0 else 1)
    return text


@dataclass
class Place:
    """A workspace with keys, and a leak saved in it."""

    workspace: Workspace
    keyring: Keyring
    dump: Path

    def save(self, slug: str = "made-up", dump: Path | None = None, **asked: Any) -> None:
        save(self.workspace, self.keyring, slug, [dump or self.dump], **asked)

    def seal(self, *dumps: Path, slug: str = "made-up", **asked: Any) -> SealedRow:
        return seal(self.workspace, self.keyring, slug, dumps or [self.dump], workers=1, **asked)

    def found(self, texts: list[str], slug: str = "made-up") -> list[tuple[str, ...] | None]:
        """What the sealed leak holds of inputs: their field sets, None where it holds nothing."""
        folder = sealed_of(self.workspace, slug).folder
        with SealedLeak.open(folder, root=self.keyring.signing_key().public) as leak:
            leak.verify()
            manifest = leak.manifest
            outputs = evaluate_texts(self.keyring.evaluation_key().pair.private, pl.Series(texts))
            places = derive(outputs, bytes.fromhex(manifest.seal_id), manifest.cell_bytes)
            numbers = leak.look_up(places.buckets, places.tags, places.pads)
        return [None if at < 0 else manifest.field_sets[at] for at in numbers.tolist()]

    def folder(self, slug: str = "made-up") -> Path:
        return self.workspace.leaks_folder / slug

    def opt_out(self, kind: str, canonical: str, proven_at: str = "2026-01-31T13:05:00Z") -> None:
        from floodmark.identifiers import digests

        digest = digests.one(kind, canonical, self.keyring.digest_key())
        with self.workspace.writing("test") as connection:
            connection.execute(
                optouts.insert().values(kind=kind, digest=f"{digest:016x}", proven_at=proven_at)
            )


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    workspace = Workspace.open(folder / "home", wait=0)
    with Keyring.open(folder / "keys", workspace=workspace.folder) as keyring:
        yield Place(workspace, keyring, folder / "dump.csv")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys, a dump and a workspace with the leak that was saved from it; every test has a copy."""
    folder = tmp_path_factory.mktemp("template")
    draw = Random(1).randbytes  # the same keys in every run
    make(folder / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=folder / "home", random=draw)
    (folder / "dump.csv").write_text(lines(range(PEOPLE)))
    with opened(folder) as made:
        made.save()
    return folder


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    with opened(tmp_path) as made:
        yield made


def test_every_identifier_is_found_with_its_field_set_and_nobody_else_is(place: Place) -> None:
    row = place.seal()
    assert row.members == {"phone": PEOPLE, "email": PEOPLE // 3}
    found = place.found([f"phone:{number(person)}" for person in range(PEOPLE)])
    for person, field_set in enumerate(found):
        expected = {"phone", "profile_id"}
        expected |= {"email"} if person % 3 == 0 else set()
        expected |= {"full_name"} if person % 5 == 0 else set()
        assert field_set is not None
        assert set(field_set) == expected
    assert None not in place.found([f"email:{address(person)}" for person in range(0, PEOPLE, 3)])
    absent = [f"phone:{number(person)}" for person in range(PEOPLE, 3 * PEOPLE)]
    absent += [f"email:{address(person)}" for person in range(1, PEOPLE, 3)] + ["profile_id:5001"]
    assert set(place.found(absent)) == {None}


def test_kinds_are_sealed_that_are_asked_for(place: Place) -> None:
    row = place.seal(kinds=["profile_id", "username"])
    assert row.members == {"profile_id": PEOPLE}
    assert None not in place.found([f"profile_id:{5000 + person}" for person in range(PEOPLE)])
    assert place.found([f"phone:{number(1)}"]) == [None]
    with pytest.raises(NothingToRead):
        place.seal(kinds=["username"])


def test_every_bucket_has_as_many_rows_and_at_least_sixteen(place: Place) -> None:
    row = place.seal()
    assert row.m == 16
    with SealedLeak.open(sealed_of(place.workspace, "made-up").folder, root=None) as leak:
        assert {len(leak.bucket(bucket)) for bucket in range(0, 65536, 4321)} == {16 * 8}


def test_a_seal_anew_has_nothing_in_common_with_the_former_which_is_gone(place: Place) -> None:
    first = place.seal()
    before = np.load(sealed_of(place.workspace, "made-up").folder / "rows.npy")
    second = place.seal()
    after = np.load(sealed_of(place.workspace, "made-up").folder / "rows.npy")
    assert first.seal_id != second.seal_id
    rows = [set(array.reshape(-1, 8).view(">u8").reshape(-1).tolist()) for array in (before, after)]
    assert len(rows[0] & rows[1]) < 3
    assert [path.name for path in (place.folder() / "sealed").iterdir()] == [second.seal_id]
    assert not (place.folder() / "sealing").exists()


class Stop(BaseException):
    """What ends a run in the middle, like Ctrl-C."""


@dataclass(frozen=True)
class Watched:
    """What evaluates on this machine, in small pieces, with something done before each of them."""

    before: Callable[[pl.Series], object]
    piece: int = 20
    inner: Engine = field(default_factory=engine)
    device: str = "cpu"
    name: str = "watched"

    def outputs(self, private: Scalar, texts: pl.Series, *mode: Any) -> Any:
        self.before(texts)
        return self.inner.outputs(private, texts, *mode)

    def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
        self.before(texts)
        return self.inner.places(private, texts, seal)


def stopping(after: int, asked: list[str] | None = None) -> Watched:
    """Stops a seal when it has evaluated so many pieces; notes what they were."""
    calls = 0

    def stop(texts: pl.Series) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise Stop
        if asked is not None:
            asked.extend(texts)

    return Watched(stop)


def once(action: Callable[[], object]) -> Watched:
    """Does something before the first piece."""
    left = [action]
    return Watched(lambda texts: left.pop()() if left else None)


def test_the_same_command_goes_on_where_it_was_and_evaluates_nothing_twice(place: Place) -> None:
    asked: list[str] = []
    said: list[str] = []
    for after in (3, 5):
        with pytest.raises(Stop):
            place.seal(by=stopping(after, asked))
    with pytest.raises(NotSealed):
        sealed_of(place.workspace, "made-up")
    place.seal(by=Watched(asked.extend), said=said.append)
    assert said == ["Going on: 160 identifiers were evaluated before."]
    assert len(asked) == len(set(asked)) == PEOPLE + PEOPLE // 3
    assert None not in place.found([f"phone:{number(person)}" for person in range(PEOPLE)])


def test_one_key_and_seal_id_give_the_same_file_whatever_evaluates_and_on_how_many_threads(
    place: Place,
) -> None:
    files = set()
    engines = (engine(), 1), (engine("libsodium"), 1), (Watched(len, piece=7), 3)
    for by, workers in engines:
        seal(
            place.workspace,
            place.keyring,
            "made-up",
            [place.dump],
            workers=workers,
            by=by,
            random=lambda size: bytes(range(size)),
        )
        files.add((sealed_of(place.workspace, "made-up").folder / "rows.npy").read_bytes())
    assert len(files) == 1
    assert None not in place.found([f"phone:{number(person)}" for person in range(PEOPLE)])


def test_an_evaluation_that_fails_its_check_ends_the_seal_which_another_engine_goes_on_with(
    place: Place,
) -> None:
    done: list[str] = []

    @dataclass(frozen=True)
    class Faulty(Watched):
        def places(self, private: Scalar, texts: pl.Series, seal: Seal) -> Places:
            if len(done) >= 100:
                raise EvaluationFault("A sum is wrong.")
            done.extend(texts)
            return super().places(private, texts, seal)

    with pytest.raises(EvaluationFault):
        place.seal(by=Faulty(len))
    with pytest.raises(NotSealed):
        sealed_of(place.workspace, "made-up")
    said: list[str] = []
    asked: list[str] = []
    place.seal(by=Watched(asked.extend, inner=engine("libsodium")), said=said.append)
    assert said == ["Going on: 100 identifiers were evaluated before."]
    assert sorted(done + asked) == sorted(set(done + asked))
    assert None not in place.found([f"phone:{number(person)}" for person in range(PEOPLE)])


def test_what_was_begun_for_other_kinds_is_dropped(place: Place) -> None:
    with pytest.raises(Stop):
        place.seal(by=stopping(4))
    begun = json.loads((place.folder() / "sealing/plan.json").read_bytes())["seal_id"]
    said: list[str] = []
    row = place.seal(kinds=["phone"], said=said.append)
    assert row.members == {"phone": PEOPLE}
    assert row.seal_id != begun
    assert len(said) == 1
    assert "begins anew" in said[0]


def test_a_seal_that_was_killed_behind_its_row_never_gives_its_name_to_another(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two with one name that differ in their filler would show, side by side, which rows are filler."""
    removing = sealing_folder.remove_tree

    def stop(folder: Path) -> None:
        if folder.name == "sealing":
            raise Stop
        removing(folder)

    monkeypatch.setattr(sealing_folder, "remove_tree", stop)
    with pytest.raises(Stop):
        place.seal()
    first = sealed_of(place.workspace, "made-up").row.seal_id
    assert list((place.folder() / "sealing").glob("rows-*.journal"))
    monkeypatch.undo()
    said: list[str] = []
    assert place.seal(said=said.append).seal_id != first
    assert said == []
    assert None not in place.found([f"phone:{number(person)}" for person in range(PEOPLE)])


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b'{"seal_id": 5}', b'{"format": "x", "seal_id": "00"}']
)
def test_a_plan_that_cannot_be_read_begins_anew(place: Place, content: bytes) -> None:
    (place.folder() / "sealing").mkdir(mode=0o700)
    (place.folder() / "sealing/plan.json").write_bytes(content)
    assert place.seal().members["phone"] == PEOPLE


def test_the_journal_of_a_stopped_seal_shows_no_identifier_and_no_row(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Random(2).randbytes  # or some tag's six bytes would turn up by chance, once in 50 million runs
    monkeypatch.setattr("floodmark.exposure.sealing.journal.secrets.token_bytes", draw)
    with pytest.raises(Stop):
        place.seal(by=stopping(15), random=draw)
    folder = place.folder() / "sealing"
    assert folder.stat().st_mode & 0o777 == 0o700
    data = b"".join(path.read_bytes() for path in folder.iterdir())
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    seal_id = bytes.fromhex(json.loads((folder / "plan.json").read_bytes())["seal_id"])
    key = place.keyring.evaluation_key()
    for secret, opens in ((key.pair.private, True), (key.public, False), (bytes(32), False)):
        with Journal(folder, secret, seal_id) as journal:
            assert bool(journal.length) == opens
    texts = pl.Series([f"phone:{number(person)}" for person in range(PEOPLE)])
    places = derive(evaluate_texts(place.keyring.evaluation_key().pair.private, texts), seal_id, 2)
    for tag in places.tags.tolist():
        assert tag.to_bytes(6) not in data
        assert tag.to_bytes(6, "little") not in data
    assert not any(number(person).encode() in data for person in range(PEOPLE))


@pytest.mark.parametrize("change", ["a byte", "a line more", "other people", "another file beside"])
def test_another_dump_than_the_saved_one_is_refused_and_nothing_is_sealed(
    place: Place, tmp_path: Path, change: str
) -> None:
    text = lines(range(PEOPLE))
    other = tmp_path / "other.csv"
    given = [other]
    if change == "a byte":
        other.write_text(text.replace("Ada", "Eda", 1))
    elif change == "a line more":
        other.write_text(text + f"{number(PEOPLE)},,,1\n")
    elif change == "other people":
        other.write_text(lines(range(PEOPLE)).replace("+4477008", "+4474001"))
    else:
        other.write_text(lines(range(3)))
        given = [place.dump, other]
    with pytest.raises(DumpDiffers) as refused:
        place.seal(*given)
    assert "+44" not in refused.value.message
    with pytest.raises(NotSealed):
        sealed_of(place.workspace, "made-up")


def test_a_dump_that_is_read_in_another_way_than_it_was_saved_is_refused(place: Place) -> None:
    with pytest.raises(DumpDiffers, match="lacks"):
        place.seal(options=Options(overrides={"columns": ("phone", "unknown", "full_name", "profile_id")}))


def test_the_reading_options_of_the_save_are_taken_up(place: Place, tmp_path: Path) -> None:
    dump = tmp_path / "national.txt"
    dump.write_text("".join(f"07700 8{person:05d};{person}\n" for person in range(60)))
    asked = Options(region="GB", overrides={"columns": ("phone", "unknown"), "header": False})
    place.save("national", dump, options=asked)
    row = place.seal(dump, slug="national")
    assert row.members == {"phone": 60}
    assert None not in place.found([f"phone:+4477008{person:05d}" for person in range(60)], "national")


def test_a_grammar_file_has_to_be_given_again(place: Place, tmp_path: Path) -> None:
    grammar = tmp_path / "grammar.toml"
    grammar.write_text(to_toml(read(place.dump).grammar))
    place.save("by-grammar", options=Options(grammar=grammar))
    with pytest.raises(UsageError, match="grammar"):
        place.seal(slug="by-grammar")
    assert place.seal(slug="by-grammar", options=Options(grammar=grammar)).members["phone"] == PEOPLE


def test_several_files_come_in_any_order(place: Place, tmp_path: Path) -> None:
    parts = [tmp_path / "1.csv", tmp_path / "2.csv.gz"]
    parts[0].write_text(lines(range(100)))
    parts[1].write_bytes(gzip.compress(lines(range(100, 180)).encode()))
    save(place.workspace, place.keyring, "parts", parts)
    assert place.seal(*reversed(parts), slug="parts").members["phone"] == 180
    with pytest.raises(DumpDiffers):
        place.seal(parts[0], slug="parts")
    with pytest.raises(DumpDiffers):
        place.seal(parts[0], parts[0], slug="parts")


def test_a_file_that_was_cut_short_when_it_was_saved_is_sealed_as_far_as_it_was_read(
    place: Place, tmp_path: Path
) -> None:
    whole, cut, stub = tmp_path / "whole.csv", tmp_path / "cut.csv.gz", tmp_path / "stub.csv.gz"
    whole.write_text(lines(range(50)))
    # Three chunks long, and hardly compressible, so that it breaks off behind the first.
    noise = np.random.default_rng(1).bytes(60_000).hex()
    names = (noise[1000 * (at % 119) :][:1000] for at in range(48_000))
    rows = (f"{number(at % 2000)},,{name},{at}\n" for at, name in enumerate(names))
    data = gzip.compress(("phone,email,full_name,profile_id\n" + "".join(rows)).encode(), compresslevel=1)
    cut.write_bytes(data[: len(data) * 3 // 4])
    stub.write_bytes(data[:500])  # of which not even a grammar can be told
    saved = save(place.workspace, place.keyring, "cut", [whole, cut, stub])
    assert [file.problem is not None for file in saved.profile.files] == [False, True, True]
    row = place.seal(cut, stub, whole, slug="cut")
    assert row.members["phone"] == saved.leak.identifiers["phone"] > 1000
    # Custody has no SHA-256 of what could not be read through; who is in it is compared all the same.
    cut.write_bytes(data[:500] + bytes(len(data) * 3 // 4 - 500))
    with pytest.raises(DumpDiffers, match="lacks"):
        place.seal(whole, cut, stub, slug="cut")


def test_who_opted_out_is_in_no_sealed_leak_from_the_next_seal_on(place: Place) -> None:
    place.seal()
    place.opt_out("phone", number(4))
    assert place.found([f"phone:{number(4)}"]) != [None]
    row = place.seal()
    assert row.members == {"phone": PEOPLE - 1, "email": PEOPLE // 3}
    assert place.found([f"phone:{number(4)}"]) == [None]
    # Also where it was evaluated before a kill, and the opt-out came before the seal went on.
    with pytest.raises(Stop):
        place.seal(by=stopping(14))
    gone = [f"phone:{number(person)}" for person in range(40)]
    for person in range(40):
        if person != 4:
            place.opt_out("phone", number(person))
    assert place.seal().members["phone"] == PEOPLE - 40
    assert set(place.found(gone)) == {None}


def test_an_opt_out_while_a_leak_is_evaluated_is_heeded_when_it_is_written(place: Place) -> None:
    opting_out = once(lambda: place.opt_out("phone", number(4), proven_at="2026-01-31T13:06:00Z"))
    row = place.seal(by=opting_out, clock=lambda: NOW + timedelta(minutes=10))
    assert row.members["phone"] == PEOPLE - 1
    assert place.found([f"phone:{number(4)}"]) == [None]
    assert [one.newer for one in pending(place.workspace)] == [0]


def test_an_opt_out_while_a_leak_is_written_waits_for_the_next_seal_and_is_said_to(place: Place) -> None:
    @contextmanager
    def phase(name: str, total: int) -> Iterator[Callable[[int], None]]:
        if name == "Writing":
            place.opt_out("phone", number(4), proven_at="2026-01-31T13:06:00Z")
        yield lambda done: None

    place.seal(phase=phase, clock=lambda: NOW)
    assert place.found([f"phone:{number(4)}"]) != [None]
    assert [one.newer for one in pending(place.workspace)] == [1]


def test_who_opted_out_is_not_even_evaluated(place: Place) -> None:
    asked: list[str] = []
    place.opt_out("phone", number(4))
    place.seal(by=Watched(asked.extend))
    assert f"phone:{number(4)}" not in asked
    assert f"phone:{number(5)}" in asked


def test_keys_of_another_workspace_are_refused(place: Place, tmp_path: Path) -> None:
    make(tmp_path / "other", Bare, created="2026-01-31T13:05:00Z", workspace=place.workspace.folder)
    for purpose in ("digest", "signing"):
        mixed = tmp_path / f"mixed-{purpose}"
        shutil.copytree(tmp_path / "keys", mixed)
        shutil.copy2(tmp_path / "other" / f"{purpose}.json", mixed / f"{purpose}.json")
        with Keyring.open(mixed, workspace=place.workspace.folder) as keyring, pytest.raises(WrongKeys):
            seal(place.workspace, keyring, "made-up", [place.dump], workers=1)


def test_what_was_begun_under_another_epoch_begins_anew(place: Place, tmp_path: Path) -> None:
    with pytest.raises(Stop):
        place.seal(by=stopping(5))
    next_epoch_in(place, tmp_path)
    said: list[str] = []
    assert place.seal(said=said.append).epoch == 2
    assert len(said) == 1
    assert "begins anew" in said[0]
    assert None not in place.found([f"phone:{number(person)}" for person in range(PEOPLE)])


def test_a_new_epoch_while_a_leak_is_sealed_is_told_and_nothing_is_sealed(
    place: Place, tmp_path: Path
) -> None:
    with pytest.raises(EpochChanged):
        place.seal(by=once(lambda: next_epoch_in(place, tmp_path)))
    with pytest.raises(NotSealed):
        sealed_of(place.workspace, "made-up")


def next_epoch_in(place: Place, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    before = present(keys)
    assert before is not None
    next_epoch(keys, before, created="2026-02-01T00:00:00Z", workspace=place.workspace.folder)
    place.keyring.close()
    place.keyring = Keyring.open(keys, workspace=place.workspace.folder)


def test_a_sealed_leak_stays_while_somebody_reads_it_though_it_is_sealed_anew(place: Place) -> None:
    place.seal()
    held = sealed_of(place.workspace, "made-up")
    place.seal()
    assert (held.folder / "rows.npy").is_file()
    held.close()
    row = place.seal()
    assert [path.name for path in (place.folder() / "sealed").iterdir()] == [row.seal_id]


def test_a_failure_behind_the_row_is_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path, seal_id: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sealing_folder, "remove_others", fail)
    row = place.seal()
    assert sealed_of(place.workspace, "made-up").row == row


def test_files_reach_the_disk_before_their_name_and_their_name_before_the_row(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("sync_tree", "sync", "put_sealed"):
        function = getattr(sealing_folder, name)
        monkeypatch.setattr(
            sealing_folder,
            name,
            lambda *given, name=name, function=function: (done.append(name), function(*given))[1],
        )
    place.seal()
    assert done == ["sync_tree", "sync", "sync", "put_sealed"]


@pytest.mark.parametrize("what", ["nothing", "folder", "pipe"])
def test_a_dump_that_is_no_file_is_said_to_be_none(place: Place, tmp_path: Path, what: str) -> None:
    path = tmp_path / "missing.csv"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    with pytest.raises((NothingToRead, UnreadableInput)):
        place.seal(path)


def test_a_link_in_the_place_of_the_sealing_folder_is_not_followed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (place.folder() / "sealing").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WorkspaceUnwritable):
        place.seal()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_leak_that_is_saved_anew_or_forgotten_has_no_sealed_leak_any_more(place: Place) -> None:
    place.seal()
    place.save(replace_leak=True)
    with pytest.raises(NotSealed):
        sealed_of(place.workspace, "made-up")
    place.seal()
    forget(place.workspace, "made-up")
    assert not list(place.workspace.leaks_folder.rglob("rows.npy"))


def test_a_leak_that_is_saved_anew_while_it_is_sealed_is_not_sealed(place: Place) -> None:
    with pytest.raises(DumpDiffers, match="anew"):
        place.seal(by=once(lambda: place.save(replace_leak=True, clock=lambda: NOW)))
    with pytest.raises(NotSealed):
        sealed_of(place.workspace, "made-up")


def test_two_processes_do_not_seal_one_leak_at_once(place: Place) -> None:
    with SealingFolder.opened(place.workspace, place.folder()), pytest.raises(WorkspaceBusy):
        place.seal()
    assert place.seal().members["phone"] == PEOPLE


def test_more_field_sets_than_two_bytes_number_take_four(place: Place, tmp_path: Path) -> None:
    types = ["phone", *"first_name last_name gender birth_date location employer job_title education".split()]
    types += "language religion relationship hometown country postcode username avatar url age".split()
    rows = [
        ",".join([number(n)] + ["x" if (n + 70_000) >> bit & 1 else "" for bit in range(len(types) - 1)])
        for n in range(70_000)
    ]
    dump = tmp_path / "many.csv"
    dump.write_text("\n".join(rows) + "\n")
    place.save("many", dump, options=Options(overrides={"columns": tuple(types), "header": False}))
    row = place.seal(dump, slug="many")
    folder = sealed_of(place.workspace, "many").folder
    with SealedLeak.open(folder, root=None) as leak:
        assert leak.manifest.cell_bytes == 4
        assert len(leak.manifest.field_sets) > 1 << 16
    assert row.bytes == 128 + 65536 * row.m * 10
    found = place.found([f"phone:{number(n)}" for n in (0, 1, 69_999)], "many")
    for n, field_set in zip((0, 1, 69_999), found, strict=True):
        assert field_set is not None
        expected = {types[bit + 1] for bit in range(len(types) - 1) if (n + 70_000) >> bit & 1}
        assert set(field_set) == {"phone"} | expected
