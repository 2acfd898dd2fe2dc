"""Formats of log lines that are cut by a regular expression: those that are built in, and one's own.

>>> line = '203.0.113.7 - ada [17/May/2015:10:05:03 +0000] "GET /users/bob HTTP/1.1" 404 12 "-" "curl"'
>>> lines = pl.Series([line, "x"])
>>> cut = PatternFormat("combined").cut(lines, ("user", "target", "status"))
>>> cut.fields.rows(), cut.fits.to_list()
([('ada', '/users/bob', '404'), (None, None, None)], [True, False])

Expressions are Rust's: every line takes linear time. A line is tried by a plain expression first, which knows no
escaped quotes and stops after what is wanted, and then by the whole one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from floodmark.guard.logs.places import BadMapping

_PLAIN = r'[^"\\]*'
_QUOTED = r'(?:[^"\\]|\\.)*'
_SSHD = (
    r"(?P<time>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{8,16}(?:Z|[+-][0-9:]{4,6})?)"
    r" [^ ]+ sshd(?:-session)?(?:\[[0-9]+\])?: "
)
_FROM = r" from (?P<address>[0-9A-Fa-f.:]+)(?: port [0-9]+)?(?: ssh2?)?(?:: .*)?$"
# The last " from ADDRESS" of a line counts: a name may have one in it.
SSHD = (
    rf"^{_SSHD}(?P<event>Invalid user) (?P<user>.*){_FROM}",
    rf"^{_SSHD}(?P<event>Accepted) [a-z/-]+ for (?P<user>.*){_FROM}",
    # It repeats an "Invalid user", so it is told apart, and asked about by no mapping.
    rf"^{_SSHD}(?P<event>Failed [a-z/-]+ for invalid user) (?P<user>.*){_FROM}",
    rf"^{_SSHD}(?P<event>Failed) [a-z/-]+ for (?P<user>.*){_FROM}",
)
SYSLOG = r"^(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][^ ]+) [^ ]+ "


@dataclass(frozen=True)
class Cut:
    """Lines, cut.

    Attributes:
        fields: String columns of what was wanted, shape (n,); null where a line has none.
        fits: Boolean, shape (n,); whether the line is of the format.
    """

    fields: pl.DataFrame
    fits: pl.Series


class PatternFormat:
    """A format by its name, or one's own by its expression.

    Args:
        name: `combined`, `common`, `sshd` or `regex`.
        pattern: of `regex`, with named groups.

    Raises:
        BadMapping: there is no such format, or the pattern is none.
    """

    def __init__(self, name: str, pattern: str = "") -> None:
        self._name = name
        self._own = pattern
        if name == "regex":
            self.names = _names(pattern)
        elif name in {"combined", "common"}:
            self.names = tuple(part for part, _ in _access(_PLAIN, _PLAIN) if part)
        elif name == "sshd":
            self.names = ("time", "event", "user", "address")
        else:
            raise BadMapping("There is no such format of logs")

    def cut(self, lines: pl.Series, wanted: tuple[str, ...]) -> Cut:
        """Cut lines.

        Args:
            lines: String, shape (n,), without nulls.
            wanted: names of fields, some of `names`.
        """
        empty = {name: pl.Series([], dtype=pl.String).extend_constant(None, lines.len()) for name in wanted}
        fields, fits = (
            pl.DataFrame(empty),
            pl.Series([], dtype=pl.Boolean).extend_constant(False, lines.len()),
        )
        for pattern in self._patterns(wanted):
            if fits.all():
                break
            at = (~fits).arg_true()
            found = lines.gather(at).str.extract_groups(pattern).struct.unnest()
            # The first group of every pattern takes part in each match.
            good = found.to_series(0).is_not_null()
            if not good.any():
                continue
            at, found = at.filter(good), found.filter(good)
            if at.len() == lines.len():
                return Cut(_of(found, wanted), good)
            fits = fits.scatter(at, True)
            cut = _of(found, wanted)
            fields = fields.with_columns(fields[name].scatter(at, cut[name]) for name in wanted)
        if self._name == "sshd":
            fits |= lines.str.contains(SYSLOG)
        return Cut(fields, fits)

    def _patterns(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        if self._name == "regex":
            return (f"(?P<whole_match>{self._own})",)
        if self._name == "sshd":
            return SSHD
        return tuple(
            _written(_access(*quoted), wanted)
            for quoted in ((_PLAIN, r'[^ "\\]+'), (_QUOTED, r'(?:[^ "\\]|\\.)+'))
        )


def _access(quoted: str, target: str) -> list[tuple[str, str]]:
    """The parts of a line of an access log, each a name and its expression with one group."""
    return [
        ("address", "^([^ ]+) "),
        ("", "[^ ]+ "),
        ("user", "([^ ]+) " if quoted == _PLAIN else r"(.+?) "),
        ("time", r"\[([^\]]+)\] "),
        ("method", '"(?:([A-Z]+) ' if quoted == _QUOTED else '"([A-Z]+) '),
        (
            "target",
            f'({target}) HTTP/[0-9.]+"' if quoted == _PLAIN else f'({target})(?: HTTP/[0-9.]+)?|{quoted})"',
        ),
        ("status", " ([0-9]{3})"),
        ("size", " ([0-9]+|-)"),
        ("referrer", f' "({quoted})"'),
        ("agent", f' "({quoted})"'),
        ("forwarded", f'(?: "({quoted})"(?: .*)?)?$'),
    ]


def _written(parts: list[tuple[str, str]], wanted: tuple[str, ...]) -> str:
    """The expression of the parts up to the last that is needed; groups of what is not wanted take nothing."""
    last = max(
        (place for place, (name, _) in enumerate(parts) if name in wanted or name == "status"), default=0
    )
    pattern = ""
    for place, (name, part) in enumerate(parts[: last + 1]):
        kept = name in wanted or place == 0
        pattern += re.sub(r"\((?!\?)", f"(?P<{name}>" if kept else "(?:", part, count=1)
    return pattern


def _of(found: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    return found.select(
        pl.col(name) if name in found.columns else pl.lit(None, pl.String).alias(name) for name in wanted
    )


def _names(pattern: str) -> tuple[str, ...]:
    """Names of the groups of one's own expression."""
    try:
        dtype = pl.Series([""]).str.extract_groups(f"(?P<whole_match>{pattern})").dtype
    except (pl.exceptions.PolarsError, TypeError) as error:
        raise BadMapping("The pattern is no regular expression of the kind that Rust has") from error
    names = [one.name for one in getattr(dtype, "fields", []) if not one.name.isdigit()]
    if names == ["whole_match"]:
        raise BadMapping("The pattern has no named groups", "Write such as (?P<address>\\S+).")
    return tuple(names[1:])
