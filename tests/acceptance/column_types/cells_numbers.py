"""Digits: numbers of accounts, of states and banks, and those that are nobody's."""

from __future__ import annotations

from collections.abc import Callable

from .kinds import kind
from .people import Making

ID = kind("profile_id", "profile_id", "profile_id unknown", weight=2)
NATIONAL = kind("national_id", "national_id", "national_id unknown")
TAX = kind("tax_id", "tax_id", "tax_id unknown", weight=0.7)
PASSPORT = kind("passport", "passport", "passport unknown", weight=0.7)
CARD = kind("card_number", "card_number")
BANK = kind("bank_account", "bank_account")
BANK_NATIONAL = kind("bank_account, national", "bank_account", "bank_account unknown", weight=0.4)
FOLLOWERS = kind("follower_count", "follower_count", "follower_count unknown")
FRIEND = kind("friend_link", "friend_link", "friend_link unknown profile_id url", weight=0.6)
IP = kind("ip_address", "ip_address", weight=1.5)
MAC = kind("device_id, MAC", "device_id", weight=0.7)
DEVICE = kind("device_id", "device_id", "device_id unknown profile_id", weight=0.8)
ORDER = kind("order number", "unknown", weight=0.8)
PRICE = kind("price", "unknown", weight=0.8)
BARCODE = kind("barcode", "unknown", weight=0.8)
COUNTER = kind("counter", "unknown profile_id", weight=0.8)
QUANTITY = kind("quantity", "unknown", "unknown follower_count", weight=0.6)
FLAG = kind("boolean", "unknown", weight=0.8)
TRACKING = kind("tracking number", "unknown", weight=0.5)
MEASURE = kind("measurement", "unknown", weight=0.6)


def _all(make: Callable[[Making], str]) -> Callable[[Making], list[str]]:
    return lambda m: [make(m) for _ in m.people]


def _luhn(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 - place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


def _ean(digits: str) -> str:
    return digits + str(-sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(digits)) % 10)


ID.forms |= {
    "fifteen": _all(lambda m: "1000" + m.digits(11)),
    "nine or ten": _all(lambda m: m.digits(m.rng.choice([9, 9, 10]), "123456789")),
    "seventeen": _all(lambda m: "178414" + m.digits(11)),
    "eight": _all(lambda m: m.digits(8, "1234")),
    "eighteen": _all(lambda m: m.digits(18, "123456789")),
    "counted": lambda m: [str(1000000 + 7 * i + m.rng.randrange(7)) for i in range(len(m.people))],
}
NATIONAL_OF: dict[str, Callable[[Making], str]] = {
    "en": lambda m: f"{m.digits(3)}-{m.digits(2)}-{m.digits(4)}",
    "ar": lambda m: "2" + m.digits(13),
    "es": lambda m: m.digits(8) + m.rng.choice("TRWAGMYFPDXBNJZSQVHLCKE"),
    "fr": lambda m: f"{m.rng.choice('12')}{m.digits(2)}{m.rng.randrange(1, 13):02}{m.digits(10)}",
    "pt": lambda m: f"{m.digits(2)}.{m.digits(3)}.{m.digits(3)}-{m.digits(1)}",
    "it": lambda m: f"{m.rng.choice(['CA', 'AX', 'AY'])}{m.digits(5)}{m.rng.choice('ABCDE')}A",
    "de": lambda m: f"L{m.digits(2)}X{m.digits(5)}",
    "ru": lambda m: f"{m.digits(3)}-{m.digits(3)}-{m.digits(3)} {m.digits(2)}",
    "tr": lambda m: m.digits(11, "123456789"),
    "id": lambda m: f"32{m.digits(14)}",
}
NATIONAL.forms |= {
    "as usual": _all(lambda m: NATIONAL_OF[m.language](m)),
    "digits": _all(lambda m: "".join(c for c in NATIONAL_OF[m.language](m) if c.isalnum())),
}
TAX_OF: dict[str, Callable[[Making], str]] = {
    "en": lambda m: f"{m.digits(2)}-{m.digits(7)}",
    "ar": lambda m: f"{m.digits(3)}-{m.digits(3)}-{m.digits(3)}",
    "es": lambda m: m.rng.choice("ABX") + m.digits(8),
    "fr": lambda m: m.digits(13, "0123"),
    "pt": lambda m: f"{m.digits(3)}.{m.digits(3)}.{m.digits(3)}-{m.digits(2)}",
    "it": lambda m: "".join(m.rng.choices("BCDFGLMNPRSTV", k=6)) + f"{m.digits(2)}A{m.digits(2)}H501Z",
    "de": lambda m: f"{m.digits(2)} {m.digits(3)} {m.digits(3)} {m.digits(3)}",
    "ru": lambda m: m.digits(12, "1234567"),
    "tr": lambda m: m.digits(10, "123456789"),
    "id": lambda m: f"{m.digits(2)}.{m.digits(3)}.{m.digits(3)}.{m.digits(1)}-{m.digits(3)}.{m.digits(3)}",
}
TAX.forms |= {
    "as usual": _all(lambda m: TAX_OF[m.language](m)),
    "plain": _all(lambda m: "".join(c for c in TAX_OF[m.language](m) if c.isalnum())),
}
PASSPORT.forms |= {
    "letter": _all(lambda m: m.rng.choice("ABCGKLPX") + m.digits(8)),
    "two letters": _all(lambda m: m.rng.choice(["AA", "YA", "PA", "FX"]) + m.digits(7)),
    "digits": _all(lambda m: m.digits(9)),
}
CARD.forms |= {
    "digits": _all(
        lambda m: _luhn(m.rng.choice(["4", "51", "53", "2223"]).ljust(15, m.digits(1))[:6] + m.digits(9))
    ),
    "blanks": _all(
        lambda m: " ".join(
            card[i : i + 4]
            for card in [_luhn(m.rng.choice(["4539", "5412", "6011"]) + m.digits(11))]
            for i in range(0, 16, 4)
        )
    ),
    "fifteen": _all(lambda m: _luhn(m.rng.choice(["34", "37"]) + m.digits(12))),
}
SHAPES = {"de": 18, "fr": 23, "es": 20, "it": 23, "pt": 21, "tr": 22, "en": 18, "ar": 20, "ru": 18, "id": 18}
COUNTRY_OF_BANK = {"en": "GB", "ar": "SA", "ru": "AT", "id": "NL"}


def _iban(m: Making) -> str:
    country = COUNTRY_OF_BANK.get(m.language, m.language.upper())
    inner = {
        "GB": "WEST" + m.digits(14),
        "FR": m.digits(23),
        "IT": "X" + m.digits(22),
        "SA": m.digits(20),
        "NL": "ABNA" + m.digits(10),
        "AT": m.digits(16),
        "PT": m.digits(21),
        "ES": m.digits(20),
        "TR": m.digits(5) + "0" + m.digits(16),
        "DE": m.digits(18),
    }[country]
    number = "".join(str(int(c, 36)) for c in inner + country + "00")
    return f"{country}{98 - int(number) % 97:02}{inner}"


BANK.forms |= {
    "together": _all(_iban),
    "in fours": _all(lambda m: " ".join(x[i : i + 4] for x in [_iban(m)] for i in range(0, len(x), 4))),
}
BANK_NATIONAL.forms |= {
    "digits": _all(lambda m: m.digits(10)),
    "sort code": _all(lambda m: f"{m.digits(2)}-{m.digits(2)}-{m.digits(2)} {m.digits(8)}"),
    "long": _all(lambda m: m.digits(20)),
}
FOLLOWERS.forms |= {
    "heavy tail": _all(lambda m: str(int(m.rng.paretovariate(0.7) * 30))),
    "mostly none": _all(lambda m: m.rng.choice(["0", "0", "0", str(int(m.rng.paretovariate(0.6)))])),
}
FRIEND.forms |= {
    "ids": _all(lambda m: "1000" + m.digits(11)),
    "list": _all(lambda m: ",".join(m.digits(9, "123") for _ in range(m.rng.randrange(1, 5)))),
    "links": _all(lambda m: f"https://social.example/people/{m.digits(9)}"),
}
IP.forms |= {
    "v4": _all(lambda m: ".".join(str(m.rng.randrange(1, 255)) for _ in range(4))),
    "v6": _all(lambda m: ":".join(f"{m.rng.randrange(65536):x}" for _ in range(8))),
    "v6 short": _all(lambda m: f"2a02:{m.rng.randrange(65536):x}::{m.rng.randrange(65536):x}"),
    "v4 with port": _all(
        lambda m: (
            ".".join(str(m.rng.randrange(1, 255)) for _ in range(4)) + f":{m.rng.randrange(1024, 65535)}"
        )
    ),
    "both": _all(
        lambda m: (
            ".".join(str(m.rng.randrange(1, 255)) for _ in range(4))
            if m.rng.random() < 0.7
            else f"2001:db8:{m.rng.randrange(65536):x}::{m.rng.randrange(99)}"
        )
    ),
    "v4 padded": _all(lambda m: ".".join(f"{m.rng.randrange(1, 255):03}" for _ in range(4))),
}
MAC.forms |= {
    "colons": _all(lambda m: m.rng.randbytes(6).hex(":")),
    "hyphens": _all(lambda m: m.rng.randbytes(6).hex("-").upper()),
    "dots": _all(lambda m: m.rng.randbytes(6).hex(".", 2)),
}
DEVICE.forms |= {
    "IMEI": _all(lambda m: _luhn("35" + m.digits(12))),
    "Android": _all(lambda m: m.rng.randbytes(8).hex()),
    "IMSI": _all(lambda m: "26201" + m.digits(10)),
    "serial": _all(lambda m: "F2L" + "".join(m.rng.choices("ABCDEFGHJKLMN0123456789", k=9))),
}
ORDER.forms |= {
    "ten": _all(lambda m: m.digits(10, "56789")),
    "with prefix": _all(lambda m: f"INV-2021-{m.digits(5)}"),
    "eleven": _all(lambda m: "30" + m.digits(9)),
    "date and number": _all(
        lambda m: f"2021{m.rng.randrange(1, 13):02}{m.rng.randrange(1, 29):02}{m.digits(4)}"
    ),
    "with hyphens": _all(lambda m: f"{m.digits(3)}-{m.digits(7)}-{m.digits(7)}"),
}
PRICE.forms |= {
    "point": _all(lambda m: f"{m.rng.paretovariate(1.2) * 9:.2f}"),
    "comma": _all(lambda m: f"{m.rng.paretovariate(1.2) * 9:.2f}".replace(".", ",")),
    "sign": _all(lambda m: f"${m.rng.paretovariate(1.2) * 9:,.2f}"),
    "euro": _all(lambda m: f"{m.rng.paretovariate(1.2) * 9:.2f} €"),
    "whole": _all(lambda m: str(int(m.rng.paretovariate(1.2) * 100) * 10)),
    "negative": _all(lambda m: f"{m.rng.gauss(0, 500):.2f}"),
}
BARCODE.forms |= {
    "EAN-13": _all(lambda m: _ean("40" + m.digits(10))),
    "UPC": _all(lambda m: "0" + m.digits(11)),
    "ISBN": _all(lambda m: _ean("978" + m.digits(9))),
}
COUNTER.forms |= {
    "from one": lambda m: [str(i + 1) for i in range(len(m.people))],
    "from many": lambda m: [str(48210 + i) for i in range(len(m.people))],
    "padded": lambda m: [f"{i:08}" for i in range(len(m.people))],
}
QUANTITY.forms |= {
    "small": _all(lambda m: str(m.rng.randrange(1, 9))),
    "percent": _all(lambda m: f"{m.rng.randrange(101)}%"),
    "score": _all(lambda m: str(m.rng.randrange(300, 850))),
}
FLAG.forms |= {
    "0 1": _all(lambda m: m.rng.choice("01")),
    "true": _all(lambda m: m.rng.choice(["true", "false"])),
    "True": _all(lambda m: m.rng.choice(["True", "False"])),
    "t f": _all(lambda m: m.rng.choice("tf")),
    "Y N": _all(lambda m: m.rng.choice("YN")),
    "yes in the language": lambda m: m.each(YES[m.language].split()),
    "always 1": _all(lambda m: "1"),
}
YES = {
    "en": "Yes No",
    "ar": "نعم لا",
    "es": "Sí No",
    "fr": "Oui Non",
    "pt": "Sim Não",
    "it": "Sì No",
    "de": "Ja Nein",
    "ru": "Да Нет",
    "tr": "Evet Hayır",
    "id": "Ya Tidak",
}
TRACKING.forms |= {
    "UPS": _all(lambda m: f"1Z999AA1{m.digits(10)}"),
    "post": _all(lambda m: f"RR{m.digits(9)}DE"),
    "digits": _all(lambda m: m.digits(12)),
}
MEASURE.forms |= {
    "weight": _all(lambda m: f"{m.rng.gauss(72, 12):.1f}"),
    "height": _all(lambda m: f"{m.rng.gauss(170, 9):.0f} cm"),
    "height in cm": _all(lambda m: f"{m.rng.gauss(170, 9):.0f}"),
    "version": _all(lambda m: f"{m.rng.randrange(1, 9)}.{m.rng.randrange(20)}.{m.rng.randrange(9)}"),
    "bytes": _all(lambda m: str(int(m.rng.paretovariate(0.6) * 1000))),
}
