"""Profiles made by hand: a twin of the 2021 set, a file with almost nothing in it, and a hostile one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from floodmark.reports.labels import places
from floodmark.triage.profile import (
    ColumnProfile,
    CountryProfile,
    DateProfile,
    DomainsProfile,
    DuplicatesProfile,
    FieldProfile,
    FieldSetProfile,
    FileProfile,
    GrammarProfile,
    IdentifierProfile,
    LocationProfile,
    MinorsProfile,
    Profile,
    ReasonCount,
    RunsProfile,
    Shares,
    Summary,
)
from floodmark.triage.summary import summarise
from floodmark.triage.warnings import warnings_for

EVIL = '<script>alert(1)</script><img src=x onerror="a()">\x1b[31m\u202e=cmd|calc'


def finished(profile: Profile) -> Profile:
    """The profile with its findings and its summary."""
    with_findings = replace(profile, warnings=warnings_for(profile))
    return replace(with_findings, summary=summarise(with_findings))


def custody(**options: Any) -> dict[str, Any]:
    return {
        "acquired": {"from": None, "at": None, "by": None, "note": None},
        "inputs": [{"label": "twin.txt", "size": 31_415_926, "sha256": "ab" * 32}],
        "tool": {
            "floodmark": "0.1.0",
            "phone_metadata": "9.0.43",
            "python": "3.11.2",
            "polars": "2.1.0",
            "numpy": "2.4.0",
        },
        "options": {"region": None, "mode": "exact", **options},
        "started_at": "2026-01-02T03:04:05Z",
        "finished_at": "2026-01-02T03:04:12Z",
    }


_TWIN_COLUMNS = [
    ("phone", "phone", 0.999, 1.0, 0.987),
    ("profile_id", "profile_id", 0.998, 1.0, 1.0),
    ("first_name", "first_name", 0.97, 0.999, None),
    ("last_name", "last_name", 0.97, 0.998, None),
    ("gender", "gender", 0.999, 0.941, 1.0),
    ("location", "location", 0.93, 0.606, None),
    ("hometown", "hometown", 0.71, 0.482, None),
    ("relationship", "relationship", 0.99, 0.311, 1.0),
    ("employer", "employer", 0.88, 0.183, None),
    ("active_at", "active_at", 0.96, 1.0, 1.0),
    ("email", "email", 1.0, 0.0476, 0.998),
    ("birth_date", "birth_date", 0.99, 0.0621, 0.991),
]
_TWIN_COUNTRIES = [
    ("EG", 44823547),
    ("TN", 39526412),
    ("IT", 35677323),
    ("US", 32315282),
    ("SA", 28804686),
    ("FR", 19848559),
    ("TR", 19638821),
    ("MA", 18939198),
    ("CO", 17957908),
    ("IQ", 17116398),
    ("ZA", 14323766),
    ("MX", 13330561),
    ("MY", 11675894),
    ("GB", 11522327),
    ("DZ", 11505898),
    ("ES", 10894206),
    ("RU", 9996405),
    ("SD", 9464772),
    ("NG", 9000131),
    ("PE", 8075317),
    ("BR", 8064946),
    ("AU", 7320478),
    ("SY", 6939528),
    ("AE", 6978927),
    ("CL", 6889083),
    ("IN", 6162450),
    ("DE", 6054423),
    ("YE", 5430388),
    ("NL", 5430388),
    ("KW", 4468134),
    ("QA", 3282000),
    ("SG", 3073009),
    ("HK", 2937841),
    ("BH", 1450124),
    ("CA", 3494385),
    ("MT", 115366),
    ("MU", 846259),
    ("MV", 84000),
    ("BN", 213995),
    ("LU", 188201),
    ("FJ", 25000),
    ("AF", 558393),
    ("ID", 130331),
    ("JM", 385890),
    ("KH", 2838),
    ("IS", 31000),
    ("GF", 9000),
    ("RE", 40000),
    ("MO", 414284),
    ("XK", 8000),
]


def _columns() -> list[ColumnProfile]:
    orders = {"active_at": "m/d/y h:m:s ap", "birth_date": "m/d/y"}
    runner_up = {"hometown": [{"type": "location", "confidence": 0.29}]}
    return [
        ColumnProfile(n, name, kind, sure, fill, valid, orders.get(name), runner_up.get(name, []))
        for n, (name, kind, sure, fill, valid) in enumerate(_TWIN_COLUMNS)
    ]


def _twin() -> Profile:
    rows = 299_812
    grammar = GrammarProfile(
        "delimited",
        ":",
        "utf-8",
        "plain",
        False,
        _columns(),
        None,
        "lf",
        0,
        ["clock-time", "url"],
        0.998,
        [
            {
                "delimiter": ",",
                "columns": 3,
                "confidence": 0.001,
                "reason": "fits 4 % of the lines",
                "record": "delimited",
            }
        ],
    )
    file = FileProfile(
        label="twin.txt",
        size=31_415_926,
        sha256="ab" * 32,
        records=rows,
        grammar=grammar,
        lines=Shares(300_140, 298_612, 1_200, 325, 3),
        bytes=Shares(31_415_926, 31_259_005, 123_017, 33_801, 103),
        repairs=[ReasonCount("extra-delimiter-in-employer", 1_200, 123_017, [2_311, 19_204, 44_120])],
        quarantine=[
            ReasonCount("too-few-cells", 201, 19_001, [81_202, 90_233, 101_777, 120_404]),
            ReasonCount("no-single-repair", 120, 14_200, [17_004, 55_102]),
            ReasonCount("not-utf-8", 4, 600, [9_000_123]),
        ],
        skipped=[ReasonCount("blank", 3, 103, [31_415_823])],
    )
    total = sum(n for _, n in _TWIN_COUNTRIES)
    countries = [
        CountryProfile(code, max(1, n * 295_900 // total), max(1, n * 295_100 // total))
        for code, n in sorted(_TWIN_COUNTRIES, key=lambda c: -c[1])
    ]
    names = [name for name, *_ in _TWIN_COLUMNS]
    always = ["phone", "profile_id", "first_name", "last_name", "gender", "active_at"]
    sets = [
        (["location"], 61_203),
        ([], 58_114),
        (["location", "hometown"], 49_021),
        (["hometown"], 21_530),
        (["location", "hometown", "relationship"], 19_777),
        (["location", "relationship"], 15_310),
        (["location", "hometown", "employer"], 12_001),
        (["relationship"], 9_120),
        (["employer"], 8_030),
        (["location", "email"], 4_410),
        (["email"], 3_900),
        (["birth_date"], 2_800),
        (["location", "hometown", "relationship", "employer", "email", "birth_date"], 1_204),
    ]
    return Profile(
        mode="exact",
        synthetic=True,
        rows=rows,
        summary=Summary([], [], []),
        files=[file],
        identifiers=[
            IdentifierProfile("phone", rows, 295_914, 295_102),
            IdentifierProfile("profile_id", rows, rows, 299_640),
            IdentifierProfile("email", 14_271, 14_242, 14_198),
        ],
        countries=countries,
        locations=LocationProfile(
            181_686,
            40_122,
            [
                {"country": "EG", "rows": 30_333},
                {"country": "IT", "rows": 22_100},
                {"country": "FR", "rows": 9_001},
            ],
        ),
        fields=[
            FieldProfile(
                kind,
                round(fill * rows),
                fill,
                None if valid is None else round(fill * valid * rows),
                [name],
                False,
            )
            for name, kind, _, fill, valid in _TWIN_COLUMNS
        ],
        field_sets=[FieldSetProfile([n for n in names if n in always or n in extra], n) for extra, n in sets],
        dates=[
            DateProfile(
                "twin.txt",
                "active_at",
                "active_at",
                rows,
                299_812,
                "2018-01-03",
                "2019-09-21",
                "m/d/y",
                0,
                [{"value": "0001-01-01", "rows": 59_811}],
                [{"year": 2018, "rows": 90_001}, {"year": 2019, "rows": 150_000}],
            ),
            DateProfile(
                "twin.txt",
                "birth_date",
                "birth_date",
                18_618,
                18_450,
                "1921-04-02",
                "2006-11-30",
                "m/d/y",
                12,
                [],
                [
                    {"year": y, "rows": 1 + (y - 1920) * 9 if y < 1991 else (2007 - y) * 38}
                    for y in range(1921, 2007)
                ],
            ),
        ],
        minors=MinorsProfile("2019-09-21", 18_450, 1_204, 1_204, 1_260),
        duplicates=DuplicatesProfile(rows, 299_640, 172, 3),
        runs=RunsProfile(
            295_102,
            3,
            41_230,
            6_120,
            288,
            [
                {"low": 3, "high": 4, "runs": 4_100, "numbers": 13_900},
                {"low": 5, "high": 8, "runs": 1_500, "numbers": 9_400},
                {"low": 9, "high": 16, "runs": 400, "numbers": 5_000},
                {"low": 17, "high": 64, "runs": 110, "numbers": 4_930},
                {"low": 65, "high": 288, "runs": 10, "numbers": 8_000},
            ],
        ),
        email_domains=DomainsProfile(
            812,
            10,
            [
                {"domain": "mail.example", "rows": 6_100},
                {"domain": "post.example", "rows": 3_210},
                {"domain": "webmail.test", "rows": 1_900},
                {"domain": "letters.invalid", "rows": 240},
            ],
            2_792,
        ),
        warnings=[],
        custody=custody(),
    )


def _empty() -> Profile:
    nothing = Shares(0, 0, 0, 0, 0)
    blank = Shares(2, 0, 0, 0, 2)
    return Profile(
        mode="exact",
        synthetic=False,
        rows=0,
        summary=Summary([], [], []),
        files=[
            FileProfile(
                "blank.txt", 2, "cd" * 32, 0, None, blank, blank, [], [], [ReasonCount("blank", 2, 2, [0])]
            ),
            FileProfile(
                "empty.txt",
                0,
                "ef" * 32,
                0,
                None,
                nothing,
                nothing,
                [],
                [],
                [],
                {"slug": "nothing-to-read", "message": "The file is empty.", "hint": "Check the path."},
            ),
        ],
        identifiers=[],
        countries=[],
        locations=LocationProfile(0, 0, []),
        fields=[],
        field_sets=[],
        dates=[],
        minors=None,
        duplicates=DuplicatesProfile(0, 0, 0, 0),
        runs=RunsProfile(0, 3, 0, 0, 0, []),
        email_domains=DomainsProfile(0, 10, [], 0),
        warnings=[],
        custody=custody(),
    )


def _hostile() -> Profile:
    rows = 5_000_000_000
    long = "W" * 5000
    types = [
        "phone",
        "password",
        "card_number",
        "religion",
        "unknown",
        "unknown",
        "birth_date",
        "national_id",
    ]
    names = [
        EVIL,
        "=HYPERLINK(1)",
        "+44 7700 900123",
        "who@example.org",
        long,
        "\t@SUM",
        "\r-1",
        "</style><svg onload=x>",
    ]
    columns = [
        ColumnProfile(n, name, kind, 0.5, 0.91, 0.4, EVIL, [{"type": "free_text", "confidence": 0.4}])
        for n, (name, kind) in enumerate(zip(names, types, strict=True))
    ]
    grammar = GrammarProfile(
        "delimited", "\t", "windows-1256", "gzip", True, columns, '"', "mixed", 3, ["url"], 0.61, []
    )
    reasons = [ReasonCount(EVIL, 70_000_000, 9_000_000_000, list(range(0, 1_000_000, 1000)))]
    shares = Shares(1_100_000_000, 999_000_000, 1_000_000, 70_000_000, 30_000_000)
    sizes = Shares(151_000_000_000, 141_000_000_000, 500_000_000, 9_000_000_000, 500_000_000)
    files = [
        FileProfile(
            f"{EVIL}-{n}.csv", 10**11, "12" * 32, 10**9, grammar, shares, sizes, reasons, reasons, reasons
        )
        for n in range(4)
    ]
    problem = {"slug": "unreadable-input", "message": EVIL, "hint": EVIL}
    none = Shares(0, 0, 0, 0, 0)
    files.append(FileProfile("javascript:alert(1)", 0, None, 0, None, none, none, [], [], [], problem))
    codes = [place["code"] for place in places()][:200]
    return Profile(
        mode="quick",
        synthetic=False,
        rows=rows,
        summary=Summary([], [], []),
        files=files,
        identifiers=[
            IdentifierProfile(kind, rows, rows // 3, rows // 4) for kind in ("phone", "email", "username")
        ],
        countries=[
            CountryProfile(c, 10 ** (n % 10), 1 + 10 ** (n % 10) // 2)
            for n, c in enumerate([*codes, "ZZ", "001"])
        ],
        locations=LocationProfile(rows, 7, [{"country": c, "rows": 5} for c in codes]),
        fields=[
            FieldProfile(t, rows // 2, 0.5, rows // 5, [EVIL, long], t == "religion")
            for t in dict.fromkeys(types)
        ],
        field_sets=[FieldSetProfile(types[: n % 8 + 1], rows // (n + 2)) for n in range(60)],
        dates=[
            DateProfile(
                f"{EVIL}-{n}.csv",
                EVIL,
                "birth_date",
                rows,
                9,
                "0203-01-01",
                "9999-12-31",
                EVIL,
                44,
                [{"value": EVIL, "rows": 3}],
                [{"year": 203, "rows": 1}, {"year": 9999, "rows": 8}],
            )
            for n in range(4)
        ],
        minors=MinorsProfile("2026-01-02", rows, 5, 3, 8_000),
        duplicates=DuplicatesProfile(rows, 4_000_000_000, 1_000_000_000, 77_777),
        runs=RunsProfile(
            1_250_000_000, 3, 1_000_000_000, 20, 999_999, [{"low": 3, "high": 3, "runs": 9, "numbers": 27}]
        ),
        email_domains=DomainsProfile(
            9_999_999, 1000, [{"domain": f"{EVIL}{n}.example", "rows": 5} for n in range(50)], 1, 40
        ),
        warnings=[],
        custody=custody(region="FR", note=EVIL),
        intervals={
            "/rows": [4_900_000_000, 5_100_000_000],
            "/countries/0/phones": [0, 9],
            "/fields/0/rows": [1, 2],
            "/identifiers/0/distinct": [1_200_000_000, 1_300_000_000],
        },
    )


@pytest.fixture(scope="session")
def twin() -> Profile:
    """300,140 lines of a synthetic twin of the 2021 set."""
    return finished(_twin())


@pytest.fixture(scope="session")
def empty() -> Profile:
    """One blank file and one empty one: no row at all."""
    return finished(_empty())


@pytest.fixture(scope="session")
def hostile() -> Profile:
    """Quick mode, five files of which one is unreadable, markup and escapes in every name, 202 countries."""
    return finished(_hostile())


@pytest.fixture(scope="session", params=["twin", "empty", "hostile"])
def any_profile(request: pytest.FixtureRequest) -> Profile:
    """Each of the three in turn."""
    profile: Profile = request.getfixturevalue(request.param)
    return profile
