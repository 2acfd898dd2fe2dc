"""Made-up lookup traffic: honest clients of an address-book service and scrapers among them, with the truth of both.

Examples:
    >>> from floodmark.identifiers.digests import DigestKey
    >>> made = traffic(DigestKey(bytes(32)), actors=50, days=3, visitors=0, scrapers={"fast": 1}, seed=1)
    >>> made.truth["honest"].sum(), made.truth.filter(~made.truth["honest"])["distinct"].item()
    (50, 20000)
"""

from floodmark.synth.traffic.families import FAMILIES, HONEST
from floodmark.synth.traffic.traffic import START, Traffic, traffic
from floodmark.synth.traffic.truth import TRUTH

__all__ = ["FAMILIES", "HONEST", "START", "TRUTH", "Traffic", "traffic"]
