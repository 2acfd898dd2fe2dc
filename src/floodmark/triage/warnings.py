"""What a reader must notice first: findings of a profile, loud ones (`danger`) before the rest."""

from __future__ import annotations

from collections.abc import Iterator

from floodmark.reports.labels import column_name, field_name
from floodmark.reports.numbers import listing, plural, rows, share
from floodmark.triage.profile import FieldProfile, Finding, Profile

UNICODE = frozenset({"utf-8", "us-ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
SURE_ENCODING = 0.9
MUCH_QUARANTINE = 0.01  # of all lines
LOW_CONFIDENCE = 0.9  # of the grammar
LOW_PHONE_VALIDITY = 0.8  # of the filled cells of a phone column
MANY_IN_RUNS = 0.1  # of the distinct numbers
LONG_RUN = 50  # neighbouring numbers
MANY_REPEATS = 0.01  # of all rows
SHORT = 32  # characters of a name within a sentence
HIDDEN = " (hidden)"  # as readers of workbooks name a sheet that is not shown
ON_BANNERS = frozenset({"synthetic", "quick"})  # that a report says at its very top already
_ORDER = {"danger": 0, "warning": 1, "info": 2}
_HARMFUL = {
    "password": ("plaintext-passwords", "Passwords in plain text, usable wherever they were reused"),
    "card_number": ("payment-cards", "Payment card numbers with a right check digit"),
    "bank_account": ("bank-accounts", "Bank account numbers with right check digits"),
    "national_id": ("national-ids", "National identity numbers, which people cannot change"),
    "passport": ("passports", "Passport numbers"),
    "tax_id": ("tax-numbers", "Tax numbers"),
    "security_question": ("security-questions", "Security questions or their answers"),
}


def warnings_for(profile: Profile) -> list[Finding]:
    """Findings of a profile whose `warnings` may still be empty, most severe first.

    Thresholds are this module's constants. A message names columns only with identifiers covered, and says
    what its number counts.
    """
    found = [*_data(profile), *_reading(profile), *_shape(profile)]
    return sorted(found, key=lambda finding: _ORDER[finding.severity])


def _data(profile: Profile) -> Iterator[Finding]:
    """What kinds of data make the leak worse."""
    special = [f for f in profile.fields if f.special_category and f.rows]
    if special:
        most = max(f.rows for f in special)
        kinds = listing([f"{field_name(f.type)} in {rows(f.rows)}" for f in special])
        yield Finding(
            "special-categories",
            "danger",
            f"Special categories of personal data (GDPR article 9): {kinds}.",
            most,
        )
    for field in profile.fields:
        if field.type in _HARMFUL and _rows_that_count(field):
            slug, words = _HARMFUL[field.type]
            named = listing([column_name(column, SHORT) for column in field.columns], 4)
            where = f" (column {named})" if field.columns else ""
            counted = _rows_that_count(field)
            yield Finding(slug, "danger", f"{words}: in {rows(counted)}{where}.", counted)
    if profile.minors and profile.minors.high:
        minors = profile.minors
        exact = minors.low == minors.high
        span = rows(minors.minors) if exact else f"{minors.low:,} to {minors.high:,} rows"
        yield Finding(
            "minors",
            "danger",
            f"Minors: in {span} the birth date makes the person younger than 18 on {minors.as_of}.",
            minors.minors,
        )


def _reading(profile: Profile) -> Iterator[Finding]:
    """How far the reading itself can be trusted."""
    if profile.synthetic:
        yield Finding("synthetic", "warning", "The data is marked as synthetic: it describes no real person.")
    if profile.mode == "quick":
        yield Finding(
            "quick",
            "warning",
            "Quick mode: counts are estimates from random places in the files, not totals.",
        )
    unread = [f for f in profile.files if f.problem]
    if unread:
        yield Finding(
            "unreadable-files",
            "warning",
            f"Not read, or not to the end: {len(unread):,} of {things(len(profile.files), profile)}; "
            "no count includes what was not read.",
        )
    hidden = [f for f in profile.files if f.grammar and f.grammar.table.endswith(HIDDEN) and f.records]
    if hidden:
        yield Finding(
            "hidden-sheets",
            "warning",
            f"Hidden in the workbook: {plural(len(hidden), 'sheet')} with "
            f"{rows(sum(f.records for f in hidden))}, which every count "
            "includes; the program that shows the workbook does not show them.",
            sum(f.records for f in hidden),
        )
    decoded = [f.grammar for f in profile.files if f.grammar and f.grammar.encoding not in UNICODE]
    if decoded:
        others = sorted({column_name(grammar.encoding, SHORT) for grammar in decoded})
        lowest = min(grammar.encoding_confidence for grammar in decoded)
        yield Finding(
            "other-encodings",
            "info" if lowest >= SURE_ENCODING else "warning",
            f"Decoded from {listing(others)}, as the text itself shows (confidence {lowest:.2f} at the lowest); "
            "were it another encoding, letters beyond A to Z would be others.",
        )
    lines = sum(f.lines.total for f in profile.files)
    quarantined = sum(f.lines.quarantined for f in profile.files)
    repaired = sum(f.lines.repaired for f in profile.files)
    if quarantined:
        loud = quarantined > MUCH_QUARANTINE * lines
        yield Finding(
            "much-quarantine" if loud else "quarantine",
            "warning" if loud else "info",
            f"Quarantine: {plural(quarantined, 'line')} of {lines:,} ({share(quarantined, lines)}) that no "
            "grammar explains; no other count includes them.",
        )
    if repaired:
        yield Finding(
            "repaired",
            "info",
            f"Repaired where exactly one repair fits: {plural(repaired, 'line')} ({share(repaired, lines)}); "
            "these rows are counted.",
        )
    unsure = [f for f in profile.files if f.grammar and f.grammar.confidence < LOW_CONFIDENCE]
    if unsure:
        lowest = min(f.grammar.confidence for f in unsure if f.grammar)
        yield Finding(
            "low-grammar-confidence",
            "warning",
            f"The grammar of {things(len(unsure), profile)} is uncertain (confidence {lowest:.2f} at the "
            "lowest): columns and counts there may be wrong.",
        )


def things(number: int, profile: Profile) -> str:
    """So many entries under files: files, or members and tables of them."""
    inputs = len(profile.custody.get("inputs") or profile.files)
    if len(profile.files) <= inputs:
        return plural(number, "file")
    return plural(number, "member or table", "members or tables")


def _shape(profile: Profile) -> Iterator[Finding]:
    """What in the values looks unlike a list that people left behind."""
    columns = [c for f in profile.files if f.grammar for c in f.grammar.columns]
    weak = [c for c in columns if c.type == "phone" and c.valid_rate is not None and c.fill_rate]
    weak = [c for c in weak if c.valid_rate is not None and c.valid_rate < LOW_PHONE_VALIDITY]
    if weak:
        named = listing([*dict.fromkeys(column_name(c.name, SHORT) for c in weak)], 4)
        lowest = min(c.valid_rate or 0.0 for c in weak)
        yield Finding(
            "low-phone-validity",
            "warning",
            f"Few filled cells are valid phone numbers in {plural(len(weak), 'phone column')} ({named}): "
            f"{share(lowest)} in the worst.",
        )
    runs = profile.runs
    if runs.numbers and (runs.longest >= LONG_RUN or runs.in_runs >= MANY_IN_RUNS * runs.numbers):
        yield Finding(
            "long-runs",
            "warning",
            f"{runs.in_runs:,} of {runs.numbers:,} distinct phone numbers "
            f"({share(runs.in_runs, runs.numbers)}) stand in runs of at least {runs.shortest} neighbours, the "
            f"longest of {runs.longest:,}{_where(profile)}: as in lists that were made by trying number after number.",
        )
    repeats = profile.duplicates.repeats
    if repeats:
        loud = repeats >= MANY_REPEATS * profile.duplicates.rows
        yield Finding(
            "duplicates",
            "warning" if loud else "info",
            f"Repeats of another row, cell for cell: {rows(repeats)} "
            f"({share(repeats, profile.duplicates.rows)}){_where(profile)}; "
            f"the most frequent row appears {plural(profile.duplicates.most_copies, 'time')}.",
            repeats,
        )


def _where(profile: Profile) -> str:
    """What a quick profile's counts of equal or neighbouring values are about: the pieces, not the files."""
    return " in the pieces that were read" if profile.mode == "quick" else ""


def _rows_that_count(field: FieldProfile) -> int:
    return field.rows if field.valid is None else field.valid
