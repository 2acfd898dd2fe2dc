"""How many people and mobile subscriptions a country has, as others counted them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import compile_population

from floodmark.assessment.population import POPULATION_SOURCE, population
from floodmark.assessment.subscriptions import source, subscriptions

ROOT = Path(__file__).parents[3]


def test_the_table_is_what_its_source_has():
    assert compile_population.compile_population(
        compile_population.SOURCE
    ) == compile_population.TABLE.read_text("utf-8")


def test_the_version_that_is_named_is_the_one_that_is_pinned():
    pinned = re.search(r'"cldr-core": "(\d+\.\d+)\.\d+"', (ROOT / "browser" / "package.json").read_text())
    assert (
        pinned is not None and f"CLDR {pinned[1]}," in POPULATION_SOURCE
    )  # and no year, for CLDR gives none
    assert not re.search(r"\b20\d\d\b", POPULATION_SOURCE)
    assert f"cldr-core {pinned[1]}." in compile_population.TABLE.read_text("utf-8")


def test_nobody_is_counted_twice_and_no_part_of_a_country_is_one():
    counted = population()
    assert 8.0e9 < sum(counted.values()) < 8.3e9
    assert not {"EU", "UN", "ZZ", "EA", "IC", "AC", "TA"} & set(counted)
    assert all(len(country) == 2 and people > 0 for country, people in counted.items())


def test_whoever_has_subscriptions_has_people_and_a_source():
    assert set(subscriptions()) <= set(population())
    assert {source(country).partition(",")[0] for country in subscriptions()} == {"ITU", "The World Factbook"}
    assert all(0.01 < lines / population()[country] < 4 for country, (lines, _) in subscriptions().items())


def test_neither_reads_columns_so_that_listing_statements_starts_at_once():
    code = (
        "import sys, floodmark.assessment.evidence.plausibility; print({'numpy', 'polars'} & {*sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
