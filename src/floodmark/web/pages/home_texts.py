"""What the script of the page `/` says, in every state; `{name}` is filled in there.

A text with a number in it is a table of its forms by plural category (`Intl.PluralRules`).
"""

from __future__ import annotations

from typing import Any

from floodmark.web.pages.home_refusal_texts import problems, refusals
from floodmark.web.pages.home_result_texts import result
from floodmark.web.pages.home_sent_texts import sent
from floodmark.web.texts import Texts


def phrases(words: Texts) -> dict[str, Any]:
    """All of them in one language, JSON-ready."""
    return {
        **_form(words),
        "problems": problems(words),
        "refusals": refusals(words),
        "result": result(words),
        "sent": sent(words),
        "waits": {
            "seconds": words.forms("{n} second", "{n} seconds"),
            "minutes": words.forms("{n} minute", "{n} minutes"),
            "hours": words.forms("{n} hour", "{n} hours"),
        },
    }


def _form(words: Texts) -> dict[str, Any]:
    gettext = words.messages.gettext
    return {
        "readAs": {
            "phone": gettext("Read as the telephone number {shown}"),
            "phoneOf": gettext("Read as the telephone number {shown}, {country}"),
            "email": gettext("Read as the e-mail address {shown}"),
        },
        "steps": {
            "snapshot": gettext("Loading the signed list of leaks"),
            "evaluation": gettext("Asking, with what you typed made unreadable"),
            "bucket": gettext("Fetching drawer {n} of {most}; three of them are decoys"),
        },
    }
