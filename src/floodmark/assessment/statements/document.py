"""Statements as a JSON document: what `floodmark statement list -o json` prints, and what can be recorded from a file.

>>> raw = b'''{"statements": [{"about": "acme", "kind": "denial", "speaker_kind": "company", "speaker": "Acme Ltd",
...     "said_on": "2026-01-20", "text": "It is old.", "source": "Press page", "assertions": [{"kind": "old"}]}]}'''
>>> found = read_document(raw)
>>> found.statements[0].about, found.statements[0].said.assertions[0].kind
('acme', 'old')

A document is somebody else's file: nothing in it is believed but what a statement has, and each part is of its type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Incident, Saying, Statement
from floodmark.assessment.statements.values import UnfitAssertion, assertion, values
from floodmark.errors import UsageError

MOST_BYTES = 8_000_000
MOST_STATEMENTS = 2_000
MOST_ASSERTIONS = 50  # of one statement
_PARTS = tuple(one.name for one in fields(Saying) if one.name != "assertions")
_NEEDED = ("about", "kind", "speaker_kind", "speaker", "said_on", "text")
_NOT_TAKEN = {
    "id",
    "recorded_at",
    "checked_on",
}  # of the register that it comes from, or of who read the source
_RESULTS = {"words", "state", "evidence"}  # of tests, which are run anew


class UnfitDocument(UsageError):
    """A file of statements lacks what a statement needs, or has what none has; exit code 2."""

    slug = "unfit-document"
    hint = "floodmark statement list -o json prints statements in the form that is read."


@dataclass(frozen=True)
class Said:
    """A statement of a document, and what it is about."""

    about: str
    said: Saying


@dataclass(frozen=True)
class Document:
    """What a file of statements holds.

    Attributes:
        incidents: titles for what the statements are about.
        statements: in the file's order.
    """

    incidents: tuple[Incident, ...]
    statements: tuple[Said, ...]


def statement_values(one: Statement) -> dict[str, Any]:
    """A statement as JSON values."""
    found: dict[str, Any] = {"id": one.id, "about": one.about}
    found |= {name: getattr(one, name) for name in _PARTS}
    found["assertions"] = [values(part) for part in one.assertions]
    return found | {"recorded_at": one.recorded_at, "checked_on": one.checked_on}


def document_values(statements: Iterable[Statement], incidents: Iterable[Incident]) -> dict[str, Any]:
    """A document of statements, with the titles of what they are about."""
    said = [statement_values(one) for one in statements]
    about = {one["about"] for one in said}
    titled = [{"slug": one.slug, "title": one.title} for one in incidents if one.slug in about]
    return {"incidents": titled, "statements": said}


def is_document(raw: bytes) -> bool:
    """Whether a file is a document of statements, be it a fit one, and not a table of countries as JSON."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"statements"' in raw


def read_document(raw: bytes) -> Document:
    """Read a document of statements.

    Ids, times of recording and results of tests in it are passed over: they are made anew where it is recorded.

    Raises:
        UnfitDocument: it is too large, no JSON, or of another form; the message has the number of the statement.
    """
    if len(raw) > MOST_BYTES:
        raise UnfitDocument(f"The file is larger than {MOST_BYTES:,} bytes.", "Split it.")
    found = _parsed(raw)
    if not isinstance(found, dict) or {*found} - {"incidents", "statements"}:
        raise UnfitDocument("The file has other parts than incidents and statements.")
    said = _list(found.get("statements"), "statements")
    if not said:
        raise UnfitDocument("The file has no statement.")
    if len(said) > MOST_STATEMENTS:
        raise UnfitDocument(f"The file has more than {MOST_STATEMENTS:,} statements.", "Split it.")
    named = _list(found.get("incidents", []), "incidents")
    if len(named) > MOST_STATEMENTS:
        raise UnfitDocument(f"The file has more than {MOST_STATEMENTS:,} incidents.", "Split it.")
    return Document(
        tuple(_incident(one, place) for place, one in enumerate(named, 1)),
        tuple(_said(one, place) for place, one in enumerate(said, 1)),
    )


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise UnfitDocument("The file is not UTF-8.", "Convert it, for example with iconv.") from None
    except (ValueError, RecursionError):  # whole numbers of thousands of digits are a ValueError, too
        raise UnfitDocument("The file is no JSON, or nested too deeply.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _no_number(_: str) -> None:
    raise ValueError("no number")


def _list(found: Any, what: str) -> list[Any]:
    if not isinstance(found, list):
        raise UnfitDocument(f"The {what} of the file are no list.")
    return found


def _incident(found: Any, place: int) -> Incident:
    if not isinstance(found, dict) or {*found} != {"slug", "title"}:
        raise UnfitDocument(f"Incident {place} of the file has other parts than a slug and a title.")
    if not all(isinstance(one, str) for one in found.values()):
        raise UnfitDocument(f"Incident {place} of the file has a slug or a title that is no text.")
    return Incident(found["slug"], found["title"])


def _said(found: Any, place: int) -> Said:
    where = f"Statement {place} of the file"
    if not isinstance(found, dict):
        raise UnfitDocument(f"{where} is no object.")
    if lacking := [name for name in _NEEDED if name not in found]:
        raise UnfitDocument(f"{where} lacks {', '.join(lacking)}.")
    if more := {*found} - {"about", "assertions", *_PARTS} - _NOT_TAKEN:
        raise UnfitDocument(f"{where} has {len(more)} parts that no statement has.")
    said: dict[str, Any] = {}
    for name in _PARTS:
        given = found.get(name)
        if given is not None:
            if not _is_fit(name, given):
                raise UnfitDocument(f"{where} has a value of {name} that is of another type.")
            said[name] = given
    if not isinstance(found["about"], str) or not {*_NEEDED[1:]} <= {*said}:
        raise UnfitDocument(f"{where} has a part without value that every statement needs.")
    return Said(found["about"], Saying(**said, assertions=_assertions(found.get("assertions", []), where)))


def _is_fit(name: str, given: Any) -> bool:
    return type(given) is int if name == "sample" else isinstance(given, str)


def _assertions(found: Any, where: str) -> tuple[Assertion, ...]:
    if not isinstance(found, list) or len(found) > MOST_ASSERTIONS:
        raise UnfitDocument(f"{where} has more than {MOST_ASSERTIONS} assertions, or no list of them.")
    read = []
    for place, one in enumerate(found, 1):
        try:
            read.append(assertion(_claimed(one)))
        except UnfitAssertion as error:
            raise UnfitAssertion(f"{where}, assertion {place}: {error.message}", error.hint) from None
    return tuple(read)


def _claimed(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise UnfitAssertion("It is no object.")
    return {name: value for name, value in found.items() if name not in _RESULTS}
