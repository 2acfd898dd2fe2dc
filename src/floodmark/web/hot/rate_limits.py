"""RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), which are structured fields (RFC 9651)."""

from __future__ import annotations

from floodmark.web.budget import Allowance, Verdict


def rate_limits(verdict: Verdict) -> dict[str, str]:
    """What is left of every limit that bears on a client, the tightest first.

    Args:
        verdict: what the budget said.
    """
    if not verdict.allowances:
        return {}
    return {
        "ratelimit-policy": ", ".join(map(_policy, verdict.allowances)),
        "ratelimit": ", ".join(map(_left, verdict.allowances)),
    }


def _policy(limit: Allowance) -> str:
    window = "" if limit.window is None else f";w={limit.window}"
    return f'"{limit.name}";q={limit.quota}{window}'


def _left(limit: Allowance) -> str:
    reset = "" if limit.reset is None else f";t={limit.reset}"
    return f'"{limit.name}";r={limit.left}{reset}'
