"""Notices: who must be told, what, and by when.

Other rooms use the names below, and the rooms `advising` and `sending`, which need more to be imported.
"""

from floodmark.notices.deadlines import Deadline, State, deadlines, urgency
from floodmark.notices.duties import DUTIES, Duty, NoSuchDuty, duty_of
from floodmark.notices.moments import UnclearTime, read_moment, span, stamp

__all__ = [
    "DUTIES",
    "Deadline",
    "Duty",
    "NoSuchDuty",
    "State",
    "UnclearTime",
    "deadlines",
    "duty_of",
    "read_moment",
    "span",
    "stamp",
    "urgency",
]
