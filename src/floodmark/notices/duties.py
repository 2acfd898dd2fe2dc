"""Duties to tell somebody of an incident, each with its period and the article that sets it.

Which of them bind is for the reader to say: an essential or important entity has the first three, a controller of
personal data the last two, and a journalist none.

    >>> [duty.slug for duty in DUTIES]
    ['nis2-early-warning', 'nis2-notification', 'nis2-final-report', 'gdpr-authority', 'gdpr-persons']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from floodmark.errors import UsageError

NIS2 = "Directive (EU) 2022/2555 (NIS2)"
GDPR = "Regulation (EU) 2016/679 (GDPR)"
_PERIODS = "Regulation (EEC, Euratom) No 1182/71, article 3"
_HOURS = (
    "A period in hours runs through nights, weekends and holidays "
    f"({_PERIODS}(3) and (4)); counted from the minute, which is never later than the regulation counts."
)
_MONTHS = (
    f"The same date a month later, or that month's last day; the period ends with that day ({_PERIODS}(2)(c)), or with "
    f"the next working day when that is a Saturday, a Sunday or a public holiday ({_PERIODS}(4)). "
    "No holiday is guessed: the earlier time is shown."
)
_UNTIMED = "Without undue delay: the article sets no period, so no clock runs."


class NoSuchDuty(UsageError):
    """No duty has this slug; exit code 2."""

    slug: ClassVar[str] = "no-such-duty"


@dataclass(frozen=True)
class Duty:
    """Something that must be told, by a time.

    Attributes:
        slug: stable name.
        title: what is due, and to whom.
        binds: who has the duty.
        law: the act that sets it.
        article: the article in it.
        rule: how its period is counted, in a sentence with its source.
        hours: length of a period in hours, 0 for none.
        months: length of a period in months, 0 for none.
        after: slug of the duty whose fulfilment starts the period; None for "became aware".
    """

    slug: str
    title: str
    binds: str
    law: str
    article: str
    rule: str
    hours: int = 0
    months: int = 0
    after: str | None = None

    @property
    def source(self) -> str:
        """The act and the article in full."""
        return f"{self.law}, article {self.article}"

    @property
    def cite(self) -> str:
        """The act's short name and the article, such as `NIS2 23(4)(a)`."""
        return f"{self.law.rpartition('(')[2].rstrip(')')} {self.article}"

    @property
    def timed(self) -> bool:
        """Whether the article sets a period."""
        return bool(self.hours or self.months)


DUTIES = (
    Duty(
        "nis2-early-warning",
        "Early warning to the CSIRT or authority",
        "essential and important entities, on a significant incident",
        NIS2,
        "23(4)(a)",
        _HOURS,
        hours=24,
    ),
    Duty(
        "nis2-notification",
        "Incident notification to the CSIRT or authority",
        "essential and important entities, on a significant incident",
        NIS2,
        "23(4)(b)",
        _HOURS,
        hours=72,
    ),
    Duty(
        "nis2-final-report",
        "Final report to the CSIRT or authority",
        "essential and important entities, on a significant incident",
        NIS2,
        "23(4)(d)",
        _MONTHS,
        months=1,
        after="nis2-notification",
    ),
    Duty(
        "gdpr-authority",
        "Notification to the supervisory authority",
        "controllers of personal data, unless a risk to people is unlikely",
        GDPR,
        "33(1)",
        _HOURS,
        hours=72,
    ),
    Duty(
        "gdpr-persons",
        "Communication to the persons concerned",
        "controllers of personal data, where a high risk to people is likely",
        GDPR,
        "34(1)",
        _UNTIMED,
    ),
)


def duty_of(slug: str) -> Duty:
    """The duty with this slug.

    Raises:
        NoSuchDuty: there is none; the hint lists those there are.
    """
    for duty in DUTIES:
        if duty.slug == slug:
            return duty
    raise NoSuchDuty("No duty has this name.", f"Choose one of {', '.join(duty.slug for duty in DUTIES)}.")
