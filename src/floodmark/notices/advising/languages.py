"""The languages of the advice, through gettext: English is the source, every other has a folder in the catalogue.

>>> languages(), spoken("de-AT"), spoken("pt_BR.UTF-8"), spoken(None)
(('en', 'de'), 'de', 'en', 'en')
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from functools import cache

from floodmark.notices.advising.catalogue import folder

SOURCE = "en"
DOMAIN = "advice"


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages there are, English first."""
    return (SOURCE, *sorted(one.name for one in folder().iterdir() if one.joinpath("LC_MESSAGES").is_dir()))


def spoken(wish: str | None) -> str:
    """The language for a wish such as `de`, `de-AT` or `de_DE.UTF-8`; English for None and for what there is not."""
    code = re.split(r"[-_.@]", wish or "", maxsplit=1)[0].lower()
    return code if code in languages() else SOURCE


def wished(environment: Mapping[str, str]) -> str | None:
    """The language that a user's environment asks for, in gettext's order of variables; None where it says none.

    >>> wished({"LANG": "de_DE.UTF-8"}), wished({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}), wished({})
    ('de_DE.UTF-8', 'C', None)
    >>> wished({"LANGUAGE": "fr:de:en", "LANG": "fr_FR.UTF-8"})
    'de'
    """
    set_ones = [
        environment[name] for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)
    ]
    if not set_ones:
        return None
    wishes = set_ones[0].split(":")
    return next(
        (wish for wish in wishes if spoken(wish) != SOURCE or wish.lower().startswith(SOURCE)), wishes[0]
    )


@cache
def translation(language: str) -> gettext.NullTranslations:
    """The messages in one of `languages()`; those of English are the source itself."""
    if language == SOURCE:
        return gettext.NullTranslations()
    with folder().joinpath(language, "LC_MESSAGES", f"{DOMAIN}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
