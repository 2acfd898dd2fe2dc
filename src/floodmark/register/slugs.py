"""Names of leaks and cases that are safe as a folder, a URL and an option: small letters, digits and hyphens.

>>> check_slug("facebook-2021")
'facebook-2021'
>>> suggestion("Été / Facebook 2021!")
'ete-facebook-2021'
"""

from __future__ import annotations

import re
import unicodedata

from floodmark.errors import UsageError

LONGEST = 64
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}(@[1-9][0-9]{0,9})?")  # of a leak, below leaks/


class BadSlug(UsageError):
    """A name cannot be the slug of a leak or a case; exit code 2."""

    slug = "bad-slug"
    hint = "Use small letters a-z, digits and hyphens, 64 at most, such as facebook-2021."


def check_slug(text: str, what: str = "leak") -> str:
    """The text itself when it is a slug.

    Args:
        text: what somebody typed.
        what: the word for the thing that is named, for the error.

    Raises:
        BadSlug: it is none; the hint has the nearest one.
    """
    if SLUG.fullmatch(text):
        return text
    near = suggestion(text)
    article = "an" if what[:1] in "aeiou" else "a"
    raise BadSlug(f"That cannot name {article} {what}.", f"{BadSlug.hint} Try {near}." if near else None)


def suggestion(text: str) -> str:
    """The slug nearest to a text, empty when it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text[: 4 * LONGEST]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")
