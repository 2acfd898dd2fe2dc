"""Password hashes by their written form: how a leak's passwords were kept, and so how soon they will be known.

The name is that of the algorithm as the forms' own documents call it (crypt(5), passlib, Django, PHC strings, LDAP).
Bare hexadecimal digits are named by their length alone: 32 digits are MD5 or NTLM, 40 are SHA-1 until more is known.

>>> plain = "5f4dcc3b5aa765d61d8327deb882cf99"
>>> cells = pl.Series([plain, "$2y$10$" + 53 * "a", plain + ":ab12"])
>>> pl.select(kind(pl.lit(cells))).to_series().to_list()
['md5-or-ntlm', 'bcrypt', 'md5-salted']
"""

from __future__ import annotations

import polars as pl

SHORTEST, LONGEST = 13, 512
_B64, _ITOA = "[A-Za-z0-9+/]", "[./A-Za-z0-9]"
_ARGON2 = rf"\$(?:v=[0-9]+\$)?[a-z0-9=,+/A-Z]+\${_B64}+=*\${_B64}+=*"


def _hex(digits: int) -> str:
    """So many hexadecimal digits, all small or all capital."""
    return rf"(?:[0-9a-f]{{{digits}}}|[0-9A-F]{{{digits}}})"


# A prefix, a parameter or a check says what these are.
_TOLD = {
    "bcrypt": rf"(?:bcrypt(?:_sha256)?\$|\{{CRYPT\}})?\$2[abxy]?\$[0-9]{{2}}\${_ITOA}{{53}}"
    rf"|\$bcrypt-sha256\$[^\s$]+(?:\${_ITOA}+)+",
    "argon2id": rf"(?:argon2)?\$argon2id{_ARGON2}",
    "argon2i": rf"(?:argon2)?\$argon2i{_ARGON2}",
    "argon2d": rf"(?:argon2)?\$argon2d{_ARGON2}",
    "scrypt": rf"\$scrypt\$[^\s]+\${_B64}+=*|\$7\${_ITOA}+\${_ITOA}+"
    rf"|(?i:scrypt)[:$][A-Za-z0-9+/=.:$,]{{20,}}|\$9\${_ITOA}{{14}}\${_ITOA}{{43}}",
    "yescrypt": rf"\$g?y\${_ITOA}+\${_ITOA}*\${_ITOA}{{43}}",
    "pbkdf2-sha1": r"pbkdf2_sha1\$[0-9]+\$\S+|pbkdf2:sha1:[0-9]+\$\S+|\$pbkdf2\$[0-9]+\$\S+"
    r"|\{PKCS5S2\}[A-Za-z0-9+/]{64}|sha1:[0-9]+:[0-9]+:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+",
    "pbkdf2-sha256": r"pbkdf2_sha256\$[0-9]+\$\S+|pbkdf2:sha256:[0-9]+\$\S+|\$pbkdf2-sha256\$[0-9]+\$\S+"
    r"|sha256:[0-9]+:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+|\$8\$\S{14}\$\S{43}|AQAAAA[EI]A[A-Za-z0-9+/]{73,74}==?",
    "pbkdf2-sha512": r"pbkdf2_sha512\$[0-9]+\$\S+|pbkdf2:sha512:[0-9]+\$\S+|\$pbkdf2-sha512\$[0-9]+\$\S+"
    r"|grub\.pbkdf2\.sha512\.[0-9]+\.[0-9A-F.]+|\$ml\$[0-9]+\$[0-9a-f]+\$[0-9a-f]+",
    "sha512crypt": rf"(?:\{{CRYPT\}})?\$6\$(?:rounds=[0-9]+\$)?[^$\s]{{0,16}}\${_ITOA}{{86}}",
    "sha256crypt": rf"(?:\{{CRYPT\}})?\$5\$(?:rounds=[0-9]+\$)?[^$\s]{{0,16}}\${_ITOA}{{43}}",
    "md5crypt": rf"(?:\{{CRYPT\}})?\$(?:1|apr1)\$[^$\s]{{0,8}}\${_ITOA}{{22}}",
    "phpass": rf"\$[PH]\${_ITOA}{{31}}",
    "drupal7": rf"U?\$S\${_ITOA}{{52}}",
    "mysql41": r"\*[0-9A-Fa-f]{40}",
    "mssql": r"0x0[12]00[0-9A-Fa-f]{48,136}",
    "oracle11": r"S:[0-9A-F]{60}(?:;.*)?",
    "postgres-md5": r"md5[0-9a-f]{32}",
    "scram-sha256": r"SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+",
    "django-md5": rf"md5\$[A-Za-z0-9]*\${_hex(32)}",
    "django-sha1": rf"sha1\$[A-Za-z0-9]*\${_hex(40)}",
    "ldap-ssha": r"\{SSHA(?:256|384|512)?\}[A-Za-z0-9+/]{30,}=*",
    "ldap-sha": r"\{SHA(?:256|384|512)?\}[A-Za-z0-9+/]{27,}=*",
    "ldap-md5": r"\{S?MD5\}[A-Za-z0-9+/]{22,}=*",
    "bsdicrypt": rf"_{_ITOA}{{19}}",
    "lm-and-ntlm": rf"{_hex(32)}:{_hex(32)}",
}
# Digits of a length that passwords' hashes have, and that little else has.
_LONG = {
    "md5-or-ntlm": _hex(32),
    "sha1": _hex(40),
    "sha224": _hex(56),
    "sha256": _hex(64),
    "sha384": _hex(96),
    "sha512": _hex(128),
}
_SALT = r"[:$]\S{1,64}"
_SALTED = {f"{name.removesuffix('-or-ntlm')}-salted": digits + _SALT for name, digits in _LONG.items()}
# Hashes only where the column's name says so: anything may look like that.
_QUIET = {
    "mysql323": _hex(16),
    "descrypt": rf"{_ITOA}{{13}}",
    "md5-base64": rf"{_B64}{{22}}==",
    "sha1-base64": rf"{_B64}{{27}}=",
    "sha256-base64": rf"{_B64}{{43}}=",
    "sha512-base64": rf"{_B64}{{86}}==",
}
_BY_THEMSELVES = _TOLD | _LONG | _SALTED
KINDS = tuple(_BY_THEMSELVES | _QUIET)


def kind(cell: pl.Expr, *, named: bool = False) -> pl.Expr:
    """The kind of hash that a cell has the form of.

    Args:
        cell: text cells.
        named: whether the column's name says that it holds hashes, so that forms of ordinary texts count too.

    Returns:
        String, one of `KINDS`; null for none, and where the cell is null.
    """
    found = pl.lit(None, dtype=pl.String)
    for name, form in reversed((_BY_THEMSELVES | (_QUIET if named else {})).items()):
        found = pl.when(cell.str.contains(rf"^(?:{form})$")).then(pl.lit(name)).otherwise(found)
    return pl.when(cell.str.len_bytes().is_between(SHORTEST, LONGEST)).then(found)


def password_hash(cell: pl.Expr, *, named: bool = False) -> pl.Expr:
    """Whether a cell has the form of a password hash: `kind` without its name, in one pass."""
    forms = "|".join((_BY_THEMSELVES | (_QUIET if named else {})).values())
    return cell.str.len_bytes().is_between(SHORTEST, LONGEST) & cell.str.contains(rf"^(?:{forms})$")
