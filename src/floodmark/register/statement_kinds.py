"""What kinds of statements are told apart, and what kinds of bodies or persons make them."""

KINDS = (
    "advert",
    "denial",
    "apology",
    "apology-refused",
    "confirmation",
    "sample-check",
    "report",
    "inquiry",
    "decision",
    "fine",
    "settlement",
    "notification",
    "outage-notice",
    "attack-claim",
)
SPEAKER_KINDS = ("seller", "company", "researcher", "journalist", "regulator", "court", "claimed-attacker")
