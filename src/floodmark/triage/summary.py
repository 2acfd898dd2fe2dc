"""The first screen: what can be said, what cannot, what to ask next, in exact plain sentences.

Every sentence says whether it counts lines, rows or identifiers. People are only ever estimated, and triage
makes no such estimate, so no sentence counts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from floodmark.reports.labels import (
    ELSEWHERE,
    column_name,
    country_name,
    field_name,
    plain,
    values_name,
    words,
)
from floodmark.reports.numbers import Intervals, count, listing, plural, rows, share, size
from floodmark.triage.profile import DateProfile, IdentifierProfile, Profile, Summary
from floodmark.triage.warnings import LOW_CONFIDENCE, SHORT, things

NATIONAL_SHARE = 0.2  # of the rows with a phone cell, without a valid number, that suggests national forms
MOST_WINDOWS = 4
MOST_REASONS = 4
LINE_KINDS = frozenset({"delimited", "tables", "jsonl", "fixed", "blocks"})


def summarise(profile: Profile) -> Summary:
    """The summary of a profile whose own `summary` may still be empty."""
    return Summary([*_can_say(profile)], [*_cannot_say(profile)], [*_ask_next(profile)])


def _can_say(profile: Profile) -> Iterator[str]:
    intervals = Intervals(profile.intervals)
    if profile.synthetic:
        yield "This is synthetic data, marked as such: no sentence below is about a real person."
    yield from _reading(profile, intervals)
    if not profile.rows:
        return
    for place, identifier in enumerate(profile.identifiers):
        if identifier.rows:
            yield _identifier(identifier, f"/identifiers/{place}", intervals)
    yield from _countries(profile)
    yield from _fields(profile)
    windows = [date for date in profile.dates if date.earliest and date.latest]
    if len(windows) > MOST_WINDOWS:
        yield from _windows(windows, profile.mode == "quick")
    else:
        yield from (_window(date, len(profile.files) > 1, profile.mode == "quick") for date in windows)
    yield from _repeats(profile)


def found_in(profile: Profile) -> str:
    """How many files were read, and how many members and tables they hold where that is more.

    A file that is no archive and has one table counts as itself alone.
    """
    inputs = len(profile.custody.get("inputs") or profile.files)
    where = plural(inputs, "file")
    parts = len(profile.files)
    return where if parts <= inputs else f"{where} ({parts:,} members and tables)"


def _unit(profile: Profile) -> str:
    """What is counted where lines are: records of texts whose records are no lines."""
    kinds = {file.grammar.record for file in profile.files if file.grammar}
    return "line" if kinds <= LINE_KINDS else "line or record"


def _skipped(profile: Profile) -> str:
    """The reasons of what was skipped, most bytes first."""
    sums: Counter[str] = Counter()
    for file in profile.files:
        for one in file.skipped:
            sums[one.reason] += one.bytes
    named = [words(reason) for reason, _ in sums.most_common(MOST_REASONS)]
    return f" ({listing(named)})" if named else ""


def _reading(profile: Profile, intervals: Intervals) -> Iterator[str]:
    lines = sum(f.lines.total for f in profile.files)
    where = found_in(profile)
    if profile.mode == "quick":
        yield (
            f"About {count(profile.rows)} rows{intervals.beside('/rows')} are in {where}, estimated from "
            "random places; ranges in brackets hold with 95 % confidence."
        )
        return
    yield (
        f"{rows(profile.rows)} {'was' if profile.rows == 1 else 'were'} read out of {plural(lines, _unit(profile))} "
        f"in {where}; {_accounted(profile)}."
    )
    total = sum(f.bytes.total for f in profile.files)
    kept = sum(f.bytes.accepted + f.bytes.repaired for f in profile.files)
    quarantined = sum(f.bytes.quarantined for f in profile.files)
    if total:
        yield (
            f"Of {size(total)} of text, {share(kept, total)} is in rows, {share(quarantined, total)} in "
            f"quarantine and {share(total - kept - quarantined, total)} skipped{_skipped(profile)}."
        )


def _accounted(profile: Profile) -> str:
    """What the sums allow to say of the accounting; never more."""
    parts = [s for f in profile.files for s in (f.lines, f.bytes)]
    if any(s.total != s.accepted + s.repaired + s.quarantined + s.skipped for s in parts):
        return "the accounting does not add up, so take no count here as exact"
    if any(f.problem for f in profile.files):
        return "every byte that could be read is accounted for"
    return "every byte is accounted for"


def _identifier(identifier: IdentifierProfile, pointer: str, intervals: Intervals) -> str:
    distinct = count(identifier.distinct) + intervals.beside(f"{pointer}/distinct")
    valid = rows(identifier.valid) + intervals.beside(f"{pointer}/valid")
    name = field_name(identifier.kind) if identifier.distinct == 1 else values_name(identifier.kind)
    text = f"{distinct} distinct valid {name}, in {valid}"
    invalid = identifier.rows - identifier.valid
    return text + (f"; {rows(invalid)} more with a value that is not valid." if invalid else ".")


def _countries(profile: Profile) -> Iterator[str]:
    known = [c for c in profile.countries if c.country not in ELSEWHERE and c.phones]
    if known:
        valid = sum(c.phones for c in profile.countries)
        top = sorted(known, key=lambda c: -c.phones)[:3]
        most = listing([f"{country_name(c.country)} ({share(c.phones, valid)})" for c in top])
        yield (
            "The valid phone numbers belong to the numbering plans of "
            f"{plural(len(known), 'country', 'countries')}; most rows: {most}."
        )
    located = [c for c in profile.locations.countries if c["rows"]]
    if located:
        named = profile.locations.rows - profile.locations.unknown
        yield (
            f"Location text names {plural(len(located), 'country', 'countries')} in {rows(named)}; in "
            f"{count(profile.locations.unknown)} more it names none."
        )


def _fields(profile: Profile) -> Iterator[str]:
    held = sorted((f for f in profile.fields if f.rows and f.type != "unknown"), key=lambda f: -f.rows)
    if held:
        named = listing([f"{field_name(f.type)} ({share(f.fill_rate)})" for f in held], 12)
        yield f"{plural(len(held), 'kind')} of data, with the share of rows that have it: {named}."
    both = sum(one.rows for one in profile.field_sets if {"phone", "email"} <= set(one.fields))
    if both:
        # Rare sets are not listed, so that a sum over sets is the whole only when the sets cover all rows.
        whole = sum(one.rows for one in profile.field_sets) == profile.rows
        yield f"{'' if whole else 'At least '}{rows(both)} join a phone number and an e-mail address."


def _window(date: DateProfile, several: bool, quick: bool) -> str:
    column = f"column {column_name(date.column, SHORT)}" + (
        f" of {plain(date.file, SHORT)}" if several else ""
    )
    text = f"Dates ({field_name(date.type)}, {column}) run from {date.earliest} to {date.latest}"
    if quick:
        return text + " in the pieces that were read."
    kept_out = sum(int(sentinel["rows"]) for sentinel in date.sentinels)
    text += f" in {rows(sum(year['rows'] for year in date.years))}"
    return text + (f"; {rows(kept_out)} with a placeholder date are counted apart." if kept_out else ".")


def _windows(dates: list[DateProfile], quick: bool) -> Iterator[str]:
    """One sentence for each type of date, over all columns of it."""
    for kind in dict.fromkeys(date.type for date in dates):
        mine = [date for date in dates if date.type == kind]
        first, last = min(str(date.earliest) for date in mine), max(str(date.latest) for date in mine)
        text = f"Dates ({field_name(kind)}, {plural(len(mine), 'column')}) run from {first} to {last}"
        total = sum(year["rows"] for date in mine for year in date.years)
        yield text + (" in the pieces that were read." if quick else f" in {rows(total)}.")


def _repeats(profile: Profile) -> Iterator[str]:
    if profile.mode == "quick":
        return
    repeats = profile.duplicates.repeats
    if repeats:
        yield f"Repeats of another row, cell for cell: {rows(repeats)} ({share(repeats, profile.rows)})."
    else:
        yield "No row repeats another cell for cell."


def _cannot_say(profile: Profile) -> Iterator[str]:
    if profile.synthetic:
        yield "Anything about real people, or about a real leak."
    unread = sum(1 for f in profile.files if f.problem)
    if unread:
        yield f"What is in {things(unread, profile)} that could not be read."
    if not profile.rows:
        yield "Anything about the content: no row was read."
        return
    if profile.unseen_rows:
        yield (
            "What is only in stretches of which nothing was read: they may hold up to "
            f"{rows(profile.unseen_rows)} (97.5 % confidence), and no number here covers it."
        )
    yield (
        "How many people are in it. Rows and identifiers are counted here; one person can have several of "
        "each, and one number can have had several owners. People are only ever estimated, and triage makes "
        "no estimate."
    )
    yield "Whether the data is new, or recycled from an earlier leak: that takes a comparison."
    yield "The total of a larger set, if this is a sample: a sample that its seller chose gives none."
    yield "Whether the values are true: a valid number fits its numbering plan and need not be in service."
    if any(c.phones for c in profile.countries):
        yield "Where people live: a dialling code says where a number was issued, not where its owner is."
    yield from _cannot_date(profile)
    quarantined = sum(f.lines.quarantined for f in profile.files)
    if quarantined:
        yield f"The content of {plural(quarantined, 'quarantined line')}, which no grammar explains."
    unknown = _unknown_columns(profile)
    if unknown:
        yield f"The meaning of {plural(len(unknown), 'column')} of no recognised type: {listing(unknown, 6)}."


def _cannot_date(profile: Profile) -> Iterator[str]:
    latest = max((d.latest for d in profile.dates if d.latest and d.type != "birth_date"), default=None)
    if latest:
        yield (
            f"When it was taken: not before {latest}, the latest date in it, if dates are unaltered; how long "
            "after, the file does not say."
        )
    else:
        yield "When it was taken: no date in it bears on that."
    ambiguous = sum(d.ambiguous for d in profile.dates)
    if ambiguous:
        yield f"Which is day and which is month in {plural(ambiguous, 'date')}: the column does not decide."


def _unknown_columns(profile: Profile) -> list[str]:
    several = len(profile.files) > 1
    return [
        column_name(column.name, SHORT) + (f" of {plain(file.label, SHORT)}" if several else "")
        for file in profile.files
        for column in (file.grammar.columns if file.grammar else ())
        if column.type == "unknown"
    ]


def _ask_next(profile: Profile) -> Iterator[str]:
    for file in (f for f in profile.files if f.problem):
        hint = (
            plain(file.problem["hint"], 200)
            if file.problem and file.problem.get("hint")
            else "Look at it by hand."
        )
        yield f"{plain(file.label, SHORT)}: {hint}"
    if profile.mode == "quick":
        yield "Run again with --exact for counts without intervals."
    yield from _ask_of_reading(profile)
    if not profile.rows:
        return
    yield (
        "Compare with an earlier leak: how many identifiers does it share, and do names and places agree "
        "on those?"
    )
    if any(i.kind == "profile_id" and i.valid for i in profile.identifiers):
        yield "Ask the platform how profile ids are assigned: ids in order of sign-up would date the data."
    if profile.synthetic:
        return
    yield "Ask the platform to confirm a sample that we draw, with decoys that only we know."
    if not _acquired(profile):
        yield "Record where the file came from, and when: --acquired-from and --acquired-at."
    if any(f.special_category and f.rows for f in profile.fields):
        yield (
            "Ask counsel who must be told: special categories of data raise the risk to people (GDPR, "
            "articles 33 and 34)."
        )


def _ask_of_reading(profile: Profile) -> Iterator[str]:
    first = next(((f, q) for f in profile.files for q in f.quarantine if q.offsets), None)
    if first:
        file, reason = first
        yield (
            f"Look at the quarantined lines where they lie; the first is at byte {reason.offsets[0]:,} of "
            f"{plain(file.label, SHORT)}. If they follow a rule, a saved grammar can teach it."
        )
    if any(f.grammar and f.grammar.confidence < LOW_CONFIDENCE for f in profile.files):
        yield "Confirm the grammar: give --delimiter or a saved grammar and compare the accounting."
    phone = next((i for i in profile.identifiers if i.kind == "phone"), None)
    region = (profile.custody.get("options") or {}).get("region")
    if phone and phone.rows - phone.valid > NATIONAL_SHARE * phone.rows and not region:
        yield (
            f"Give --region: the phone cell holds no valid international number in "
            f"{rows(phone.rows - phone.valid)}; national numbers of one country become readable with it."
        )
    if _unknown_columns(profile):
        yield "Name the columns of no recognised type in a saved grammar, if their source says what they are."


def _acquired(profile: Profile) -> bool:
    acquired = profile.custody.get("acquired") or {}
    return bool(acquired.get("from") if isinstance(acquired, dict) else acquired)
