"""Parts of an OpenAPI description, as its JSON has them.

>>> sorted(with_head({"/v1/leaks": {"get": operation("listLeaks", "All.", {"200": content("All.")})}})["/v1/leaks"])
['get', 'head']
"""

from __future__ import annotations

import copy
from typing import Any

from floodmark.web.problems import MEDIA_TYPE

Part = dict[str, Any]
JSON = "application/json"
OCTETS = "application/octet-stream"


def ref(name: str) -> Part:
    """A schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def table(description: str, properties: Part) -> Part:
    """A schema of an object that has all of these names and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def content(
    description: str, schema: Part | None = None, kind: str = JSON, headers: Part | None = None
) -> Part:
    """A response.

    Args:
        description: when it is given.
        schema: of its body; None for one without.
        kind: media type of the body.
        headers: by name.
    """
    found: Part = {"description": description}
    if schema is not None:
        found["content"] = {kind: {"schema": schema}}
    if headers:
        found["headers"] = headers
    return found


def refusal(description: str, headers: Part | None = None) -> Part:
    """A response that is a problem (RFC 9457)."""
    return content(description, ref("Problem"), MEDIA_TYPE, headers)


def header(description: str, pattern: str = ".", *, required: bool = True) -> Part:
    """A header of a response."""
    return {
        "description": description,
        "required": required,
        "schema": {"type": "string", "pattern": pattern},
    }


def parameter(name: str, where: str, description: str, schema: Part) -> Part:
    """A parameter of a request; one of the path is required."""
    return {
        "name": name,
        "in": where,
        "description": description,
        "required": where == "path",
        "schema": schema,
    }


def operation(name: str, summary: str, responses: Part, **parts: Any) -> Part:
    """An operation.

    Args:
        name: its id, which stays.
        summary: what it does.
        responses: by status.
        parts: others, such as `parameters`.
    """
    refused = {"4XX": refusal("Refused for another reason."), "5XX": refusal("It cannot be answered now.")}
    return {"operationId": name, "summary": summary, "responses": {**responses, **refused}, **parts}


def with_head(paths: Part) -> Part:
    """Paths with HEAD beside every GET: the same answers without their bodies."""
    found = copy.deepcopy(paths)
    for methods in found.values():
        if "get" in methods:
            head = copy.deepcopy(methods["get"])
            head["operationId"] += "Head"
            head["summary"] += " Headers alone."
            for response in head["responses"].values():
                response.pop("content", None)
            methods["head"] = head
    return found


ETAG = header("Of the content.", '^"[^"]+"$')
IF_NONE_MATCH = parameter(
    "If-None-Match", "header", "Answer 304 where the content has one of these tags.", {"type": "string"}
)
NOT_MODIFIED = content("The client has it already.", headers={"ETag": ETAG})
