"""What the browser truly sends, byte for byte, for somebody who is found and for somebody who is not."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from floodmark.register.keys import Keyring

from ..unit.exposure.check.traces import SHORT, traces
from .recorder import ELEMENT, SNAPSHOT, Exchange, recording
from .visiting import visiting
from .workspace import MISSED_EMAIL, MISSED_PHONE

RANGE = re.compile(rb"(?i)(?<=range: bytes=)[0-9]+-[0-9]+(?=\r\n)")
AFTER = 1_000  # milliseconds for which nothing may be asked once the answer is there
ORDER = ["GET /v1/snapshot", "POST /v1/evaluate", *["GET /v1/snapshots/ID/buckets.bin"] * 4]


@dataclass(frozen=True)
class Captured:
    """A visit and a check.

    Attributes:
        loaded: what was exchanged before anything was typed.
        checked: between the sending and the result.
        afterwards: while the result was read, and after.
        icon: the icon, whenever it was.
    """

    loaded: list[Exchange]
    checked: list[Exchange]
    afterwards: list[Exchange]
    icon: list[Exchange]

    def sent(self) -> bytes:
        everything = [*self.loaded, *self.checked, *self.afterwards, *self.icon]
        return b"\n".join(one.request for one in everything)


@pytest.fixture(scope="module")
def key(made):
    """The evaluation key, which nobody but the evaluator has."""
    with Keyring.open(made.folder / "keys", workspace=made.folder / "home") as keys:
        return keys.evaluation_key().pair.private


@pytest.fixture(scope="module")
def captured(browser, server, made):
    """What went over the wire for somebody who checks, each with a browser that knows nothing yet; by identifier."""
    found = {made.phone: True, made.email: True, MISSED_PHONE: False, MISSED_EMAIL: False}
    with recording(server.address) as recorder:
        return {identifier: capture(browser, recorder, identifier, found[identifier]) for identifier in found}


def capture(browser, recorder, identifier, found):
    """Check, read all of the answer, and stay for a while."""
    recorder.exchanges.clear()
    with visiting(browser) as visit:
        visit.open(recorder.address)
        visit.page.wait_for_load_state("networkidle")
        visit.page.locator("#identifier").press_sequentially(identifier)
        typed = len(recorder.exchanges)
        visit.page.press("#identifier", "Enter")
        assert ("Found in" in visit.result()) == found
        known = len(recorder.exchanges)
        for details in visit.page.locator("#result details").all():
            details.evaluate("one => { one.open = true; }")
        visit.page.mouse.wheel(0, 10_000)
        visit.page.wait_for_timeout(AFTER)
        assert visit.faults == []
    parts = [recorder.exchanges[:typed], recorder.exchanges[typed:known], recorder.exchanges[known:]]
    icon = [one for part in parts for one in part if one.of_icon]
    return Captured(*([one for one in part if not one.of_icon] for part in parts), icon)


def path_of(exchange):
    """Method and address, without the name of the snapshot."""
    return SNAPSHOT.sub(b"ID", exchange.line.encode()).decode()


def without_chance(request):
    """A request, with the element and the bytes of the bucket as long and empty."""

    def blank(match):
        return re.sub(rb"[0-9a-f]", b"_", match[0])

    return RANGE.sub(blank, ELEMENT.sub(blank, request))


def test_found_or_not_the_same_requests_go_out_in_the_same_order_and_come_back_as_long(captured):
    seen = [*captured.values()]
    for one in seen:
        assert [path_of(exchange) for exchange in one.checked] == ORDER
        assert [exchange.status for exchange in one.checked] == [200, 200, *[206] * 4]
        assert one.afterwards == []
    first, *others = [[without_chance(exchange.request) for exchange in one.checked] for one in seen]
    assert all(other == first for other in others)
    loaded = [sorted(exchange.request for exchange in one.loaded) for one in seen]
    assert all(other == loaded[0] for other in loaded)
    assert len({one.request for visit in seen for one in visit.icon}) <= 1
    bodies = [[len(exchange.answer.partition(b"\r\n\r\n")[2]) for exchange in one.checked] for one in seen]
    assert all(other == bodies[0] for other in bodies)


def test_nothing_that_is_sent_is_made_of_what_was_typed_but_by_chance_and_key(captured, key):
    for identifier, one in captured.items():
        names = set(re.findall(rb"(?m)^([a-z-]+): ", one.sent().lower()))
        assert not {b"cookie", b"referer", b"authorization"} & names
        lowered = one.sent().lower()
        # Four letters stand in random digits by chance, so what is short is looked for in what is not random.
        fixed = SNAPSHOT.sub(b"", without_chance(one.sent()).lower())
        for trace in traces(identifier, key):
            assert trace.lower() not in (fixed if len(trace) < SHORT else lowered)


def test_the_panel_shows_what_was_sent_to_the_byte(browser, server, made):
    with recording(server.address) as recorder, visiting(browser) as visit:
        visit.open(recorder.address)
        before = len(recorder.exchanges)
        visit.check(made.phone)
        sent = [one.request for one in recorder.since(before)]
        shown = [text.encode() for text in visit.page.locator("#sent .bytes").all_text_contents()]
    assert len(shown) == len(sent) == 6
    for panel, truly in zip(shown, sent, strict=True):
        # What a browser adds by itself the panel says that it cannot show; all that it shows was sent.
        head, _, body = panel.replace(b"\r\n", b"\n").partition(b"\n\n")
        there, _, truth = truly.replace(b"\r\n", b"\n").partition(b"\n\n")
        assert body == truth
        assert set(head.lower().split(b"\n")) <= set(there.lower().split(b"\n"))


def test_a_second_check_on_the_same_page_asks_as_the_first_did(browser, server, made):
    with recording(server.address) as recorder, visiting(browser) as visit:
        visit.open(recorder.address)
        seen = []
        for identifier in (made.phone, MISSED_PHONE):
            before = len(recorder.exchanges)
            visit.check(identifier)
            visit.page.wait_for_timeout(AFTER / 4)
            seen.append([without_chance(one.request) for one in recorder.since(before)])
            visit.page.click("#result [data-slot=again]")
    assert seen[0] == seen[1]
