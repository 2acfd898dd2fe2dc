"""Whatever is done in whatever order, the workspace holds what was saved last and nothing of what was forgotten."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from floodmark.register.forget import forget
from floodmark.register.leak_words import edit_leak
from floodmark.register.leaks import ArrayFile, Leak, LeakExists, LeakNotFound, list_leaks
from floodmark.register.recovery import UNCOMMITTED
from floodmark.register.workspace import Workspace

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
SLUGS = st.sampled_from(["quokka", "quokka-2", "numbat"])


class AnyOrder(RuleBasedStateMachine):
    """A workspace beside a dictionary of what it should hold: by slug the title and the content of its file."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp())
        self.workspace = Workspace.open(self.scratch / "floodmark", wait=0)
        self.held: dict[str, tuple[str, str]] = {}
        self.number = 0
        self.gone: set[bytes] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.scratch)

    def title(self) -> str:
        self.number += 1
        return f"Zzyzx{self.number}Q"

    def prepare(self, slug: str, replace: bool, *, commit: bool) -> None:
        title = self.title()
        with self.workspace.staging(slug, replace=replace) as staging:
            (staging.folder / "profile.json").write_text(title)
            if commit:
                leak = Leak(slug=slug, title=title, synthetic=True, rows=1, saved_at="2026-01-31T13:05:00Z")
                staging.commit(leak, [ArrayFile("phone", self.number, 8, "a" * 64, "b" * 32)])
                self.held[slug] = (title, title)

    @rule(slug=SLUGS, replace=st.booleans())
    def save(self, slug: str, replace: bool) -> None:
        if slug in self.held and not replace:
            with pytest.raises(LeakExists):
                self.prepare(slug, replace, commit=True)
        else:
            self.prepare(slug, replace, commit=True)

    @rule(slug=SLUGS)
    def give_up(self, slug: str) -> None:
        self.prepare(slug, True, commit=False)

    @rule(slug=SLUGS)
    def edit(self, slug: str) -> None:
        title = self.title()
        if slug not in self.held:
            with pytest.raises(LeakNotFound), self.workspace.writing("leak edit") as connection:
                edit_leak(connection, slug, {"title": title}, NOW)
            return
        with self.workspace.writing("leak edit") as connection:
            edit_leak(connection, slug, {"title": title}, NOW)
        self.held[slug] = (title, self.held[slug][1])

    @rule(slug=SLUGS)
    def forget(self, slug: str) -> None:
        if slug not in self.held:
            with pytest.raises(LeakNotFound):
                forget(self.workspace, slug)
            return
        forget(self.workspace, slug)
        self.gone |= {word.encode() for word in self.held.pop(slug)}

    @rule(name=st.sampled_from(["quokka@77", "killed", ".staging-quokka-0123456789abcdef"]))
    def leave_behind(self, name: str) -> None:
        """What a kill leaves, in a workspace that was used before."""
        if self.workspace.register.exists():
            (self.workspace.leaks_folder / name).mkdir(exist_ok=True)
            (self.workspace.leaks_folder / name / "profile.json").write_text("left")
            (self.workspace.leaks_folder / name / UNCOMMITTED).touch()

    @invariant()
    def it_holds_what_it_should(self) -> None:
        found = {}
        with self.workspace.connect() as connection:
            for leak in list_leaks(connection):
                content = (self.workspace.leaks_folder / leak.folder / "profile.json").read_text()
                found[leak.slug] = (leak.title, content)
        assert found == self.held

    @invariant()
    def nothing_is_left_of_what_was_forgotten(self) -> None:
        files = [path.read_bytes() for path in self.scratch.rglob("*") if path.is_file()]
        assert not [word for word in self.gone if any(word in data for data in files)]


AnyOrder.TestCase.settings = settings(max_examples=30, stateful_step_count=15)
TestAnyOrder = AnyOrder.TestCase
