"""Floodmark: what is in a leaked file, is the claim true, am I in it, and whom to tell.

`check` and `check_async` ask whether an identifier is in a leak. Their room is imported when they are first used, by
its name alone: every room imports this module for its version, and rooms only look down. `__init__.pyi` has the types.
"""

from importlib import import_module

__all__ = ["__version__", "check", "check_async"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name in ("check", "check_async"):
        return getattr(import_module("floodmark.exposure.check"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
