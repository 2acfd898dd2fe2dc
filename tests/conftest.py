"""Settings of the whole test run: Hypothesis draws the same examples on every checking machine."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("development", deadline=None)
settings.register_profile(
    "checks",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("checks" if os.environ.get("CI") else "development")
