"""The advert of November 2022, assessed as if it were that week: a pasted table, and what was known before it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

ADVERT = Path(__file__).parent / "advert-2022.txt"
SCHEMA = json.loads(files("floodmark.assessment").joinpath("advert.schema.json").read_text())
# Runs the command once for each list of options, with what is pasted, and prints what each printed.
PROGRAM = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from floodmark.cli import main
found = []
for options, pasted in json.load(sys.stdin):
    printed, said = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    sys.stdin = io.TextIOWrapper(io.BytesIO(pasted.encode()), "utf-8")
    with redirect_stdout(printed), redirect_stderr(said):
        code = main(["assess", *options])
    found.append((code, *(one.buffer.getvalue().decode() for one in (printed, said))))
print(json.dumps(found))
"""
KNOWN = "facebook-2021/country-list"
AS_PUBLISHED = ("--about", "whatsapp-2022", "--said", "2022-11-16", "--total", "487 million phones")
JUDGING = re.compile(
    r"\b(fake[ds]?|hoax|fraud\w*|scam\w*|lie[sd]?|lying|liar|prove[ns]?|proof|certainly|undoubtedly|bogus|debunk\w*)\b",
    re.I,
)


FOUR = "Egypt 44,823,547\nUSA 32,315,282\nMalaysia 11,675,894\nIndonesia 130,331\n"
TYPED = "Egypt 44,833,547\nUSA 32,351,282\nMalaysia 11,675,994\nIndonesia 130,331\nSaudi Arabia 28.8M\nFrance 19.8M\n"


def of_other_digits() -> str:
    """Figures of the same sizes."""
    shifted = str.maketrans("0123456789", "3579146802")
    lines = [line for line in ADVERT.read_text().splitlines() if re.search(r"\d,\d{3}", line)]
    return "\n".join(
        line[: line.index(",") + 1] + line[line.index(",") + 1 :].translate(shifted) for line in lines
    )


RUNS: dict[str, tuple[tuple[str, ...], str]] = {
    "json": (("--advert", str(ADVERT), *AS_PUBLISHED, "--assert", "new", "-o", "json"), ""),
    "text": (("--advert", str(ADVERT), *AS_PUBLISHED, "--sample", "1097", "--drawn", "seller"), ""),
    "four": (("--advert", "-", "--about", "whatsapp-2022", "-o", "json"), FOUR),
    "typed": (("--advert", "-", "--about", "whatsapp-2022", "-o", "json"), TYPED),
    "other digits": (("--advert", "-", "-o", "json"), of_other_digits()),
    "recorded": (("--advert", "whatsapp-2022/advert", "-o", "json"), ""),
    "unsaid": (("--advert", str(ADVERT)), ""),
}


def assess(folder: Path, *runs: tuple[tuple[str, ...], str]) -> list[str]:
    """What the command prints each time, in a workspace in which nobody recorded anything."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env={**os.environ, "FLOODMARK_HOME": str(folder / "home"), "COLUMNS": "100", "PYTHONUTF8": "1"},
        cwd=folder,
        input=json.dumps(runs),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    found = json.loads(done.stdout)
    assert [(code, said) for code, _, said in found] == [(0, "")] * len(runs)
    return [printed for _, printed, _ in found]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return dict(zip(RUNS, assess(tmp_path_factory.mktemp("advert"), *RUNS.values()), strict=True))


@pytest.fixture(scope="module")
def found(printed: dict[str, str]) -> dict:
    return json.loads(printed["json"])


@pytest.fixture(scope="module")
def told(printed: dict[str, str]) -> str:
    return printed["text"]


def best(found: dict) -> dict:
    assert found["matches"][0]["known"] == KNOWN
    return found["matches"][0]


def test_the_figures_of_2022_are_found_in_the_table_of_2021(found):
    assert found["result"] == "repeats"
    assert best(found)["conclusion"] == "found"
    assert best(found)["order"] == "before"
    assert best(found)["chance"] == {"at_most": 1e-6, "is_floor": True}


def test_enough_figures_agree_and_each_has_a_source_of_its_own_from_outside_the_reports_of_2022(found):
    rows = [row for row in best(found)["rows"] if row["country"]]
    assert len(rows) >= 10
    assert {"EG", "US", "MY", "ID"} <= {row["country"] for row in rows if row["how"] == "exact"}
    assert all(row["source"] for row in rows)
    assert not [row for row in rows if "2022" in row["source"]]


def test_what_is_known_of_the_advert_itself_is_not_compared_with_it(found):
    assert "whatsapp-2022/advert" in [one["id"] for one in found["left_out"]]
    assert not [one for one in found["matches"] if one["known"].startswith("whatsapp-2022/")]


def test_what_does_not_agree_is_shown_as_such(found, told):
    total = best(found)["rows"][-1]
    assert (total["country"], total["how"]) == (None, "differs")
    assert "the total 487 million here and 533 million there" in " ".join(told.split())


def test_it_would_have_been_found_from_the_four_figures_that_were_printed_in_full(printed):
    found = json.loads(printed["four"])
    assert found["result"] == "repeats"
    assert best(found)["chance"]["is_floor"]


def test_it_would_have_been_found_with_a_typing_error_in_every_figure_in_full(printed):
    found = json.loads(printed["typed"])
    assert found["result"] == "repeats"
    ways = {row["country"]: row["how"] for row in best(found)["rows"]}
    assert [ways[country] for country in ("EG", "US", "MY")] == ["one digit", "transposed", "one digit"]


def test_figures_of_the_same_sizes_with_other_digits_are_not_found(printed):
    found = json.loads(printed["other digits"])
    assert found["result"] in ("not-found", "cannot-tell")
    assert found["likelihood"] is None


def test_the_claim_that_the_data_are_new_has_evidence_against_it_and_no_more_than_that(found):
    new = next(one for one in found["assertions"] if one["assertion"]["kind"] == "new")
    assert new["state"] == "contradicted"
    claim = found["words"]["claims"][found["assertions"].index(new)]
    assert claim["state"] == "evidence against it"
    assert claim["credibility"] == "4 (doubtful)"
    assert any("holds nothing new" in line for line in found["words"]["not_shown"])


def test_the_likelihood_is_a_word_of_a_scale_with_its_range_and_of_the_figures_that_agree_alone(found, told):
    assert found["likelihood"]["word"] == "almost certain"
    assert (found["likelihood"]["low_percent"], found["likelihood"]["high_percent"]) == (95, 99)
    sure = "almost certain (95 to 99 %) that these 13 figures and those of “Facebook: 533 million users”"
    assert sure in " ".join(told.split())
    assert found["likelihood"]["of"].startswith("these 13 figures and ")


def test_the_first_sentence_names_what_agrees_and_what_could_not_be_compared(found):
    assert found["words"]["headline"] == (
        "13 of the 14 figures that could be compared agree, as far as they are given, with those of “Facebook: 533 "
        "million users” (table of 3 April 2021); the advert's other 8 figures could not be compared."
    )


def test_other_reports_of_the_same_advert_that_say_another_number_are_beside_it(found):
    assert any("360 million" in one["words"] for one in found["contradictions"])


def test_what_cannot_be_told_and_what_would_settle_it_are_always_said(found, told):
    words = found["words"]
    assert len(words["cannot_tell"]) >= 5
    for heading in (
        "WHAT THIS DOES NOT SHOW",
        "WHAT NO ADVERT CAN TELL",
        "WHAT WOULD SETTLE IT",
        "HOW SURE THIS IS",
    ):
        assert heading in told
    assert "ends in 4 digits that you draw by lot" in " ".join(told.split())
    assert "drawn by the seller: whatever is in it, nothing about the rest follows" in " ".join(told.split())


def test_no_word_in_it_judges_anybody_and_no_chance_is_smaller_than_may_be_said(found, told):
    assert not JUDGING.findall(told)
    assert not JUDGING.findall(json.dumps(found["words"]))
    for odds in re.findall(r"one in ([\d,]+)", told):
        assert int(odds.replace(",", "")) <= 1_000_000
    assert not re.search(r"\de-\d", told)


def test_the_json_is_of_its_schema_and_the_same_each_time(tmp_path, found):
    Draft202012Validator(SCHEMA).validate(found)
    (again,) = assess(tmp_path, RUNS["json"])
    assert json.loads(again) == found


def test_the_recorded_advert_says_the_same_as_the_pasted_one(printed, found):
    recorded = json.loads(printed["recorded"])
    assert recorded["advert"]["id"] == "whatsapp-2022/advert"
    assert recorded["result"] == found["result"]

    def agreeing(one: dict) -> dict:
        return {row["country"]: row["how"] for row in best(one)["rows"] if row["country"]}

    assert agreeing(found).items() <= agreeing(recorded).items()


def test_without_a_word_on_what_it_is_of_the_recorded_advert_is_recognised_in_it(printed):
    told = " ".join(printed["unsaid"].split())
    assert "If this is that same advert, --about whatsapp-2022 leaves it out." in told
    assert KNOWN in told


def test_the_pasted_rows_are_those_that_the_press_printed():
    """The file and the reference set were made from the same reports."""
    from floodmark.assessment import reference
    from floodmark.assessment.reading.tables import read_table

    printed = next(one for one in reference.statements("whatsapp-2022") if one.id == "whatsapp-2022/advert")
    assert printed.table is not None
    pasted = read_table(ADVERT.read_bytes()).table.counts
    assert len(pasted) == 21
    assert pasted.items() <= printed.table.counts.items()
