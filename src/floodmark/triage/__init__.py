"""Triage: the profile of a dump, what can be said of it, and custody."""

from floodmark.triage.custody import Acquisition
from floodmark.triage.profile import Profile
from floodmark.triage.quick import quick_triage
from floodmark.triage.run import Options, save_grammar, total_size, triage

__all__ = ["Acquisition", "Options", "Profile", "quick_triage", "save_grammar", "total_size", "triage"]
