"""A report on lookups as one HTML file that loads nothing, runs nothing and prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

from markupsafe import Markup

from floodmark.files import write_atomic
from floodmark.guard.report import charts
from floodmark.guard.report.budget_use import BudgetUse, LevelUse, LimitUse
from floodmark.guard.report.canary_use import TELLING
from floodmark.guard.report.evidence_use import ActorEvidence, EvidenceUse
from floodmark.guard.report.guard_report import GuardReport
from floodmark.guard.report.policy_use import PolicyUse
from floodmark.guard.report.ranking import RankedActor
from floodmark.guard.report.words import words
from floodmark.reports import page
from floodmark.reports.labels import column_name, plain
from floodmark.reports.numbers import count, listing, plural, share
from floodmark.reports.svg import INKS

SEVERITIES = {"danger": "Serious", "warning": "Warning", "info": "Note"}
MOST_BARS = 12
_ACTIONS = {"delay": "delays", "coarsen": "coarsens", "challenge": "challenges", "deny": "denies"}
_PARTS = {"hits": "hits and misses", "gaps": "neighbours", "rarity": "rarely asked"}
_DRAWINGS = ("time", "time_narrow", "endpoints", "harm", "budgets", "evidence")


def write(found: GuardReport, path: Path) -> None:
    """Write the page to `path`, wholly or not at all.

    Raises:
        OutputFailed: the file cannot be written.
    """
    write_atomic(path, render(found).encode())


def render(found: GuardReport) -> str:
    """The page as text."""
    said = words(found)
    filters: dict[str, Callable[..., Any]] = {
        "when": _when,
        "day": _day,
        "amount": _amount,
        "about": _about,
        "most_by": _most_by,
        "telling": _telling,
        "sentence": _sentence,
    }
    template = page.environment("floodmark.guard.report", filters).get_template("guard.html.j2")
    return template.render(
        found=found,
        synthetic=found.synthetic and not found.partly_synthetic,
        said=(
            ("can", "What can be said", said.can),
            ("cannot", "What cannot be said", said.cannot),
            ("ask", "What to ask next", said.ask),
        ),
        findings=said.findings,
        fates=_fates(found),
        steps=_steps(found.policy),
        by_endpoint=any(one.endpoints or one.besides for one in found.budgets.limits)
        if found.budgets
        else False,
        telling_value=TELLING,
        severities=SEVERITIES,
        sections=[*_sections(found)],
        headline=[*_headline(found)],
        charts=_charts(found),
        with_truth=any(one.truth for one in found.actors),
        inks=INKS,
    )


def _sections(found: GuardReport) -> Iterator[tuple[str, str]]:
    yield "summary", "Summary"
    if found.actors:
        yield "actors", "Actors"
    if found.budgets:
        yield "budgets", "Budgets"
    if found.evidence:
        yield "evidence", "Evidence"
    if found.canaries:
        yield "canaries", "Canaries"
    if found.tenths:
        yield "harm", "Harm by size"
    if found.moments:
        yield "traffic", "Traffic"
    yield "origin", "Where it comes from"


def _headline(found: GuardReport) -> Iterator[tuple[str, int]]:
    yield "Lookups", found.traffic.lookups
    yield "Distinct identifiers", found.traffic.identifiers
    yield "Actors", found.traffic.actors
    if found.evidence:
        yield "Flagged by evidence", found.evidence.flagged
    if found.policy:
        yield "Actors limited", found.policy.limited
    if found.canaries:
        yield "Flagged by canaries", found.canaries.telling


def _charts(found: GuardReport) -> dict[str, Markup]:
    """The drawings by name; the markup comes from `svg.draw`, which lets shapes and text through only."""
    drawn = {}
    if len(found.moments) > 1:
        drawn["time"] = charts.over_time(found.moments, charts.WIDE)
        drawn["time_narrow"] = charts.over_time(found.moments)
    if len(found.endpoints) > 1:
        items = [
            charts.Bar(column_name(one.name, 40), one.new, count(one.new))
            for one in found.endpoints[:MOST_BARS]
        ]
        drawn["endpoints"] = charts.bars(
            items, "New identifiers by endpoint", "Identifiers new to the actor, by endpoint."
        )
    if found.tenths:
        drawn["harm"] = _harm(found)
    if found.budgets and found.budgets.most_used:
        drawn["budgets"] = _budgets(found.budgets)
    if found.evidence and (most := [one for one in found.actors if one.evidence and one.evidence.reached]):
        drawn["evidence"] = _evidence(most, found.evidence)
    missing = dict.fromkeys(_DRAWINGS, Markup(""))
    return missing | {name: Markup(text) for name, text in drawn.items()}  # noqa: S704 - see above


def _fates(found: GuardReport) -> list[tuple[str, int]]:
    """Lines of all logs by what became of them, most first."""
    lines: Counter[str] = Counter()
    for file in found.files:
        lines.update(dict(file.counts))
    return lines.most_common()


def _harm(found: GuardReport) -> str:
    """Actors flagged or limited, by tenth; without either, how much each tenth asked for."""
    if found.policy is None and found.evidence is None:
        items = [charts.Bar(f"tenth {one.tenth}", one.new, count(one.new)) for one in found.tenths]
        return charts.bars(items, "Identifiers by tenth", "Distinct identifiers that each tenth asked for.")
    items = []
    for one in found.tenths:
        hit = max(one.limited or 0, one.flagged or 0)
        colour = "danger" if hit == one.flagged else "warning"
        items.append(charts.Bar(f"tenth {one.tenth}", hit / one.actors, share(hit, one.actors), colour))
    return charts.bars(
        items,
        "Actors limited or flagged by tenth",
        "Share of each tenth's actors that the policy would have limited or evidence flags, whichever is more.",
        whole=1.0,
    )


def _budgets(used: BudgetUse) -> str:
    items = [
        charts.Bar(
            _short(one.name),
            one.share,
            share(min(one.share, 1.0)),
            "danger" if one.peak > one.burst - 1 else "mark",
        )
        for one in used.most_used[:MOST_BARS]
    ]
    return charts.bars(
        items,
        "Budgets most used",
        "Most that was used of a budget at a time, as a share of its burst; of each level those who used most.",
        whole=1.0,
    )


def _evidence(actors: Sequence[RankedActor], used: EvidenceUse) -> str:
    known = [(one.name, one.evidence) for one in actors if one.evidence is not None]
    most = sorted(known, key=lambda one: -one[1].value)[:MOST_BARS]
    items = [
        charts.Bar(_short(name), one.value, _amount(one.value), "danger" if one.flagged else "mark")
        for name, one in most
    ]
    return charts.evidence(items, 1.0 / used.alpha)


def _steps(policy: PolicyUse | None) -> str:
    """What a policy does from where on, besides its budgets."""
    if policy is None:
        return ""
    parts = [f"{_ACTIONS[one.action]} from evidence M = {_amount(one.value)} on" for one in policy.evidence]
    for one in policy.canaries:
        parts.append(f"{_ACTIONS[one.action]} from {plural(ceil(one.value), 'canary', 'canaries')} on")
    parts += [f"{_ACTIONS[one.action]} where {share(one.value)} of a budget is used" for one in policy.used]
    return f"The policy {listing(parts, 12)}." if parts else ""


def _most_by(weighed: ActorEvidence | None) -> str:
    """The part of the score that is largest, where there is evidence at all."""
    known = {name: getattr(weighed, name) for name in _PARTS if getattr(weighed, name, None) is not None}
    if weighed is None or weighed.value <= 1 or not known:
        return "–"
    return _PARTS[max(known, key=lambda name: known[name])]


def _telling(one: RankedActor) -> bool:
    """Whether an actor is flagged, by evidence or by canaries."""
    return bool((one.evidence and one.evidence.flagged) or (one.canary_value or 0.0) >= TELLING)


def _sentence(text: str, longest: int) -> str:
    """A sentence whose numbers stay with their signs."""
    return (
        plain(text, longest).replace(" %", "\u00a0%").replace("< ", "<\u00a0").replace(" = ", "\u00a0=\u00a0")
    )


def _about(one: LimitUse | LevelUse) -> str:
    """Which endpoints a limit counts."""
    if one.endpoints:
        return listing([column_name(name, 40) for name in one.endpoints])
    return f"all but {listing([column_name(name, 40) for name in one.besides])}" if one.besides else "all"


def _when(at: datetime | None) -> str:
    return "–" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _day(at: datetime | None) -> str:
    return "–" if at is None else f"{at:%Y-%m-%d}"


def _amount(value: float) -> str:
    """A number that may be large, small or a fraction, short.

    >>> _amount(12345.6), _amount(12.345), _amount(0.01234), _amount(2.5e12), _amount(0)
    ('12,346', '12.3', '0.012', '2.5e+12', '0')
    """
    if value == 0:
        return "0"
    if abs(value) >= 1e12 or abs(value) < 1e-3:
        return f"{value:.2g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 1 else f"{value:.2g}"


def _short(name: str) -> str:
    """An actor's name where there is little room.

    >>> _short("account/1a2b3c4d5e6f7081")
    'account/1a2b3c4d…'
    """
    return name[:-8] + "…" if len(name) > 12 else name
