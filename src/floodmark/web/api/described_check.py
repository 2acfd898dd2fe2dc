"""The description of the private check: its snapshot, its buckets and its evaluations (protocol 1)."""

from __future__ import annotations

from floodmark.exposure.sealed.manifest import MOST_EPOCH
from floodmark.web.api.describing import (
    ETAG,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    OCTETS,
    Part,
    content,
    header,
    operation,
    parameter,
    ref,
    refusal,
    table,
)
from floodmark.web.hot.asked import MOST_ELEMENTS

TAG = "check"
ELEMENT = "ristretto255"
"""Format of a string that is an element of the group, as RFC 9497 serialises it, in hexadecimal."""
_BYTES = {"type": "string", "contentMediaType": OCTETS}
_ID = parameter(
    "id", "path", "The snapshot's, as its text has it.", {"type": "string", "pattern": "^[0-9a-f]{32}$"}
)
_BUCKET = parameter(
    "bucket", "path", "Number of a bucket.", {"type": "integer", "minimum": 0, "maximum": 65_535}
)
_RANGE = parameter("Range", "header", "One range of bytes.", {"type": "string", "examples": ["bytes=0-639"]})
_ITEM = r'"[a-z]+"(;[a-z]+=[0-9]+)+'
_LIMITS = {
    "RateLimit-Policy": header("Every limit that bears on you.", f"^{_ITEM}(, {_ITEM})*$"),
    "RateLimit": header("What is left of the tightest.", f"^{_ITEM}$"),
}
_HELD = {"ETag": ETAG, "Cache-Control": header("May be kept for ever.", "immutable")}
_UNAVAILABLE = {"503": refusal("There is no snapshot that may be answered from.")}


def snapshot_paths() -> Part:
    """The operations of a server that hosts buckets, by path."""
    no_such = refusal("There is no such snapshot or bucket here.")
    return {
        "/v1/snapshot": {
            "get": operation(
                "getSnapshot",
                "The newest snapshot, signed.",
                {
                    "200": content("The envelope.", ref("Envelope"), headers={"ETag": ETAG}),
                    "304": NOT_MODIFIED,
                    **_UNAVAILABLE,
                },
                tags=[TAG],
                parameters=[IF_NONE_MATCH],
            )
        },
        "/v1/snapshots/{id}/buckets.bin": {
            "get": operation(
                "getBuckets",
                "The answers for all buckets, one after another; a range of bytes for a few.",
                {
                    "200": content("All of them.", _BYTES, OCTETS, _HELD),
                    "206": content(
                        "The range.",
                        _BYTES,
                        OCTETS,
                        {**_HELD, "Content-Range": header("Where it lies.", "^bytes [0-9]+-[0-9]+/[0-9]+$")},
                    ),
                    "304": NOT_MODIFIED,
                    "404": no_such,
                    "416": refusal(
                        "The file has no such range, or several were asked for.",
                        {"Content-Range": header("Its size.", r"^bytes \*/[0-9]+$")},
                    ),
                    **_UNAVAILABLE,
                },
                tags=[TAG],
                parameters=[_ID, _RANGE, IF_NONE_MATCH],
            )
        },
        "/v1/snapshots/{id}/{bucket}": {
            "get": operation(
                "getBucket",
                "The answer for one bucket: its rows of every leak, and its path to the signed root.",
                {
                    "200": content(
                        "Bytes, as many for every bucket.",
                        _BYTES,
                        OCTETS,
                        {"Cache-Control": _HELD["Cache-Control"]},
                    ),
                    "404": no_such,
                    **_UNAVAILABLE,
                },
                tags=[TAG],
                parameters=[_ID, _BUCKET],
            )
        },
    }


def evaluate_paths() -> Part:
    """The operations of a server that evaluates, by path."""
    return {
        "/v1/evaluate": {
            "post": operation(
                "evaluate",
                "Evaluate blinded elements (RFC 9497, VOPRF); each costs the budget of whoever asks.",
                {
                    "200": content("One item for each share of the key.", ref("Evaluated"), headers=_LIMITS),
                    "400": refusal("The body has another form, or an element is none."),
                    "401": refusal("An API key was presented that is not good."),
                    "403": refusal("The API key has not the scope `evaluate`."),
                    "409": refusal("The key is of another epoch."),
                    "413": refusal("There are too many elements."),
                    "415": refusal("The body is not JSON, or is compressed."),
                    "429": refusal(
                        "The budget is spent.",
                        {**_LIMITS, "Retry-After": header("Seconds.", "^[0-9]+$", required=False)},
                    ),
                    "503": refusal("More is waiting to be evaluated than the server takes on."),
                },
                tags=[TAG],
                requestBody={
                    "required": True,
                    "content": {"application/json": {"schema": ref("ToEvaluate")}},
                },
                security=[{}, {"apiKey": []}],
            )
        }
    }


def schemas() -> Part:
    """Schemas that these paths name."""
    element = {"type": "string", "format": ELEMENT, "minLength": 64, "maxLength": 64}
    elements = {"type": "array", "items": element, "minItems": 1, "maxItems": MOST_ELEMENTS}
    share = {"share": {"type": "integer", "const": 1}, "elements": elements}
    share["proof"] = {"type": "string", "pattern": "^[0-9a-f]{128}$"}
    return {
        "ToEvaluate": table(
            "What is to be evaluated.",
            {"epoch": {"type": "integer", "minimum": 1, "maximum": MOST_EPOCH}, "elements": elements},
        ),
        "Evaluated": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": table("What one share of the key gives, with the proof that it was used.", share),
        },
        "Envelope": table(
            "A snapshot and its signature (protocol 1, section 5).",
            {
                "format": {"type": "string", "const": "floodmark/signed/1"},
                "snapshot": {"type": "string", "contentMediaType": "application/json"},
                "public_key": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                "signature": {"type": "string", "pattern": "^[0-9a-f]{128}$"},
            },
        ),
    }
