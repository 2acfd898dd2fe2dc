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
            "what": gettext(
                "It learnt that somebody at your network address checked, when, and which four drawers"
                " were fetched. As it has the key, too, it could try all numbers there are, and be left"
                " with a list on which yours is."
            ),
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
            "what": gettext(
                "If they told each other, they could try all numbers there are, and be left with a"
                " list on which yours is."
            ),
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
                "About {n} telephone besides yours, of those that begin with {code} ({country}): four"
                " of 65,536 drawers, of {all} mobile subscriptions in {year}.",
                "About {n} telephones besides yours, of those that begin with {code} ({country}): four"
                " of 65,536 drawers, of {all} mobile subscriptions in {year}.",
            ),
            "shared": gettext("{country} and others"),
            "few": gettext("That is few. From those who work together, the check does not hide you."),
            "unknown": gettext(
                "How many telephones begin with {code} is not known to us. One in 16,384 of them is on"
                " the list, which is few in a small country."
            ),
            "email": gettext(
                "One in 16,384 of all e-mail addresses there are. How many that is, nobody knows; of"
                " those in one leak with a hundred million, about 6,100."
            ),
            "again": gettext("Decoys help once: who checks the same again is easier to tell apart."),
            "source": gettext(
                "Source: ITU, from the World Bank's indicator IT.CEL.SETS; Taiwan: The World Factbook."
            ),
        },
        "added": gettext(
            "Your browser adds lines of its own to each request, such as its name and your languages,"
            " as it does for every page."
        ),
    }
