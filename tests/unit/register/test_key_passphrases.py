"""A passphrase is what a person means by it, whichever keyboard it was typed on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.register.key_passphrases import RFC_9106_SECOND, Argon2, PassphraseRefused, new, normal
from floodmark.register.key_secrets import Secret
from floodmark.register.key_wrap import ByPassphrase, WrongPassphrase

CHEAP = Argon2(1, 1, 8)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=200)


@given(text=texts)
def test_composed_and_decomposed_text_is_the_same_passphrase(text):
    forms = {bytes(normal(unicodedata.normalize(form, text).encode()).reveal()) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(text=texts, other=texts)
def test_a_key_opens_under_its_passphrase_in_either_form_and_under_no_other(text, other):
    wrap = ByPassphrase.fresh(CHEAP)
    secret = Secret(bytearray(32))
    sealed = wrap.seal(secret, b"header", lambda: normal(text.encode()))
    decomposed = unicodedata.normalize("NFD", text).encode()
    assert wrap.open(sealed, b"header", lambda: normal(decomposed)) == secret
    if normal(other.encode()) != normal(text.encode()):
        with pytest.raises(WrongPassphrase):
            wrap.open(sealed, b"header", lambda: normal(other.encode()))


@pytest.mark.parametrize(
    "pair",
    [
        ("ﬁsh and chips", "fish and chips"),
        ("PASSPHRASES", "passphrases"),
        ("a\u00a0b", "a b"),
        ("a b", "a  b"),
        (" a", "a"),
    ],
)
def test_case_spaces_and_compatibility_characters_count(pair):
    first, second = (normal(text.encode()) for text in pair)
    assert first != second


@pytest.mark.parametrize("text", ["elf letters", "é" * 11, "e\u0301" * 11])
def test_a_new_passphrase_has_twelve_characters_as_a_person_counts_them(text):
    with pytest.raises(PassphraseRefused, match="12 characters"):
        new(text.encode())


@pytest.mark.parametrize("text", ["twelve chars", "пароль паролем", "🐎🔋📎✅ correct!", "é" * 12])
def test_any_script_will_do(text):
    assert bytes(new(text.encode()).reveal()) == text.encode()


@pytest.mark.parametrize(
    "text",
    [
        "a tab\tin the middle",
        "an end\nof line inside",
        "a nul \0 inside it",
        "unassigned \U0003fffd!",
        "private use \ue000!",
    ],
)
def test_a_new_passphrase_holds_nothing_that_cannot_be_relied_on(text):
    with pytest.raises(PassphraseRefused):
        new(text.encode())
    normal(text.encode())  # one that was set elsewhere still opens


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe not UTF-8", b"x" * 1025, "é".encode("utf-16")])
def test_what_is_no_text_or_out_of_bounds_is_no_passphrase(raw):
    with pytest.raises(PassphraseRefused):
        normal(raw)


@given(raw=st.binary(max_size=2000))
def test_any_bytes_are_taken_or_refused_in_words(raw):
    for read in (normal, new):
        try:
            form = read(raw)
        except PassphraseRefused:
            continue
        assert 0 < len(form) <= 1024 * 3


def test_the_cost_is_the_second_recommendation_of_rfc_9106():
    assert (RFC_9106_SECOND.iterations, RFC_9106_SECOND.lanes, RFC_9106_SECOND.memory_kib) == (3, 4, 65_536)


@given(iterations=st.integers(-5, 10**12), lanes=st.integers(-5, 10**12), memory_kib=st.integers(-5, 10**15))
def test_a_cost_is_within_bounds_or_refused(iterations, lanes, memory_kib):
    inside = 1 <= iterations <= 16 and 1 <= lanes <= 16 and 8 * lanes <= memory_kib <= 1 << 20
    if inside:
        Argon2(iterations, lanes, memory_kib)
    else:
        with pytest.raises(ValueError, match="out of bounds"):
            Argon2(iterations, lanes, memory_kib)


def test_salts_and_nonces_come_from_the_randomness_that_is_given():
    wrap = ByPassphrase.fresh(CHEAP, random=lambda size: bytes(range(size)))
    assert (wrap.salt, wrap.nonce) == (bytes(range(16)), bytes(range(12)))
    assert ByPassphrase.fresh().salt != ByPassphrase.fresh().salt
