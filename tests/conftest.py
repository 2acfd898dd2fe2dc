"""Settings of the whole test run: Hypothesis draws the same examples each time; FLOODMARK_EXPLORE=1 draws new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("exploring", deadline=None)
settings.register_profile(
    "checks",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("exploring" if os.environ.get("FLOODMARK_EXPLORE") else "checks")
