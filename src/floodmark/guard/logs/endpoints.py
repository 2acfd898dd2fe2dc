"""Endpoints whose requests ask about identifiers, told by method and path.

>>> show = Endpoint.of({"name": "users/show", "method": "GET", "path": "/users/{identifier}", "kind": "username"})
>>> show.named("GET", "/users/ada"), show.named("POST", "/users/ada"), show.named("GET", "/users/ada/friends")
({'identifier': 'ada'}, None, None)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast, get_args

import polars as pl

from floodmark.guard.logs.answers import Answer, text_of
from floodmark.guard.logs.places import BadMapping, Place, Request
from floodmark.guard.logs.targets import values
from floodmark.identifiers import IdentifierKind

_KEYS = {
    "name",
    "method",
    "path",
    "identifier",
    "separator",
    "kind",
    "region",
    "hit",
    "miss",
    "hits",
    "where",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.:-]{0,63}")
_NAMED = re.compile(r"\{([a-z_]{0,30})\}")
_ESCAPABLE = re.compile(r"[^A-Za-z0-9._~\[\]-]")  # that `targets.normal` leaves escaped where it is escaped


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint of a mapping.

    Attributes:
        name: what lookups call it.
        kind: of the identifiers.
        place: where they are.
        methods: any of which it is; none for all. A HEAD says of an identifier what a GET says.
        pattern: of the whole path, for Python and for Rust; "" where the path does not matter.
        region: where national phone numbers are typed, ISO 3166-1 alpha-2.
        separator: between several identifiers in one text; "" where there is one.
        hit: the answers to an identifier that exists.
        miss: the answers to one that does not; None for all that are no hit.
        hits: the field of a log line with a list, side by side with the identifiers, of whether each exists.
        where: fields of a log line and what they must be.
        names: what the path's template names, in order.
    """

    name: str
    kind: IdentifierKind
    place: Place
    methods: frozenset[str] = frozenset()
    pattern: str = ""
    region: str | None = None
    separator: str = ""
    hit: Answer | None = None
    miss: Answer | None = None
    hits: str = ""
    where: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """The endpoint of a table of a mapping file.

        Raises:
            BadMapping: it says something that cannot be.
        """
        if not isinstance(table, Mapping) or (unknown := sorted(set(table) - _KEYS)):
            raise BadMapping(
                f"An endpoint has no {', '.join(unknown)}" if isinstance(table, Mapping) else "No endpoint"
            )
        name, path = table.get("name"), table.get("path", "")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BadMapping("Every endpoint has a name of letters, digits and /_.:-")
        if not isinstance(path, str) or table.get("kind") not in get_args(IdentifierKind):
            raise BadMapping(f"The endpoint {name} needs a kind: {', '.join(get_args(IdentifierKind))}")
        pattern, names = compiled(path) if path else ("", ())
        place = Place.of(str(table.get("identifier", "path")))
        if place.source == "path" and place.name not in names:
            raise BadMapping(
                f"The endpoint {name} does not say where the identifier is",
                'Write {identifier} into its path, or identifier = "query:NAME".',
            )
        methods = table.get("method", [])
        methods = [methods] if isinstance(methods, str) else methods
        if not isinstance(methods, list) or not all(isinstance(one, str) for one in methods):
            raise BadMapping(f"The method of the endpoint {name} is no text, and no list of texts")
        methods = {one.upper() for one in methods}
        hits = str(table.get("hits", ""))
        if hits and (not hits.startswith("field:") or "separator" in table):
            raise BadMapping("hits is a field of the log's lines, a list, and goes with no separator")
        where = table.get("where", {})
        if not isinstance(where, Mapping):
            raise BadMapping("where is a table of fields and what they are")
        return cls(
            name,
            cast(IdentifierKind, table["kind"]),
            place,
            frozenset(methods | ({"HEAD"} if "GET" in methods else set())),
            pattern,
            table.get("region"),
            str(table.get("separator", "")),
            Answer.of(table["hit"]) if "hit" in table else None,
            Answer.of(table["miss"]) if "miss" in table else None,
            hits.removeprefix("field:"),
            tuple((field, text_of(value)) for field, value in where.items()),
            names,
        )

    @property
    def of_logs(self) -> bool:
        """Whether it is told by fields of a log, which a request has not."""
        return bool(self.where) or self.place.source == "field"

    def named(self, method: str, path: str, query: str = "") -> dict[str, str] | None:
        """What the path's template names; None where the request is to another endpoint.

        A request without the parameter of the query in which the identifier is, is to another endpoint.
        """
        if self.place.source == "query" and not values(query, self.place.name):
            return None
        return self.on_path(method, path)

    def on_path(self, method: str, path: str) -> dict[str, str] | None:
        """As `named`, whatever the query is."""
        if self.methods and method not in self.methods:
            return None
        if not self.pattern:
            return {}
        found = re.fullmatch(self.pattern, path)
        return None if found is None else found.groupdict()

    def texts(self, request: Request, most: int) -> tuple[tuple[str, ...], int]:
        """The identifiers of a request to this endpoint, at most `most`, and how many more there are at least."""
        found = self.place.texts(request, self.kind, most)
        if self.separator:
            parts = (part.strip() for text in found for part in text.split(self.separator, most + 1))
            found = [part for part in parts if part]
        return tuple(found[:most]), max(len(found) - most, 0)

    def existed(
        self, status: int, size: int | None = None, fields: Mapping[str, str] | None = None
    ) -> bool | None:
        """Whether an identifier exists, by the answer; None where nobody says."""
        if self.hit is None:
            return False if self.miss is not None and self.miss.fits(status, size, fields) else None
        if self.hit.fits(status, size, fields):
            return True
        return False if self.miss is None or self.miss.fits(status, size, fields) else None

    def existed_column(self) -> pl.Expr:
        """`existed` of columns."""
        found = pl.lit(None, pl.Boolean)
        if self.miss is not None:
            found = pl.when(self.miss.expression()).then(False).otherwise(None)
        elif self.hit is not None:
            found = pl.lit(False)
        return found if self.hit is None else pl.when(self.hit.expression()).then(True).otherwise(found)


def compiled(template: str) -> tuple[str, tuple[str, ...]]:
    r"""The regular expression of a template of paths, and what it names.

    A template is a path in which `{name}` stands for what is in one segment, once in each, and `**` at the end for all
    the rest. A slash at the end may be there or not. So the expression takes linear time.

    Raises:
        BadMapping: it is none.

    Examples:
        >>> compiled("/v{version}/users/{identifier}.json")
        ('/v(?P<version>[^/?]+)/users/(?P<identifier>[^/?]+)\\.json/?', ('version', 'identifier'))
    """
    if not template.startswith("/"):
        raise BadMapping("A path begins with a slash")
    rest = template.endswith("/**")
    segments = template.removesuffix("/**").strip("/").split("/")
    names: list[str] = []
    written = []
    for segment in segments:
        found = list(_NAMED.finditer(segment))
        if len(found) > 1 or "**" in segment or any(one[1] in names for one in found if one[1]):
            raise BadMapping("A segment of a path names one thing at most, and each name stands once")
        if not found:
            written.append(_literal(segment))
            continue
        one = found[0]
        names += [one[1]] if one[1] else []
        group = f"(?P<{one[1]}>[^/?]+)" if one[1] else "[^/?]+"
        written.append(_literal(segment[: one.start()]) + group + _literal(segment[one.end() :]))
    if segments == [""]:
        return "/[^?]*" if rest else "/", ()
    return "/" + "/".join(written) + ("(?:/[^?]*)?" if rest else "/?"), tuple(names)


def _literal(text: str) -> str:
    """The expression of a text of a path, escaped or not."""
    return "".join(
        f"(?:{re.escape(one)}|{_escaped(one)})" if _ESCAPABLE.match(one) else re.escape(one) for one in text
    )


def _escaped(character: str) -> str:
    return "".join(f"%(?i:{byte:02x})" for byte in character.encode())
