"""API keys in the register: made, presented, changed, and what is kept of them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from floodmark.register import api_keys as module
from floodmark.register.api_key_changes import (
    MOST_CUSTOMERS,
    ApiKeyRevoked,
    UnfitApiKey,
    edit_api_key,
    make_api_key,
    renew_api_key,
    revoke_api_key,
)
from floodmark.register.api_keys import (
    ApiKeyNotFound,
    ApiKeyRefused,
    ApiKeys,
    get_api_key,
    read_api_keys,
    read_key_text,
)
from floodmark.register.database import RegisterDamaged
from floodmark.register.free_text import HoldsIdentifier, UnfitText

from .budget_clients import DAY, NOON


@pytest.fixture
def made(begun):
    """A key for evaluations that is good for a year, and the key itself."""
    with begun.writing("test") as connection:
        return make_api_key(
            connection, "Example Bank", ["evaluate"], NOON, customers=20_000, expires_at=NOON + 365 * DAY
        )


def held(workspace):
    with workspace.connect() as connection:
        return read_api_keys(connection)


def changed(workspace, change, *args, **more):
    with workspace.writing("test") as connection:
        return change(connection, *args, **more)


def everything(folder):
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_whoever_presents_a_key_is_known_by_it(workspace, made):
    key, secret = made
    assert held(workspace).holder_of(secret, NOON) == key
    assert (key.label, key.scopes, key.customers) == ("Example Bank", ("evaluate",), 20_000)
    assert (key.made_at, key.expires_at) == ("2026-01-31T12:00:00Z", "2027-01-31T12:00:00Z")


def test_a_key_has_256_random_bits_and_an_id_that_is_no_part_of_them(workspace, made):
    key, secret = made
    other, another = changed(workspace, make_api_key, "Another", ["read"], NOON)
    assert len({key.id, other.id, secret[21:], another[21:]}) == 4
    assert secret.startswith(f"fmk_{key.id}_") and len(secret) == 4 + 16 + 1 + 64


def test_nothing_of_the_secret_is_kept_but_a_hash_of_the_whole_key(workspace, made):
    key, secret = made
    kept = everything(workspace.folder)
    assert secret.encode() not in kept and secret[-64:].encode() not in kept
    assert bytes.fromhex(secret[-64:]) not in kept
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in kept
    assert secret[-64:] not in repr((key, held(workspace)))


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
def test_text_that_is_no_key_is_refused_without_being_repeated(presented):
    with pytest.raises(ApiKeyRefused) as refused:
        ApiKeys({}).holder_of(presented, NOON)
    assert (refused.value.message, refused.value.__context__) == (
        "This is no API key that is known here.",
        None,
    )


def test_a_key_with_any_character_changed_is_refused_alike(workspace, made):
    keys, secret = held(workspace), made[1]
    for place in range(len(secret)):
        for other in ("0", "f", "A", "\n", "é"):
            if secret[place] != other:
                with pytest.raises(ApiKeyRefused, match="no API key that is known"):
                    keys.holder_of(secret[:place] + other + secret[place + 1 :], NOON)
    for other in (secret + "\n", " " + secret, secret.upper(), secret[:-1], secret * 2, secret + "0" * 10**6):
        with pytest.raises(ApiKeyRefused, match="no API key that is known"):
            keys.holder_of(other, NOON)


def test_known_and_unknown_ids_are_compared_alike(workspace, made, monkeypatch):
    compared = []
    monkeypatch.setattr(
        module.hmac, "compare_digest", lambda one, other: compared.append((len(one), len(other))) or False
    )
    keys, secret = held(workspace), made[1]
    for presented in (secret, secret[:-1] + "?", f"fmk_{'0' * 16}_{'0' * 64}", "nonsense", ""):
        with pytest.raises(ApiKeyRefused):
            keys.holder_of(presented, NOON)
    assert compared == [(64, 64)] * 5


def test_a_key_is_good_until_it_expires_and_only_its_holder_is_told(workspace, made):
    keys, (key, secret) = held(workspace), made
    last = NOON + 365 * DAY - timedelta(seconds=1)
    assert keys.holder_of(secret, last) == key
    with pytest.raises(ApiKeyRefused, match="has expired"):
        keys.holder_of(secret, last + timedelta(seconds=1))
    with pytest.raises(ApiKeyRefused, match="known here"):
        keys.holder_of(secret[:-64] + "0" * 64, last + timedelta(seconds=1))


def test_a_revoked_key_is_refused_and_stays_so(workspace, made):
    key, secret = made
    revoked = changed(workspace, revoke_api_key, key.id, NOON + DAY)
    assert revoked.revoked_at == "2026-02-01T12:00:00Z"
    assert changed(workspace, revoke_api_key, key.id, NOON + 2 * DAY) == revoked
    with pytest.raises(ApiKeyRefused, match="was revoked"):
        held(workspace).holder_of(secret, NOON)
    with pytest.raises(ApiKeyRevoked):
        changed(workspace, edit_api_key, key.id, label="Another")
    with pytest.raises(ApiKeyRevoked):
        changed(workspace, renew_api_key, key.id)


def test_a_renewed_key_has_the_id_of_before_and_the_secret_of_before_is_refused(workspace, made):
    key, secret = made
    renewed, another = changed(workspace, renew_api_key, key.id)
    keys = held(workspace)
    assert renewed == key and another != secret
    assert keys.holder_of(another, NOON) == key
    with pytest.raises(ApiKeyRefused):
        keys.holder_of(secret, NOON)


def test_more_customers_may_be_attested_and_other_things_stay(workspace, made):
    key, secret = made
    assert changed(workspace, edit_api_key, key.id, customers=25_000).customers == 25_000
    changed(workspace, edit_api_key, key.id, label="  Example \n Bank AG ", expires_at=NOON + DAY)
    found = held(workspace).holder_of(secret, NOON)
    assert (found.customers, found.label, found.expires_at) == (
        25_000,
        "Example Bank AG",
        "2026-02-01T12:00:00Z",
    )


@pytest.mark.parametrize(
    ("scopes", "customers"),
    [
        ([], None),
        (["write"], None),
        (["evaluate"], None),
        (["read"], 5),
        (["evaluate"], 0),
        (["evaluate", "read"], -1),
        (["evaluate"], MOST_CUSTOMERS + 1),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(workspace, scopes, customers):
    with pytest.raises(UnfitApiKey):
        changed(workspace, make_api_key, "Example", scopes, NOON, customers=customers)
    assert list(held(workspace)) == []


def test_a_reader_gets_no_customers_by_a_change(workspace):
    key, _ = changed(workspace, make_api_key, "Newsroom", ["read", "read"], NOON)
    assert key.scopes == ("read",)
    with pytest.raises(UnfitApiKey):
        changed(workspace, edit_api_key, key.id, customers=5)


@pytest.mark.parametrize(
    ("label", "error"), [("", UnfitText), ("x" * 61, UnfitText), ("ask ada@example.org", HoldsIdentifier)]
)
def test_a_label_is_one_short_line_without_an_identifier(workspace, label, error):
    with pytest.raises(error):
        changed(workspace, make_api_key, label, ["read"], NOON)


@pytest.mark.parametrize("key_id", ["", "0" * 16, "0" * 15, "é", "' OR 1=1 --", "fmk_" + "0" * 16])
def test_an_id_that_no_key_has_is_not_found_and_not_repeated(workspace, made, key_id):
    for change in (edit_api_key, renew_api_key, get_api_key):
        with pytest.raises(ApiKeyNotFound) as missing:
            changed(workspace, change, key_id)
        assert not key_id or key_id not in missing.value.message
    with pytest.raises(ApiKeyNotFound):
        changed(workspace, revoke_api_key, key_id, NOON)


def test_keys_are_listed_in_the_order_in_which_they_were_made(workspace):
    for number in (3, 1, 2):
        changed(workspace, make_api_key, f"No {number}", ["read"], NOON + number * DAY)
    assert [key.label for key in held(workspace)] == ["No 1", "No 2", "No 3"]
    assert list(ApiKeys({})) == []


@pytest.mark.parametrize(
    "damage",
    [
        "scopes = '{}'",
        "scopes = '[]'",
        "scopes = 'nonsense'",
        """scopes = '["evaluate", "rule"]'""",
        """scopes = '["read"]'""",
        """scopes = '[["evaluate"]]'""",
        "customers = NULL",
        "customers = 'many'",
        "sha256 = 'é'",
        "id = '../etc'",
    ],
)
def test_a_row_that_was_not_written_here_is_refused_whole(workspace, made, damage):
    with workspace.writing("test") as connection:
        connection.execute(text(f"UPDATE api_keys SET {damage}"))
    with pytest.raises(RegisterDamaged):
        held(workspace)


def test_a_key_is_read_from_a_file_with_or_without_a_line_end(made):
    secret = made[1]
    for raw in (secret.encode(), secret.encode() + b"\r\n", b"  " + secret.encode() + b"\n\n"):
        assert read_key_text(raw) == secret
    for raw in (
        b"",
        secret[:-1].encode(),
        b"\xff" * 85,
        secret.encode() * 2,
        b"PASSWORD=1\n" + secret.encode(),
    ):
        with pytest.raises(ApiKeyRefused) as refused:
            read_key_text(raw)
        assert secret[:20] not in str(refused.value)
