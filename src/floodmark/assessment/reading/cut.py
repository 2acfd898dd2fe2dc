"""Proposals of assertions from what was said, by rules for English sentences; a person decides which of them stand.

>>> said = "A seller offers 487 million phone numbers from 84 countries. It is old data, fixed in August 2019."
>>> [(one.kind, one.quantity.value if one.quantity else one.on) for one in propose(said)]
[('total', 487000000), ('countries', 84), ('old', ''), ('fixed-before', '2019-09')]
>>> propose(said)[1].quote
'A seller offers 487 million phone numbers from 84 countries.'

A rule sees words, not what is meant: who says a thing of whom, and what is denied two sentences on, it cannot tell. A
sentence that denies what a rule looks for proposes nothing, and nothing is saved that was not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from floodmark.assessment.reading.cut_numbers import numbers
from floodmark.assessment.reading.english_dates import after, dates
from floodmark.assessment.reading.numerals import plain
from floodmark.assessment.statements.assertion import Assertion

LONGEST = 20_000
LONGEST_SENTENCE = 600
LONGEST_WHO = 60
_SENTENCES = re.compile(r"(?<=[.!?])[\"'”’)]?\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Dr|No|Inc|Ltd|Corp|Co|vs|approx|ca|est|U\.S|U\.K|e\.g|i\.e)|\b[A-Z])\.\Z"
)
_DENIED = re.compile(
    r"\b(?:not|no|never|without|neither|nor|cannot|den(?:y|ies|ied|ying)|rather than|instead of|ruled? out)\b"
    r"[^.;:]{0,40}\Z|n[o']t\b[^.;:]{0,40}\Z",
    re.IGNORECASE,
)
_PLAIN = {
    "scraped": r"\bscrap(?:ed|ing|e)\b|\bdata scrap\w*",
    "public-only": r"\b(?:publicly (?:available|accessible|visible|viewable)|public(?:ly)? "
    r"(?:information|data|profiles?)|already public)\b",
    "not-ours": r"\bno (?:evidence|indication|sign)s?\b|\bunsubstantiated\b|\b(?:did|does|do|has|have|was|were|is|are) "
    r"?n[o']t (?:come|originate|been obtained|obtained|taken|from) (?:from |by )?(?:our|its|their|the company)\b",
    "breach": r"\b(?:data |security |privacy )?breach(?:es|ed)?\b(?! (?:notification|forum|forums|site))"
    r"|\bhack(?:ed|ers? (?:stole|took|accessed))\b|\bstolen from (?:our|its|their)\b",
    "fault": r"\b(?:technical (?:issue|problem|error|fault|glitch)s?|misconfigur\w+|human error|configuration "
    r"(?:error|change)s?|software bug|outage was caused by)\b",
    "new": r"\b(?:never[ -]before[ -](?:seen|leaked|published|released)|brand[ -]new|fresh(?:ly)? "
    r"(?:data|leak\w*|database|dump|scraped)|(?:not|never) (?:been )?(?:previously |before )?"
    r"(?:leaked|published|released) before|new (?:data|leak|database|dataset|data ?set|dump))\b",
    "old": r"\b(?:old (?:data|dataset|leak|report|story|news)|(?:data|report|this|it) (?:is|was|are) (?:very |all )?"
    r"old\b|previously (?:reported|published|known|leaked|disclosed)|already (?:reported|known|leaked|published)|"
    r"recycled|from an? (?:old|earlier|previous) \w+)",
    "fixed-before": r"\b(?:fix(?:ed)?|patch(?:ed)?|remediated|resolved|closed|addressed|shut)\b",
    "dated": r"\bdated?\b(?: back)?(?: to| from| on)?",
}
_RULES = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _PLAIN.items()}
# Its words deny in themselves.
_SELF_DENYING = ("not-ours",)
_NAME = r"[A-Z][\w.-]{0,30}(?: (?:of )?[A-Z0-9][\w.-]{0,30}){0,4}"
_ATTACK = re.compile(
    rf"(?P<before>{_NAME}),? (?:has |have |had )?(?:claimed|claims|claim|took|takes|taken) "
    r"(?:the )?(?:responsibility|credit)\b|\b(?:attack(?:ed)?|claimed) by "
    r"(?:a group (?:called|named) |the group |hackers )?"
    rf"(?P<after>{_NAME})"
)
_GROUPED = re.compile(r"\A(?:The|A|An|On|In|But|And|Later|Groups?)\s+")
_JOINING = re.compile(
    r"(?:[\s,(]|\b(?:on|in|from|since|back|dat(?:ed|es|ing)|to|of|early|late|and|first|that|which|it|was|were|is|had|"
    r"been|data|leak|report|previously|reported|published|leaked|collected|obtained)\b)*"
)
_FIELDS = {
    "phone": r"phone numbers?|telephone numbers?|mobile numbers?",
    "email": r"e-?mails?(?: address(?:es)?)?",
    "profile_id": r"(?:facebook |user |profile |account )ids?",
    "username": r"user ?names?",
    "full_name": r"(?:full )?names",
    "gender": r"genders?|sex(?:es)?",
    "birth_date": r"birth ?(?:dates?|days?)|dates? of birth",
    "location": r"locations?",
    "relationship": r"relationship status(?:es)?|marital status",
    "employer": r"employers?|work ?places?",
    "religion": r"religions?|religious views",
    "password": r"passwords?",
    "ip_address": r"ip address(?:es)?",
    "address": r"(?:home|postal|physical) address(?:es)?",
}
_FIELD_RULES = {
    label: re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE) for label, pattern in _FIELDS.items()
}
_LISTS = re.compile(
    r"\b(?:includ\w+|contain\w*|compris\w+|such as|expos\w+|with|fields?|leak\w*)\b|:", re.IGNORECASE
)


def propose(text: str) -> tuple[Assertion, ...]:
    """Assertions that a text seems to make, in its order, each with the sentence that makes it.

    Args:
        text: English prose; what is beyond 20,000 characters is not looked at, nor a sentence of over 600.
    """
    found: dict[Assertion, Assertion] = {}
    for sentence in _sentences(text[:LONGEST]):
        for one in _of(sentence):
            key = Assertion(
                kind=one.kind,
                quantity=one.quantity,
                of=one.of,
                currency=one.currency,
                on=one.on,
                who=one.who,
                fields=one.fields,
            )
            found.setdefault(key, one)
    return tuple(found.values())


def _sentences(text: str) -> Iterator[str]:
    """Sentences; a full stop after an initial or a usual abbreviation ends none."""
    held = ""
    for part in _SENTENCES.split(text):
        held = f"{held} {part}".strip() if held else part.strip()
        if _ABBREVIATION.search(held[-8:]) and len(held) < LONGEST_SENTENCE:
            continue
        if 0 < len(held) <= LONGEST_SENTENCE:
            yield " ".join(held.split())
        held = ""
    if 0 < len(held) <= LONGEST_SENTENCE:
        yield " ".join(held.split())


def _of(sentence: str) -> Iterator[Assertion]:
    words = plain(sentence)
    yield from numbers(words, sentence)
    for kind, rule in _RULES.items():
        match = rule.search(words)
        if match is None or (kind not in _SELF_DENYING and _DENIED.search(words[: match.start()][-60:])):
            continue
        on = _on(kind, words, match)
        if on is not None:
            yield Assertion(kind=kind, on=on, quote=sentence)
    fields = tuple(label for label, rule in _FIELD_RULES.items() if rule.search(words))
    if len(fields) > 1 and _LISTS.search(words):
        yield Assertion(kind="fields", fields=fields, quote=sentence)
    for match in _ATTACK.finditer(words):
        who = _GROUPED.sub("", (match["before"] or match["after"]).strip(" .,"))
        if who and not _DENIED.search(words[: match.start()][-60:]):
            yield Assertion(kind="attack-by", who=who[:LONGEST_WHO], quote=sentence)


def _on(kind: str, words: str, match: re.Match[str]) -> str | None:
    """The date that belongs to a match; empty where the kind needs none, None where it needs one and has none."""
    if kind not in ("old", "fixed-before", "dated"):
        return ""
    behind = words[match.end() : match.end() + 60]
    found = next(iter(dates(behind)), None)
    if kind == "fixed-before":
        if found is None:
            return None
        earlier = re.search(r"\b(?:before|prior to|by)\s*\Z", behind[: found.start], re.IGNORECASE)
        return found.text if earlier else after(found.text)
    if kind == "dated":
        return found.text if found is not None and not behind[: found.start].strip(" ,:") else None
    return found.text if found is not None and _JOINING.fullmatch(behind[: found.start]) else ""
