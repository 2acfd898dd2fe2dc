"""What a program asks the decision service in JSON, and what it is told.

>>> asked = read(b'{"endpoint": "sync", "kind": "phone", "identifiers": ["+447400"], "actor": {"account": "ada"}}')
>>> asked.endpoint, asked.kind, len(asked.texts), asked.known
('sync', 'phone', 1, {'account': 'ada'})
"""

from __future__ import annotations

import json
import re
from typing import Any

from floodmark.guard.actors import PARTS
from floodmark.guard.decision import Decision
from floodmark.guard.middleware_asked import Asked
from floodmark.guard.middleware_refusals import TooManyIdentifiers, UnreadableLookup
from floodmark.identifiers import KINDS
from floodmark.identifiers.numbering import REGIONS

MOST = 10_000
_REGION = re.compile(r"[A-Z]{2}")
_ENDPOINT = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.:-]{0,63}")


def read(body: bytes) -> Asked:
    """What is asked.

    Args:
        body: JSON: `endpoint`, `kind`, `identifiers`, `actor` by part, and `region` of national phone numbers.

    Raises:
        UnreadableLookup: it is something else.
        TooManyIdentifiers: it is about more than 10,000.
    """
    try:
        table: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableLookup("The body is no JSON.") from None
    if not isinstance(table, dict) or set(table) - {"endpoint", "kind", "identifiers", "actor", "region"}:
        raise UnreadableLookup("The body has endpoint, kind, identifiers, actor and region.")
    endpoint, kind, texts = table.get("endpoint"), table.get("kind"), table.get("identifiers")
    known, region = table.get("actor", {}), table.get("region")
    if not isinstance(endpoint, str) or not _ENDPOINT.fullmatch(endpoint):
        raise UnreadableLookup("endpoint is a name of letters, digits and /_.:-")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnreadableLookup(f"kind is one of {', '.join(KINDS)}.")
    if region is not None and not (
        isinstance(region, str) and _REGION.fullmatch(region) and region in REGIONS
    ):
        raise UnreadableLookup("region is a country of ISO 3166-1, in two letters.")
    if not isinstance(texts, list):
        raise UnreadableLookup("identifiers is a list of texts.")
    if len(texts) > MOST:
        raise TooManyIdentifiers(f"One request may ask about {MOST:,} identifiers.")
    if (
        not isinstance(known, dict)
        or set(known) - set(PARTS)
        or not all(isinstance(part, str) for part in known.values())
    ):
        raise UnreadableLookup(f"actor has texts by part: {', '.join(PARTS)}.")
    return Asked(endpoint, kind, texts, known, region)


def told(decision: Decision) -> dict[str, Any]:
    """A decision, for the program to act on unless it is one of shadow."""
    return {
        "action": str(decision.action),
        "refused": list(decision.refused),
        "retry_after": decision.retry_after,
        "delay": decision.delay,
        "shadow": decision.shadow,
        "reasons": [
            {"code": reason.code, "level": reason.level, "text": reason.text, "numbers": dict(reason.numbers)}
            for reason in decision.reasons
        ],
    }
