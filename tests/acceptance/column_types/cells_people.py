"""What people are called, and how they are reached."""

from __future__ import annotations

from .kinds import form, kind
from .people import Making, Person

FIRST = kind("first_name", "first_name", weight=3)
LAST = kind("last_name", "last_name", weight=3)
FULL = kind("full_name", "full_name", weight=3)
PLACE_NAMES = kind("first name that is a place", "first_name", "first_name unknown", weight=0.5)
USERNAME = kind("username", "username", weight=2.5)
EMAIL = kind("email", "email", weight=3)
PHONE = kind("phone", "phone", weight=4)
GENDER = kind("gender", "gender", weight=2)
GENDER_CODE = kind("gender code", "gender", "gender unknown")
AGE = kind("age", "age", "age unknown")

FIRST.forms |= {
    "as written": lambda m: [p.given for p in m.people],
    "capitals": lambda m: [p.given.upper() for p in m.people],
    "small": lambda m: [p.given.lower() for p in m.people],
    "ascii": lambda m: [p.ascii_given.title() for p in m.people],
}
LAST.forms |= {
    "as written": lambda m: [p.family for p in m.people],
    "capitals": lambda m: [p.family.upper() for p in m.people],
    "small": lambda m: [p.family.lower() for p in m.people],
    "ascii": lambda m: [p.ascii_family.title() for p in m.people],
}
FULL.forms |= {
    "given family": lambda m: [f"{p.given} {p.family}" for p in m.people],
    "family given": lambda m: [f"{p.family} {p.given}" for p in m.people],
    "FAMILY, Given": lambda m: [f"{p.family.upper()}, {p.given}" for p in m.people],
    "initial": lambda m: [f"{p.given} {m.rng.choice('ABCDEGHJKLMNPRST')}. {p.family}" for p in m.people],
    "capitals": lambda m: [f"{p.given} {p.family}".upper() for p in m.people],
    "two given": lambda m: [
        f"{p.given} {other} {p.family}"
        for p, other in zip(m.people, m.each([q.given for q in m.people]), strict=True)
    ],
    "titles": lambda m: [
        f"{t}{p.given} {p.family}" for p, t in zip(m.people, m.each(["", "", "Dr. ", "Prof. "]), strict=True)
    ],
}

PLACEY = (
    "Paris Florence Sydney Chelsea Austin Dallas Jackson Savannah Madison Carolina Virginia Georgia Santiago Valencia "
    "Sofia Victoria Lourdes Adelaide Charlotte Orlando Brooklyn Houston Lincoln Kingston Milan Roma Asia Ireland "
    "Israel Jordan Kenya Chad India Chester Camden Devon Preston Bradford Clinton Dakota Eden Geneva Hudson London "
    "Melbourne Memphis Montana Odessa Phoenix Raleigh Regina Rio Shannon Vienna Troy".split()
)
PLACE_NAMES.forms |= {
    "as written": lambda m: m.each([w for w in PLACEY if len(w) % 2]),
    "capitals": lambda m: m.each([w.upper() for w in PLACEY if not len(w) % 2]),
}

THINGS = (
    "blue fox star moon dark happy lucky crazy sweet king queen gamer ninja tiger wolf eagle rock sky fire ice cool "
    "angel devil dream magic pixel turbo shadow silver golden lonely little mad pro hunter rider coder dancer".split()
)


def _year(p: Person) -> str:
    return f"{p.born.year % 100:02}"


def _two(m: Making) -> list[str]:
    return [a + b for a, b in zip(m.each(THINGS), m.each(THINGS), strict=True)]


USERNAME.forms |= {
    "name and number": lambda m: [f"{p.ascii_given}{m.rng.randrange(1000)}" for p in m.people],
    "given.family": lambda m: [
        f"{p.ascii_given}.{p.ascii_family}{m.rng.choice(['', '', _year(p)])}" for p in m.people
    ],
    "initial and family": lambda m: [
        f"{p.ascii_given[0]}{p.ascii_family}{m.rng.choice(['', '1', '01', _year(p)])}" for p in m.people
    ],
    "things": lambda m: [f"{w}{m.rng.choice(['', str(m.rng.randrange(2020))])}" for w in _two(m)],
    "Camel": lambda m: [
        f"{w[:4].title()}{p.ascii_given.title()}{m.rng.randrange(100)}"
        for w, p in zip(_two(m), m.people, strict=True)
    ],
    "at": lambda m: [f"@{w}_{p.ascii_given}" for w, p in zip(_two(m), m.people, strict=True)],
    "decorated": lambda m: [f"xX_{w}_Xx" if m.rng.random() < 0.3 else f"_{w}_" for w in _two(m)],
}

HOSTS = {
    "en": "gmail.com yahoo.com hotmail.com outlook.com aol.com icloud.com",
    "ar": "gmail.com hotmail.com yahoo.com maktoob.com",
    "es": "gmail.com hotmail.es yahoo.es telefonica.net",
    "fr": "gmail.com orange.fr free.fr laposte.net hotmail.fr",
    "pt": "gmail.com uol.com.br bol.com.br terra.com.br sapo.pt",
    "it": "gmail.com libero.it virgilio.it alice.it tin.it",
    "de": "gmx.de web.de t-online.de gmail.com freenet.de",
    "ru": "mail.ru yandex.ru bk.ru rambler.ru list.ru",
    "tr": "gmail.com hotmail.com mynet.com windowslive.com",
    "id": "gmail.com yahoo.co.id ymail.com rocketmail.com",
}


def _host(m: Making) -> str:
    return m.rng.choice(HOSTS[m.language].split())


EMAIL.forms |= {
    "given.family": lambda m: [
        f"{p.ascii_given}.{p.ascii_family}{m.rng.choice(['', _year(p)])}@{_host(m)}" for p in m.people
    ],
    "things": lambda m: [f"{w}{m.rng.randrange(999)}@{_host(m)}" for w in _two(m)],
    "capitals": lambda m: [f"{p.ascii_given}{m.rng.randrange(99)}@{_host(m)}".upper() for p in m.people],
    "some missing": lambda m: [
        "" if m.rng.random() < 0.6 else f"{p.ascii_family}_{p.ascii_given[0]}@{_host(m)}" for p in m.people
    ],
    "plus and dash": lambda m: [
        f"{p.ascii_given}-{p.ascii_family}+{m.rng.choice(THINGS)}@{_host(m)}" for p in m.people
    ],
    "bad ones among": lambda m: [
        m.rng.choice(["none", "n/a", "-"])
        if m.rng.random() < 0.12
        else f"{p.ascii_given[0]}.{p.ascii_family}@{_host(m)}"
        for p in m.people
    ],
}

# Country code, trunk prefix, how numbers of mobiles begin, digits of the rest, groups of the national form.
PLANS = {
    "en": ("44", "0", ("74", "77", "78", "79"), 8, (4, 6)),
    "ar": ("20", "0", ("100", "101", "111", "122"), 7, (3, 3, 4)),
    "es": ("34", "", ("61", "62", "65", "66"), 7, (3, 2, 2, 2)),
    "fr": ("33", "0", ("61", "62", "66", "76"), 7, (1, 2, 2, 2, 2)),
    "pt": ("55", "0", ("119", "219", "319", "519"), 8, (2, 5, 4)),
    "it": ("39", "", ("328", "333", "347", "349"), 7, (3, 3, 4)),
    "de": ("49", "0", ("151", "160", "171", "176"), 8, (3, 8)),
    "ru": ("7", "8", ("903", "916", "925", "962"), 7, (3, 3, 2, 2)),
    "tr": ("90", "0", ("532", "542", "505", "555"), 7, (3, 3, 4)),
    "id": ("62", "0", ("812", "813", "857", "878"), 8, (3, 4, 4)),
}


def _numbers(m: Making) -> list[tuple[str, str, str, tuple[int, ...]]]:
    code, trunk, starts, rest, groups = PLANS[m.language]
    return [(code, trunk, m.rng.choice(starts) + m.digits(rest), groups) for _ in m.people]


def _grouped(number: str, groups: tuple[int, ...], between: str) -> str:
    parts, at = [], 0
    for size in groups:
        parts.append(number[at : at + size])
        at += size
    return between.join([*parts, number[at:]]).strip(between)


PHONE.forms |= {
    "+digits": lambda m: [f"+{code}{n}" for code, _, n, _ in _numbers(m)],
    "digits with code": lambda m: [f"{code}{n}" for code, _, n, _ in _numbers(m)],
    "00": lambda m: [f"00{code}{n}" for code, _, n, _ in _numbers(m)],
    "national": lambda m: [f"{trunk}{n}" for _, trunk, n, _ in _numbers(m)],
    "national with blanks": lambda m: [trunk + _grouped(n, g, " ") for _, trunk, n, g in _numbers(m)],
    "international with blanks": lambda m: [
        f"+{code} {_grouped(n, g, ' ')}" for code, _, n, g in _numbers(m)
    ],
    "hyphens": lambda m: [trunk + _grouped(n, g, "-") for _, trunk, n, g in _numbers(m)],
    "brackets": lambda m: [f"+{code} ({n[:3]}) {n[3:6]}-{n[6:]}" for code, _, n, _ in _numbers(m)],
    "as decimals": lambda m: [f"{code}{n}.0" for code, _, n, _ in _numbers(m)],
    "two in a cell": lambda m: [
        f"+{code}{n}" + (f" / +{code}{n[:-2]}{m.digits(2)}" if m.rng.random() < 0.2 else "")
        for code, _, n, _ in _numbers(m)
    ],
    "mixed": lambda m: [
        m.rng.choice([f"+{code}{n}", f"{trunk}{n}", trunk + _grouped(n, g, " "), ""])
        for code, trunk, n, g in _numbers(m)
    ],
}

WORDS = {
    "en": ("Male Female", "Man Woman", "Mr Ms", "boy girl"),
    "ar": ("ذكر أنثى", "رجل امرأة", "ذكر انثى", "السيد السيدة"),
    "es": ("Masculino Femenino", "Hombre Mujer", "Varón Mujer", "Sr. Sra."),
    "fr": ("Masculin Féminin", "Homme Femme", "M. Mme", "Garçon Fille"),
    "pt": ("Masculino Feminino", "Homem Mulher", "Sr. Sra.", "masc fem"),
    "it": ("Maschio Femmina", "Uomo Donna", "Maschile Femminile", "Sig. Sig.ra"),
    "de": ("männlich weiblich", "Mann Frau", "Herr Frau", "Männl. Weibl."),
    "ru": ("мужской женский", "Муж. Жен.", "Мужчина Женщина", "муж жен"),
    "tr": ("Erkek Kadın", "ERKEK KADIN", "Bay Bayan", "erkek bayan"),
    "id": ("Laki-laki Perempuan", "Pria Wanita", "LAKI-LAKI PEREMPUAN", "Bapak Ibu"),
}


def _gender(m: Making, pair: str, empty: float = 0.05) -> list[str]:
    male, female = pair.split(" ")
    return ["" if m.rng.random() < empty else female if p.female else male for p in m.people]


for number in range(4):
    GENDER.forms[f"words {number}"] = lambda m, n=number: _gender(m, WORDS[m.language][n])  # type: ignore[misc]
for pair in ("M F", "m f", "1 2", "0 1", "2 1", "T F", "H M", "L P", "E K", "М Ж", "m w"):
    GENDER_CODE.forms[pair] = lambda m, p=pair: _gender(m, p)  # type: ignore[misc]

AGE.forms |= {
    "years": lambda m: [str(2024 - p.born.year) for p in m.people],
    "some missing": lambda m: ["" if m.rng.random() < 0.4 else str(2020 - p.born.year) for p in m.people],
}


@form(AGE, "ranges")
def _ranges(m: Making) -> list[str]:
    starts = [(2024 - p.born.year) // 10 * 10 for p in m.people]
    return [f"{start}-{start + 9}" for start in starts]
