"""The description of what watches a server, and of the description itself."""

from __future__ import annotations

from floodmark.web.api.describing import (
    ETAG,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    Part,
    content,
    operation,
    ref,
    refusal,
    table,
)

TAG = "health"


def paths() -> Part:
    """The operations by path."""
    return {
        "/healthz": {
            "get": operation(
                "getHealth",
                "Whether the server lives.",
                {"200": content("It does.", ref("Alive"))},
                tags=[TAG],
            )
        },
        "/readyz": {
            "get": operation(
                "getReadiness",
                "Whether the server can answer checks.",
                {
                    "200": content("It can.", ref("Readiness")),
                    "503": content("It cannot, for what stands in it.", ref("Readiness")),
                },
                tags=[TAG],
            )
        },
        "/metrics": {
            "get": operation(
                "getMetrics",
                "Numbers for Prometheus; to this machine alone, unless the operator opens it.",
                {
                    "200": content("Numbers by class of address.", {"type": "string"}, "text/plain"),
                    "404": refusal("It is not open to you."),
                },
                tags=[TAG],
            )
        },
        "/openapi.json": {
            "get": operation(
                "getDescription",
                "This description.",
                {
                    "200": content("OpenAPI 3.1.", {"type": "object"}, headers={"ETag": ETAG}),
                    "304": NOT_MODIFIED,
                },
                tags=[TAG],
                parameters=[IF_NONE_MATCH],
            )
        },
    }


def schemas() -> Part:
    """Schemas that these paths name."""
    checks = {
        "type": "object",
        "additionalProperties": {"type": "string", "examples": ["ok", "snapshot-expired"]},
    }
    return {
        "Alive": table("The server lives.", {"alive": {"type": "boolean", "const": True}}),
        "Readiness": table(
            "For each part `ok`, or the slug of its problem.",
            {"ready": {"type": "boolean"}, "checks": checks},
        ),
    }
