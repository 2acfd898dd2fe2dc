from floodmark.identifiers import FieldType


def test_the_numbers_are_the_ones_in_files() -> None:
    assert {field_type.label: field_type.value for field_type in FieldType} == {
        "unknown": 0,
        "phone": 1,
        "email": 2,
        "profile_id": 3,
        "username": 4,
        "first_name": 10,
        "last_name": 11,
        "full_name": 12,
        "gender": 13,
        "birth_date": 14,
        "age": 15,
        "location": 20,
        "address": 21,
        "postcode": 22,
        "country": 23,
        "hometown": 24,
        "coordinates": 25,
        "relationship": 30,
        "employer": 31,
        "job_title": 32,
        "education": 33,
        "language": 34,
        "religion": 40,
        "politics": 41,
        "health": 42,
        "sexual_orientation": 43,
        "ethnicity": 44,
        "national_id": 50,
        "passport": 51,
        "tax_id": 52,
        "card_number": 53,
        "bank_account": 54,
        "password": 60,
        "password_hash": 61,
        "security_question": 62,
        "ip_address": 70,
        "device_id": 71,
        "url": 72,
        "avatar": 73,
        "registered_at": 80,
        "active_at": 81,
        "last_seen_at": 82,
        "follower_count": 90,
        "friend_link": 91,
        "free_text": 92,
    }


def test_every_type_says_what_it_means_and_shows_examples() -> None:
    assert all(field_type.meaning and field_type.examples for field_type in FieldType)


def test_a_label_leads_back_to_its_type() -> None:
    assert [FieldType.from_label(field_type.label) for field_type in FieldType] == list(FieldType)


def test_the_special_categories_of_the_gdpr_are_marked() -> None:
    assert {field_type.label for field_type in FieldType if field_type.special_category} == {
        "religion",
        "politics",
        "health",
        "sexual_orientation",
        "ethnicity",
    }


def test_there_are_four_kinds_of_identifier() -> None:
    assert {field_type.identifier_kind for field_type in FieldType} == {
        "phone",
        "email",
        "profile_id",
        "username",
        None,
    }
