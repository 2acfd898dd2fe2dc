"""The description of `/v1/leaks` and what is below it."""

from __future__ import annotations

from floodmark.web.api.describing import (
    ETAG,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    Part,
    content,
    operation,
    parameter,
    ref,
    refusal,
)
from floodmark.web.api.leaks import LEAK, LEAKS, PROFILE, STATEMENTS

TAG = "leaks"
ANYBODY_OR_READER: list[Part] = [{}, {"apiKey": []}]
_CACHED = {"ETag": ETAG}
_REFUSED = {
    "401": refusal("An API key was presented that is not good."),
    "403": refusal("The API key has not the scope `read`."),
    "503": refusal("There is no snapshot that may be answered from."),
}
_SLUG = parameter("slug", "path", "The leak's name, as the list has it.", {"type": "string"})


def paths() -> Part:
    """The operations by path."""
    return {
        LEAKS: _get("listLeaks", "Every leak that you may know of.", "Leaks", "All of them.", whole=True),
        LEAK: _get("getLeak", "One leak.", "Leak", "What is known of it."),
        PROFILE: _get(
            "getLeakProfile", "What was counted in a leak, in tens.", "Profile", "The public profile."
        ),
        STATEMENTS: _get(
            "listLeakStatements",
            "What was said of a leak, in the order in which it was, what tests make of it, and what disagrees.",
            "Statements",
            "All statements that are recorded.",
        ),
    }


def _get(name: str, summary: str, schema: str, found: str, *, whole: bool = False) -> Part:
    responses = {"200": content(found, ref(schema), headers=_CACHED), "304": NOT_MODIFIED, **_REFUSED}
    if not whole:
        responses["404"] = refusal(
            "There is no such leak that you may know of, or this server holds no more of it than its index."
        )
    return {
        "get": operation(
            name,
            summary,
            responses,
            tags=[TAG],
            parameters=[*([] if whole else [_SLUG]), IF_NONE_MATCH],
            security=ANYBODY_OR_READER,
        )
    }
