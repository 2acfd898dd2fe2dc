"""Passwords, what is made of them, and what looks like that."""

from __future__ import annotations

import base64
import hashlib
import uuid

from .cells_people import THINGS
from .kinds import kind
from .people import Making

PASSWORD = kind("password", "password", "password unknown", weight=1.5)
HASH = kind("password_hash", "password_hash", weight=4)
QUESTION = kind("security_question", "security_question", "security_question unknown", weight=0.6)
TOKEN = kind("token", "unknown", weight=0.7)
UUID = kind("UUID", "unknown profile_id device_id", weight=0.7)
HEX_ID = kind("hex id", "unknown profile_id device_id", weight=0.7)

ITOA = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ALNUM = ITOA[2:]


def _bytes(m: Making, size: int) -> bytes:
    return m.rng.randbytes(size)


def _hex(m: Making, size: int) -> str:
    return _bytes(m, size).hex()


def _b64(m: Making, size: int, padded: bool = False) -> str:
    text = base64.b64encode(_bytes(m, size)).decode()
    return text if padded else text.rstrip("=")


def _of(m: Making, alphabet: str, count: int) -> str:
    return "".join(m.rng.choices(alphabet, k=count))


PASSWORD.forms |= {
    "word and number": lambda m: [f"{w}{m.rng.randrange(1000)}" for w in m.each(THINGS)],
    "name and year": lambda m: [f"{p.ascii_given}{p.born.year}" for p in m.people],
    "random": lambda m: [_of(m, ALNUM + "!$%&*#@", m.rng.randrange(8, 15)) for _ in m.people],
    "digits": lambda m: [m.digits(m.rng.choice([6, 6, 8])) for _ in m.people],
    "mixed": lambda m: [
        m.rng.choice(
            [f"{p.ascii_given.title()}!{m.digits(2)}", m.digits(6), _of(m, ALNUM, 8), "123456", "qwerty"]
        )
        for p in m.people
    ],
}

# What hashlib can make is made by it; the rest is random text in the published form.
HASHES = {
    "md5": ("md5-or-ntlm", lambda m: hashlib.md5(_bytes(m, 8)).hexdigest()),
    "md5 in capitals": ("md5-or-ntlm", lambda m: hashlib.md5(_bytes(m, 8)).hexdigest().upper()),
    "sha1": ("sha1", lambda m: hashlib.sha1(_bytes(m, 8)).hexdigest()),
    "sha224": ("sha224", lambda m: hashlib.sha224(_bytes(m, 8)).hexdigest()),
    "sha256": ("sha256", lambda m: hashlib.sha256(_bytes(m, 8)).hexdigest()),
    "sha384": ("sha384", lambda m: hashlib.sha384(_bytes(m, 8)).hexdigest()),
    "sha512": ("sha512", lambda m: hashlib.sha512(_bytes(m, 8)).hexdigest()),
    "md5:salt": ("md5-salted", lambda m: f"{_hex(m, 16)}:{_of(m, ALNUM, m.rng.choice([5, 5, 5, 8]))}"),
    "sha1:salt": ("sha1-salted", lambda m: f"{_hex(m, 20)}:{_hex(m, 4)}"),
    "sha256:salt": ("sha256-salted", lambda m: f"{_hex(m, 32)}:{_of(m, ALNUM, 16)}"),
    "bcrypt 2y": ("bcrypt", lambda m: f"$2y$10${_of(m, ITOA, 53)}"),
    "bcrypt 2a": ("bcrypt", lambda m: f"$2a$08${_of(m, ITOA, 53)}"),
    "bcrypt 2b": ("bcrypt", lambda m: f"$2b$12${_of(m, ITOA, 53)}"),
    "argon2i": ("argon2i", lambda m: f"$argon2i$v=19$m=65536,t=4,p=1${_b64(m, 16)}${_b64(m, 32)}"),
    "argon2id": ("argon2id", lambda m: f"$argon2id$v=19$m=65536,t=3,p=4${_b64(m, 16)}${_b64(m, 32)}"),
    "argon2d": ("argon2d", lambda m: f"$argon2d$v=19$m=4096,t=3,p=1${_b64(m, 8)}${_b64(m, 32)}"),
    "scrypt, passlib": ("scrypt", lambda m: f"$scrypt$ln=16,r=8,p=1${_b64(m, 16)}${_b64(m, 32)}"),
    "scrypt, crypt": ("scrypt", lambda m: f"$7$CU..../....{_of(m, ITOA, 22)}${_of(m, ITOA, 43)}"),
    "scrypt, werkzeug": ("scrypt", lambda m: f"scrypt:32768:8:1${_of(m, ALNUM, 16)}${_hex(m, 64)}"),
    "PBKDF2, Django": (
        "pbkdf2-sha256",
        lambda m: f"pbkdf2_sha256$260000${_of(m, ALNUM, 22)}${_b64(m, 32, True)}",
    ),
    "PBKDF2, Werkzeug": ("pbkdf2-sha256", lambda m: f"pbkdf2:sha256:150000${_of(m, ALNUM, 8)}${_hex(m, 32)}"),
    "PBKDF2, passlib": (
        "pbkdf2-sha512",
        lambda m: f"$pbkdf2-sha512$25000${_b64(m, 16).replace('+', '.')}${_b64(m, 64).replace('+', '.')}",
    ),
    "PBKDF2, Atlassian": ("pbkdf2-sha1", lambda m: f"{{PKCS5S2}}{_b64(m, 48, True)}"),
    "phpass": ("phpass", lambda m: f"$P$B{_of(m, ITOA, 30)}"),
    "phpBB": ("phpass", lambda m: f"$H$9{_of(m, ITOA, 30)}"),
    "md5crypt": ("md5crypt", lambda m: f"$1${_of(m, ITOA, 8)}${_of(m, ITOA, 22)}"),
    "apr1": ("md5crypt", lambda m: f"$apr1${_of(m, ITOA, 8)}${_of(m, ITOA, 22)}"),
    "sha256crypt": ("sha256crypt", lambda m: f"$5$rounds=535000${_of(m, ITOA, 16)}${_of(m, ITOA, 43)}"),
    "sha512crypt": ("sha512crypt", lambda m: f"$6${_of(m, ITOA, 8)}${_of(m, ITOA, 86)}"),
    "descrypt": ("descrypt", lambda m: _of(m, ITOA, 13)),
    "MySQL": ("mysql41", lambda m: "*" + _hex(m, 20).upper()),
    "MySQL, old": ("mysql323", lambda m: _hex(m, 8)),
    "SSHA": ("ldap-ssha", lambda m: "{SSHA}" + _b64(m, 24, True)),
    "LDAP SHA": ("ldap-sha", lambda m: "{SHA}" + _b64(m, 20, True)),
    "LM:NTLM": ("lm-and-ntlm", lambda m: f"{_hex(m, 16).upper()}:{_hex(m, 16).upper()}"),
    "NTLM": ("md5-or-ntlm", lambda m: hashlib.new("md5", _bytes(m, 8)).hexdigest().upper()),
    "Drupal 7": ("drupal7", lambda m: f"$S$D{_of(m, ITOA, 51)}"),
    "MSSQL": ("mssql", lambda m: f"0x0100{_hex(m, 24).upper()}"),
    "Django SHA-1": ("django-sha1", lambda m: f"sha1${_of(m, ALNUM, 5)}${_hex(m, 20)}"),
    "base64 of MD5": ("md5-base64", lambda m: _b64(m, 16, True)),
    "base64 of SHA-1": ("sha1-base64", lambda m: _b64(m, 20, True)),
}
# Nobody can tell these from other texts by themselves.
HARD = {"MySQL, old", "descrypt", "base64 of MD5", "base64 of SHA-1"}
HARD_HASH = kind("password_hash, hard", "password_hash", "password_hash unknown", weight=0.5)
for form, (found, make) in HASHES.items():
    of = HARD_HASH if form in HARD else HASH
    of.forms[form] = lambda m, make=make: [make(m) for _ in m.people]  # type: ignore[misc]
    of.hash_kind[form] = found

QUESTIONS = {
    "en": "What was your first pet?|Mother's maiden name?|What city were you born in?",
    "ar": "ما اسم أول مدرسة لك؟|ما اسم والدتك؟|ما لونك المفضل؟",
    "es": "¿Cuál fue tu primera mascota?|¿Apellido de soltera de tu madre?|¿Dónde naciste?",
    "fr": "Quel était votre premier animal ?|Nom de jeune fille de votre mère ?|Où êtes-vous né ?",
    "pt": "Qual foi o seu primeiro animal?|Nome de solteira da mãe?|Onde você nasceu?",
    "it": "Qual era il tuo primo animale?|Cognome da nubile di tua madre?|Dove sei nato?",
    "de": "Wie hieß Ihr erstes Haustier?|Mädchenname der Mutter?|In welcher Stadt sind Sie geboren?",
    "ru": "Кличка первого питомца?|Девичья фамилия матери?|В каком городе вы родились?",
    "tr": "İlk evcil hayvanınızın adı?|Annenizin kızlık soyadı?|Hangi şehirde doğdunuz?",
    "id": "Apa nama hewan pertama Anda?|Nama gadis ibu?|Di kota mana Anda lahir?",
}
QUESTION.forms["question"] = lambda m: m.each(QUESTIONS[m.language].split("|"))

TOKEN.forms |= {
    "base64": lambda m: [_b64(m, 33) for _ in m.people],
    "JWT": lambda m: [f"eyJhbGciOiJIUzI1NiJ9.{_b64(m, 30)}.{_b64(m, 32)}" for _ in m.people],
    "key": lambda m: [f"sk_live_{_of(m, ALNUM, 24)}" for _ in m.people],
    "invitation": lambda m: [_of(m, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8) for _ in m.people],
    "licence": lambda m: ["-".join(_of(m, ALNUM[:36], 5) for _ in range(5)) for _ in m.people],
}
UUID.forms |= {
    "small": lambda m: [str(uuid.UUID(bytes=_bytes(m, 16), version=4)) for _ in m.people],
    "capitals": lambda m: [str(uuid.UUID(bytes=_bytes(m, 16), version=4)).upper() for _ in m.people],
    "braces": lambda m: [f"{{{uuid.UUID(bytes=_bytes(m, 16), version=4)}}}" for _ in m.people],
}
HEX_ID.forms |= {
    "24": lambda m: [f"5f{_hex(m, 11)}" for _ in m.people],
    "ObjectId": lambda m: [f"ObjectId({_hex(m, 12)})" for _ in m.people],
}
