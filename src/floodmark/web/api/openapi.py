"""`/openapi.json`: every endpoint of a server in OpenAPI 3.1, those that are no part of the framework too."""

from __future__ import annotations

import json
from functools import lru_cache

from fastapi import APIRouter
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.api import answers, described_check, described_health, described_leaks
from floodmark.web.api.describing import Part, with_head
from floodmark.web.api.profile_answers import Profile
from floodmark.web.api.said_answers import Statements
from floodmark.web.conditional import conditional
from floodmark.web.site import Site

PATH = "/openapi.json"
HOUR = "public, max-age=3600"
ABOUT = (
    "What is known of published leaks, and the private check whether somebody is in one. Rows and identifiers are "
    "counted, people are not. Refusals are problems (RFC 9457), whose type is an address of this server."
)
TAGS = {
    described_leaks.TAG: "Leaks, what was counted in them and what was said of them.",
    described_check.TAG: "The private check, protocol 1: a client library does this for you.",
    described_health.TAG: "For whoever runs or watches the server.",
}
API_KEY = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "fmk_",
    "description": "An API key, made with floodmark api-keys make. Nothing needs one but leaks that are not public "
    "(scope read) and organisations' evaluations (scope evaluate).",
}


@lru_cache(4)
def document(evaluates: bool, hosts_buckets: bool) -> bytes:
    """The description of a server of a role, as JSON.

    Args:
        evaluates: whether it evaluates.
        hosts_buckets: whether it hosts buckets.
    """
    paths = described_leaks.paths() | described_health.paths()
    if hosts_buckets:
        paths |= described_check.snapshot_paths()
    if evaluates:
        paths |= described_check.evaluate_paths()
    told: Part = {
        "openapi": "3.1.1",
        "info": {
            "title": "Floodmark",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": with_head(paths),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"apiKey": API_KEY},
        },
    }
    return json.dumps(told, separators=(",", ":")).encode()


def router(site: Site) -> APIRouter:
    """Answers `/openapi.json`."""
    routes = APIRouter()

    def described(request: Request) -> Response:
        content = document(site.settings.evaluates, site.settings.hosts_buckets)
        headers = {"cache-control": HOUR, "access-control-allow-origin": "*"}
        return conditional(request, Response(content, headers=headers, media_type="application/json"))

    routes.add_route(PATH, described, methods=["GET"])
    return routes


def _schemas() -> Part:
    models = (answers.Leaks, answers.Leak, Statements, answers.Problem, Profile)
    _, found = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    return {**found["$defs"], **described_check.schemas(), **described_health.schemas()}
