"""The shared library beside this file, when there is one."""

from __future__ import annotations

compiled = False
