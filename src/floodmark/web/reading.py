"""Who may read leaks that are not public."""

from __future__ import annotations

from starlette.requests import Request

from floodmark.web.site import Site


def reads_all(site: Site, request: Request) -> bool:
    """Whether whoever asks may read every leak of the register."""
    return False
