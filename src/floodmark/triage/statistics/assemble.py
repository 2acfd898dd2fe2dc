"""From what was gathered and counted to the statistics of a profile."""

from __future__ import annotations

from floodmark.triage.assemble import FileResult
from floodmark.triage.observe import field_types
from floodmark.triage.passes import Passes
from floodmark.triage.statistics.field_pairs import field_pairs
from floodmark.triage.statistics.gather import Gathered, Statistics
from floodmark.triage.statistics.profile import DateStatistics, StatisticsProfile


def statistics(results: list[FileResult], asked: Statistics, passes: Passes) -> StatisticsProfile:
    """The statistics of all files together.

    Args:
        results: the files.
        asked: what gathered while they were read.
        passes: over the distinct values, with their details.
    """
    read = [file.read for file in results if file.read]
    gathered = Gathered()
    for _, observed in read:
        if observed.gathered is not None:
            gathered.add(observed.gathered)
    copies = {kind: counter for kind, counter in passes.copies.items() if counter.distinct}
    return StatisticsProfile(
        phones=passes.numbers.finish() if passes.numbers is not None and "phone" in copies else None,
        profile_ids=passes.ids.finish() if passes.ids is not None and "profile_id" in copies else None,
        emails=gathered.addresses.finish() if gathered.addresses is not None else None,
        names=asked.names(gathered),
        dates=_dates(results),
        field_pairs=field_pairs((field_types(grammar), observed.sets) for grammar, observed in read),
        copies=[counter.finish(kind) for kind, counter in copies.items()],
    )


def _dates(results: list[FileResult]) -> list[DateStatistics]:
    """Date columns in the order of `assemble.date_profiles`."""
    return [
        tally.heaps.finish(file.label, file.read[0].columns[index].name)
        for file in results
        if file.read
        for index, tally in sorted(file.read[1].dates.items())
        if tally.heaps is not None
    ]
