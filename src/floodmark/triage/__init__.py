"""Triage: the profile of a dump, what can be said of it, and custody."""

from floodmark.triage.comparing.compare import compare
from floodmark.triage.comparing.comparison import Comparison
from floodmark.triage.custody import Acquisition
from floodmark.triage.profile import Profile
from floodmark.triage.profile_file import ProfileDamaged, ProfileTooNew, load_profile, profile_from_dict
from floodmark.triage.quick import quick_triage
from floodmark.triage.run import Options, total_size, triage
from floodmark.triage.statistics.gather import Statistics

__all__ = [
    "Acquisition",
    "Comparison",
    "Options",
    "Profile",
    "ProfileDamaged",
    "ProfileTooNew",
    "Statistics",
    "compare",
    "load_profile",
    "profile_from_dict",
    "quick_triage",
    "total_size",
    "triage",
]
