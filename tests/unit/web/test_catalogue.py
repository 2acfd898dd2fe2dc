"""What a server adds to a published leak from its register: of that leak and of no other, however they are named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from floodmark.errors import FloodmarkError
from floodmark.register.leak_words import edit_leak
from floodmark.register.leaks import Leak, LeakNotFound
from floodmark.register.statements import Saying, add_statement
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import claim
from floodmark.web.catalogue import Catalogue, ProfileUnsound
from floodmark.web.published import PublishedSnapshot

from ..exposure.check.published import NOW, ROOT, publish

BEFORE, AFTER = "2026-01-29T00:00:00Z", "2026-01-30T00:00:01Z"  # it was sealed
KEY_ID = "0011223344556677"
SAID = Saying(
    kind="denial",
    speaker_kind="company",
    speaker="Acme Ltd",
    said_on="2026-01-20",
    text="No.",
    source="Press",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture
def slug(found):
    return found.snapshot.leaks[0].slug


@pytest.fixture
def published(found):
    with PublishedSnapshot(found.folder, ROOT.public, lambda: NOW) as opened:
        yield opened


@pytest.fixture
def workspace(tmp_path):
    opened = Workspace.open(tmp_path / "floodmark", wait=0)
    with opened.writing("test") as connection:
        claim(connection, KEY_ID, ROOT.public)
    return opened


@pytest.fixture
def save(workspace):
    def save_one(slug, saved_at=BEFORE, **said):
        leak = Leak(
            slug=slug, title="Private words", synthetic=True, rows=9, saved_at=saved_at, digest_key_id=KEY_ID
        )
        with workspace.staging(slug, replace=True) as staging:
            (staging.folder / "profile.json").write_text("{}")
            staging.commit(replace(leak, **said), [])
        with workspace.writing("test") as connection:
            add_statement(connection, slug, SAID, NOW)

    return save_one


def catalogue_of(published, workspace, root=ROOT.public):
    return Catalogue(published, root, workspace)


def test_a_published_leak_is_told_with_what_its_register_has(published, workspace, save, slug):
    save(slug, attribution="CERT-XX", disclosure_url="https://example.org/notice")
    catalogue = catalogue_of(published, workspace)
    leak = catalogue.find(slug)
    assert (leak.public, leak.attribution, leak.saved_at) == (True, "CERT-XX", BEFORE)
    assert leak.title != "Private words", "the words are those that were signed"
    assert [one.text for one in catalogue.statements(leak)] == ["No."]
    with pytest.raises(ProfileUnsound):
        catalogue.profile(leak)


@pytest.mark.parametrize(
    "said",
    [{"saved_at": AFTER}, {"sensitive": True}, {"retired": True}],
    ids=["saved anew", "sensitive", "retired"],
)
def test_a_leak_that_was_saved_under_the_name_since_or_may_not_be_told_of_is_not_told(
    published, workspace, save, slug, said
):
    save(slug, attribution="CERT-XX", **said)
    catalogue = catalogue_of(published, workspace)
    leak = catalogue.find(slug)
    assert (leak.attribution, leak.saved_at) == ("", None)
    assert catalogue.statements(leak) is None
    assert catalogue.profile(leak) is None


def test_a_leak_of_the_same_name_in_a_register_that_signs_otherwise_is_another(
    published, workspace, save, slug
):
    save(slug, attribution="CERT-XX")
    catalogue = catalogue_of(published, workspace, bytes(32))
    leak = catalogue.find(slug)
    assert (leak.attribution, leak.saved_at) == ("", None)
    assert catalogue.profile(leak) is None


def test_only_whoever_may_read_all_is_told_of_what_is_not_published(published, workspace, save):
    save("private")
    catalogue = catalogue_of(published, workspace)
    with pytest.raises(LeakNotFound):
        catalogue.find("private")
    leak = catalogue.find("private", reads_all=True)
    assert (leak.public, leak.title) == (False, "Private words")
    assert "private" not in catalogue.public()


def test_a_change_of_the_register_is_seen_at_once(published, workspace, save, slug):
    save(slug)
    catalogue = catalogue_of(published, workspace)
    assert catalogue.find(slug).attribution == ""
    with workspace.writing("test") as connection:
        edit_leak(connection, slug, {"attribution": "CERT-XX"}, NOW)
    assert catalogue.find(slug).attribution == "CERT-XX"
    with workspace.writing("test") as connection:
        edit_leak(connection, slug, {"sensitive": True}, NOW)
    assert catalogue.find(slug).attribution == ""


def test_whoever_may_read_all_is_told_of_the_register_while_there_is_no_snapshot(
    workspace, save, tmp_path, found
):
    save("private")
    with PublishedSnapshot(tmp_path / "nothing", ROOT.public, lambda: NOW) as nothing:
        catalogue = catalogue_of(nothing, workspace)
        with pytest.raises(FloodmarkError):
            catalogue.public()
        assert list(catalogue.everything()) == ["private"]
