"""Sums of spans, by kind and by reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.accounting import KINDS, OFFSETS_KEPT, Accounting, Span

SPANS = st.builds(
    Span,
    kind=st.sampled_from(KINDS),
    reason=st.sampled_from(["blank", "header", "too-few-cells", "shifted-cells"]),
    start=st.integers(0, 10**12),
    size=st.integers(0, 10**9),
    lines=st.integers(0, 1000),
)


def account(spans: list[Span], records: int = 0) -> Accounting:
    accounting = Accounting(records=records)
    for span in spans:
        accounting.add(span)
    return accounting


def test_nothing_counted_is_zero_of_every_kind() -> None:
    empty = Accounting()
    assert empty.lines == {"accepted": 0, "repaired": 0, "quarantined": 0, "skipped": 0}
    assert empty.bytes == empty.lines
    assert (empty.total_lines, empty.total_bytes, empty.records) == (0, 0, 0)


def test_two_accountings_share_no_state() -> None:
    first, second = Accounting(), Accounting()
    first.add(Span("skipped", "blank", 0, 1))
    assert second == Accounting()


@given(st.lists(SPANS))
def test_totals_are_the_sums_over_the_spans(spans: list[Span]) -> None:
    accounting = account(spans)
    assert accounting.total_lines == sum(span.lines for span in spans)
    assert accounting.total_bytes == sum(span.size for span in spans)
    for kind in KINDS:
        assert accounting.lines[kind] == sum(span.lines for span in spans if span.kind == kind)
        assert accounting.bytes[kind] == sum(span.size for span in spans if span.kind == kind)


@given(st.lists(SPANS))
def test_reasons_add_up_to_their_kind(spans: list[Span]) -> None:
    accounting = account(spans)
    for kind in ("repaired", "quarantined", "skipped"):
        tallies = accounting.reasons[kind].values()
        assert sum(tally.lines for tally in tallies) == accounting.lines[kind]
        assert sum(tally.bytes for tally in tallies) == accounting.bytes[kind]


@given(st.lists(SPANS), st.lists(SPANS), st.integers(0, 99), st.integers(0, 99))
def test_merging_two_stretches_is_counting_them_together(
    first: list[Span], second: list[Span], records: int, more: int
) -> None:
    merged = account(first, records)
    merged.merge(account(second, more))
    assert merged == account([*first, *second], records + more)


def test_accepted_lines_counted_at_once_equal_accepted_spans() -> None:
    at_once = Accounting()
    at_once.accept(3, 30)
    assert at_once == account([Span("accepted", "", 10 * number, 10) for number in range(3)])


def test_only_the_first_offsets_of_a_reason_are_kept_but_all_are_counted() -> None:
    accounting = account([Span("quarantined", "too-few-cells", at, 2) for at in range(OFFSETS_KEPT + 5)])
    tally = accounting.of("quarantined", "too-few-cells")
    assert tally.offsets == list(range(OFFSETS_KEPT))
    assert (tally.lines, tally.bytes) == (OFFSETS_KEPT + 5, 2 * (OFFSETS_KEPT + 5))


def test_merging_keeps_no_more_offsets_than_counting() -> None:
    first = account([Span("skipped", "blank", at, 1) for at in range(OFFSETS_KEPT - 1)])
    first.merge(account([Span("skipped", "blank", at, 1) for at in range(5000, 5003)]))
    assert first.of("skipped", "blank").offsets == [*range(OFFSETS_KEPT - 1), 5000]


def test_merging_leaves_the_other_as_it_was() -> None:
    other = account([Span("skipped", "blank", 7, 1)])
    merged = Accounting()
    merged.merge(other)
    merged.add(Span("skipped", "blank", 8, 1))
    assert other.of("skipped", "blank").offsets == [7]


def test_a_reason_that_nothing_had_is_an_empty_tally_and_is_not_listed_for_asking() -> None:
    accounting = Accounting()
    assert accounting.of("quarantined", "too-many-cells").lines == 0
    assert accounting.reasons["quarantined"] == {}
