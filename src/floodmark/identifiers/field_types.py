"""What a column says of a person: an enumeration with numbers that never change.

>>> FieldType.RELIGION.special_category, FieldType.PASSWORD.secret, FieldType.PHONE.identifier_kind
(True, True, 'phone')
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, get_args

IdentifierKind = Literal["phone", "email", "profile_id", "username"]
KINDS: tuple[IdentifierKind, ...] = get_args(IdentifierKind)


class FieldType(IntEnum):
    """Type of a column; the number is written to files and is never reused."""

    UNKNOWN = 0
    PHONE = 1
    EMAIL = 2
    PROFILE_ID = 3
    USERNAME = 4
    FIRST_NAME = 10
    LAST_NAME = 11
    FULL_NAME = 12
    GENDER = 13
    BIRTH_DATE = 14
    AGE = 15
    LOCATION = 20
    ADDRESS = 21
    POSTCODE = 22
    COUNTRY = 23
    HOMETOWN = 24
    COORDINATES = 25
    RELATIONSHIP = 30
    EMPLOYER = 31
    JOB_TITLE = 32
    EDUCATION = 33
    LANGUAGE = 34
    RELIGION = 40
    POLITICS = 41
    HEALTH = 42
    SEXUAL_ORIENTATION = 43
    ETHNICITY = 44
    NATIONAL_ID = 50
    PASSPORT = 51
    TAX_ID = 52
    CARD_NUMBER = 53
    BANK_ACCOUNT = 54
    PASSWORD = 60
    PASSWORD_HASH = 61
    SECURITY_QUESTION = 62
    IP_ADDRESS = 70
    DEVICE_ID = 71
    URL = 72
    AVATAR = 73
    REGISTERED_AT = 80
    ACTIVE_AT = 81
    LAST_SEEN_AT = 82
    FOLLOWER_COUNT = 90
    FRIEND_LINK = 91
    FREE_TEXT = 92

    @property
    def label(self) -> str:
        """Name in files and reports, for example `birth_date`."""
        return self.name.lower()

    @property
    def meaning(self) -> str:
        """One line on what the column says of a person."""
        return _CATALOGUE[self][0]

    @property
    def examples(self) -> tuple[str, ...]:
        """Made-up cells of this type."""
        return _CATALOGUE[self][1]

    @property
    def special_category(self) -> bool:
        """Whether the GDPR names it a special category (article 9(1)): it reveals beliefs, health, origin, sex life."""
        return self in _SPECIAL

    @property
    def secret(self) -> bool:
        """Whether a cell opens an account or pays a bill by itself."""
        return self in _SECRET

    @property
    def identifier_kind(self) -> IdentifierKind | None:
        """Kind of identifier (canon 1) that a cell holds, or None for what only describes a person."""
        return _IDENTIFIERS.get(self)

    @property
    def is_date(self) -> bool:
        """Whether cells are dates or times (`identifiers.dates`)."""
        return self in _DATES

    @classmethod
    def from_label(cls, label: str) -> FieldType:
        """The type with this label.

        Raises:
            KeyError: no type has the label.
        """
        return cls[label.upper()]


_IDENTIFIERS: dict[FieldType, IdentifierKind] = {
    FieldType.PHONE: "phone",
    FieldType.EMAIL: "email",
    FieldType.PROFILE_ID: "profile_id",
    FieldType.USERNAME: "username",
}
# Relationship status is left out: it names no partner, so by itself it reveals no orientation (compare CJEU C-184/20).
_SPECIAL = frozenset(
    {
        FieldType.RELIGION,
        FieldType.POLITICS,
        FieldType.HEALTH,
        FieldType.SEXUAL_ORIENTATION,
        FieldType.ETHNICITY,
    }
)
_SECRET = frozenset(
    {
        FieldType.PASSWORD,
        FieldType.PASSWORD_HASH,
        FieldType.SECURITY_QUESTION,
        FieldType.CARD_NUMBER,
    }
)
_DATES = frozenset(
    {FieldType.BIRTH_DATE, FieldType.REGISTERED_AT, FieldType.ACTIVE_AT, FieldType.LAST_SEEN_AT}
)

# Examples use reserved ranges where there are any: RFC 2606 domains, RFC 5737 and RFC 3849 addresses, Ofcom's numbers
# for drama, card and bank numbers from test tables.
_CATALOGUE: dict[FieldType, tuple[str, tuple[str, ...]]] = {
    FieldType.UNKNOWN: ("Not recognised; nothing is claimed of it", ("x7", "—")),
    FieldType.PHONE: ("Telephone number", ("+44 7700 900123", "447700900123", "0044 7700 900123")),
    FieldType.EMAIL: ("E-mail address", ("ada@example.org", "Ada.L@Bücher.example")),
    FieldType.PROFILE_ID: ("Number of an account on a platform", ("100000000000004", "500090001")),
    FieldType.USERNAME: ("Name that an account chose for itself", ("ada.l", "blue_fox77")),
    FieldType.FIRST_NAME: ("Given name", ("Ada", "محمد", "Мария")),
    FieldType.LAST_NAME: ("Family name", ("Lovelace", "González", "Yılmaz")),
    FieldType.FULL_NAME: ("Given and family name in one cell", ("Ada Lovelace", "LOVELACE, Ada")),
    FieldType.GENDER: ("Gender as the account states it", ("female", "m", "مؤنث")),
    FieldType.BIRTH_DATE: ("Date of birth, whole or partial", ("02/29/1984", "1984", "02/29")),
    FieldType.AGE: ("Age in years", ("37",)),
    FieldType.LOCATION: ("Where the person lives now, as free text", ("Cairo, Egypt", "Lyon")),
    FieldType.ADDRESS: ("Street address", ("10 High Street, Flat 2", "Hauptstraße 5")),
    FieldType.POSTCODE: ("Postal code", ("SW1A 1AA", "10115", "90210-1234")),
    FieldType.COUNTRY: ("Country by itself", ("Egypt", "EG", "EGY")),
    FieldType.HOMETOWN: ("Where the person comes from", ("Alexandria, Egypt",)),
    FieldType.COORDINATES: ("Latitude, longitude or both", ("30.0444, 31.2357", "-33.8688")),
    FieldType.RELATIONSHIP: ("Relationship status", ("Married", "It's complicated")),
    FieldType.EMPLOYER: ("Where the person works", ("Example Trading Ltd", "Self-Employed")),
    FieldType.JOB_TITLE: ("What the person does for a living", ("Senior Engineer",)),
    FieldType.EDUCATION: ("School, degree or year of leaving it", ("Example University", "2009")),
    FieldType.LANGUAGE: ("Language or locale of the account", ("en_US", "pt-BR", "Türkçe")),
    FieldType.RELIGION: ("Religion or belief", ("Buddhist",)),
    FieldType.POLITICS: ("Political opinion or party", ("Independent",)),
    FieldType.HEALTH: ("Health, disability or treatment", ("asthma", "O+")),
    FieldType.SEXUAL_ORIENTATION: ("Sexual orientation or sex life", ("interested in: women",)),
    FieldType.ETHNICITY: ("Racial or ethnic origin", ("Roma",)),
    FieldType.NATIONAL_ID: ("Number that a state gave the person", ("000-00-0000",)),
    FieldType.PASSPORT: ("Passport number", ("X0000000",)),
    FieldType.TAX_ID: ("Tax number", ("00-0000000",)),
    FieldType.CARD_NUMBER: ("Payment card number, passing Luhn's check", ("4111 1111 1111 1111",)),
    FieldType.BANK_ACCOUNT: (
        "Bank account: IBAN, passing its check, or a national form",
        ("GB82WEST12345698765432",),
    ),
    FieldType.PASSWORD: ("Password in plain text", ("hunter2",)),
    FieldType.PASSWORD_HASH: ("Password hash, salted or not", ("5f4dcc3b5aa765d61d8327deb882cf99",)),
    FieldType.SECURITY_QUESTION: ("Security question or its answer", ("First pet?",)),
    FieldType.IP_ADDRESS: ("IPv4 or IPv6 address", ("192.0.2.1", "2001:db8::1")),
    FieldType.DEVICE_ID: ("IMEI, MAC address, advertising id or other device id", ("02:00:5e:10:00:00",)),
    FieldType.URL: ("Link to a page", ("https://www.example.org/ada",)),
    FieldType.AVATAR: ("Link to a picture of the person", ("https://img.example.org/ada.jpg",)),
    FieldType.REGISTERED_AT: ("When the account was made", ("2018-05-08 10:11:12",)),
    FieldType.ACTIVE_AT: ("When the record or account was updated or active", ("5/8/2018 12:00:00 AM",)),
    FieldType.LAST_SEEN_AT: ("When the person was last seen or logged in", ("1558915200",)),
    FieldType.FOLLOWER_COUNT: ("How many followers, friends or posts", ("0", "1523")),
    FieldType.FRIEND_LINK: ("Link to another person: friend, contact, page, group", ("100000000000005",)),
    FieldType.FREE_TEXT: ("Text that the person wrote", ("Hello from Lyon!",)),
}
