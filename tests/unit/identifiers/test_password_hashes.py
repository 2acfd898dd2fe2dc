import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.identifiers import password_hashes
from floodmark.identifiers.recognise import password_hash as lenient

# Published examples: hashcat's table of example hashes, passlib's and Django's documentation, crypt(5).
EXAMPLES = {
    "8743b52063cd84097a65d1633f5c74f5": "md5-or-ntlm",
    "b89eaac7e61417341b710b727768294d0e6a277b": "sha1",
    "127e6fbfe24a750e72930c220a8e138275656b8e5d8f48a98c3c92df2caba935": "sha256",
    "01dfae6e5d4d90d9892622325959afbe:7050461": "md5-salted",
    "$2a$05$LhayLxezLhK1LhWvKxCyLOj0j1u.Kj0jZ0pEmm134uzrQlFvQJLF6": "bcrypt",
    "$P$984478476IagS59wHZvyQMArzfx58u.": "phpass",
    "$H$984478476IagS59wHZvyQMArzfx58u.": "phpass",
    "$1$28772684$iEwNOgGugqO9.bIz5sk8k/": "md5crypt",
    "$apr1$71850310$gh9m4xcAn3MGxogwX/ztb.": "md5crypt",
    "$5$rounds=5000$GX7BopJZJxPc/KEK$le16UF8I2Anb.rOrn22AUPWvzUETDGefUmAV8AZkGcD": "sha256crypt",
    "$6$52450745$k5ka2p8bFuSmoVT1tzOyyuaREkkKBcCNqoDKzYiJL9RaE8yMnPgh2XzzF0NDrUhgrcLwg78xs1w5pJiypEdFX/": "sha512crypt",
    "*FCF7C1B8749CF99D88E5F34271D636178FB5D130": "mysql41",
    "$S$C33783772bRXEx1aCsvY.dqgaaSu76XmVlKrW9Qu8IQlvxHlmzLf": "drupal7",
    "{SHA}uJ6qx+YUFzQbcQtyd2gpTQ5qJ3s=": "ldap-sha",
    "{SSHA}AZKja92fbuuB9SpRlHqaoXxbTc43Mzc2MDM1Ng==": "ldap-ssha",
    "0x01002702560500000000000000000000000000000000000000008db43dd9b1972a636ad0c7d4b8c515cb8ce46578": "mssql",
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b7dWRWJTmaaVObG": "argon2id",
    "$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b7dWRWJTmaaVObG": "argon2i",
    "argon2$argon2d$v=19$m=512,t=2,p=2$c29tZXNhbHQ$RdescudvJCsgt3ub": "argon2d",
    "pbkdf2_sha256$20000$H0dPx8NeajVu$GiC4k5kqbbR9qWBlsRgDywNqC2vd9kqfk7zdorEnNas=": "pbkdf2-sha256",
    "sha1$fe76b$02d5916550edf7fc8c886f044887f4b1abf9b013": "django-sha1",
    "md53175bce1d3201d16594cebf9d7eb3f9d": "postgres-md5",
    "$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D": "scrypt",
    "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7": "yescrypt",
}


def kinds(cells: list[str], *, named: bool = False) -> list[str | None]:
    frame = pl.DataFrame({"cell": cells})
    return frame.select(password_hashes.kind(pl.col("cell"), named=named)).to_series().to_list()


@pytest.mark.parametrize(("cell", "kind"), EXAMPLES.items(), ids=list(EXAMPLES.values()))
def test_a_hash_is_named_by_its_form(cell: str, kind: str) -> None:
    assert kinds([cell]) == [kind]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("7196759210defdc0", "mysql323"),
        ("24leDr0hHfb3A", "descrypt"),
        ("X03MO1qnZdYdgyfeuILPmQ==", "md5-base64"),
    ],
)
def test_what_any_text_may_look_like_is_a_hash_only_where_the_name_says_so(cell: str, kind: str) -> None:
    assert kinds([cell]) == [None]
    assert kinds([cell], named=True) == [kind]
    assert pl.select(lenient(pl.lit(cell))).item()


@pytest.mark.parametrize(
    "cell", ["hunter2", "correct horse battery staple", "$2y$", "a" * 31, "a" * 33, "", "x" * 600]
)
def test_what_is_no_hash_has_no_kind(cell: str) -> None:
    assert kinds([cell]) == [None]


@settings(max_examples=40)  # of many cells, since every look compiles the patterns anew
@given(
    st.lists(st.text(max_size=80) | st.text("$:*{}abcdef0123456789", min_size=13, max_size=70), max_size=30)
)
def test_a_cell_has_a_kind_exactly_where_it_is_a_hash(cells: list[str]) -> None:
    cell, namings = pl.col("cell"), {"named": True, "unnamed": False}
    kinds = [password_hashes.kind(cell, named=named).alias(name) for name, named in namings.items()]
    flags = [password_hashes.password_hash(cell, named=named).alias(name) for name, named in namings.items()]
    frame = pl.DataFrame({"cell": cells}, schema={"cell": pl.String})
    assert frame.select(kinds).select(pl.all().is_not_null()).equals(frame.select(flags))
