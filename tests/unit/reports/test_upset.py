from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.reports.upset import upset


def classes(drawing: str) -> list[str]:
    root = ElementTree.fromstring(drawing)
    return [element.get("class") or "" for element in root.iter() if element.tag in {"path", "line", "rect"}]


@settings(max_examples=10)
@given(
    st.integers(2, 6).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.lists(
                st.tuples(st.sets(st.integers(0, count - 1), min_size=1), st.integers(0, 10**9)),
                min_size=1,
                max_size=5,
            ),
        )
    )
)
def test_members_are_strong_dots_joined_by_a_line_and_others_faint_ones(
    case: tuple[int, list[tuple[set[int], int]]],
) -> None:
    count, rows = case
    found = classes(upset([f"set {n}" for n in range(count)], rows, "title", "description"))
    members = sum(len(one) for one, _ in rows)
    assert sum(one.split()[:1] == ["f-text"] for one in found) == members
    assert sum(one.split()[:1] == ["f-grid"] for one in found) == count * len(rows) - members
    assert sum("s-text" in one.split() for one in found) >= sum(len(one) > 1 for one, _ in rows)


def test_two_sets_of_one_name_stay_two() -> None:
    found = classes(upset(["same", "same"], [({0}, 1), ({1}, 2)], "title", "description"))
    assert sum(one.split()[:1] == ["f-text"] for one in found) == 2
    assert sum(one.split()[:1] == ["f-grid"] for one in found) == 2


def test_sizes_are_bars_of_their_own_below_the_dots() -> None:
    rows = [({0, 1}, 3), ({0}, 2)]
    without = classes(upset(["a", "b"], rows, "title", "description"))
    bars = classes(upset(["a", "b"], rows, "title", "description", [5, 3]))
    assert sum("f-accent" in one for one in bars) == 2
    assert not any("f-accent" in one for one in without)


def test_a_hostile_name_is_text_in_the_drawing() -> None:
    drawing = upset(["</text><script>alert(1)</script>"[:20], "b"], [({0}, 1)], "<b>", "&")
    assert "<script" not in drawing
    assert "&lt;/text&gt;" in drawing
