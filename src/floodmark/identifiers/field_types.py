"""What a column says of a person: an enumeration with numbers that never change."""

from __future__ import annotations

from enum import IntEnum


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
