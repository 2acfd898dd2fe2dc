"""To come."""

from __future__ import annotations

from fastapi import APIRouter

from floodmark.web.site import Site


def router(site: Site) -> APIRouter:
    """Answers nothing yet."""
    return APIRouter(include_in_schema=False)
