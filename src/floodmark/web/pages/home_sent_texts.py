"""What was sent and who learnt what, as the page `/` says it: the threat model in plain words."""

from __future__ import annotations

from typing import Any

from floodmark.web.texts import Texts


def sent(words: Texts) -> dict[str, Any]:
    """As browser/src/page/sent.ts fills it in."""
    gettext = words.messages.gettext
    return {
        "intro": words.forms(
            "Your browser sent {n} request, and nothing after it knew the answer.",
            "Your browser sent {n} requests, and nothing after it knew the answer.",
        ),
        "snapshot": gettext("The signed list of leaks was fetched. It is the same for everybody."),
        "evaluation": gettext(
            "What you typed, multiplied by a random number that your browser forgot since. It looks"
            " random to anybody."
        ),
        "bucket": gettext("One of four drawers out of 65,536: yours and three decoys, in random order."),
        "bytes": gettext("{n} bytes:"),
        "one": {
            "who": gettext("{host} evaluated, and has the drawers"),
            "what": {
                "phone": gettext(
                    "It learnt that somebody at your network address checked, when, and which four drawers"
                    " were fetched. As it has the key, too, it could try all numbers there are, and be left"
                    " with a list on which yours is."
                ),
                "email": gettext(
                    "It learnt that somebody at your network address checked, when, and which four drawers"
                    " were fetched. As it has the key, too, it could try all addresses that it knows, and be"
                    " left with a list; yours is on it, if it knows yours."
                ),
            },
        },
        "evaluator": {
            "who": gettext("{host} evaluated"),
            "what": gettext(
                "It learnt that somebody at your network address checked, and when. What you typed it"
                " could not read, nor see what was found."
            ),
        },
        "host": {
            "who": gettext("{host} has the drawers"),
            "what": gettext(
                "It learnt that somebody at your network address fetched four drawers, and when."
                " Without the key nobody can tell who belongs into a drawer."
            ),
        },
        "both": {
            "who": gettext("Both together"),
            "what": {
                "phone": gettext(
                    "If they told each other, they could try all numbers there are, and be left with a"
                    " list on which yours is."
                ),
                "email": gettext(
                    "If they told each other, they could try all addresses that they know, and be left with"
                    " a list; yours is on it, if they know yours."
                ),
            },
        },
        "nobody": {
            "who": gettext("Whether anything was found"),
            "what": gettext(
                "Nobody learnt it but you. The requests are the same either way, and none came after"
                " the answer."
            ),
        },
        "crowd": {
            "who": gettext("How long that list is"),
            "phone": words.forms(
                "{country}: about {n} telephone besides yours, which is four of 65,536 drawers of {all}"
                " mobile subscriptions ({year}).",
                "{country}: about {n} telephones besides yours, which is four of 65,536 drawers of {all}"
                " mobile subscriptions ({year}).",
            ),
            "few": gettext("That is few. From those who work together, the check does not hide you."),
            "uncounted": gettext(
                "{country}: how many telephones there are is not known to us. One in 16,384 of them is on the"
                " list, which is few in a small country."
            ),
            "unknown": gettext(
                "Of which country your number is, {code} alone does not tell. One in 16,384 telephones of its"
                " kind is on the list, which is few in a small country."
            ),
            "here": gettext("If your network address tells your country, the list has only those of it."),
            "email": gettext(
                "One in 16,384 of all e-mail addresses there are. How many that is, nobody knows; of"
                " those in one leak with a hundred million, about 6,100."
            ),
            "again": gettext("Decoys help once: who checks the same again is easier to tell apart."),
            "source": gettext(
                "Source: ITU, from the World Bank's indicator IT.CEL.SETS; Taiwan: The World Factbook."
            ),
        },
        "preflight": gettext(
            "Where a server has another address than this page, your browser may ask it first, by itself,"
            " whether this page may ask (OPTIONS, a preflight of CORS). That is the same for everybody, and has"
            " nothing of what you typed in it."
        ),
        "added": gettext(
            "Your browser adds lines of its own to each request, such as its name and your languages,"
            " as it does for every page."
        ),
    }
