"""Words and sentences: what people say of themselves, and what software says of them."""

from __future__ import annotations

from mimesis.datasets.int.internet import USER_AGENTS

from .cells_people import THINGS
from .kinds import Kind, kind
from .people import Making
from .words import part_of

RELATIONSHIP = kind("relationship", "relationship")
LANGUAGE = kind("language", "language", "language unknown")
RELIGION = kind("religion", "religion", "religion unknown", weight=0.7)
POLITICS = kind("politics", "politics", "politics unknown", weight=0.5)
HEALTH = kind("health", "health", "health unknown", weight=0.7)
ETHNICITY = kind("ethnicity", "ethnicity", "ethnicity unknown", weight=0.5)
ORIENTATION = kind("sexual_orientation", "sexual_orientation", "sexual_orientation unknown", weight=0.5)
URL = kind("url", "url", weight=1.2)
AVATAR = kind("avatar", "avatar")
TEXT = kind("free_text", "free_text", weight=1.5)
AGENT = kind("user agent", "unknown", weight=0.8)
PRODUCT = kind("product", "unknown", weight=0.8)
STATUS = kind("state of an account", "unknown", weight=0.8)
CURRENCY = kind("currency", "unknown", weight=0.6)
ZONE = kind("time zone", "unknown", weight=0.6)
COLOUR = kind("colour", "unknown", weight=0.5)
PLATFORM = kind("platform", "unknown", weight=0.6)

STATUSES = {
    "en": "Single|Married|Divorced|Widowed|In a relationship|Engaged",
    "ar": "أعزب|متزوج|مطلق|أرمل|متزوجة|عزباء",
    "es": "Soltero|Casado|Divorciado|Viudo|Soltera|Casada|Unión libre",
    "fr": "Célibataire|Marié|Divorcé|Veuf|Mariée|En couple|Pacsé",
    "pt": "Solteiro|Casado|Divorciado|Viúvo|Solteira|Casada|União estável",
    "it": "Celibe|Nubile|Coniugato|Divorziato|Vedovo|Coniugata|Fidanzato",
    "de": "ledig|verheiratet|geschieden|verwitwet|in einer Beziehung|verlobt",
    "ru": "холост|женат|замужем|в разводе|вдова|не замужем|в браке",
    "tr": "Bekar|Evli|Boşanmış|Dul|İlişkisi var|Nişanlı",
    "id": "Lajang|Menikah|Cerai|Belum Kawin|Kawin|Cerai Hidup",
}
FAITHS = {
    "en": "Christian|Muslim|Catholic|Atheist|Hindu|Jewish|Buddhist",
    "ar": "مسلم|مسيحي|مسلمة|قبطي",
    "es": "Católico|Cristiano|Ateo|Evangélico|Agnóstico",
    "fr": "Catholique|Musulman|Athée|Protestant|Juif",
    "pt": "Católico|Evangélico|Espírita|Ateu|Candomblé",
    "it": "Cattolico|Ateo|Agnostico|Ortodosso|Ebreo",
    "de": "röm.-kath.|evangelisch|konfessionslos|muslimisch|katholisch",
    "ru": "православие|ислам|атеизм|буддизм|католичество",
    "tr": "İslam|Hristiyan|Ateist|Alevi|Musevi",
    "id": "Islam|Kristen|Katolik|Hindu|Buddha|Konghucu",
}
PARTIES = {
    "en": "Republican|Democrat|Independent|Green|Libertarian",
    "ar": "ليبرالي|محافظ|مستقل|اشتراكي",
    "es": "Izquierda|Derecha|Centro|Socialista|Conservador",
    "fr": "Gauche|Droite|Centre|Écologiste|Sans opinion",
    "pt": "Esquerda|Direita|Centro|PT|PSDB",
    "it": "Sinistra|Destra|Centro|Lega|Partito Democratico",
    "de": "CDU|SPD|Grüne|FDP|Die Linke|parteilos",
    "ru": "либеральные|консервативные|умеренные|социалистические|индифферентные",
    "tr": "Sağ|Sol|Merkez|Sosyal demokrat|Muhafazakâr",
    "id": "Golkar|PDIP|Demokrat|Gerindra|Nasdem",
}
ILLNESSES = {
    "en": "Diabetes type 2|Asthma|Hypertension|Migraine|None|Depression",
    "ar": "سكري|ربو|ضغط الدم|حساسية|لا يوجد",
    "es": "Diabetes|Asma|Hipertensión|Ninguna|Artritis",
    "fr": "Diabète|Asthme|Hypertension|Aucune|Migraine",
    "pt": "Diabetes|Asma|Hipertensão|Nenhuma|Enxaqueca",
    "it": "Diabete|Asma|Ipertensione|Nessuna|Emicrania",
    "de": "Diabetes|Asthma|Bluthochdruck|keine|Migräne",
    "ru": "диабет|астма|гипертония|нет|мигрень",
    "tr": "Diyabet|Astım|Hipertansiyon|Yok|Migren",
    "id": "Diabetes|Asma|Hipertensi|Tidak ada|Maag",
}
PEOPLES = {
    "en": "White|Black|Asian|Hispanic|Mixed|Other",
    "ar": "عربي|أمازيغي|كردي|نوبي",
    "es": "Mestizo|Blanco|Indígena|Afrodescendiente",
    "fr": "Européenne|Maghrébine|Africaine|Asiatique",
    "pt": "Branca|Parda|Preta|Amarela|Indígena",
    "it": "Caucasica|Africana|Asiatica|Rom",
    "de": "europäisch|asiatisch|afrikanisch|Sinti",
    "ru": "русский|татарин|чеченец|украинец|башкир",
    "tr": "Türk|Kürt|Laz|Çerkes",
    "id": "Jawa|Sunda|Batak|Minang|Bugis|Tionghoa",
}
ORIENTATIONS = {
    "en": "straight|gay|lesbian|bisexual|prefer not to say",
    "ar": "مغاير|مثلي|مزدوج",
    "es": "heterosexual|homosexual|bisexual|lesbiana",
    "fr": "hétérosexuel|homosexuel|bisexuel|lesbienne",
    "pt": "heterossexual|homossexual|bissexual|lésbica",
    "it": "eterosessuale|omosessuale|bisessuale|lesbica",
    "de": "heterosexuell|homosexuell|bisexuell|lesbisch",
    "ru": "гетеро|гей|би|лесби",
    "tr": "heteroseksüel|eşcinsel|biseksüel|lezbiyen",
    "id": "heteroseksual|homoseksual|biseksual|lesbian",
}


def _of(table: dict[str, str]) -> dict[str, object]:
    """The words of a table as written, in capitals, and mostly missing."""
    return {
        "as written": lambda m: _uneven(m, table[m.language].split("|")),
        "capitals": lambda m: _uneven(m, [word.upper() for word in table[m.language].split("|")]),
        "mostly missing": lambda m: [
            word if m.rng.random() < 0.3 else "" for word in _uneven(m, table[m.language].split("|"))
        ],
        "few of them": lambda m: _uneven(m, table[m.language].split("|")[:2]),
    }


def _uneven(m: Making, pool: list[str]) -> list[str]:
    return m.each(pool, [1 / (i + 1) for i in range(len(pool))])


def _register(of: Kind, table: dict[str, str]) -> None:
    of.forms.update(_of(table))  # type: ignore[arg-type]


_register(RELATIONSHIP, STATUSES)
_register(RELIGION, FAITHS)
_register(POLITICS, PARTIES)
_register(HEALTH, ILLNESSES)
_register(ETHNICITY, PEOPLES)
_register(ORIENTATION, ORIENTATIONS)
HEALTH.forms |= {
    "blood": lambda m: m.each(["O+", "A+", "B+", "AB+", "O-", "A-"]),
    "ICD": lambda m: m.each(["E11.9", "I10", "J45.909", "F32.9", "M54.5", "K21.9", "Z00.0"]),
}
LANGUAGE.forms |= {
    "names": lambda m: _uneven(m, m.words("language")),
    "codes": lambda m: _uneven(m, [m.language, "en", "fr", "de", "es", "ru"]),
    "locales": lambda m: _uneven(
        m, [f"{m.language}_{m.language.upper()}", "en_US", "fr_FR", "es_LA", "pt_BR"]
    ),
    "hyphens": lambda m: _uneven(m, [f"{m.language}-{m.language.upper()}", "en-GB", "de-DE", "zh-CN"]),
    "three letters": lambda m: _uneven(m, ["eng", "spa", "fra", "deu", "rus", "ara"]),
}

SITES = "photos blog shop news forum wiki people club travel garden".split()


def _link(m: Making, pattern: str) -> list[str]:
    return [
        pattern.format(
            site=m.rng.choice(SITES),
            who=f"{p.ascii_given}{p.ascii_family}",
            number=m.digits(9, "123456789"),
            thing=m.rng.choice(THINGS),
        )
        for p in m.people
    ]


for name, pattern in {
    "pages": "https://www.{site}.example/{who}",
    "no scheme": "www.{site}.example/{thing}/{number}",
    "bare": "{site}.example/{who}",
    "http": "http://{thing}{site}.example",
    "query": "https://{site}.example/u?id={number}&ref={thing}",
    "host only": "{who}.example.com",
}.items():
    URL.forms[name] = lambda m, p=pattern: _link(m, p)  # type: ignore[misc]
for name, pattern in {
    "jpg": "https://img.{site}.example/{number}.jpg",
    "png with size": "https://cdn.{site}.example/{thing}/{number}_normal.png?s=200",
    "path": "/uploads/avatars/{number}.jpg",
    "file": "{thing}_{number}.jpeg",
    "service": "https://www.gravatar.com/avatar/{number}{number}?d=mm",
    "webp": "https://{site}.example/media/{who}/profile.webp",
}.items():
    AVATAR.forms[name] = lambda m, p=pattern: _link(m, p)  # type: ignore[misc]
TEXT.forms |= {
    "sentence": lambda m: m.each(m.words("sentence")),
    "two": lambda m: [
        f"{a} {b}" for a, b in zip(m.each(m.words("sentence")), m.each(m.words("sentence")), strict=True)
    ],
    "some missing": lambda m: ["" if m.rng.random() < 0.7 else s for s in m.each(m.words("sentence"))],
    "with marks": lambda m: [
        f"{s} {mark}"
        for s, mark in zip(m.each(m.words("sentence")), m.each(["❤", ":)", "!!!", "#love"]), strict=True)
    ],
}
AGENT.forms |= {
    "as sent": lambda m: m.each([a for a in USER_AGENTS if part_of(a) == m.part]),
    "browser": lambda m: m.each(["Chrome 114", "Firefox 102", "Safari 15.4", "Edge 99", "Opera 80"]),
}
PRODUCT.forms |= {
    "dishes": lambda m: m.each(m.words("dish")),
    "stock": lambda m: [f"{t.upper()[:3]}-{m.digits(4)}-{m.rng.choice('SML')}" for t in m.each(THINGS)],
    "plans": lambda m: m.each(["Basic", "Premium", "Gold", "Free", "Enterprise"]),
    "kinds": lambda m: m.each(["electronics", "toys", "books", "garden", "sports", "grocery"]),
}
STATUS.forms |= {
    "words": lambda m: _uneven(m, ["active", "pending", "blocked", "deleted"]),
    "capitals": lambda m: _uneven(m, ["ACTIVE", "SUSPENDED", "CLOSED"]),
    "codes": lambda m: _uneven(m, ["A", "I", "D", "P"]),
    "steps": lambda m: _uneven(m, ["delivered", "in transit", "returned", "new"]),
    "roles": lambda m: _uneven(m, ["user", "moderator", "admin", "guest"]),
}
CURRENCY.forms |= {
    "code": lambda m: _uneven(m, ["USD", "EUR", "GBP", "TRY", "BRL"]),
    "one": lambda m: _uneven(m, ["EUR"]),
    "sign": lambda m: _uneven(m, ["€", "$", "£"]),
}
ZONE.forms |= {
    "name": lambda m: _uneven(m, ["Europe/Paris", "America/New_York", "Asia/Dubai", "UTC", "Europe/London"]),
    "offset": lambda m: _uneven(m, ["+01:00", "+00:00", "-05:00", "+03:00"]),
    "hours": lambda m: _uneven(m, ["UTC+1", "UTC+3", "UTC-5", "GMT"]),
}
COLOUR.forms |= {
    "hex": lambda m: [f"#{m.rng.randrange(16**6):06x}" for _ in m.people],
    "word": lambda m: _uneven(m, ["red", "green", "blue", "black", "white", "yellow"]),
}
PLATFORM.forms |= {
    "phones": lambda m: _uneven(m, ["Android", "iOS", "Windows Phone", "Web"]),
    "models": lambda m: _uneven(
        m, ["iPhone 12", "SM-G991B", "Redmi Note 9", "Pixel 6", "iPhone SE", "SM-A515F"]
    ),
    "systems": lambda m: _uneven(m, ["Windows 10", "Mac OS X", "Linux", "Android 11"]),
}
