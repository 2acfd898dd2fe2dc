"""Made-up people of many languages for the benchmarks of encodings: the lists of Faker's providers."""

from importlib import import_module
from pathlib import Path

import faker

PROVIDERS = Path(faker.__file__).parent / "providers"
LOCALES = """
de_DE fr_FR es_ES pt_BR sv_SE da_DK fi_FI no_NO it_IT is_IS nl_NL et_EE pl_PL cs_CZ sk_SK hu_HU ro_RO hr_HR sl_SI tr_TR
az_AZ lt_LT lv_LV ru_RU uk_UA bg_BG mk_MK el_GR he_IL ar_SA fa_IR th_TH vi_VN zh_CN zh_TW ja_JP ko_KR
""".split()


def listed(module, beginnings):
    """Words in a provider's lists whose names begin so."""
    provider = import_module(module).Provider
    found = set()
    for attribute in dir(provider):
        if attribute.startswith(beginnings):
            values = getattr(provider, attribute)
            if isinstance(values, dict | list | tuple | set):
                found |= {value for value in values if isinstance(value, str)}
    return sorted(found)


def people(locale):
    firsts = listed(f"faker.providers.person.{locale}", ("first_name",))
    lasts = listed(f"faker.providers.person.{locale}", ("last_name",))
    towns = []
    if (PROVIDERS / "address" / locale).is_dir():
        towns = listed(f"faker.providers.address.{locale}", ("cit", "town", "districts", "municipalities"))
    return firsts, lasts, towns
