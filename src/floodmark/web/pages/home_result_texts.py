"""What was found, as the page `/` says it."""

from __future__ import annotations

from typing import Any

from floodmark.web.texts import Texts


def result(words: Texts) -> dict[str, Any]:
    """As browser/src/page/result.ts fills it in."""
    gettext = words.messages.gettext
    return {
        "found": words.forms("Found in {n} leak", "Found in {n} leaks"),
        "foundText": gettext(
            "Data about you was copied and passed on. That alone does not mean that anybody got into"
            " your accounts. What you can do about it is below."
        ),
        "foundUnsure": gettext(
            "What you typed stands in data that is passed on. That alone does not mean that it is real, nor that"
            " anybody got into your accounts. What you can do about it is below."
        ),
        "foundMixed": gettext("Not all of it is verified. Each leak below says how sure it is."),
        "foundDoubtful": gettext(
            "Nobody has verified that any of this data is real. Take the advice below all the same: it"
            " costs little."
        ),
        "foundSynthetic": gettext(
            "All of these leaks are made up for a test. Nothing about you has leaked here."
        ),
        "notFound": words.forms("Not found in {n} leak", "Not found in {n} leaks"),
        "notFoundInSome": words.forms(
            "Not found in {looked} of {n} leak; the rest was not looked in",
            "Not found in {looked} of {n} leaks; the rest was not looked in",
        ),
        "otherCountry": gettext("Is it a number of another country? Choose it above and check again."),
        "notFoundText": gettext(
            "This holds for these leaks as they were read, and for exactly what you typed. It does not"
            " say that no other leak has it."
        ),
        "nothingKnown": gettext("Nothing is known"),
        "nothingKnownText": {
            "phone": gettext(
                "None of these leaks can be asked for telephone numbers. That is neither yes nor no."
            ),
            "email": gettext(
                "None of these leaks can be asked for e-mail addresses. That is neither yes nor no."
            ),
        },
        "nothingKnownNext": {
            "phone": gettext("Check your e-mail address instead, if you like."),
            "email": gettext("Check your telephone number instead, if you like."),
        },
        "notLookedIn": {
            "phone": gettext("Not looked in, as these cannot be asked for telephone numbers: {leaks}."),
            "email": gettext("Not looked in, as these cannot be asked for e-mail addresses: {leaks}."),
        },
        "snapshot": gettext("Answered from snapshot {number} of {made}, signed until {expires}."),
        "taken": gettext("Taken {date}"),
        "takenUnknown": gettext("When it was taken is not known"),
        "published": gettext("published {date}"),
        "publishedUnknown": gettext("when it came out is not known"),
        "sure": {
            "verified": (gettext("verified"), gettext("The data was verified as real.")),
            "unverified": (gettext("not verified"), gettext("Nobody has verified that the data is real.")),
            "fabricated": (
                gettext("made up"),
                gettext(
                    "The data is made up in whole or in part: yours may be in it without ever having"
                    " been taken."
                ),
            ),
            "spamList": (
                gettext("spam list"),
                gettext("It is a list for sending spam; no break-in is known."),
            ),
            "malware": (
                gettext("taken by malware"),
                gettext(
                    "It was taken from people's own devices by malware: clean yours before you change"
                    " a password."
                ),
            ),
            "synthetic": (gettext("synthetic"), gettext("It was made for a test and is nobody's data.")),
        },
        "because": gettext("Because of: {fields}"),
    }
