"""What fields of a log line are to the guard, whatever the log calls them."""

from __future__ import annotations

REQUEST = ("method", "target", "request", "path", "query", "body")
ANSWER = ("status", "size")
ACTOR = ("account", "app", "address", "network", "device", "session", "cohort")
ROLES = ("time", *REQUEST, *ANSWER, *ACTOR, "forwarded", "created")
"""Parts of a line that a mapping's [fields] may say the names of.

`request` is a whole request line, `GET /users/ada HTTP/1.1`; `path` and `query` together are `target`; `created` is
when the account was made, the first ten characters of which are its cohort.
"""

FIXED = {
    "combined": {"account": "user"},
    "common": {"account": "user"},
    "sshd": {},
}
"""Of formats whose fields are fixed, which are roles under another name."""


def named_field(name: str) -> str:
    """What a table of fields calls a field of the log that a mapping names itself, apart from the roles."""
    return f"field:{name}"
