"""How much it says that an actor asked for canaries: an e-value.

>>> round(e_value(asked=1, identifiers=100, by_chance=5e-7, by_listing=1e-5), 1)
20.0
>>> e_value(asked=0, identifiers=100, by_chance=5e-7, by_listing=1e-5) < 1
True

The hypothesis to reject: of each identifier that an ordinary client asks about, the chance that it is a canary is at
most `by_chance`, whatever it asked before. Canaries are drawn under a secret key from those that nobody holds, so that
this is the share of such identifiers in what ordinary clients ask (old or mistyped ones) times the share of canaries
among them. Against it stands a client that lists the range, to which each identifier is a canary with the chance
`by_listing`. The value is the likelihood ratio of the two, Π (p1/p0)^x ((1−p1)/(1−p0))^(1−x): its mean under the
hypothesis is at most 1, at any time that one looks (Ville; see Ramdas et al., "Game-theoretic statistics and safe
anytime-valid inference", Statistical Science 2023).
"""

from __future__ import annotations

import math

STALE = 0.5
"""Share of identifiers that nobody holds in what an ordinary client asks about, at most.

So large since most services know their own users alone: half of an address book is then held by nobody that they know.
"""
_LARGEST = 690.0  # e to that is the largest float, nearly


def e_value(asked: int, identifiers: int, by_chance: float, by_listing: float) -> float:
    """The e-value of an actor.

    Args:
        asked: different canaries that it asked for.
        identifiers: different identifiers that it asked for in all, canaries included.
        by_chance: chance that an identifier of an ordinary client is a canary, at most.
        by_listing: chance that one of a client that lists the range is.

    Returns:
        The likelihood ratio, at most e^690; 1.0 where a listing client is not more likely to ask for canaries.
    """
    if not 0 < by_chance < by_listing < 1:
        return 1.0
    others = max(0, identifiers - asked)
    log = asked * math.log(by_listing / by_chance)
    log += others * (math.log1p(-by_listing) - math.log1p(-by_chance))
    return math.exp(min(log, _LARGEST))
