"""RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), which are structured fields (RFC 9651).

    >>> from floodmark.register.budgets import Allowance, Verdict
    >>> limits = (Allowance("address", 20, 86_400, 19, 3_600), Allowance("server", 900, 86_400, 640, 3_600))
    >>> rate_limits(Verdict(True, limits, None))
    {'ratelimit-policy': '"address";q=20;w=86400, "server";q=900;w=86400', 'ratelimit': '"address";r=19;t=3600'}

What is left is told of the tightest limit alone. Of the others it would say how many neighbours check, and when.
"""

from __future__ import annotations

from floodmark.web.budget import Allowance, Verdict


def rate_limits(verdict: Verdict) -> dict[str, str]:
    """The limits that bear on a client, and what is left of the tightest.

    Args:
        verdict: what the budget said.
    """
    if not verdict.allowances:
        return {}
    return {
        "ratelimit-policy": ", ".join(map(_policy, verdict.allowances)),
        "ratelimit": _left(verdict.allowances[0]),
    }


def _policy(limit: Allowance) -> str:
    window = "" if limit.window is None else f";w={limit.window}"
    return f'"{limit.name}";q={limit.quota}{window}'


def _left(limit: Allowance) -> str:
    reset = "" if limit.reset is None else f";t={limit.reset}"
    return f'"{limit.name}";r={limit.left}{reset}'
