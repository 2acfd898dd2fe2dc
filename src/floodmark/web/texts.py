"""The pages' words in the reader's language: which one that is, its messages, and its ways to write numbers and dates.

English is the source; every other language has a folder in `messages`, made by `tools/compile_messages.py`.

>>> languages(), negotiated("de", "en"), negotiated(None, "fr, de-AT;q=0.8, en;q=0.5"), negotiated("xx", None)
(('en', 'de'), 'de', 'de', 'en')
>>> german = texts("de")
>>> german.number(1234567), german.date("2019-08"), german.field_name("birth_date")
('1.234.567', 'August 2019', 'Geburtsdatum')
>>> texts("de").forms("{n} leak", "{n} leaks").keys()
dict_keys(['other', 'one'])
>>> texts("en").date("2019-08-31"), texts("en").field_name("email")
('31 August 2019', 'e-mail address')
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined

from floodmark.identifiers import FieldType
from floodmark.reports import labels

SOURCE = "en"
DOMAIN = "web"
_LOCALES = {"en": "en_GB"}  # where a language alone would write dates as its largest country does
# Among so many is every plural category of integers but that of whole millions, which takes `other`.
_NUMBERS = 200
LONGEST_HEADER = 1_000  # characters of Accept-Language that are read
_WISH = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")


@dataclass(frozen=True)
class Texts:
    """One language.

    Attributes:
        language: one of `languages()`.
    """

    language: str

    @cached_property
    def locale(self) -> Locale:
        """Its ways to write, those of the Unicode CLDR."""
        return Locale.parse(_LOCALES.get(self.language, self.language))

    @property
    def name(self) -> str:
        """The language's own name for itself."""
        return Locale.parse(self.language).get_language_name() or self.language

    @cached_property
    def messages(self) -> gettext.NullTranslations:
        """Its messages; those of English are the source itself."""
        return _messages(self.language)

    @cached_property
    def environment(self) -> Environment:
        """Templates in it: every value is escaped, and an unknown name is an error."""
        made = Environment(
            loader=PackageLoader("floodmark.web"),
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.policies["ext.i18n.trimmed"] = True
        made.install_gettext_translations(self.messages, newstyle=True)  # type: ignore[attr-defined]
        made.filters |= {
            "number": self.number,
            "date": self.date,
            "field_name": self.field_name,
            "country": self.country,
            "plain": labels.plain,
        }
        return made

    def number(self, value: float) -> str:
        """A number with the separators of the language."""
        return format_decimal(value, locale=self.locale)

    def date(self, value: str | date | datetime | None) -> str:
        """A day in words, or the year or month of one; empty for None. Times are read as they are, in UTC here."""
        if value is None:
            return ""
        if isinstance(value, date):
            return format_date(value, "long", locale=self.locale)
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 1:
            return value
        day = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
        if len(parts) == 2:
            return format_skeleton("yMMMM", day, locale=self.locale)
        return format_date(day, "long", locale=self.locale)

    def field_name(self, label: str) -> str:
        """A field type in words; one that this version does not know is shown as it is."""
        known = label.upper() in FieldType.__members__
        name = labels.field_name(label)
        return self.messages.pgettext(f"field-type/{label}", name) if known else name

    def country(self, code: str) -> str:
        """A country's name by ISO 3166-1 alpha-2 code; the code itself when it has none."""
        return self.locale.territories.get(code) or labels.plain(code)

    def forms(self, one: str, many: str) -> dict[str, str]:
        """A message with a number in it, in every form that the language has, by plural category of the Unicode CLDR.

        Args:
            one: in English, for one.
            many: in English, for any other number.
        """
        rule = self.locale.plural_form
        number = {rule(n): n for n in reversed(range(_NUMBERS))}  # the smallest of each category
        return {category: self.messages.ngettext(one, many, n) for category, n in number.items()}

    def render(self, template: str, **values: Any) -> str:
        """A page."""
        return self.environment.get_template(template).render(**values)


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages there are, English first."""
    return (SOURCE, *sorted(one.name for one in _folder().iterdir() if one.joinpath("LC_MESSAGES").is_dir()))


@cache
def texts(language: str) -> Texts:
    """One of `languages()`."""
    return Texts(language)


def negotiated(asked: str | None, accepted: str | None) -> str:
    """The language for a request.

    Args:
        asked: what `?language=` says.
        accepted: the header `Accept-Language` (RFC 9110, section 12.5.4).
    """
    if asked in languages():
        return str(asked)
    wishes = [_WISH.fullmatch(part) for part in (accepted or "")[:LONGEST_HEADER].split(",")]
    weighed = [(float(wish[2] or 1), wish[1].lower()) for wish in wishes if wish]
    ordered = [code for weight, code in sorted(weighed, key=lambda one: -one[0]) if weight > 0]
    return next((code for code in ordered if code in languages()), SOURCE)


def _folder() -> Traversable:
    return files("floodmark.web").joinpath("messages")


def _messages(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    with _folder().joinpath(language, "LC_MESSAGES", f"{DOMAIN}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
