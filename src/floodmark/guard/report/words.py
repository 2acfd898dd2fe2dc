"""What a report on lookups says in sentences: what can be said, what cannot, and what to ask next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from floodmark.guard.report.guard_report import GuardReport
from floodmark.guard.report.policy_use import PolicyUse
from floodmark.reports.numbers import count, listing, plural, share


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
    if found.canaries is not None and found.canaries.telling:
        first = found.canaries.lookups[0]
        yield (
            "danger",
            f"{plural(found.canaries.telling, 'actor')} asked for more canaries, identifiers that nobody holds, than "
            f"chance explains. The first lookup of one was on {first.at:%d %B %Y at %H:%M} UTC.",
        )
    if found.evidence is not None and found.evidence.flagged:
        yield (
            "danger",
            f"{plural(found.evidence.flagged, 'actor is', 'actors are')} flagged by evidence at α = "
            f"{found.evidence.alpha:g}; if all were like the reference, at most {found.evidence.false_flags:,.3g} "
            "would be expected.",
        )
    if found.policy is not None and found.policy.limited:
        yield (
            "warning",
            f"The policy would have left {plural(found.policy.unanswered, 'lookup')} of "
            f"{plural(found.policy.limited, 'actor')} unanswered{_how(found.policy)}.",
        )
    if found.traffic.lookups and found.traffic.unattributed:
        yield (
            "warning",
            f"{share(found.traffic.unattributed, found.traffic.lookups)} of lookups have neither account nor address, "
            "and count for nobody.",
        )


def _how(used: PolicyUse) -> str:
    """What it would have done instead of answering."""
    parts = [
        f"{count(number)} {word}"
        for number, word in (
            (used.refused, "refused by budgets"),
            (used.challenged, "challenged"),
            (used.denied, "denied"),
        )
        if number
    ]
    return f": {listing(parts)}" if len(parts) > 1 else f", {parts[0].partition(' ')[2]}" if parts else ""


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
    if found.policy is not None and not found.policy.limited:
        limits = (
            "of its own limits" if found.policy.profile == "own" else f"of profile {found.policy.profile}"
        )
        yield f"The policy, {limits}, would have limited nobody."
    if found.honest_known:
        yield from _can_of_truth(found)
    if found.evidence is not None:
        yield (
            f"{plural(found.evidence.actors, 'actor')} asked for enough to be weighed by evidence, and "
            f"{count(found.evidence.flagged)} {'is' if found.evidence.flagged == 1 else 'are'} flagged."
        )
    if found.canaries is not None and found.canaries.total:
        yield (
            f"{plural(found.canaries.actors, 'actor')} asked for {plural(found.canaries.asked, 'canary', 'canaries')}: "
            "by a mistyped or an old number some will."
        )
    if found.canaries is not None and not found.canaries.total:
        yield f"None of {plural(found.canaries.canaries, 'canary', 'canaries')} was asked for."
    if traffic.answered:
        yield f"{share(traffic.hits, traffic.answered)} of the lookups with a known answer found somebody."


def _can_of_truth(found: GuardReport) -> Iterator[str]:
    """What made-up traffic shows, of which it is known who is honest."""
    honest = [one for one in found.families if one.honest]
    scrapers = [one for one in found.families if not one.honest]
    actors = sum(one.actors for one in honest)
    if found.policy is not None and honest:
        limited = sum(one.limited or 0 for one in honest)
        yield (
            f"The policy would have limited {count(limited)} of {plural(actors, 'honest actor')} "
            f"({share(limited, actors)})."
        )
    if found.policy is not None and scrapers:
        answered, wanted = sum(one.answered or 0 for one in scrapers), sum(one.asked for one in scrapers)
        yield f"Of the identifiers that scrapers asked for, it would have answered {share(answered, wanted)}."
    if found.evidence is not None and honest:
        flagged = sum(one.flagged or 0 for one in honest)
        yield f"Evidence flags {count(flagged)} of {plural(actors, 'honest actor')} ({share(flagged, actors)})."
    if found.evidence is not None and scrapers:
        flagged, every = sum(one.flagged or 0 for one in scrapers), sum(one.actors for one in scrapers)
        yield f"Evidence flags {count(flagged)} of {plural(every, 'scraping actor')} ({share(flagged, every)})."


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
        hopeless = sum(one.actors for one in found.evidence.strata if one.reachable > found.evidence.alpha)
        if hopeless:
            yield (
                f"Anything by evidence of {plural(hopeless, 'actor')} whose reference is too small to flag anybody at "
                f"α = {found.evidence.alpha:g}."
            )
    if found.policy is not None and found.policy.limited:
        yield (
            "What actors would have done once they were limited: what is said of the policy is of lookups as they were "
            "made."
        )
    if not found.honest_known and found.tenths and (found.policy or found.evidence):
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
    if found.policy is None:
        yield "Whom would a policy limit? Give this report a policy, or run floodmark guard simulate."
    elif not found.policy.limited:
        yield "Whom would a stricter policy limit? Give this report one, or run floodmark guard simulate."
    if found.evidence is None:
        yield "Who is unusual? floodmark guard learn makes a model from past traffic, kept apart from what is judged."
    if found.canaries is None:
        yield "Who lists whole ranges? floodmark guard canaries make puts identifiers there that nobody holds."
