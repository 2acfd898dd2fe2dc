"""Advice: what to do, and what not to do, when data of some field types has leaked."""

from floodmark.notices.advising.advice import Advice, advice
from floodmark.notices.advising.catalogue import Urgency
from floodmark.notices.advising.languages import languages, wished
from floodmark.notices.advising.rules import rules

__all__ = ["Advice", "Urgency", "advice", "languages", "rules", "wished"]
