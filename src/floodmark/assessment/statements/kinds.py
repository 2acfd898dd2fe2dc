"""What kinds of statements are told apart, who makes them, and what of them can be tested."""

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

ASSERTION_KINDS = (
    "total",  # how many: a quantity of something (`of`)
    "countries",  # how many countries, a table of them, or both
    "fields",  # which kinds of data, by label of FieldType
    "new",  # not published before
    "old",  # published before; `on` says since when
    "scraped",  # collected through an interface that answers, not taken from within
    "public-only",  # nothing that a public profile did not show
    "fixed-before",  # the door was shut before the date `on`
    "not-ours",  # does not come from the company, or there is no evidence that it does
    "breach",  # security was breached, by whomever and of whatever
    "fault",  # a technical fault or an error of a person
    "attack-by",  # an attack by whom `who` names
    "amount",  # money: a fine, a settlement, a price of the whole
    "dated",  # when what the statement is about was written or done
)
OFFERS = ("sold", "resold", "free")  # what an advert does with the data
DRAWN = ("ours", "researcher", "seller", "unknown")  # who drew the sample: METHODS of sampling rest on it
COUNTED = (
    "",
    "rows",
    "accounts",
    "identifiers",
    "phones",
    "emails",
    "people",
    "users",
)  # what a total counts
