import io

import pytest
from rich.console import Console

from floodmark.triage.profile import Profile
from floodmark.triage.report.text import render


def shown(profile: Profile, width: int = 80, terminal: bool = False) -> str:
    out = io.StringIO()
    Console(
        file=out, width=width, force_terminal=terminal, color_system="standard" if terminal else None
    ).print(render(profile))
    return out.getvalue()


def test_the_first_screen_comes_first(twin: Profile) -> None:
    text = shown(twin)
    order = [
        "SYNTHETIC",
        "WHAT CAN BE SAID",
        "WHAT CANNOT BE SAID",
        "WHAT TO ASK NEXT",
        "IDENTIFIERS",
        "COUNTRIES",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_loud_findings_stand_above_the_summary_and_notes_below(twin: Profile) -> None:
    text = shown(twin)
    assert text.index("SERIOUS") < text.index("WHAT CAN BE SAID") < text.index("NOTE Quarantine")


@pytest.mark.parametrize("width", [80, 120, 200])
def test_no_line_is_wider_than_the_terminal(any_profile: Profile, width: int) -> None:
    assert max(len(line) for line in shown(any_profile, width).splitlines()) <= width


def test_a_pipe_gets_plain_text(any_profile: Profile) -> None:
    assert "\x1b" not in shown(any_profile)


def test_a_terminal_sees_no_escape_that_a_dump_wrote(hostile: Profile) -> None:
    text = shown(hostile, terminal=True)
    assert "\u202e" not in text
    for part in text.split("\x1b[")[1:]:
        assert part.partition("m")[0].replace(";", "").isdigit()
    assert "\x1b[31malert" not in text


def test_square_brackets_of_a_dump_are_no_markup(hostile: Profile) -> None:
    assert "[31m" in shown(hostile, 400)


def test_every_table_of_the_twin_is_there_with_its_numbers(twin: Profile) -> None:
    text = shown(twin)
    for part in (
        "295,102",
        "Egypt",
        "30 more countries",
        "31,259,005",
        "too-few-cells",
        "0001-01-01: 59,811",
    ):
        assert part in text


def test_an_unreadable_file_is_named_with_its_hint(empty: Profile) -> None:
    text = shown(empty)
    assert "Not read: The file is empty. Check the path." in text


def test_numbers_that_a_column_is_named_by_stay_covered(hostile: Profile) -> None:
    text = shown(hostile, 300)
    assert "7700" not in text
    assert "who@" not in text


def test_numbers_are_never_cut_or_broken_at_eighty_columns(hostile: Profile) -> None:
    text = shown(hostile)
    for part in ("1,250,000,000", "(1,200,000,000 to", "1,300,000,000)", "141,000,000,000", "9,000,000,000"):
        assert part in text
