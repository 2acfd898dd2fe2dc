"""The JSON API: what is told of leaks, and the description of every endpoint in OpenAPI 3.1."""

from floodmark.web.api.framework import framework
from floodmark.web.api.leaks import router

__all__ = ["framework", "router"]
