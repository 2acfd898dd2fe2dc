"""Settings of the whole test run: Hypothesis draws the same examples each time; FLOODMARK_EXPLORE=1 draws new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

settings.register_profile("exploring", deadline=None)
settings.register_profile(
    "checks",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
EXPLORES = bool(os.environ.get("FLOODMARK_EXPLORE"))
settings.load_profile("exploring" if EXPLORES else "checks")
if not EXPLORES:
    # Hypothesis draws constants of whatever of ours is imported by then: other tests would decide the examples of one.
    _NO_CONSTANTS = providers.Constants()
    providers._get_local_constants = lambda: _NO_CONSTANTS
