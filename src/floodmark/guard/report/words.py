"""What a report on lookups says in sentences: what can be said, what cannot, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from floodmark.guard.report.guard_report import GuardReport
from floodmark.reports.numbers import count, plural, share


@dataclass(frozen=True)
class Words:
    """Sentences that each stand for themselves.

    Attributes:
        can: what the lookups show.
        cannot: what they do not show.
        ask: what to do next.
        findings: severity (`danger`, `warning`, `info`) and a sentence, most severe first.
    """

    can: list[str]
    cannot: list[str]
    ask: list[str]
    findings: list[tuple[str, str]]


def words(found: GuardReport) -> Words:
    """The sentences of a report."""
    return Words([*_can(found)], [*_cannot(found)], [*_ask(found)], [*_findings(found)])


def _findings(found: GuardReport) -> Iterator[tuple[str, str]]:
    if found.canaries is not None and found.canaries.actors:
        first = found.canaries.lookups[0]
        yield (
            "danger",
            f"{plural(found.canaries.actors, 'actor')} asked for {plural(found.canaries.asked, 'canary', 'canaries')}, "
            f"identifiers that nobody holds; the first on {first.at:%d %B %Y at %H:%M} UTC.",
        )
    if found.evidence is not None and found.evidence.flagged:
        yield (
            "danger",
            f"{plural(found.evidence.flagged, 'actor is', 'actors are')} flagged by evidence at α = "
            f"{found.evidence.alpha:g}.",
        )
    if found.budgets is not None and found.budgets.limited:
        yield (
            "warning",
            f"Budgets would have refused {plural(found.budgets.refused, 'lookup')} to "
            f"{plural(found.budgets.limited, 'actor')}.",
        )
    if found.traffic.lookups and found.traffic.unattributed:
        yield (
            "warning",
            f"{share(found.traffic.unattributed, found.traffic.lookups)} of lookups have neither account nor address, "
            "and count for nobody.",
        )


def _can(found: GuardReport) -> Iterator[str]:
    traffic = found.traffic
    if traffic.first is None or traffic.last is None:
        yield "There are no lookups."
        return
    yield (
        f"{plural(traffic.lookups, 'lookup')} of {plural(traffic.identifiers, 'distinct identifier')} by "
        f"{plural(traffic.actors, 'actor')}, from {traffic.first:%d %B %Y %H:%M} to {traffic.last:%d %B %Y %H:%M} UTC."
    )
    yield (
        f"{share(traffic.lookups - traffic.new - traffic.unattributed, traffic.lookups)} of lookups ask again what the "
        "same actor had asked before, which costs nobody anything."
    )
    top = next((one for one in reversed(found.tenths) if one.tenth == 10), None)
    if top is not None and not found.honest_known:
        yield (
            f"The {plural(top.actors, 'actor')} of the largest tenth asked for {count(top.least)} to {count(top.most)} "
            f"identifiers each, {share(top.new, traffic.new)} of all."
        )
    if traffic.answered:
        yield f"{share(traffic.hits, traffic.answered)} of the lookups with a known answer found somebody."


def _cannot(found: GuardReport) -> Iterator[str]:
    yield (
        "Who an actor is, and why it asked. A number of identifiers is no intent: call centres and recruiters ask for "
        "many."
    )
    yield "Whether several actors are one and the same client, or act for one: each is looked at alone."
    if found.evidence is None:
        yield "How unusual an actor is: that needs a model of ordinary traffic, and none was given."
    else:
        yield (
            "That ordinary users are never flagged. What is promised is about actors that are like the reference, "
            "and heavy users who are not in it may be flagged more often."
        )
        early = found.traffic.actors - found.evidence.actors
        if early > 0:
            yield f"Anything by evidence of {plural(early, 'actor')} that came to no checkpoint."
    if not found.honest_known and found.tenths:
        yield "How many of those who are limited are honest: the lookups do not say who is, so harm is shown for all."
    if found.canaries is None:
        yield "Whether somebody asks for identifiers that nobody holds: no canaries are known."
    if found.traffic.answered < found.traffic.lookups:
        unknown = found.traffic.lookups - found.traffic.answered
        yield (
            f"Whether the identifier existed, for {share(unknown, found.traffic.lookups)} of lookups: the logs do not "
            "say."
        )


def _ask(found: GuardReport) -> Iterator[str]:
    if found.actors:
        yield "Who is behind an actor? floodmark guard name reads the logs again for that."
        yield "Why is it listed? floodmark guard explain shows all that speaks for and against one actor."
    if found.budgets is None:
        yield "Whom would a policy limit? Give this report a policy, or run floodmark guard simulate."
    if found.evidence is None:
        yield "Who is unusual? floodmark guard learn makes a model from past traffic, kept apart from what is judged."
    if found.canaries is None:
        yield "Who lists whole ranges? floodmark guard canaries make puts identifiers there that nobody holds."
