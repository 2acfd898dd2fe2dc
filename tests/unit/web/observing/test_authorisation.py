"""Who asks, by the header Authorization."""

from __future__ import annotations

import pytest

from floodmark.exposure.check.organisation_budget import budget
from floodmark.register.api_key_changes import make_api_key, revoke_api_key
from floodmark.register.database import RegisterDamaged
from floodmark.register.workspace import Workspace
from floodmark.web.authorisation import FRESH, Authorisation, NotAllowed, NotAuthorised
from floodmark.web.budget import Organisation
from floodmark.web.problems import problem

from ...exposure.check.published import NOW


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "home", wait=0)


@pytest.fixture
def keys(workspace):
    """A key to evaluate with, and one to read with."""
    with workspace.writing("test") as connection:
        bank = make_api_key(connection, "Example Bank", ["evaluate"], NOW, customers=1_000)
        return bank, make_api_key(connection, "Newsroom", ["read"], NOW)


@pytest.fixture
def asked(made, workspace):
    return made(workspace=workspace)


@pytest.fixture
def authorisation(asked):
    return Authorisation(asked.site, lambda: asked.clock.seconds)


def scope(*values):
    return {
        "type": "http",
        "headers": [(b"host", b"x"), *((b"authorization", value.encode("latin-1")) for value in values)],
    }


@pytest.mark.parametrize("values", [(), ("Basic YTpi",), ("Negotiate x",), ("",), ("Digest username=x",)])
def test_whoever_presents_no_key_is_nobody_in_particular(authorisation, values):
    assert authorisation.organisation(scope(*values), 1) is None
    assert authorisation.api_key(scope(*values), "read") is None


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_an_organisation_has_the_budget_of_its_customers_in_the_epoch(authorisation, keys, scheme):
    key, secret = keys[0]
    assert authorisation.organisation(scope(scheme + secret), 3) == Organisation(key.id, 3, budget(1_000))


def test_a_key_is_good_for_its_scope_alone(authorisation, keys):
    (bank, evaluating), (newsroom, reading) = keys
    assert authorisation.api_key(scope(f"Bearer {reading}"), "read") == newsroom
    assert authorisation.api_key(scope(f"Bearer {evaluating}"), "evaluate") == bank
    for secret, wanted in ((reading, "evaluate"), (evaluating, "read")):
        with pytest.raises(NotAllowed) as refused:
            authorisation.api_key(scope(f"Bearer {secret}"), wanted)
        told = problem(refused.value)
        assert (told.status, told.slug) == (403, "api-key-scope")
        assert "insufficient_scope" in told.headers["www-authenticate"]


@pytest.mark.parametrize("presented", ["", "x", "fmk_" + "0" * 16 + "_" + "0" * 64, "é", "a b", "x" * 10**5])
def test_what_is_no_good_key_is_refused_and_not_repeated(authorisation, keys, presented):
    with pytest.raises(NotAuthorised) as refused:
        authorisation.organisation(scope(f"Bearer {presented}"), 1)
    told = problem(refused.value)
    assert (told.status, told.slug) == (401, "api-key-refused")
    assert "invalid_token" in told.headers["www-authenticate"]
    assert len(presented) < 2 or presented not in told.body().decode()


def test_a_key_behind_anything_but_spaces_is_refused_and_not_passed_over(authorisation, keys):
    for between in ("\t", " \t", "\t "):
        with pytest.raises(NotAuthorised):
            authorisation.organisation(scope(f"Bearer{between}{keys[0][1]}"), 1)
    with pytest.raises(NotAuthorised):
        authorisation.organisation(scope("Bearer"), 1)


def test_two_headers_are_refused(authorisation, keys):
    with pytest.raises(NotAuthorised):
        authorisation.organisation(scope(f"Bearer {keys[0][1]}", "Basic YTpi"), 1)


def test_without_a_register_no_key_is_known(made, keys):
    with pytest.raises(NotAuthorised):
        Authorisation(made().site).organisation(scope(f"Bearer {keys[0][1]}"), 1)


def test_a_key_that_is_made_or_revoked_is_so_here_within_seconds(asked, authorisation, workspace, keys):
    key, secret = keys[0]
    assert authorisation.organisation(scope(f"Bearer {secret}"), 1) is not None
    with workspace.writing("test") as connection:
        revoke_api_key(connection, key.id, NOW)
        _, another = make_api_key(connection, "Another", ["evaluate"], NOW, customers=1)
    asked.clock.seconds += FRESH - 0.01
    assert authorisation.organisation(scope(f"Bearer {secret}"), 1) is not None
    asked.clock.seconds += 0.01
    with pytest.raises(NotAuthorised):
        authorisation.organisation(scope(f"Bearer {secret}"), 1)
    assert authorisation.organisation(scope(f"Bearer {another}"), 1) is not None


def test_a_key_expires_at_once(asked, authorisation, workspace):
    with workspace.writing("test") as connection:
        _, secret = make_api_key(
            connection, "Newsroom", ["read"], NOW, expires_at=NOW.replace(hour=14, minute=0)
        )
    assert authorisation.api_key(scope(f"Bearer {secret}"), "read") is not None
    asked.clock.now = NOW.replace(hour=14, minute=0)
    with pytest.raises(NotAuthorised):
        authorisation.api_key(scope(f"Bearer {secret}"), "read")


def test_a_register_that_cannot_be_read_lets_nobody_in(asked, authorisation, workspace, keys):
    bearer = scope(f"Bearer {keys[0][1]}")
    assert authorisation.organisation(bearer, 1) is not None
    workspace.register.write_bytes(b"\xff" * 8_192)
    asked.clock.seconds += FRESH
    with pytest.raises(RegisterDamaged):
        authorisation.organisation(bearer, 1)


def test_keys_are_read_once_however_many_are_tried(asked, authorisation, workspace, keys, monkeypatch):
    connected = []
    connect = Workspace.connect
    monkeypatch.setattr(Workspace, "connect", lambda self: connected.append(1) or connect(self))
    for number in range(100):
        with pytest.raises(NotAuthorised):
            authorisation.organisation(scope(f"Bearer fmk_{number:016x}_{'0' * 64}"), 1)
    assert len(connected) == 1
