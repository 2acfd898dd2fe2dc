from xml.etree import ElementTree

import altair as alt
import pytest

from floodmark.reports.svg import chart_of, draw, ink
from floodmark.triage.profile import CountryProfile, Profile, Shares
from floodmark.triage.report import charts, world

ALLOWED = {"svg", "g", "path", "text", "tspan", "rect", "line", "circle", "title", "desc"}


def drawings(profile: Profile) -> list[str]:
    found = [charts.fates(file.bytes) for file in profile.files if file.bytes.total]
    found += [charts.years(date) for date in profile.dates]
    if profile.rows:
        found += [
            world.world_map(profile.countries),
            charts.top_countries(profile.countries),
            charts.fill_rates(profile.fields),
            charts.field_sets(profile.field_sets),
            charts.run_lengths(profile.runs),
            charts.domains(profile.email_domains),
        ]
    return found


@pytest.fixture(scope="module")
def drawn(any_profile: Profile) -> list[str]:
    return drawings(any_profile)


def test_drawings_hold_shapes_and_text_only(drawn: list[str]) -> None:
    for drawing in drawn:
        for element in ElementTree.fromstring(drawing).iter():
            assert element.tag in ALLOWED
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert name not in {"href", "style", "id", "filter", "clip-path"}
                assert "url(" not in value
                assert "javascript" not in value


def test_drawings_say_what_they_are_to_those_who_cannot_see(drawn: list[str]) -> None:
    for drawing in drawn:
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img"
        assert [child.tag for child in root][:2] == ["title", "desc"]
        assert all(child.text for child in list(root)[:2])


def test_a_hostile_label_is_text_in_the_drawing() -> None:
    label = '</text><script>alert(1)</script><a xlink:href="x">'
    drawing = charts.bars([(label[:30], 1, "1")], label, label)
    assert "<script" not in drawing
    assert "&lt;/text&gt;&lt;script" in drawing


def test_every_colour_is_left_to_the_page() -> None:
    drawing = charts.bars([("a", 1, "1")], "title", "description", "danger")
    assert "#" not in drawing
    assert 'class="f-danger' in drawing


def test_nothing_is_fetched_whatever_a_specification_asks_for() -> None:
    chart = alt.Chart(alt.UrlData("https://example.invalid/data.json")).mark_bar().encode(x="a:Q")
    with pytest.raises(ValueError, match="allowed"):
        draw(chart, "title", "description")


def test_a_place_without_an_outline_is_a_dot() -> None:
    land = world.world_map([CountryProfile("FR", 5, 5)])
    with_island = world.world_map([CountryProfile("FR", 5, 5), CountryProfile("MU", 5, 5)])
    assert with_island.count("<path") == land.count("<path") + 1 or with_island.count("f-level5") == 2


def test_more_rows_never_give_a_weaker_colour() -> None:
    for largest in (1, 9, 10, 12_345, 999_999_999, 10**12):
        bounds = world.levels(largest)
        shades = [world.shade(value, bounds) for value in (1, 9, 10, 5_000, 10**6, 10**9) if value <= largest]
        assert shades == sorted(shades)
        assert world.shade(largest, bounds) == 5
        assert min(shades) >= 0


def test_what_was_not_accepted_is_enlarged_only_when_it_is_little() -> None:
    assert charts.enlarged(Shares(1000, 990, 5, 5, 0))
    assert not charts.enlarged(Shares(1000, 1000, 0, 0, 0))
    assert not charts.enlarged(Shares(1000, 100, 900, 0, 0))


def test_an_empty_chart_still_draws() -> None:
    assert draw(chart_of([{"x": 1}]).mark_point(color=ink("mark")), "t", "d").startswith("<svg")
