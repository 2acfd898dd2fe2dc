"""Credential lists told by their lines: a login, a password with any delimiter in it, and perhaps a site.

In such a list the number of delimiters says little, since passwords hold them as well. So this is asked before ways to
cut are compared by how evenly they cut: whether nearly all lines have one form, of which the password takes what the
others leave.

>>> lines = [f"https://a.example/login:ada{i}@example.org:x{i}" + ":y" * (i % 2) for i in range(9)]
>>> found = credential_list(lines)
>>> found.delimiter, [role.value for role in found.roles], found.share
(':', ['site', 'login', 'secret'], 1.0)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

SEEN = 600
LONGEST = 2_000  # characters of a line
DELIMITERS = (":", ";", "|", "\t", ",", " ")
AFTER_SITES = (" ", "\t", "|", ";", ",")
MOSTLY = 0.85
BARE = 0.1  # share of lines whose password is without a delimiter; without any, it is a table of more columns
EVEN = 0.97
FEW = 8
LONGEST_SECRET = 60
# Text that is more than one word: letters with digits or marks, or marks that no login has.
MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*[^A-Za-z._-]).*|.*[^\w.@+-].*")
_DIGEST = re.compile(r"(?:[0-9a-fA-F]{2}){16,64}")
_DATE = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}|\d{1,2}:\d{2}(?::\d{2})?")
_SCHEME = r"[a-zA-Z][a-zA-Z+.-]{1,15}://"
_HOST = r"(?:[\w-]+\.)+[^\W\d_]{2,18}"


class Role(Enum):
    """What a column of such a list is."""

    SITE = "site"
    LOGIN = "login"
    SECRET = "secret"  # noqa: S105  what a column is, and no password


Roles = tuple[Role, ...]
FORMS: tuple[Roles, ...] = (
    (Role.SITE, Role.LOGIN, Role.SECRET),
    (Role.LOGIN, Role.SECRET, Role.SITE),
    (Role.LOGIN, Role.SECRET),
    (Role.SECRET, Role.LOGIN),
)


@dataclass(frozen=True)
class CredentialList:
    """How the lines of such a list are written.

    Attributes:
        delimiter: one character.
        roles: of its columns, in file order.
        share: of the lines, how many are written so.
        first: number of the first line that is.
        after_site: what stands after the address of a site instead of the delimiter; empty where it is the delimiter.
    """

    delimiter: str
    roles: Roles
    share: float
    first: int
    after_site: str = ""


def credential_list(lines: Sequence[str], delimiter: str | None = None) -> CredentialList | None:
    """How a list of credentials is written; None where the lines are none, or any way to cut them evenly does.

    Args:
        lines: of a sample, without blank ones.
        delimiter: where it is known.
    """
    seen = [line if len(line) <= LONGEST else "" for line in lines[:SEEN]]
    if len(seen) < FEW:
        return None
    found = [
        one
        for d in DELIMITERS
        if delimiter in (None, d) and sum(d in line for line in seen) >= MOSTLY * len(seen)
        for roles in FORMS
        if (one := _listed(seen, d, roles)) is not None
    ]
    if delimiter in (None, ":") and not found and sum("://" in line for line in seen) >= MOSTLY * len(seen):
        found = [one for end in AFTER_SITES if (one := _listed(seen, ":", FORMS[0], end)) is not None]
    # A site takes the place of a login, and a login that of a password: the form of more columns says more.
    return max(found, key=lambda one: (round(one.share, 1), len(one.roles), one.share), default=None)


def _listed(lines: list[str], delimiter: str, roles: Roles, after_site: str = "") -> CredentialList | None:
    pattern = _pattern(delimiter, roles, after_site)
    matches = [pattern.fullmatch(line) for line in lines]
    rows = [match.groupdict() for match in matches if match]
    share = len(rows) / len(lines)
    if share < MOSTLY or not _speaks(rows, delimiter, roles):
        return None
    first = next(number for number, match in enumerate(matches) if match)
    return CredentialList(delimiter, roles, share, first, after_site)


@cache
def _pattern(delimiter: str, roles: Roles, after_site: str) -> re.Pattern[str]:
    d = re.escape(delimiter)
    if after_site:
        end = re.escape(after_site)
        site = rf"(?P<site>{_SCHEME}[^\s:/{end}]+(?::\d{{2,5}})?(?:/[^\s:{end}]*)?)"
        return re.compile(site + end + _pattern(delimiter, FORMS[2], "").pattern)
    port = r"(?::\d{2,5}(?=/|$))?" if delimiter != ":" else r"(?::\d{2,5}(?=[/:]|$))?"
    site = rf"(?P<site>{_SCHEME}[^\s{d}/]*{port}(?:/[^\s{d}]*)?|{_HOST}{port}(?:[/?#][^\s{d}]*)?)"
    mail = rf"(?P<mail>[^\s@:;|,{d}]{{1,64}}@[\w-]+(?:\.[\w-]+)+)"
    phone = r"(?P<phone>\+\d[\d().-]{6,18}|\d{7,15})"
    user = r"(?P<user>[\w.+@$!*-]{2,80})"
    login = rf"(?:{mail}|{phone}|{user})" if roles[0] is not Role.SECRET else mail
    parts = {Role.SITE: site, Role.LOGIN: login, Role.SECRET: r"(?P<secret>.+)"}
    return re.compile(d.join(parts[role] for role in roles))


def _speaks(rows: list[dict[str, str | None]], delimiter: str, roles: Roles) -> bool:
    """Whether lines of a form are credentials, and not those of another table."""
    secrets = [row["secret"] or "" for row in rows]
    extra = Counter(secret.count(delimiter) for secret in secrets)
    usual, times = extra.most_common(1)[0]
    if extra[0] < BARE * len(rows) or (usual and times >= MOSTLY * len(rows)):
        return False
    logins = [row["mail"] or row.get("phone") or row.get("user") or "" for row in rows]
    if not _vary(logins) or not _secret(secrets, delimiter):
        return False
    known = sum(bool(row["mail"] or row.get("phone")) for row in rows) >= MOSTLY * len(rows)
    even = extra[0] >= EVEN * len(rows)
    mixed = sum(MIXED.fullmatch(secret.replace(delimiter, "")) is not None for secret in secrets) / len(
        secrets
    )
    if Role.SITE in roles:
        if delimiter == "," and not known:
            return _sites(rows) and not even and mixed >= 0.5 and _users(logins)
        return _sites(rows) and mixed >= (0.3 if even else 0.1)
    if even:
        return False  # which any way to compare them sees, and tells from other tables of two columns
    return mixed >= (0.2 if known else 0.5) and (known or (delimiter not in ", " and _users(logins)))


def _vary(cells: list[str]) -> bool:
    return len(set(cells)) >= min(0.5 * len(cells), 50)


def _secret(cells: list[str], delimiter: str) -> bool:
    """Whether cells are short and without blanks, differ, and are no dates, times or lists of a few words."""
    short = sum(
        len(cell) <= LONGEST_SECRET and not re.search(r"\s", cell.replace(delimiter, "")) for cell in cells
    )
    dates = sum(_DATE.match(cell) is not None for cell in cells)
    words = {max(cell.split(delimiter), key=len) for cell in cells}
    return short >= 0.9 * len(cells) and dates < 0.3 * len(cells) and len(words) >= min(0.2 * len(cells), 20)


def _sites(rows: list[dict[str, str | None]]) -> bool:
    """Whether some sites are more than words with dots between them, such as logins are."""
    told = sum("/" in (row["site"] or "") for row in rows)
    return told >= 0.3 * len(rows)


def _users(logins: list[str]) -> bool:
    """Whether logins are names that people choose, and not keys or digests."""
    named = sum(login[0].isalpha() and _DIGEST.fullmatch(login) is None for login in logins)
    return named >= 0.9 * len(logins) and len(set(logins)) >= 0.8 * len(logins)
