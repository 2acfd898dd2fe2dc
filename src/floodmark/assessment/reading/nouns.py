"""What a number counts, by the words behind it.

>>> counted("million phone numbers"), counted("records"), counted("countries"), counted("apples")
(('million', 'phones'), ('', 'rows'), ('', 'countries'), ('apples', ''))
"""

from __future__ import annotations

import re
from functools import cache

from floodmark.assessment.reading.folding import fold

_NOUNS = {
    "rows": "row|rows|line|lines|record|records|entry|entries|datasets|profiles|profile|lead|leads|zeilen|datensätze|"
    "enregistrements|lignes|registros|filas|linhas|записей|записи|строк|سجل|سجلات|条|记录|件|レコード",
    "accounts": "account|accounts|user accounts|konten|comptes|cuentas|contas|аккаунтов|аккаунты|حساب|حسابات|账号|"
    "アカウント|hesap",
    "identifiers": "identifier|identifiers|user ids|ids",
    "phones": "phone|phones|phone number|phone numbers|numbers|number|mobile numbers|mobiles|mobile|cell numbers|"
    "telephone numbers|phone nos|nummern|telefonnummern|numéros|numéros de téléphone|números|números de teléfono|"
    "números de telefone|numeri|номеров|номера|телефонов|رقم|أرقام|号码|電話番号|numara|whatsapp numbers|"
    "whatsapp users numbers|user mobile numbers",
    "emails": "email|emails|e-mail|e-mails|email addresses|e-mail addresses|emails addresses|mails",
    "people": "people|persons|person|individuals|citizens|personen|menschen|personnes|personas|pessoas|persone|человек|"
    "شخص|人|kişi",
    "users": "user|users|facebook users|whatsapp users|active users|nutzer|utilisateurs|usuarios|usuários|utenti|"
    "пользователей|مستخدم|مستخدمين|用户|ユーザー|kullanıcı|members|subscribers",
    "countries": "country|countries|nations|territories|länder|ländern|pays|países|paesi|стран|страны|دولة|国|か国|"
    "个国家|ülke",
}
_SPACES = re.compile(r"\s+")


def counted(words: str) -> tuple[str, str]:
    """Words behind a number without the noun at their end, and what it counts: one of `COUNTED`, or `countries`."""
    parts = _SPACES.split(words.strip(" .,:;()"))
    for start in range(max(0, len(parts) - 3), len(parts)):
        if what := of_noun(" ".join(parts[start:])):
            return " ".join(parts[:start]), what
    return words, ""


def of_noun(words: str) -> str:
    """What a noun counts; empty where it is none that is known."""
    return _nouns().get(fold(words), "")


@cache
def _nouns() -> dict[str, str]:
    return {fold(noun): what for what, listed in _NOUNS.items() for noun in listed.split("|")}
