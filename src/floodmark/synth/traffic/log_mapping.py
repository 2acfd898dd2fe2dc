"""The mapping file of a made-up log, by which `floodmark guard replay` reads it."""

from __future__ import annotations

from floodmark.synth.traffic.asks import ENDPOINTS

_HEAD = {
    "combined": """\
# What a log of made-up traffic says; whether the number is a member's is the status.
version = 1
log = "combined"

[fields]
app = "agent"
""",
    "json": """\
# What a log of made-up traffic says; found says of each of the phones whether it is a member's.
version = 1
log = "json"
""",
}
_ENDPOINT = {
    "combined": """
[[endpoints]]
name = "{name}"
method = "GET"
path = "/v1/{name}"
identifier = "query:phone"
kind = "phone"
hit = {{status = 200}}
miss = {{status = 404}}
""",
    "json": """
[[endpoints]]
name = "{name}"
method = "POST"
path = "/v1/{name}"
identifier = "field:phones[]"
hits = "field:found[]"
kind = "phone"
""",
}


def mapping(form: str) -> str:
    """The mapping file of a log of this form (`log_lines.FORMS`), TOML.

    Examples:
        >>> from floodmark.guard.logs import Mapping
        >>> Mapping.parse(mapping("combined")).asked("GET", "/v1/search?phone=%2B447400123456").texts
        ('+447400123456',)
    """
    return _HEAD[form] + "".join(_ENDPOINT[form].format(name=name) for name in ENDPOINTS)
