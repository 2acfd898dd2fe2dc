"""Signing in and out: `/sign-in` and `/sign-out`, and who a request is from.

Whatever is wrong, the answer is the same: neither words nor status tell a name that nobody has from a wrong password, a
wrong code or a wait that is on for the name. Which it was stands in the log (`audit`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from floodmark.errors import UsageError
from floodmark.guard.address_blocks import blocks
from floodmark.register import known_browsers, passwords, signing_in
from floodmark.register.database import WorkspaceBusy
from floodmark.register.key_passphrases import PassphraseRefused
from floodmark.register.key_secrets import Secret
from floodmark.register.sessions import LONGEST, Session, end_session, end_sessions, find_session
from floodmark.register.sign_in_key import SignInKey
from floodmark.register.workspace import Workspace
from floodmark.web.addresses import client_address
from floodmark.web.attempts import Attempts, Full, Gate
from floodmark.web.audit import Audit, Outcome
from floodmark.web.cookies import Cookies, cookies
from floodmark.web.forms import ForeignForm, check_token, read_form
from floodmark.web.pages.rendering import page
from floodmark.web.site import Site

if TYPE_CHECKING:
    from datetime import datetime

COST = passwords.COST
HOME = "/analyst"
BUSY = 5  # seconds after which to try again
WAIT = 10.0  # seconds for another process that writes to the register
LONG_WAIT = 60.0  # the same, to end a session
SHORT_WAIT = 0.5  # the same, to note that a session is in use, which can wait for the next page
FORM = re.compile(r"[0-9a-f]{64}")
NEXT = re.compile(r"/(?:analyst|leaks)(?:/[a-z0-9][a-z0-9-]{0,63}){0,3}")
PRIVATE = {"cache-control": "no-store", "vary": "Accept-Language, Cookie"}


class NobodyCanSignIn(UsageError):
    """Analysts were to sign in to a server that has no register, or no key for it; exit code 2."""

    slug: ClassVar[str] = "nobody-can-sign-in"
    hint = "Leave --snapshot out, and add an analyst: floodmark analysts add NAME."


def signed_in(request: Request, site: Site) -> Session | None:
    """Who a request is from; None for nobody who is signed in. It may wait for the disk: call it in a thread.

    Args:
        request: whose cookie is looked at.
        site: the server's parts.
    """
    if not site.settings.analysts or site.workspace is None:
        return None
    token = cookies(site.settings).read(request, "session")
    if not token:
        return None
    return find_session(Workspace.open(site.workspace.folder, wait=SHORT_WAIT), token, site.clock())


def next_page(asked: str) -> str:
    """Where to go after signing in: one of our own pages, whatever was asked for.

    >>> [next_page(asked) for asked in ("/leaks/acme-2026", "//evil.example", "https://evil.example", "/leaks/%2e")]
    ['/leaks/acme-2026', '/analyst', '/analyst', '/analyst']
    """
    return asked if NEXT.fullmatch(asked) else HOME


def router(site: Site) -> APIRouter:
    """Answers `/sign-in` and `/sign-out`.

    Raises:
        NobodyCanSignIn: there is no register, or no key for signing in.
        InsecureCookies: cookies over plain HTTP, and others than this machine can reach the server.
    """
    if site.workspace is None or site.sign_in_key is None:
        raise NobodyCanSignIn("Analysts cannot sign in to this server.")
    door = Door(site, site.workspace, site.sign_in_key, cookies(site.settings))
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/sign-in", door.form, methods=["GET", "HEAD"])
    routes.add_api_route("/sign-in", door.sign_in, methods=["POST"])
    routes.add_api_route("/sign-out", door.sign_out, methods=["POST"])
    return routes


@dataclass(frozen=True)
class Entry:
    """What somebody typed, and whence."""

    name: str
    code: str
    password: str
    mark: str
    before: str

    def __repr__(self) -> str:
        return "Entry(…)"


class Door:
    """The handlers.

    Args:
        site: the server's parts.
        workspace: its register.
        key: under which analysts sign in.
        jar: how cookies are set.
    """

    def __init__(self, site: Site, workspace: Workspace, key: SignInKey, jar: Cookies) -> None:
        self._site = site
        self._folder = workspace.folder
        self._key = key
        self._jar = jar
        self._attempts = Attempts()
        self._audit = Audit(site.clock)
        self._gates = {known: Gate() for known in (True, False)}

    def form(self, request: Request, next: str = "") -> Response:  # noqa: A002  # as the address has it
        """The form, or where to go for whoever is signed in."""
        if signed_in(request, self._site) is not None:
            return RedirectResponse(next_page(next), 303, PRIVATE)
        return self._form(request, next_page(next))

    async def sign_in(self, request: Request) -> Response:
        """Look at what was typed."""
        fields = await read_form(request)
        onward = next_page(fields.get("next", ""))
        given = self._jar.read(request, "form")
        try:
            check_token(fields.get("token", ""), self._token(given))
        except ForeignForm:
            self._audit.note("sign-in", "out-of-date")
            return self._form(request, onward, "out-of-date", 403)
        return await self._answer(request, fields, onward)

    async def sign_out(self, request: Request) -> Response:
        """End this session, or all of the analyst's."""
        fields = await read_form(request)
        session = await run_in_threadpool(signed_in, request, self._site)
        if session is not None:
            check_token(fields.get("token", ""), session.csrf)
            everywhere = fields.get("everywhere") == "yes"
            try:
                await run_in_threadpool(self._end, session, self._jar.read(request, "session"), everywhere)
            except WorkspaceBusy:  # whoever wants to leave is not told to have left
                return self._later(request, HOME, "busy", 503, BUSY)
        answer = RedirectResponse("/", 303, PRIVATE)
        self._jar.drop(answer, "session")
        return answer

    async def _answer(self, request: Request, fields: Mapping[str, str], onward: str) -> Response:
        now = self._site.clock()
        name = fields.get("name", "").strip().lower()
        mark = self._jar.read(request, "browser")
        browser = known_browsers.browser_of(self._key, mark, name, now)
        source = browser.number.encode() if browser else self._block(request)
        wait = self._attempts.begin(source, now)
        if wait:
            self._audit.note("sign-in", "too-many")
            return self._later(request, onward, "too-many", 429, wait)
        entry = Entry(
            name, fields.get("code", ""), fields.get("password", ""), mark, self._jar.read(request, "session")
        )
        try:
            async with self._gates[browser is not None].passed(now):
                found = await run_in_threadpool(self._prove, entry, now)
        except (Full, WorkspaceBusy):
            self._attempts.succeeded(source, now)  # nothing was looked at
            return self._later(request, onward, "busy", 503, BUSY)
        if found is None:
            return self._form(request, onward, "refused", 403)
        self._attempts.succeeded(source, now)
        answer = RedirectResponse(onward, 303, PRIVATE)
        self._jar.put(answer, "session", found.token, LONGEST)
        self._jar.put(answer, "browser", found.mark, known_browsers.LIFETIME)
        self._jar.drop(answer, "form")
        return answer

    def _prove(self, entry: Entry, now: datetime) -> signing_in.SignedIn | None:
        workspace = Workspace.open(self._folder, wait=WAIT)
        attempt = signing_in.begin(workspace, self._key, entry.name, entry.code, entry.mark, now)
        password = _typed(entry.password)
        found = None
        if attempt is not None and password is not None:
            with password:
                found = signing_in.finish(
                    workspace, self._key, attempt, password, now, before=entry.before, cost=COST
                )
        if attempt is not None:
            who, since = (attempt.name, attempt.changed_at) if attempt.name else (None, None)
            self._audit.note("sign-in", _outcome(attempt, found), who, secrets_since=since)
        return found

    def _end(self, session: Session, token: str, everywhere: bool) -> None:
        with Workspace.open(self._folder, wait=LONG_WAIT).writing("sign-out") as connection:
            if everywhere:
                end_sessions(connection, session.analyst)
            else:
                end_session(connection, token)
        self._audit.note("sign-out", "everywhere" if everywhere else "here", session.analyst)

    def _later(self, request: Request, onward: str, said: str, status: int, seconds: int) -> Response:
        answer = self._form(request, onward, said, status)
        answer.headers["retry-after"] = str(seconds)
        return answer

    def _form(self, request: Request, onward: str, said: str = "", status: int = 200) -> Response:
        given = self._jar.read(request, "form")
        known = given if FORM.fullmatch(given) else secrets.token_hex(32)
        answer = page(
            self._site,
            request,
            "sign_in.html",
            status=status,
            said=said,
            next=onward,
            token=self._token(known),
        )
        answer.headers.update(PRIVATE)
        if known != given:
            self._jar.put(answer, "form", known, LONGEST)
        return answer

    def _token(self, given: str) -> str:
        """What a form carries for a cookie; empty where there is no cookie."""
        return self._key.stamp("form", given) if FORM.fullmatch(given) else ""

    def _block(self, request: Request) -> bytes:
        return blocks(client_address(request.scope, self._site.settings.trusted_proxies))[0]


def _outcome(attempt: signing_in.Attempt, found: signing_in.SignedIn | None) -> Outcome:
    if found is not None:
        return "signed-in"
    if attempt.lost:
        return "key-lost"
    if attempt.waits:
        return "waiting"
    return "wrong-password" if attempt.code_right else "wrong-code"


def _typed(password: str) -> Secret | None:
    """The password in normal form; None for what no analyst can have."""
    try:
        return passwords.normal(password.encode("utf-8", "surrogatepass"))
    except PassphraseRefused:
        return None
