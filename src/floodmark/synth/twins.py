"""The twins: for each known set its columns, fill rates and kinds of damage, from published facts only.

A fill rate is `published` where a report states it (`docs/reference/synth.md` names it) and a `shape` where
nobody does: then it is a plausible figure and says nothing about the set.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from floodmark.errors import UsageError
from floodmark.identifiers.field_types import FieldType as F


@dataclass(frozen=True)
class TwinColumn:
    """One column of a twin.

    Attributes:
        name: name in the header, or in the list of columns where the twin has no header.
        source: what fills it (`floodmark.synth.cells`).
        type: what it says of a person.
        fill: share of filled cells.
        published: whether `fill` comes from a report.
        also: other types that a reader who sees only the cells may fairly give.
    """

    name: str
    source: str
    type: F
    fill: float = 1.0
    published: bool = False
    also: tuple[F, ...] = ()


@dataclass(frozen=True)
class Twin:
    """How the lines of one set are made.

    Attributes:
        name: name for `--twin`.
        delimiter: text between two cells.
        header: whether the first line after the mark names the columns.
        quoted: whether a cell that needs it is quoted (RFC 4180); otherwise quotes are ordinary text.
        columns: the columns in their usual order.
        counts: column of `data/countries.csv` with the rows per country.
        damage: kinds of damage, used in turn.
        text: names of columns that damage inside a cell may hit; the last of them is never empty.
        line_bytes: usual length of a line, for progress only.
        countries: the only countries that the set has; empty for all that `counts` knows.
    """

    name: str
    delimiter: str
    header: bool
    quoted: bool
    columns: tuple[TwinColumn, ...]
    counts: str
    damage: tuple[str, ...]
    text: tuple[str, ...]
    line_bytes: int
    countries: tuple[str, ...] = ()

    def ordered(self, order: int | tuple[str, ...] | None) -> tuple[TwinColumn, ...]:
        """Columns in the order of the file.

        Args:
            order: None for the usual order, a number to shuffle by, or every name once.

        Raises:
            UsageError: the names are not exactly the twin's columns.
        """
        if order is None:
            return self.columns
        if isinstance(order, int):
            return tuple(random.Random(order).sample(self.columns, len(self.columns)))  # noqa: S311
        by_name = {column.name: column for column in self.columns}
        if sorted(order) != sorted(by_name):
            raise UsageError(
                f"The order must name each of the {len(by_name)} columns of {self.name} once.",
                f"Its columns are {','.join(by_name)}.",
            )
        return tuple(by_name[name] for name in order)


NAMES = (F.FULL_NAME, F.LAST_NAME, F.FIRST_NAME)
PLACES = (F.LOCATION, F.HOMETOWN)
STAMPS = (F.REGISTERED_AT, F.ACTIVE_AT, F.LAST_SEEN_AT)
LINE_DAMAGE = ("missing_delimiter", "truncated_line", "invalid_utf8", "nul_byte", "blank_line")
PHONE_FILL, LOCATION_FILL, EMPLOYER_FILL, EMAIL_FILL = 0.8901, 0.6058, 0.183, 0.0476

FACEBOOK_2021 = Twin(
    name="facebook-2021",
    delimiter=":",
    header=False,
    quoted=False,
    columns=(
        TwinColumn("phone", "phone", F.PHONE, PHONE_FILL, True),
        TwinColumn("uid", "uid", F.PROFILE_ID),
        TwinColumn("first", "first", F.FIRST_NAME, also=NAMES),
        TwinColumn("last", "last", F.LAST_NAME, 0.99, also=NAMES),
        TwinColumn("gender", "gender", F.GENDER, 0.97),
        TwinColumn("city", "city", F.LOCATION, LOCATION_FILL, True, also=PLACES),
        TwinColumn("hometown", "hometown", F.HOMETOWN, 0.45, also=PLACES),
        TwinColumn("relationship", "relationship", F.RELATIONSHIP, 0.3),
        TwinColumn("work", "work", F.EMPLOYER, EMPLOYER_FILL, True),
        TwinColumn("date", "stamp_us", F.ACTIVE_AT, also=STAMPS),
        TwinColumn("email", "email", F.EMAIL, EMAIL_FILL, True),
        TwinColumn("birthdate", "birth_us", F.BIRTH_DATE, 0.06),
    ),
    counts="facebook_2021",
    damage=("stray_delimiter", *LINE_DAMAGE),
    text=("work", "city", "last", "first"),
    line_bytes=110,
)

FACEBOOK_2021_CSV = Twin(
    name="facebook-2021-csv",
    delimiter=",",
    header=True,
    quoted=True,
    columns=(
        TwinColumn("phone", "phone", F.PHONE, PHONE_FILL, True),
        TwinColumn("uid", "uid", F.PROFILE_ID),
        TwinColumn("email", "email", F.EMAIL, EMAIL_FILL, True),
        TwinColumn("first_name", "first", F.FIRST_NAME, also=NAMES),
        TwinColumn("last_name", "last", F.LAST_NAME, 0.99, also=NAMES),
        TwinColumn("gender", "gender", F.GENDER, 0.97),
        TwinColumn("date_registered", "stamp_iso", F.REGISTERED_AT, 0.4, also=STAMPS),
        TwinColumn("birthday", "birth_iso", F.BIRTH_DATE, 0.06),
        TwinColumn("location", "city", F.LOCATION, LOCATION_FILL, True, also=PLACES),
        TwinColumn("hometown", "hometown", F.HOMETOWN, 0.45, also=PLACES),
        TwinColumn("relationship_status", "relationship", F.RELATIONSHIP, 0.3),
        TwinColumn("education_last_year", "year", F.EDUCATION, 0.1),
        TwinColumn("work", "work", F.EMPLOYER, EMPLOYER_FILL, True),
        TwinColumn("groups", "topics", F.FREE_TEXT, 0.05, also=(F.UNKNOWN,)),
        TwinColumn("pages", "topics", F.FREE_TEXT, 0.05, also=(F.UNKNOWN,)),
        TwinColumn("last_update", "stamp_iso", F.ACTIVE_AT, also=STAMPS),
        TwinColumn("creation_time", "stamp_iso", F.REGISTERED_AT, also=STAMPS),
    ),
    counts="facebook_2021",
    damage=("stray_delimiter", "unterminated_quote", *LINE_DAMAGE),
    text=("last_name", "first_name"),
    line_bytes=150,
)

FACEBOOK_2021_DZ = Twin(
    name="facebook-2021-dz",
    delimiter=",",
    header=True,
    quoted=True,
    columns=(
        TwinColumn("id", "uid", F.PROFILE_ID),
        TwinColumn("phone", "phone", F.PHONE, PHONE_FILL, True),
        TwinColumn("first_name", "first", F.FIRST_NAME, also=NAMES),
        TwinColumn("last_name", "last", F.LAST_NAME, 0.99, also=NAMES),
        TwinColumn("email", "email", F.EMAIL, EMAIL_FILL, True),
        TwinColumn("birthday", "birth_us", F.BIRTH_DATE, 0.06),
        TwinColumn("gender", "gender", F.GENDER, 0.97),
        TwinColumn("locale", "locale", F.LANGUAGE),
        TwinColumn("hometown", "hometown", F.HOMETOWN, 0.45, also=PLACES),
        TwinColumn("location", "city", F.LOCATION, LOCATION_FILL, True, also=PLACES),
        TwinColumn("link", "link", F.URL),
    ),
    counts="facebook_2021",
    damage=("stray_delimiter", "unterminated_quote", *LINE_DAMAGE),
    text=("last_name", "first_name"),
    line_bytes=130,
    countries=("DZ",),
)

WHATSAPP_2022 = Twin(
    name="whatsapp-2022",
    delimiter="",
    header=False,
    quoted=False,
    columns=(TwinColumn("phone", "phone", F.PHONE),),
    counts="whatsapp_2022",
    damage=("invalid_utf8", "nul_byte", "blank_line"),
    text=("phone",),
    line_bytes=13,
)

COMBO = Twin(
    name="combo",
    delimiter=":",
    header=False,
    quoted=False,
    columns=(TwinColumn("email", "reused_email", F.EMAIL), TwinColumn("password", "password", F.PASSWORD)),
    counts="facebook_2021",
    damage=LINE_DAMAGE,
    text=("password",),
    line_bytes=45,
)

TWINS = {t.name: t for t in (FACEBOOK_2021, FACEBOOK_2021_CSV, FACEBOOK_2021_DZ, WHATSAPP_2022, COMBO)}
