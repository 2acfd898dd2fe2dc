"""What the script of the page `/` says: every state, every refusal, every part of a result; `{name}` is filled in there.

A text with a number in it is a table of its forms by plural category (`Intl.PluralRules`).
"""

from __future__ import annotations

from typing import Any

from floodmark.web.texts import Texts


def phrases(words: Texts) -> dict[str, Any]:
    """All of them in one language, JSON-ready."""
    gettext = words.messages.gettext
    return {
        **_form(words),
        "problems": _problems(words),
        "refusals": _refusals(words),
        "result": _result(words),
        "sent": _sent(words),
        "waits": {
            "seconds": words.forms("{n} second", "{n} seconds"),
            "minutes": words.forms("{n} minute", "{n} minutes"),
            "hours": words.forms("{n} hour", "{n} hours"),
            "days": words.forms("{n} day", "{n} days"),
        },
        "here": gettext("this server"),
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
            "look": gettext("Looking, on this device"),
        },
    }


def _problems(words: Texts) -> dict[str, str]:
    """Why a text is no identifier; names are those of `Problem` in browser/src/canon/asked.ts."""
    gettext = words.messages.gettext
    return {
        "empty": gettext("Type a telephone number or an e-mail address first."),
        "too-much-text": gettext("This is too long for a telephone number or an e-mail address."),
        "not-an-email": gettext("This is no complete e-mail address. One looks like name@example.org."),
        "not-an-email-domain": gettext(
            "The part after the @ is no valid domain. Look for a typing error there."
        ),
        "not-an-email-local": gettext("The part before the @ cannot be one. Look for a typing error there."),
        "not-a-phone": gettext(
            "This is neither a telephone number nor an e-mail address. Type one number only, without words."
        ),
        "lost-digits": gettext(
            "A spreadsheet has rounded this number; its last digits are lost. Type it in full."
        ),
        "needs-country": gettext("Choose the country of the number, or type it with + and its country code."),
        "unknown-calling-code": gettext("No country has this country code. Look at the digits after the +."),
        "too-short": gettext("Some digits are missing."),
        "too-short-of": gettext("Some digits are missing for a number of {country}."),
        "too-long": gettext("There are too many digits."),
        "too-long-of": gettext("There are too many digits for a number of {country}."),
        "wrong-length": gettext("No number has so many digits. Count them again."),
        "wrong-length-of": gettext("No number of {country} has so many digits. Count them again."),
        "area-code-missing": gettext(
            "The area code is missing. Type the number as somebody from elsewhere would."
        ),
        "unassigned": gettext("No number begins like this. Look at its first digits."),
        "unassigned-of": gettext(
            "No number of {country} begins like this. Look at its first digits, and at the country."
        ),
    }


def _refusals(words: Texts) -> dict[str, dict[str, str]]:
    """Why a check ended without an answer; names are those of `Code` in browser/src/protocol/refusal.ts."""
    gettext = words.messages.gettext
    unknown = gettext("Whether you are in a leak is not known: neither yes nor no.")
    distrust = gettext(
        "Do not rely on this server now. Try again later, ask from another connection, or ask whoever runs it by a way"
        " that you trust."
    )
    renewed = gettext("The server is being renewed. Load this page again in a few minutes.")
    told = {
        "offline": (
            gettext("No connection"),
            gettext("No answer came from the server. Either you are offline, or it is."),
            gettext("Look at your connection, then check again. What you typed is still there."),
        ),
        "too-slow": (
            gettext("The answer took too long"),
            gettext("The connection is too slow just now, or the server has too much to do."),
            gettext("Check again in a while, or from another connection."),
        ),
        "stopped": (
            gettext("Stopped"),
            gettext("The check was stopped before an answer was there."),
            gettext("Check again whenever you like."),
        ),
        "budget-spent": (
            gettext("No more checks from here for now"),
            gettext(
                "Every connection has a number of checks a day, found or not, so that nobody can try all numbers. Those of"
                " yours are spent; others may share your connection."
            ),
            gettext("Come again later, or check from another connection."),
        ),
        "budget-spent-until": (
            gettext("No more checks from here for now"),
            gettext(
                "Every connection has a number of checks a day, found or not, so that nobody can try all numbers. Those of"
                " yours are spent; others may share your connection."
            ),
            gettext("Come again in {wait} ({when}), or check from another connection."),
        ),
        "snapshot-expired": (
            gettext("The list of leaks has expired"),
            gettext(
                "It is signed until {when}, and the server has no newer one. An old list could leave out what matters."
            ),
            gettext("Check again tomorrow. If your device shows a wrong date, set it right first."),
        ),
        "snapshot-from-the-future": (
            gettext("The dates do not fit"),
            gettext("The list of leaks was made after the date that your device shows."),
            gettext("Look whether date and time of your device are right, then check again."),
        ),
        "snapshot-older": (
            gettext("The server gave an older list than before"),
            gettext("That should not happen. It may be a fault, or somebody hides newer leaks from you."),
            distrust,
        ),
        "wrong-epoch": (
            gettext("The server is being renewed"),
            gettext("Its parts do not fit one another yet."),
            renewed,
        ),
        "wrong-root-key": (
            gettext("Signed by somebody else"),
            gettext(
                "The list of leaks does not bear the signature that this page expects, so nothing was asked."
            ),
            distrust,
        ),
        "answer-broken": (
            gettext("The answer was tampered with"),
            gettext(
                "What came back is not what was signed. It may be a damaged file, or somebody changed it on purpose."
            ),
            distrust,
        ),
        "proof-failed": (
            gettext("The answer does not prove itself"),
            gettext(
                "The server could not prove that it answered with the right key. What it answered was thrown away, and"
                " nothing else was asked."
            ),
            distrust,
        ),
        "server-failed": (
            gettext("The server could not answer"),
            gettext("It has a fault, or has no list of leaks now."),
            gettext("Check again later. If it goes on, tell whoever runs this server."),
        ),
        "protocol-refused": (
            gettext("The server speaks another language"),
            gettext("It follows another version of the protocol than this page."),
            renewed,
        ),
        "broken": (
            gettext("The answer makes no sense"),
            gettext("What the server sent has not the form that it has to have."),
            distrust,
        ),
        "bad-address": (
            gettext("This page is not served safely"),
            gettext("A check goes over https only, and an address that this page was given is another."),
            gettext("Type https:// before the address of this page, or tell whoever runs this server."),
        ),
        "fault": (
            gettext("Something went wrong on this page"),
            gettext("That is our fault, not yours."),
            gettext("Load the page again. If it goes on, update your browser, or use the command line."),
        ),
    }
    return {
        code: {"title": title, "text": f"{text} {unknown}", "next": following}
        for code, (title, text, following) in told.items()
    }


def _result(words: Texts) -> dict[str, Any]:
    gettext = words.messages.gettext
    return {
        "found": words.forms("Found in {n} leak", "Found in {n} leaks"),
        "foundText": gettext(
            "Data about you was copied and passed on. That alone does not mean that anybody got into your accounts. What you"
            " can do about it is below."
        ),
        "foundDoubtful": gettext(
            "Nobody has verified that any of this data is real. Take the advice below all the same: it costs little."
        ),
        "foundSynthetic": gettext(
            "All of these leaks are made up for a test. Nothing about you has leaked here."
        ),
        "notFound": words.forms("Not found in {n} leak", "Not found in {n} leaks"),
        "notFoundText": gettext(
            "This holds for these leaks as they were read, and for exactly what you typed. It does not say that no other"
            " leak has it."
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
        "snapshot": gettext("Answered from list {number} of {made}, signed until {expires}."),
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
                    "The data is made up in whole or in part: yours may be in it without ever having been taken."
                ),
            ),
            "spamList": (
                gettext("spam list"),
                gettext("It is a list for sending spam; no break-in is known."),
            ),
            "malware": (
                gettext("taken by malware"),
                gettext(
                    "It was taken from people's own devices by malware: clean yours before you change a password."
                ),
            ),
            "synthetic": (gettext("synthetic"), gettext("It was made for a test and is nobody's data.")),
        },
        "because": gettext("Because of: {fields}"),
    }


def _sent(words: Texts) -> dict[str, Any]:
    gettext = words.messages.gettext
    return {
        "intro": words.forms(
            "Your browser sent {n} request, and nothing after it knew the answer.",
            "Your browser sent {n} requests, and nothing after it knew the answer.",
        ),
        "snapshot": gettext("The signed list of leaks was fetched. It is the same for everybody."),
        "evaluation": gettext(
            "What you typed, multiplied by a random number that your browser forgot since. It looks random to anybody."
        ),
        "bucket": gettext("One of four drawers out of 65,536: yours and three decoys, in random order."),
        "bytes": gettext("{n} bytes:"),
        "one": {
            "who": gettext("{host} evaluated, and has the drawers"),
            "what": gettext(
                "It learnt that somebody at your network address checked, when, and which four drawers were fetched. As it"
                " has the key, too, it could try all numbers there are, and be left with a list on which yours is."
            ),
        },
        "evaluator": {
            "who": gettext("{host} evaluated"),
            "what": gettext(
                "It learnt that somebody at your network address checked, and when. What you typed it could not read, nor"
                " see what was found."
            ),
        },
        "host": {
            "who": gettext("{host} has the drawers"),
            "what": gettext(
                "It learnt that somebody at your network address fetched four drawers, and when. Without the key nobody can"
                " tell who belongs into a drawer."
            ),
        },
        "both": {
            "who": gettext("Both together"),
            "what": gettext(
                "If they told each other, they could try all numbers there are, and be left with a list on which yours is."
            ),
        },
        "nobody": {
            "who": gettext("Whether anything was found"),
            "what": gettext(
                "Nobody learnt it but you. The requests are the same either way, and none came after the answer."
            ),
        },
        "crowd": {
            "who": gettext("How long that list is"),
            "phone": words.forms(
                "About {n} telephone besides yours, of those that begin with {code} ({country}): four of 65,536 drawers, of {all}"
                " mobile subscriptions in {year}.",
                "About {n} telephones besides yours, of those that begin with {code} ({country}): four of 65,536 drawers, of {all}"
                " mobile subscriptions in {year}.",
            ),
            "shared": gettext("{country} and others"),
            "few": gettext("That is few. From those who work together, the check does not hide you."),
            "unknown": gettext(
                "How many telephones begin with {code} is not known to us. One in 16,384 of them is on the list, which is"
                " few in a small country."
            ),
            "email": gettext(
                "One in 16,384 of all e-mail addresses there are. How many that is, nobody knows; of those in one leak with"
                " a hundred million, about 6,100."
            ),
            "again": gettext("Decoys help once: who checks the same again is easier to tell apart."),
            "source": gettext(
                "Source: ITU, from the World Bank's indicator IT.CEL.SETS; Taiwan: The World Factbook."
            ),
        },
        "added": gettext(
            "Your browser adds lines of its own to each request, such as its name and your languages, as it does for every page."
        ),
    }
