"""Where people are, work and learn."""

from __future__ import annotations

from .kinds import kind
from .people import Making

PLACES = "location hometown"
LOCATION = kind("location", "location", PLACES, weight=2.5)
HOMETOWN = kind("hometown", "hometown", PLACES)
NAMESAKES = kind("location that is a name", "location", PLACES, weight=0.5)
COUNTRY = kind("country", "country", weight=1.5)
ADDRESS = kind("address", "address", weight=1.5)
POSTCODE = kind("postcode", "postcode", "postcode unknown")
COORDINATES = kind("coordinates", "coordinates")
EMPLOYER = kind("employer", "employer", "employer unknown", weight=1.5)
JOB = kind("job_title", "job_title", "job_title unknown", weight=1.5)
EDUCATION = kind("education", "education", "education unknown")

for place in (LOCATION, HOMETOWN):
    place.forms |= {
        "town": lambda m: [p.city for p in m.people],
        "capitals": lambda m: [p.city.upper() for p in m.people],
        "town, region": lambda m: [f"{p.city}, {p.state}" for p in m.people],
        "region": lambda m: [p.state for p in m.people],
        "town (region)": lambda m: [f"{p.city} ({p.state})" for p in m.people],
        "town, country": lambda m: [
            f"{p.city}, {c}" for p, c in zip(m.people, m.each(m.words("country")[:2], [9, 1]), strict=True)
        ],
        "some missing": lambda m: ["" if m.rng.random() < 0.7 else p.city for p in m.people],
        "small": lambda m: [p.city.lower() for p in m.people],
    }

NAMED = (
    "San José|Santa Ana|Victoria|Sofia|Houston|Lincoln|Washington|Charlotte|Jackson|Santiago|San Diego|Jordan|Florence|"
    "Diego Suarez|Santa Clara|Alexandria|Columbus|Adelaide|Georgetown|Saint-Denis|San Miguel|Madison|Wellington|Darwin|"
    "Melbourne|Sydney|Nelson|Hamilton|Lourdes|San Antonio|Santa Maria|Jefferson City|Raleigh|Austin|Dallas|Pierre"
).split("|")
NAMESAKES.forms |= {
    "as written": lambda m: m.each(NAMED[::2]),
    "capitals": lambda m: m.each([name.upper() for name in NAMED[1::2]]),
}


ISO2 = "US GB DE FR IT ES PT BR TR RU ID EG SA MA MX AR CO IN PK BD NG KE ZA AU CA NL BE CH AT PL".split()
ISO3 = (
    "USA GBR DEU FRA ITA ESP PRT BRA TUR RUS IDN EGY SAU MAR MEX ARG COL IND PAK BGD NGA KEN ZAF AUS".split()
)
WEIGHTS = [40.0, 20, 10]


def _mostly(m: Making, pool: list[str]) -> list[str]:
    return m.each(pool, [*WEIGHTS, *[1.0] * (len(pool) - len(WEIGHTS))])


COUNTRY.forms |= {
    "in the language": lambda m: _mostly(m, m.words("country")),
    "two letters": lambda m: _mostly(m, ISO2),
    "three letters": lambda m: _mostly(m, ISO3),
    "small letters": lambda m: _mostly(m, [code.lower() for code in ISO2]),
    "nearly one": lambda m: m.each(m.words("country")[:2], [97, 3]),
    "capitals": lambda m: _mostly(m, [name.upper() for name in m.words("country")]),
}


def _street(m: Making) -> str:
    name, suffix = m.rng.choice(m.words("street")), m.rng.choice(m.words("street_suffix") or [""])
    number = m.rng.randrange(1, 300)
    return {
        "en": f"{number} {name} {suffix}",
        "fr": f"{number} {suffix} {name}",
        "de": f"{name} {number}",
        "tr": f"{name} {suffix} No: {number}",
        "ru": f"{suffix} {name}, д. {number}, кв. {m.rng.randrange(1, 90)}",
    }.get(m.language, f"{suffix} {name} {number}")


ADDRESS.forms |= {
    "street": lambda m: [_street(m) for _ in m.people],
    "street, town": lambda m: [f"{_street(m)}, {p.city}" for p in m.people],
    "capitals": lambda m: [_street(m).upper() for _ in m.people],
    "whole": lambda m: [f"{_street(m)}, {m.digits(5)} {p.city}, {p.state}" for p in m.people],
}


def _postcode(m: Making) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return {
        "en": f"{m.rng.choice(['SW', 'LS', 'M', 'B', 'EH', 'CF'])}{m.rng.randrange(1, 30)} "
        f"{m.rng.randrange(10)}{m.rng.choice(letters)}{m.rng.choice(letters)}",
        "pt": f"{m.digits(5)}-{m.digits(3)}",
        "ru": m.digits(6, "12346"),
    }.get(m.language, m.digits(5))


POSTCODE.forms |= {
    "as usual": lambda m: [_postcode(m) for _ in m.people],
    "few": lambda m: m.each([_postcode(m) for _ in range(12)]),
    "no leading nought": lambda m: [str(int(m.digits(5))) for _ in m.people],
    "US": lambda m: [m.digits(5) + m.rng.choice(["", f"-{m.digits(4)}"]) for _ in m.people],
}


def _degrees(m: Making, middle: float, spread: float, places: int) -> list[str]:
    return [f"{m.rng.gauss(middle, spread):.{places}f}" for _ in m.people]


COORDINATES.forms |= {
    "latitude": lambda m: _degrees(m, 41.2, 3, 6),
    "longitude": lambda m: _degrees(m, -3.1, 4, 7),
    "both": lambda m: [f"{a},{b}" for a, b in zip(_degrees(m, 30, 1, 4), _degrees(m, 31, 1, 4), strict=True)],
    "both, blank": lambda m: [
        f"{a}, {b}" for a, b in zip(_degrees(m, -33, 1, 5), _degrees(m, 151, 1, 5), strict=True)
    ],
    "decimal comma": lambda m: [cell.replace(".", ",") for cell in _degrees(m, 48.3, 2, 6)],
}

EMPLOYER.forms |= {
    "name": lambda m: m.each(m.words("company")),
    "with form": lambda m: [
        f"{c} {s}"
        for c, s in zip(m.each(m.words("company")), m.each(m.words("company_suffix") or ["Ltd"]), strict=True)
    ],
    "capitals": lambda m: [c.upper() for c in m.each(m.words("company"))],
    "some missing": lambda m: ["" if m.rng.random() < 0.6 else c for c in m.each(m.words("company"))],
}
JOB.forms |= {
    "title": lambda m: m.each(m.words("job")),
    "capitals": lambda m: [c.upper() for c in m.each(m.words("job"))],
    "small, some missing": lambda m: [
        "" if m.rng.random() < 0.5 else c.lower() for c in m.each(m.words("job"))
    ],
}
EDUCATION.forms |= {
    "university": lambda m: m.each(m.words("university")),
    "degree": lambda m: m.each(m.words("degree")),
    "some missing": lambda m: ["" if m.rng.random() < 0.6 else c for c in m.each(m.words("university"))],
}
