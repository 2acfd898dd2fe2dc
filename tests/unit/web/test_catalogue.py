"""What a server adds to a published leak from its register: of that leak and of no other, however they are named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.errors import FloodmarkError
from floodmark.register.leak_words import edit_leak
from floodmark.register.leaks import Leak, LeakNotFound
from floodmark.register.statements import Saying, add_statement, list_statements, remove_statement
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import claim
from floodmark.web.catalogue import Catalogue, ProfileUnsound
from floodmark.web.published import PublishedSnapshot

from ..exposure.check.published import NOW, ROOT

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


@pytest.fixture
def slug(published):
    return published.snapshot.leaks[0].slug


@pytest.fixture
def opened(published):
    with PublishedSnapshot(published.folder, ROOT.public, lambda: NOW) as found:
        yield found


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


def catalogue_of(opened, workspace, root=ROOT.public):
    return Catalogue(opened, root, workspace)


def test_a_published_leak_is_told_with_what_its_register_has(opened, workspace, save, slug):
    save(slug, attribution="CERT-XX", disclosure_url="https://example.org/notice")
    catalogue = catalogue_of(opened, workspace)
    leak = catalogue.find(slug)
    assert (leak.public, leak.attribution, leak.saved_at) == (True, "CERT-XX", BEFORE)
    assert leak.title != "Private words", "the words are those that were signed"
    assert [one.statement.text for one in catalogue.timeline(leak).entries] == ["No."]
    with pytest.raises(ProfileUnsound):
        catalogue.profile(leak)


@pytest.mark.parametrize(
    "said",
    [{"saved_at": AFTER}, {"sensitive": True}, {"retired": True}],
    ids=["saved anew", "sensitive", "retired"],
)
def test_a_leak_that_was_saved_under_the_name_since_or_may_not_be_told_of_is_not_told(
    opened, workspace, save, slug, said
):
    save(slug, attribution="CERT-XX", **said)
    catalogue = catalogue_of(opened, workspace)
    leak = catalogue.find(slug)
    assert (leak.attribution, leak.saved_at) == ("", None)
    assert catalogue.timeline(leak) is None
    assert catalogue.profile(leak) is None


def test_a_leak_of_the_same_name_in_a_register_that_signs_otherwise_is_another(opened, workspace, save, slug):
    save(slug, attribution="CERT-XX")
    catalogue = catalogue_of(opened, workspace, bytes(32))
    leak = catalogue.find(slug)
    assert (leak.attribution, leak.saved_at) == ("", None)
    assert catalogue.profile(leak) is None


def test_only_whoever_may_read_all_is_told_of_what_is_not_published(opened, workspace, save):
    save("private")
    catalogue = catalogue_of(opened, workspace)
    with pytest.raises(LeakNotFound):
        catalogue.find("private")
    leak = catalogue.find("private", reads_all=True)
    assert (leak.public, leak.title) == (False, "Private words")
    assert "private" not in catalogue.public()


def test_a_change_of_the_register_is_seen_at_once(opened, workspace, save, slug):
    save(slug)
    catalogue = catalogue_of(opened, workspace)
    assert catalogue.find(slug).attribution == ""
    with workspace.writing("test") as connection:
        edit_leak(connection, slug, {"attribution": "CERT-XX"}, NOW)
    assert catalogue.find(slug).attribution == "CERT-XX"
    with workspace.writing("test") as connection:
        edit_leak(connection, slug, {"sensitive": True}, NOW)
    assert catalogue.find(slug).attribution == ""


def test_whoever_may_read_all_is_told_of_the_register_while_there_is_no_snapshot(workspace, save, tmp_path):
    save("private")
    with PublishedSnapshot(tmp_path / "nothing", ROOT.public, lambda: NOW) as nothing:
        catalogue = catalogue_of(nothing, workspace)
        with pytest.raises(FloodmarkError):
            catalogue.public()
        assert list(catalogue.everything()) == ["private"]


COUNTS = {
    "EG": 44_823_547,
    "IT": 35_677_323,
    "SA": 28_804_686,
    "FR": 19_848_559,
    "TR": 19_638_821,
    "MA": 18_939_198,
}


def advert(scale=1):
    """An offer of a table of countries."""
    rows = tuple(CountryRow(country, exactly(count // scale)) for country, count in COUNTS.items())
    said = Assertion(kind="countries", table=CountryTable(rows))
    return replace(SAID, kind="advert", speaker_kind="seller", assertions=(said, Assertion(kind="new")))


def results(timeline):
    """Every result of a test, as text."""
    return [str(found) for entry in timeline.entries for one in entry.tested for found in one.evidence]


def test_what_is_told_of_a_public_leak_does_not_rest_on_one_that_is_not(opened, workspace, save, slug):
    save(slug)
    save("private")
    with workspace.writing("test") as connection:
        add_statement(connection, slug, advert(scale=3), NOW)
        add_statement(connection, "private", replace(advert(scale=3), said_on="2020"), NOW)
    catalogue = catalogue_of(opened, workspace)
    told = results(catalogue.timeline(catalogue.find(slug)))
    assert told
    assert not [one for one in told if "rivate" in one]
    (row,) = (one for one in catalogue._rows().values() if one.slug == slug)
    seen = catalogue.whole_timeline(row)
    assert [one for one in results(seen) if "rivate" in one], "else this test could not fail"


def test_what_is_told_rests_on_other_public_leaks_and_on_the_public_statements_that_come_with_the_program(
    opened, workspace, save, slug
):
    save(slug)
    with workspace.writing("test") as connection:
        add_statement(connection, slug, advert(), NOW)
    catalogue = catalogue_of(opened, workspace)
    (entry,) = [one for one in catalogue.timeline(catalogue.find(slug)).entries if one.tested]
    states = {one.assertion.kind: one.state for one in entry.tested}
    assert states["new"] == "contradicted"


def test_statements_that_disagree_are_told_beside_each_other(opened, workspace, save, slug):
    save(slug)
    with workspace.writing("test") as connection:
        for kind in ("fault", "breach"):
            add_statement(connection, slug, replace(SAID, assertions=(Assertion(kind=kind),)), NOW)
    catalogue = catalogue_of(opened, workspace)
    (found,) = catalogue.timeline(catalogue.find(slug)).contradictions
    assert [side.words for side in found.sides] == [
        "a technical fault or an error",
        "a breach of security",
    ]


def test_a_leak_of_which_nothing_is_recorded_has_an_empty_timeline(opened, workspace, save, slug):
    save(slug)
    with workspace.writing("test") as connection:
        for one in list_statements(connection):
            remove_statement(connection, one.id)
    catalogue = catalogue_of(opened, workspace)
    assert catalogue.timeline(catalogue.find(slug)).entries == ()
