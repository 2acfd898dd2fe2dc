"""The assessment of an advert as JSON values, in the form of `advert.schema.json`.

Sentences are in it as the other forms of output have them; a chance below one in a million is given as that floor.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from floodmark.assessment.admiralty import SAYINGS, SOURCES
from floodmark.assessment.advert import AdvertAssessment
from floodmark.assessment.contradictions.contradiction import Contradiction
from floodmark.assessment.evidence.evidence import Evidence, Tested
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import FLOOR, Match
from floodmark.assessment.fingerprint.ranks import RankAgreement
from floodmark.assessment.fingerprint.rows import RowMatch
from floodmark.assessment.report.advert_certainty import OFFER, subject
from floodmark.assessment.report.advert_words import words
from floodmark.assessment.statements.country_table import CountryRow, Price
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import values as assertion_values

SCHEMA_VERSION = 1


def values(found: AdvertAssessment) -> dict[str, Any]:
    """An assessment as JSON values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "advert": _advert(found),
        "result": found.result,
        "likelihood": _likelihood(found),
        "grade": {
            "source": OFFER.source,
            "source_means": SOURCES[OFFER.source],
            "saying": OFFER.saying,
            "saying_means": SAYINGS[OFFER.saying],
        },
        "compared": [_known(found, one) for one in found.known],
        "left_out": [_known(found, one) for one in found.left_out],
        "matches": [_match(found, one) for one in found.matches],
        "assertions": [_tested(one) for one in found.tested],
        "contradictions": [_contradiction(one) for one in found.contradictions],
        "words": asdict(words(found)),
    }


def _advert(found: AdvertAssessment) -> dict[str, Any]:
    advert, statement = found.advert, found.advert.statement
    return {
        "id": statement.id if advert.is_recorded else None,
        "file": {"name": advert.name, "size": advert.size, "sha256": advert.sha256}
        if advert.sha256
        else None,
        "about": statement.about or None,
        "said_on": statement.said_on or None,
        "sample": statement.sample,
        "drawn": statement.drawn or None,
        "rows": [_advert_row(row) for row in advert.table.rows],
        "sum": advert.table.sum,
        "total": _quantity(advert.total) if advert.total is not None else None,
        "understood": list(advert.understood),
        "remarks": [asdict(one) for one in advert.remarks],
    }


def _advert_row(row: CountryRow) -> dict[str, Any]:
    return {
        "country": row.country,
        "count": _quantity(row.count) if row.count is not None else None,
        "price": _price(row.price) if row.price is not None else None,
        "source": row.source or None,
    }


def _likelihood(found: AdvertAssessment) -> dict[str, Any] | None:
    one = found.likelihood
    if one is None:
        return None
    return {
        "of": f"{subject(found, found.found[0])} and the first of the tables found have a common origin",
        "word": one.word,
        "low_percent": one.low,
        "high_percent": one.high,
    }


def _known(found: AdvertAssessment, one: KnownTable) -> dict[str, Any]:
    return {
        "id": one.id,
        "about": one.about,
        "title": one.title,
        "dated": one.dated or None,
        "countries": len(one.counts),
        "total": _quantity(one.total) if one.total is not None else None,
        "counted": one.counted,
        "synthetic": one.synthetic,
        "statistic": one.statistic,
        "source": found.sources.get(one.id) or None,
    }


def _match(found: AdvertAssessment, one: Match) -> dict[str, Any]:
    return {
        "known": one.known.id,
        "order": one.order or None,
        "alignment": one.alignment,
        "factor": one.factor,
        "conclusion": one.conclusion,
        "chance": _chance(one.log10_p),
        "sensitivity": [
            {"sigma": sigma, "chance": _chance(log10_p)} for sigma, log10_p in sorted(one.sensitivity.items())
        ],
        "least_sigma": float(f"{one.least_sigma:.3g}") if one.least_sigma is not None else None,
        "needed": one.needed,
        "telling": one.telling,
        "comparisons": one.tests,
        "advert_rows": one.advert_rows,
        "share": float(f"{one.share:.4g}"),
        "left_out": list(one.left_out),
        "later": list(one.later),
        "only_said": list(one.only_said),
        "only_known": list(one.only_known),
        "rows": [_row(row) for row in one.rows],
        "size_order": _order(found.orders.get(one.known.id)),
        "prices": [
            {
                "country": price.country,
                "said": _price(price.said),
                "known": _price(price.known),
                "same": price.is_same,
            }
            for price in found.prices.get(one.known.id, ())
        ],
    }


def _chance(log10_p: float) -> dict[str, Any]:
    """A bound on a chance; below the floor nothing but that is said."""
    if log10_p <= -6:
        return {"at_most": FLOOR, "is_floor": True}
    return {"at_most": float(f"{10.0**log10_p:.3g}"), "is_floor": False}


def _order(one: RankAgreement | None) -> dict[str, Any] | None:
    if one is None:
        return None
    chances = [
        {"sigma": sigma, "tau_chance": one.tau_chance[sigma], "first_chance": one.first_chance[sigma]}
        for sigma in sorted(one.tau_chance)
    ]
    return {"countries": one.countries, "tau": round(one.tau, 4), "first": one.first, "simulated": chances}


def _price(one: Price) -> dict[str, Any]:
    return {"amount": _quantity(one.amount), "currency": one.currency}


def _row(row: RowMatch) -> dict[str, Any]:
    return {
        "country": row.country or None,
        "said": _quantity(row.said),
        "known": _quantity(row.known),
        "original": _quantity(row.original) if row.original is not None else None,
        "how": row.how,
        "known_country": row.known_country or None,
        "source": row.source or None,
        "said_source": row.said_source or None,
        "not_counted": row.unscored or None,
    }


def _quantity(one: Quantity) -> dict[str, Any]:
    return {"value": one.value, "digits": one.digits, "bound": one.bound or None}


def _tested(one: Tested) -> dict[str, Any]:
    return {
        "assertion": assertion_values(one.assertion),
        "state": one.state,
        "evidence": [_evidence(evidence) for evidence in one.evidence],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "test": one.test,
        "effect": one.effect,
        "words": one.words,
        "power": one.power,
        "numbers": dict(one.numbers),
        "sources": list(one.sources),
    }


def _contradiction(one: Contradiction) -> dict[str, Any]:
    return {
        "thing": one.thing,
        "scope": one.scope or None,
        "how": list(one.how),
        "statements": list(one.statements),
        "words": one.words,
    }
