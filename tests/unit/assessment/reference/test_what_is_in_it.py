"""Everything that the reference set was asked to hold is found in it, by date, figure and speaker."""

from __future__ import annotations

import pytest

from floodmark.assessment import reference
from floodmark.assessment.contradictions.find import contradictions

SAID = {one.id: one for one in reference.statements()}
MILLION = 1_000_000
AMOUNTS = {
    "2018, 3 million users of a quiz": ("mypersonality-2018/new-scientist", "total", 3 * MILLION, "users"),
    "2018, 50 million stolen tokens": ("facebook-token-2018/50-million", "total", 50 * MILLION, "accounts"),
    "then 30 million": ("facebook-token-2018/30-million", "total", 30 * MILLION, "accounts"),
    "3 million of them in Europe": ("facebook-token-2018/dpc-fine", "total", 3 * MILLION, "accounts"),
    "2018, Cambridge Analytica, 50 million": (
        "cambridge-analytica/50-million",
        "total",
        50 * MILLION,
        "users",
    ),
    "then 87 million": ("cambridge-analytica/87-million", "total", 87 * MILLION, "users"),
    "2019, 419 million": ("facebook-phones-2019/techcrunch", "total", 419 * MILLION, "rows"),
    "2019, 267 million": ("facebook-267m-2019/comparitech", "total", 267_140_436, "rows"),
    "2019, 600 million passwords": ("facebook-passwords-2019/krebs", "total", 600 * MILLION, "users"),
    "2,000 employees": ("facebook-passwords-2019/krebs", "total", 2_000, "people"),
    "2021, 533 million": ("facebook-2021/given-away", "total", 533 * MILLION, "users"),
    "106 countries": ("facebook-2021/given-away", "countries", 106, ""),
    "509 million loaded": ("facebook-2021/loaded", "total", 509_458_528, "accounts"),
    "0.5 percent with an e-mail address": ("facebook-2021/email-check", "total", 2_500_000, "emails"),
    "4.76 percent with an e-mail address": (
        "facebook-2021/surfshark-fields",
        "total",
        25 * MILLION,
        "emails",
    ),
    "2022, 487 million": ("whatsapp-2022/advert", "total", 487 * MILLION, "phones"),
    "or 360 million": ("whatsapp-2022/check-point", "total", 360 * MILLION, "phones"),
    "84 countries": ("whatsapp-2022/advert", "countries", 84, ""),
    "265 million euros": ("facebook-2021/dpc-fine", "amount", 265 * MILLION, ""),
    "2023, 390 million euros": ("meta-fines-2023/advertising", "amount", 390 * MILLION, ""),
    "1.2 billion euros": ("meta-fines-2023/transfers", "amount", 1_200 * MILLION, ""),
    "or dollars": ("meta-fines-2023/transfers-in-dollars", "amount", 1_200 * MILLION, ""),
    "2025, 1.2 billion": ("facebook-2025/advert", "total", 1_200 * MILLION, "rows"),
}
PRINTED_IN_2021 = {
    **{"EG": 44_823_547, "US": 32_315_282, "SA": 28_804_686, "FR": 19_848_559, "TR": 19_638_821},
    **{"MA": 18_939_198, "ZA": 14_323_766, "MY": 11_675_894, "GB": 11_522_327, "DZ": 11_505_898},
    **{"IN": 6_162_450, "KZ": 3_214_990, "SG": 3_073_009, "HK": 2_937_841, "CM": 1_997_658},
    **{"PH": 879_699, "MU": 848_558, "BN": 213_995, "ID": 130_331, "AZ": 99_472, "KH": 2_838},
}
ROUNDED_IN_2021 = {
    **{"AU": 7_300_000, "NL": 5_400_000, "BD": 3_800_000, "CA": 3_490_000, "BE": 3_180_000, "HU": 377_000},
}
PRINTED_IN_2022 = {
    **{"EG": 44_823_547, "IT": 35_677_323, "US": 32_315_282, "MY": 11_675_894, "NG": 9_000_131},
    **{"BR": 8_064_946, "AU": 7_320_478, "DE": 6_054_423, "CA": 3_494_385, "GH": 1_027_969},
    **{"AF": 558_393, "PR": 130_586, "ID": 130_331},
}


def counts(name, *, whole):
    found = SAID[name].table.counts
    return {code: one.value for code, one in found.items() if (one.digits == len(str(one.value))) == whole}


@pytest.mark.parametrize("clause", AMOUNTS)
def test_a_figure_is_in_it(clause):
    name, kind, value, of = AMOUNTS[clause]
    found = [one for one in SAID[name].assertions if one.kind == kind and one.of == of and one.quantity]
    assert value in {one.quantity.value for one in found}


def test_the_memo_is_of_8_april_2021_was_sent_that_day_or_on_the_19th_and_was_genuine():
    assert [one.on for one in SAID["facebook-2021/memo"].assertions] == ["2021-04-08"]
    sent = {SAID[f"facebook-2021/memo-sent-{day}-april"].assertions[0].on for day in (8, 19)}
    assert sent == {"2021-04-08", "2021-04-19"}
    assert "normalize the fact that this activity happens regularly" in SAID["facebook-2021/memo"].text
    assert SAID["facebook-2021/memo-genuine"].kind == "confirmation"


def test_regulators_of_2021_asked_and_nobody_was_told_and_no_apology_came():
    of_2021 = [one for one in reference.statements("facebook-2021") if one.said_on.startswith("2021-04")]
    assert len({one.speaker for one in of_2021 if one.kind == "inquiry"}) >= 4
    assert SAID["facebook-2021/not-notified"].kind == "report"
    assert SAID["facebook-2021/no-apology"].kind == "apology-refused"
    assert SAID["facebook-2021/apology-reported"].speaker_kind == "journalist"


def test_the_set_of_2021_was_sold_then_resold_then_free():
    offers = [one.offer for one in reference.statements("facebook-2021") if one.offer]
    assert offers == ["sold", "resold", "free"]


def test_the_advert_of_2022_has_prices_and_a_sample_and_was_called_screenshots():
    advert = SAID["whatsapp-2022/advert"]
    assert (advert.said_on, advert.sample, advert.drawn) == ("2022-11-16", 1914, "seller")
    prices = {code: (one.amount.value, one.currency) for code, one in advert.table.prices.items()}
    assert prices == {"US": (7_000, "USD"), "GB": (2_500, "USD"), "DE": (2_000, "USD")}
    assert "based on unsubstantiated screenshots" in SAID["whatsapp-2022/unsubstantiated"].text


def test_the_decision_on_the_set_of_2021_is_of_25_november_2022_and_in_euros():
    fine = SAID["facebook-2021/dpc-fine"]
    assert (fine.said_on, fine.speaker) == ("2022-11-25", "Data Protection Commission (Ireland)")
    assert [one.currency for one in fine.assertions if one.kind == "amount"] == ["EUR"]


def test_the_outage_of_2024_has_its_notices_two_causes_and_three_claimants():
    said = reference.statements("meta-outage-2024")
    assert {one.said_on for one in said if one.kind == "outage-notice"} == {"2024-03-05"}
    assert SAID["meta-outage-2024/technical-issue"].assertions[0].kind == "fault"
    assert SAID["meta-outage-2024/breach-of-security"].assertions[0].kind == "breach"
    claimed = {one.who for by in said for one in by.assertions if one.kind == "attack-by"}
    assert claimed == {"Skynet", "Godzilla", "Anonymous Sudan"}


def test_the_advert_of_2025_has_a_sample_that_the_seller_drew_and_an_answer():
    advert = SAID["facebook-2025/advert"]
    assert (advert.sample, advert.drawn) == (100_000, "seller")
    assert {"new", "scraped"} <= {one.kind for one in advert.assertions}
    assert [one.kind for one in SAID["facebook-2025/not-new"].assertions] == ["old"]


def test_the_table_of_2021_has_the_rows_that_somebody_printed_and_no_others():
    assert counts("facebook-2021/country-list", whole=True) == PRINTED_IN_2021
    assert counts("facebook-2021/country-list", whole=False) == ROUNDED_IN_2021


def test_the_table_of_2022_has_the_rows_that_were_printed_of_the_advert():
    assert counts("whatsapp-2022/advert", whole=True) == PRINTED_IN_2022
    assert len(counts("whatsapp-2022/advert", whole=False)) == 12


def test_every_row_of_every_table_says_where_it_was_read():
    tables = [one.table for one in SAID.values() if one.table]
    assert len(tables) == 9
    assert all(row.source for table in tables for row in table.rows)


def test_no_row_of_the_table_of_2021_rests_on_a_report_on_the_advert_of_2022():
    of_2021 = {row.source for row in SAID["facebook-2021/country-list"].table.rows}
    of_2022 = {row.source for row in SAID["whatsapp-2022/advert"].table.rows}
    assert not of_2021 & of_2022
    assert not any("2022" in source for source in of_2021)


def test_known_tables_are_those_with_counts_of_three_countries_and_keep_total_prices_and_sources():
    known = {one.id: one for one in reference.known_tables()}
    assert not {"whatsapp-2022/prices-in-euros", "whatsapp-2022/egypt-945-million"} & set(known)
    advert = known["whatsapp-2022/advert"]
    assert (advert.about, advert.dated, advert.total.value) == ("whatsapp-2022", "2022-11-16", 487 * MILLION)
    assert set(advert.sources) == set(advert.counts)
    assert set(advert.prices) == {"US", "GB", "DE"}
    assert not any(one.counted for one in known.values())
    assert known["cambridge-analytica/87-million"].total.bound == "at-most"


def test_what_public_reports_disagree_on_is_found():
    found = {(one.about, one.thing, one.scope) for one in contradictions(SAID.values())}
    assert {
        ("cambridge-analytica", "total", ""),
        ("facebook-token-2018", "total", ""),
        ("facebook-2021", "total", ""),
        ("facebook-2021", "dated", "memo sent"),
        ("facebook-2021", "dated", "decision"),
        ("facebook-2021", "table", ""),
        ("whatsapp-2022", "total", ""),
        ("whatsapp-2022", "countries", ""),
        ("whatsapp-2022", "table", ""),
        ("meta-fines-2023", "amount", "transfers"),
        ("meta-outage-2024", "cause", ""),
        ("facebook-2025", "age", ""),
    } <= found
