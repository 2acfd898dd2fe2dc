"""Times as logs write them.

>>> read(pl.Series(["17/May/2015:10:05:03 +0200", "1431849903.5", "soon"]), Clock()).dt.to_string("%T%.f").to_list()
['08:05:03', '08:05:03.500', None]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
SKEW = timedelta(days=1)
_ACCESS = "%d/%b/%Y:%H:%M:%S %z"
_ISO = r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(Z|z|UTC|[+-]\d\d:?\d\d)?$"
_UNITS = (("^[0-9]{16}$", 1), (r"^[0-9]{13}$", 1_000), (r"^[0-9]{9,11}(?:\.[0-9]{0,9})?$", 1_000_000))


@dataclass(frozen=True, slots=True)
class Clock:
    """What a log's times leave open.

    Attributes:
        zone: of times that name none.
        until: when the log ended, for times without a year: each is in the last year in which it is not later.
        form: of `strftime`, where a log has a form of its own.
    """

    zone: str = "UTC"
    until: datetime = LAST
    form: str = ""


def read(texts: pl.Series, clock: Clock) -> pl.Series:
    """Times of a column of texts.

    Args:
        texts: String, shape (n,): as access logs, ISO 8601 and syslog have them, or seconds, milli- or microseconds
            since 1970.
        clock: what they leave open.

    Returns:
        Datetime("us", "UTC"), shape (n,); null where there is none, or one before 1990 or after 2200.
    """
    found = pl.Series([None] * 0, dtype=pl.Datetime("us", "UTC")).extend_constant(None, texts.len())
    for way in (_stated, _access, _iso, _number, _syslog):
        missing = found.is_null()
        if not missing.any():
            break
        if missing.all():
            found = way(texts, clock)
        else:
            at = missing.arg_true()
            found = found.scatter(at, way(texts.gather(at), clock))
    return found.set(((found < FIRST) | (found >= LAST)).fill_null(False), None)


def _stated(texts: pl.Series, clock: Clock) -> pl.Series:
    if not clock.form:
        return _nothing(texts)
    if "%z" in clock.form or "%:z" in clock.form or "%#z" in clock.form:
        return texts.str.to_datetime(clock.form, time_unit="us", time_zone="UTC", strict=False)
    return _zoned(texts.str.to_datetime(clock.form, time_unit="us", strict=False), clock)


def _access(texts: pl.Series, clock: Clock) -> pl.Series:
    return texts.str.to_datetime(_ACCESS, time_unit="us", time_zone="UTC", strict=False)


def _iso(texts: pl.Series, clock: Clock) -> pl.Series:
    parts = texts.str.extract_groups(_ISO).struct.unnest()
    if parts.to_series(0).null_count() == texts.len():
        return _nothing(texts)
    day, time, fraction, zone = parts.get_columns()
    whole = (day + "T" + time).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)
    micros = fraction.str.pad_end(6, "0").str.head(6).cast(pl.Int64).fill_null(0)
    local = whole + micros.cast(pl.Duration("us"))
    offset = (
        zone.str.replace(":", "", literal=True).str.extract_groups(r"^([+-])(\d\d)(\d\d)$").struct.unnest()
    )
    minutes = offset.to_series(1).cast(pl.Int64) * 60 + offset.to_series(2).cast(pl.Int64)
    minutes = minutes.zip_with((offset.to_series(0) == "+").fill_null(True), -minutes).fill_null(0)
    stated = (local - (minutes * 60_000_000).cast(pl.Duration("us"))).dt.replace_time_zone("UTC")
    return stated.zip_with(zone.is_not_null(), _zoned(local, clock))


def _number(texts: pl.Series, clock: Clock) -> pl.Series:
    micros = _nothing(texts).cast(pl.Int64)
    for shape, factor in _UNITS:
        fits = texts.str.contains(shape).fill_null(False)
        if fits.any():
            number = texts.set(~fits, None).cast(pl.Float64 if factor == 1_000_000 else pl.Int64)
            micros = (number * factor).cast(pl.Int64).zip_with(fits, micros)
    return micros.cast(pl.Datetime("us", "UTC"))


def _syslog(texts: pl.Series, clock: Clock) -> pl.Series:
    """Times without a year, such as `Mar  7 13:06:56`."""
    latest = (clock.until + SKEW).astimezone(ZoneInfo(clock.zone)).replace(tzinfo=None)
    found = _nothing(texts).dt.replace_time_zone(None)
    for year in range(latest.year, latest.year - 5, -1):
        # Over all years in which there may be a 29th of February.
        texted = str(year) + " " + texts
        whole = texted.str.to_datetime("%Y %b %e %H:%M:%S", time_unit="us", strict=False)
        whole = whole.set((whole > latest).fill_null(False), None)
        found = found.zip_with(found.is_not_null(), whole)
        if not found.null_count():
            break
    return _zoned(found, clock)


def _zoned(local: pl.Series, clock: Clock) -> pl.Series:
    """Local times; the earlier of two, and none where a clock was put forward over it."""
    return local.dt.replace_time_zone(
        clock.zone, ambiguous="earliest", non_existent="null"
    ).dt.convert_time_zone("UTC")


def _nothing(texts: pl.Series) -> pl.Series:
    return pl.Series([], dtype=pl.Datetime("us", "UTC")).extend_constant(None, texts.len())
