"""Why there is nothing to ask, or no answer, as the page `/` says it: what happened, and what to do now."""

from __future__ import annotations

from floodmark.web.texts import Texts


def problems(words: Texts) -> dict[str, str]:
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
        "too-short-of": gettext("Some digits are missing for this country: {country}."),
        "too-long": gettext("There are too many digits."),
        "too-long-of": gettext("There are too many digits for this country: {country}."),
        "wrong-length": gettext("No number has so many digits. Count them again."),
        "wrong-length-of": gettext(
            "No number has so many digits in this country: {country}. Count them again."
        ),
        "area-code-missing": gettext(
            "The area code is missing. Type the number as somebody from elsewhere would."
        ),
        "unassigned": gettext("No number begins like this. Look at its first digits."),
        "unassigned-of": gettext(
            "No number begins like this in this country: {country}. Look at the first digits, and at the country."
        ),
    }


def refusals(words: Texts) -> dict[str, dict[str, str]]:
    """Why a check ended without an answer; names are those of `Code` in browser/src/protocol/refusal.ts."""
    gettext = words.messages.gettext
    unknown = gettext("Whether you are in a leak is not known: neither yes nor no.")
    distrust = gettext(
        "Do not rely on this server now. Try again later, ask from another connection, or ask whoever"
        " runs it by a way that you trust."
    )
    renewed = gettext("The server is being renewed. Load this page again in a few minutes.")
    told = {
        "offline": (
            gettext("No answer"),
            gettext(
                "No answer came that this page could read. Either you are offline, or the server is, or it"
                " answers in a way that it should not."
            ),
            gettext(
                "Look at your connection, then check again: what you typed is still there. If other pages"
                " load, tell whoever runs this server."
            ),
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
                "Every connection has a number of checks a day, found or not, so that nobody can try"
                " all numbers. Those of yours are spent; others may share your connection."
            ),
            gettext("Come again later, or check from another connection."),
        ),
        "budget-spent-until": (
            gettext("No more checks from here for now"),
            gettext(
                "Every connection has a number of checks a day, found or not, so that nobody can try"
                " all numbers. Those of yours are spent; others may share your connection."
            ),
            gettext("Come again in {wait} ({when}), or check from another connection."),
        ),
        "budget-spent-for-days": (
            gettext("No more checks from here for now"),
            gettext(
                "Every connection has a number of checks a day, found or not, so that nobody can try"
                " all numbers. Those of yours are spent; others may share your connection."
            ),
            gettext("Come again after this: {when}. Or check from another connection."),
        ),
        "snapshot-expired": (
            gettext("The list of leaks has expired"),
            gettext(
                "Its date has passed, and the server has no newer one. An old list could leave"
                " out what matters."
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
                "What came back is not what was signed. It may be a damaged file, or somebody changed"
                " it on purpose."
            ),
            distrust,
        ),
        "proof-failed": (
            gettext("The answer does not prove itself"),
            gettext(
                "The server could not prove that it answered with the right key. What it answered was"
                " thrown away, and nothing else was asked."
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
