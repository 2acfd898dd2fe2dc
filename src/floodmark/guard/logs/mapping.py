"""A mapping file: what a log, or an API, says, and which part of it is the identifier that was asked about.

>>> mapping = Mapping.parse('''
... log = "combined"
... [[endpoints]]
... name = "users/show"
... method = "GET"
... path = "/v1/users/{identifier}"
... kind = "username"
... hit = {status = 200}
... ''')
>>> asked = mapping.asked("GET", "/v1/users/ada?full=1")
>>> asked.endpoint.name, asked.texts, asked.endpoint.existed(200)
('users/show', ('ada',), True)
>>> mapping.asked("GET", "/v1/health") is None
True
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from floodmark.errors import UsageError
from floodmark.guard.logs import targets
from floodmark.guard.logs.endpoints import Endpoint
from floodmark.guard.logs.log_form import KEYS, LogForm
from floodmark.guard.logs.places import BadMapping, Request
from floodmark.guard.toml_place import toml_place

READY = ("combined", "sshd")
VERSION = 1
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks about.

    Attributes:
        endpoint: that it is to.
        texts: the identifiers as they were sent, in order; they are to be reduced at once and forgotten.
        more: how many there are at least beyond what the mapping takes of one request.
    """

    endpoint: Endpoint
    texts: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says.

    Attributes:
        endpoints: in order; a request is to the first that it matches.
        most: identifiers that are taken of one request.
        log: the form of its lines.
    """

    endpoints: tuple[Endpoint, ...]
    most: int = 10_000
    log: LogForm = field(default_factory=LogForm)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The mapping of TOML text.

        Raises:
            BadMapping: it is no TOML, or says something that cannot be.
        """
        try:
            table = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadMapping(f"The mapping file is no TOML{toml_place(error)}") from error
        return cls.of(table)

    @classmethod
    def of(cls, table: MappingOf[str, Any]) -> Self:
        """The mapping of TOML's tables.

        Raises:
            BadMapping: it says something that cannot be.
        """
        if unknown := sorted(set(table) - KEYS - {"version", "most", "endpoints"}):
            raise BadMapping(f"A mapping has no {unknown[0][:40]}")
        if table.get("version", VERSION) != VERSION:
            raise BadMapping("The mapping file is of a newer version", "Use the version that it is for.")
        entries = table.get("endpoints")
        if not isinstance(entries, list) or not entries:
            raise BadMapping("A mapping names endpoints", "Write an [[endpoints]] table for each.")
        most = table.get("most", 10_000)
        if not isinstance(most, int) or not 0 < most <= MOST:
            raise BadMapping(f"most is a number of identifiers up to {MOST:,}")
        return cls(tuple(Endpoint.of(entry) for entry in entries), most, LogForm.of(table))

    @classmethod
    def ready(cls, name: str) -> Self:
        """One of the mappings that come with the package: `READY`.

        Raises:
            BadMapping: there is none of that name.
        """
        if name not in READY:
            raise BadMapping("There is no such mapping", f"Name a file, or one of {', '.join(READY)}.")
        return cls.parse(files("floodmark.guard.logs").joinpath("data", f"{name}.toml").read_text("utf-8"))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The mapping of a file.

        Raises:
            UsageError: it cannot be read.
            BadMapping: as of `parse`.
        """
        try:
            return cls.parse(path.read_text("utf-8"))
        except OSError as error:
            raise UsageError(f"Cannot read the mapping file: {error.strerror}", "Check the path.") from error
        except UnicodeDecodeError as error:
            raise BadMapping("The mapping file is not UTF-8") from error

    @cached_property
    def _of_requests(self) -> tuple[Endpoint, ...]:
        return tuple(endpoint for endpoint in self.endpoints if not endpoint.of_logs)

    def may_ask(self, method: str, target: str) -> bool:
        """Whether a request may be to an endpoint, of whose target no more is looked at than `targets.LONGEST`."""
        head = target[: targets.LONGEST]
        if "?" not in head:
            return True
        path, _ = targets.split(head)
        return any(endpoint.on_path(method.upper(), path) is not None for endpoint in self._of_requests)

    def asked(self, method: str, target: str, body: bytes = b"") -> Asked | None:
        """What one request asks about; None where it is to no endpoint of the mapping.

        Args:
            method: of the request.
            target: path and query, as the client sent them.
            body: where the endpoint reads one.
        """
        path, query = targets.split(target[: targets.LONGEST])
        for endpoint in self._of_requests:
            named = endpoint.named(method.upper(), path, query)
            if named is not None:
                return Asked(endpoint, *endpoint.texts(Request(path, query, body, named), self.most))
        return None
