"""Write `docs/reference/advice.md` from the catalogue, so that the two cannot part.

python tools/advice_reference.py
"""

from __future__ import annotations

from pathlib import Path

from floodmark.identifiers import FieldType
from floodmark.notices.advising.catalogue import Entry, Urgency, catalogue, headings
from floodmark.notices.advising.languages import languages

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs/reference/advice.md"
HEAD = """# Advice

What a check tells somebody to do when it has found data of these [field types](field-types.md). One catalogue has it all:
`src/floodmark/notices/advising/data/advice.toml`, in English, translated through gettext. Languages: {languages}.

```pycon
>>> from floodmark.notices.advising import advice
>>> given = advice(["phone", "full_name", "birth_date"], "de")
>>> given[0].slug, given[0].because, given[0].urgency.name
('lock-number-first', ('phone', 'full_name', 'birth_date'), 'TODAY')
>>> given[0].title
'Als Erstes die Rufnummer sichern'
>>> sum(one.slug.startswith("lock-number") for one in given)
1
```

- The most urgent comes first, what not to do last, and nothing is said twice.
- Advice is for exactly what leaked: that somebody could know more from elsewhere is no reason for it.
- Where types together mean more than each alone (number, name and birth date), another advice takes the place of the
  lesser one.
- Every field type calls for some advice; a type that this version does not know counts as `unknown`.
- No office, hotline or law of one country is named. What some countries have and others have not is said so.
- No advice asks anybody to give data away, to pay, or to go to a page of this project.

## Sources

The advice is what these bodies tell the public, put in fewer words. Where they differ, the stricter one was taken, but not
what only an endangered few need (CISA's advice is for those).

| body | page | taken from it |
| --- | --- | --- |
| National Cyber Security Centre (UK) | [Data breaches: guidance for individuals and families](https://www.ncsc.gov.uk/guidance/data-breaches) | be wary of messages after a leak, change the password that leaked wherever it is used, go to the service by a way of your own |
| National Cyber Security Centre (UK) | [Advice on sextortion scams](https://www.wired-gov.net/wg/news.nsf/articles/NCSCs+advice+in+response+to+the+increase+in+sextortion+scams+02112018121500?open) | do not answer, do not pay; a password in the message comes from an old leak |
| South East cyber police (UK) | [Data breach advice](https://southeastcyber.police.uk/data-breach/) | a leak rarely leads to danger at home; do not look for the data and do not download it; a hashed password counts as known |
| Cybersecurity and Infrastructure Security Agency (US) | [Mobile communications best practice guidance](https://www.cisa.gov/sites/default/files/2024-12/guidance-mobile-communications-best-practices.pdf) | keys, passkeys or apps and no SMS; a PIN on the contract with the operator |
| Cybersecurity and Infrastructure Security Agency (US) | [Secure Our World](https://www.cisa.gov/SecureOurWorld) | sign-in in two steps, password managers, passwords of their own, reporting of phishing |
| European Union Agency for Cybersecurity | [How to avoid SIM-swapping](https://www.enisa.europa.eu/publications/how-to-avoid-sim-swapping-leaflet), [Countering SIM-swapping](https://www.enisa.europa.eu/publications/countering-sim-swapping/) | leaked details make it easier; loss of the network as the sign; operator first, then bank |
| Federal Trade Commission (US) | [When information is lost or exposed](https://www.identitytheft.gov/databreach) | by type: national and tax numbers, cards, bank accounts, passwords; credit freeze or fraud alert; early tax return |
| Federal Trade Commission (US) | [New protections available for minors](https://consumer.ftc.gov/consumer-alerts/2019/03/new-protections-available-minors-under-16), [Avoiding family emergency scams](https://consumer.ftc.gov/consumer-alerts/2020/12/frosty-con-man-avoiding-family-emergency-scams) | a child's credit record; call the relative at a number that you know |
| Bundesamt für Sicherheit in der Informationstechnik (DE) | [Identitätsdiebstahl: Hilfe für Betroffene](https://www.bsi-fuer-buerger.de/BSIFB/DE/Risiken/ID-Diebstahl/Hilfe/Hilfe_Betroffene_node.html) | the mailbox first, then the rest; check its settings; object to debt letters |
| Verbraucherzentrale (DE) | [Datenlecks](https://www.verbraucherzentrale.de/wissen/digitale-welt/datenschutz/datenlecks-pruefen-sie-schnell-und-kostenlos-ihre-ansprueche-89850) | post, SMS and calls that know your data; purchases in your name; bank at once |
| Polizeiliche Kriminalprävention (DE) | [polizei-beratung.de](https://www.polizei-beratung.de/) | hang up, call back yourself; whoever calls as the police and wants money is not the police |

## How it is reviewed

A change of a text is a change of advice: the pull request says which source bears it out, two people read it, and one of them
is no specialist. `tools/compile_messages.py` then brings the translations into step; whoever translates speaks the language
from home. A text that changed in English is English for everybody until it is translated anew, and `--check` fails until then.
`--add fr` begins a language.

## The catalogue

This part is written by `tools/advice_reference.py`.
"""  # noqa: E501


def page() -> str:
    """The whole page in Markdown."""
    parts = [HEAD.format(languages=", ".join(f"`{code}`" for code in languages()))]
    for urgency in Urgency:
        parts.append(f"\n### {headings()[urgency]}\n")
        parts += [_section(entry) for entry in catalogue() if entry.urgency == urgency]
    return "".join(parts)


def _section(entry: Entry) -> str:
    lesser_to = [f"`{other.slug}`" for other in catalogue() if entry.slug in other.instead_of]
    rule = f"For {_any(entry.called_by)}" if entry.called_by else "For every leak"
    rule += "".join(f", together with {_any(some)}" for some in entry.along_with)
    rule += f"; not beside {' or '.join(lesser_to)}." if lesser_to else "."
    return f"\n`{entry.slug}`\n: **{entry.title}.** {entry.text}\n: {rule}\n"


def _any(types: frozenset[FieldType]) -> str:
    *most, last = [f"`{one.label}`" for one in sorted(types)]
    return f"{', '.join(most)} or {last}" if most else last


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
