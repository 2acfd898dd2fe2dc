"""A leak in the words of Have I Been Pwned: its breach model, version 3, which many tools read already.

Source: https://haveibeenpwned.com/API/v3, "The breach model", and its list of data classes.
"""

from __future__ import annotations

from html import escape
from typing import Any

from floodmark.identifiers import FieldType
from floodmark.register.leaks import Leak

# No class is claimed for a column that was not recognised.
DATA_CLASSES: dict[FieldType, str] = {
    FieldType.PHONE: "Phone numbers",
    FieldType.EMAIL: "Email addresses",
    FieldType.PROFILE_ID: "Social media profiles",
    FieldType.USERNAME: "Usernames",
    FieldType.FIRST_NAME: "Names",
    FieldType.LAST_NAME: "Names",
    FieldType.FULL_NAME: "Names",
    FieldType.GENDER: "Genders",
    FieldType.BIRTH_DATE: "Dates of birth",
    FieldType.AGE: "Ages",
    FieldType.LOCATION: "Geographic locations",
    FieldType.ADDRESS: "Physical addresses",
    FieldType.POSTCODE: "Geographic locations",
    FieldType.COUNTRY: "Geographic locations",
    FieldType.HOMETOWN: "Geographic locations",
    FieldType.COORDINATES: "Geographic locations",
    FieldType.RELATIONSHIP: "Relationship statuses",
    FieldType.EMPLOYER: "Employers",
    FieldType.JOB_TITLE: "Job titles",
    FieldType.EDUCATION: "Education levels",
    FieldType.LANGUAGE: "Spoken languages",
    FieldType.RELIGION: "Religions",
    FieldType.POLITICS: "Political views",
    FieldType.HEALTH: "Personal health data",
    FieldType.SEXUAL_ORIENTATION: "Sexual orientations",
    FieldType.ETHNICITY: "Ethnicities",
    FieldType.NATIONAL_ID: "Government issued IDs",
    FieldType.PASSPORT: "Passport numbers",
    FieldType.TAX_ID: "Government issued IDs",
    FieldType.CARD_NUMBER: "Credit cards",
    FieldType.BANK_ACCOUNT: "Bank account numbers",
    FieldType.PASSWORD: "Passwords",
    FieldType.PASSWORD_HASH: "Passwords",
    FieldType.SECURITY_QUESTION: "Security questions and answers",
    FieldType.IP_ADDRESS: "IP addresses",
    FieldType.DEVICE_ID: "Device information",
    FieldType.URL: "User website URLs",
    FieldType.AVATAR: "Profile photos",
    FieldType.REGISTERED_AT: "Website activity",
    FieldType.ACTIVE_AT: "Website activity",
    FieldType.LAST_SEEN_AT: "Website activity",
    FieldType.FOLLOWER_COUNT: "Website activity",
    FieldType.FRIEND_LINK: "Social connections",
    FieldType.FREE_TEXT: "Personal descriptions",
}


def to_hibp(leak: Leak) -> dict[str, Any]:
    """The leak as JSON values of a breach.

    `PwnCount` is the number of distinct identifiers of the leak's most frequent kind, as accounts are counted there,
    and the number of rows only where no identifier was found. `Description` and `Attribution` are HTML there, and so
    are escaped. What is not known is null.

    Examples:
        >>> leak = Leak(slug="made-up", title="Made up", synthetic=True, rows=9, saved_at="2026-01-31T13:05:00Z",
        ...             field_types=("first_name", "last_name", "phone"), identifiers={"phone": 8})
        >>> breach = to_hibp(leak)
        >>> breach["PwnCount"], breach["DataClasses"], breach["IsFabricated"]
        (8, ['Names', 'Phone numbers'], True)
    """
    return {
        "Name": leak.slug,
        "Title": leak.title,
        "Domain": leak.domain,
        "BreachDate": leak.breach_date,
        "AddedDate": leak.saved_at,
        "ModifiedDate": leak.modified_at,
        "PwnCount": max(leak.identifiers.values(), default=leak.rows),
        "Description": escape(leak.description, quote=False),
        "LogoPath": "",
        "Attribution": escape(leak.attribution, quote=False) or None,
        "DisclosureUrl": leak.disclosure_url or None,
        "DataClasses": data_classes(leak),
        "IsVerified": leak.verified,
        "IsFabricated": leak.fabricated or leak.synthetic,
        "IsSensitive": leak.sensitive,
        "IsRetired": leak.retired,
        "IsSpamList": leak.spam_list,
        "IsMalware": leak.malware,
        "IsSubscriptionFree": leak.subscription_free,
        "IsStealerLog": leak.stealer_log,
    }


def data_classes(leak: Leak) -> list[str]:
    """Names of what the leak holds about people, sorted, each once; field types unknown to this version have none."""
    known = {kind.label: name for kind, name in DATA_CLASSES.items()}
    return sorted({known[label] for label in leak.field_types if label in known})
