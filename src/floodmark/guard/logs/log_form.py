"""What a mapping file says of the lines of a log: their format, the names of their fields, proxies, and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from floodmark.guard.logs.clients import Proxies
from floodmark.guard.logs.formats import PatternFormat
from floodmark.guard.logs.json_cells import Steps
from floodmark.guard.logs.places import BadMapping, steps_of
from floodmark.guard.logs.roles import FIXED, ROLES
from floodmark.guard.logs.times import LAST, Clock

FORMATS = ("combined", "common", "json", "sshd", "csv", "parquet", "regex")
KEYS = {"log", "pattern", "delimiter", "fields", "client", "time"}


@dataclass(frozen=True)
class LogForm:
    """The form of a log.

    Attributes:
        format: one of `FORMATS`.
        pattern: of `regex`.
        delimiter: of `csv`; "" to find it in the header.
        fields: by role, the name of the field in the log.
        proxies: that are trusted to say who called them.
        clock: what its times leave open.
    """

    format: str = "combined"
    pattern: str = ""
    delimiter: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    proxies: Proxies = field(default_factory=Proxies)
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """The form that the tables of a mapping file state.

        Raises:
            BadMapping: they say something that cannot be.
        """
        name = table.get("log", "combined")
        if name not in FORMATS:
            raise BadMapping(f"log is one of {', '.join(FORMATS)}")
        fields = _texts(table, "fields", set(ROLES))
        client = table.get("client", {})
        if (
            not isinstance(client, dict)
            or set(client) - {"trusted"}
            or not isinstance(client.get("trusted", []), list)
        ):
            raise BadMapping("[client] has trusted, a list of networks")
        form = cls(
            name,
            str(table.get("pattern", "")),
            str(table.get("delimiter", "")),
            {**FIXED.get(name, {}), **fields},
            Proxies.of(str(one) for one in client.get("trusted", [])),
            _clock(table.get("time", {})),
        )
        form.check()
        if "query" in fields and "path" not in fields:
            raise BadMapping("[fields] has a query and no path", "Name both, or target.")
        return form

    def check(self) -> None:
        """See that fields are there where the format says which there are.

        Raises:
            BadMapping: one is not, or the pattern is none.
        """
        if self.format == "json":
            for name in self.fields.values():
                if None in steps_of(name):
                    raise BadMapping("A field of [fields] is one value: it goes into no list")
        if len(self.delimiter.encode()) > 1 or self.delimiter in {'"', "\n", "\r"}:
            raise BadMapping("delimiter is one character of ASCII, and no quote")
        if self.format in {"json", "csv", "parquet"}:
            return
        known = PatternFormat(self.format, self.pattern).names
        for name in self.fields.values():
            if name not in known:
                raise BadMapping(f"Lines of this format have {', '.join(known)} and no other field")

    def field_of(self, role: str) -> str:
        """The name in the log of what a role is played by; of one that is not stated, its own."""
        return self.fields.get(role, role)

    def steps(self, name: str) -> Steps:
        """Of a JSON log, the steps to a field."""
        return steps_of(name)


def _texts(table: Mapping[str, Any], name: str, known: set[str]) -> dict[str, str]:
    found = table.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(value, str) and value for value in found.values()):
        raise BadMapping(f"[{name}] names fields of the log")
    if unknown := sorted(set(found) - known):
        raise BadMapping(f"[{name}] has no {unknown[0][:40]}", f"It has {', '.join(sorted(known))}.")
    return found


def _clock(table: Any) -> Clock:
    if not isinstance(table, dict) or set(table) - {"zone", "until", "format"}:
        raise BadMapping("[time] has zone, until and format")
    zone, until = table.get("zone", "UTC"), table.get("until", LAST)
    try:
        place = ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadMapping("There is no such time zone", "Write such as Europe/Berlin.") from error
    if isinstance(until, date) and not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    if not isinstance(until, datetime):
        raise BadMapping("until is a date, without quotes")
    until = until.replace(tzinfo=place) if until.tzinfo is None else until
    return Clock(str(zone), until.astimezone(UTC), str(table.get("format", "")))
