"""Lines of a log to a table of what a mapping looks at, whatever their format."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from floodmark.guard.logs import column_texts, json_cells, times
from floodmark.guard.logs.csv_format import CsvFormat
from floodmark.guard.logs.formats import Cut, PatternFormat
from floodmark.guard.logs.mapping import Mapping
from floodmark.guard.logs.places import steps_of
from floodmark.guard.logs.roles import ACTOR, named_field

_OPTIONAL = frozenset({*ACTOR, "forwarded", "created"})
"""Roles whose columns may be missing where the lines have no such field; of others they are null."""


class LineFormat(Protocol):
    """A format that cuts lines."""

    def cut(self, lines: pl.Series, wanted: tuple[str, ...]) -> Cut:
        """Fields of lines, by their names in the log."""


class JsonFormat:
    """Lines that are JSON objects."""

    def cut(self, lines: pl.Series, wanted: tuple[str, ...]) -> Cut:
        """Cut lines, as `PatternFormat.cut`; a field whose name goes into lists is of a List type."""
        paths = {name: steps_of(name) for name in wanted}
        likely = lines.str.starts_with("{")
        cells = json_cells.decoded(lines.set(~likely, "null"), json_cells.tree_of(paths.values()))
        fields = {
            name: json_cells.at(cells, steps) if None not in steps else json_cells.listed(cells, steps)
            for name, steps in paths.items()
        }
        return Cut(pl.DataFrame(fields), cells.is_not_null())


class Cutter:
    """Cuts lines as a mapping says.

    Args:
        mapping: what to look at.
        header: of a file of separated values.
    """

    def __init__(self, mapping: Mapping, header: str = "") -> None:
        self._mapping = mapping
        self._roles = roles_of(mapping)
        form = mapping.log
        self._fields = {role: form.field_of(role) for role in self._roles}
        self._own = own_fields(mapping)
        self._listed = (
            {} if form.format == "json" else {name: base_of(name) for name in self._own if "[]" in name}
        )
        self._format: LineFormat | None = None
        if form.format == "csv":
            self._format = CsvFormat.of_header(header, form.delimiter)
        elif form.format == "json":
            self._format = JsonFormat()
        elif form.format != "parquet":
            self._format = PatternFormat(form.format, form.pattern)
            known = self._format.names
            self._fields = {
                role: name for role, name in self._fields.items() if name in known or role not in _OPTIONAL
            }

    def table(self, lines: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """The lines as a table of roles and fields, and which lines are of the format.

        Args:
            lines: String, shape (n,), without nulls.

        Returns:
            As of `finished`, and Boolean, shape (n,).
        """
        if self._format is None:
            raise TypeError("a Parquet file has no lines")
        wanted = (*self._fields.values(), *(self._listed.get(name, (name,))[0] for name in self._own))
        cut = self._format.cut(lines, tuple(dict.fromkeys(wanted)))
        return self.finished(cut.fields), cut.fits

    def finished(self, fields: pl.DataFrame) -> pl.DataFrame:
        """A table of what is wanted, from the fields of a log by their names there.

        Returns:
            `at` (Datetime, null where there is none), `method`, `target` in its normal form, `body`, `status`,
            `size`, parts of the actor and fields, as far as the mapping looks at them.
        """
        form = self._mapping.log
        parts: list[tuple[str, str, json_cells.Steps]] = [
            (role, name, ()) for role, name in self._fields.items()
        ]
        parts += [(named_field(name), *self._listed.get(name, (name, ()))) for name in self._own]
        columns = {called: _column(fields, name, steps) for called, name, steps in parts}
        clock = form.clock
        columns["at"] = times.read(columns.pop("time"), clock)
        _join_request(columns)
        if "target" in columns:
            target = columns["target"]
            if form.format in {"combined", "common"}:
                target = column_texts.from_log(target)
            columns["target"] = column_texts.normal(target)
        if "method" in columns:
            columns["method"] = columns["method"].str.to_uppercase()
        for name, dtype in (("status", pl.Int32), ("size", pl.Int64)):
            if name in columns:
                columns[name] = columns[name].cast(dtype, strict=False)
        for name in (*ACTOR, "created", "forwarded"):
            if name in columns:
                columns[name] = columns[name].set(columns[name].is_in(["", "-"]).fill_null(False), None)
        if "forwarded" in columns and "address" in columns:
            columns["address"] = form.proxies.clients(columns["address"], columns.pop("forwarded"))
        if "created" in columns:
            day = columns.pop("created").str.head(10)
            columns["cohort"] = (
                day
                if "cohort" not in columns
                else columns["cohort"].zip_with(columns["cohort"].is_not_null(), day)
            )
        return pl.DataFrame(columns)


def base_of(name: str) -> tuple[str, json_cells.Steps]:
    """Of a field with a list in it, the column, whose cells are JSON texts, and the steps from there.

    Examples:
        >>> base_of("phones[].number")
        ('phones', (None, 'number'))
    """
    base, _, rest = name.partition("[]")
    return base, steps_of(f"[]{rest}")


def _column(fields: pl.DataFrame, name: str, steps: json_cells.Steps) -> pl.Series:
    """One field; nulls where there is none."""
    if name not in fields.columns:
        return pl.Series([], dtype=pl.String).extend_constant(None, fields.height)
    if not steps:
        return fields[name]
    return json_cells.listed(
        json_cells.decoded(fields[name].fill_null("null"), json_cells.tree_of([steps])), steps
    )


def _join_request(columns: dict[str, pl.Series]) -> None:
    """Method and target, of a whole request line or of path and query, where a log has those."""
    if "request" in columns:
        parts = (
            columns.pop("request")
            .str.extract_groups(r"^([A-Za-z]+) ([^ ]+)(?: HTTP/[0-9.]+)?$")
            .struct.unnest()
        )
        columns["method"], columns["target"] = parts.get_columns()
    if "path" in columns:
        query = columns.pop("query", None)
        columns["target"] = columns.pop("path")
        if query is not None:
            both = columns["target"] + "?" + query.str.strip_prefix("?").fill_null("")
            columns["target"] = both


def roles_of(mapping: Mapping) -> tuple[str, ...]:
    """The roles that a mapping looks at, in the fields of its log."""
    form, endpoints = mapping.log, mapping.endpoints
    wanted = ["time", *ACTOR]
    if form.proxies.networks:
        wanted.append("forwarded")
    if "created" in form.fields:
        wanted.append("created")
    requests = [role for role in ("request", "path", "query") if role in form.fields]
    if "request" in requests:
        wanted.append("request")
    else:
        if any(endpoint.methods for endpoint in endpoints):
            wanted.append("method")
        if any(endpoint.pattern or endpoint.place.source in {"path", "query"} for endpoint in endpoints):
            wanted += requests or ["target"]
    if any(endpoint.place.in_body for endpoint in endpoints):
        wanted.append("body")
    answers = [one for endpoint in endpoints for one in (endpoint.hit, endpoint.miss) if one is not None]
    if any(one.statuses for one in answers):
        wanted.append("status")
    if any(one.over is not None or one.up_to is not None for one in answers):
        wanted.append("size")
    return tuple(wanted)


def own_fields(mapping: Mapping) -> tuple[str, ...]:
    """Fields of the log that endpoints name themselves."""
    names = []
    for endpoint in mapping.endpoints:
        names += [name for name, _ in endpoint.where]
        names += [endpoint.hits] if endpoint.hits else []
        names += [endpoint.place.name] if endpoint.place.source == "field" else []
        names += [one.field for one in (endpoint.hit, endpoint.miss) if one is not None and one.field]
    return tuple(dict.fromkeys(names))
