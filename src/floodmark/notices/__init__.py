"""Notices: who must be told, what, and by when."""

from floodmark.notices.advice import Advice, advice
from floodmark.notices.advice_catalogue import Urgency
from floodmark.notices.advice_languages import languages, wished
from floodmark.notices.deadlines import Deadline, State, deadlines, urgency
from floodmark.notices.duties import DUTIES, Duty, NoSuchDuty, duty_of
from floodmark.notices.moments import UnclearTime, read_moment, span, stamp

__all__ = [
    "DUTIES",
    "Advice",
    "Deadline",
    "Duty",
    "NoSuchDuty",
    "State",
    "UnclearTime",
    "Urgency",
    "advice",
    "deadlines",
    "duty_of",
    "languages",
    "read_moment",
    "span",
    "stamp",
    "urgency",
    "wished",
]
