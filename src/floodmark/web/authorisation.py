"""Who asks, by `Authorization: Bearer`: nobody in particular, or whoever has an API key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import ClassVar

from starlette.types import Scope

from floodmark.exposure.check.organisation_budget import budget
from floodmark.register.api_keys import ApiKey, ApiKeyRefused, ApiKeys, ApiScope, read_api_keys
from floodmark.register.workspace import Workspace
from floodmark.web.budget import Organisation
from floodmark.web.problems import Refusal
from floodmark.web.site import Site

FRESH = 5.0  # seconds for which the keys are not read again; a revoked one is good for so long


class NotAuthorised(Refusal):
    """An API key was presented that is none, or is not good."""

    slug: ClassVar[str] = "api-key-refused"
    status: ClassVar[int] = 401
    headers: Mapping[str, str] = {"www-authenticate": 'Bearer realm="floodmark", error="invalid_token"'}
    hint = "Leave the header Authorization out, or ask whoever runs this server for a key that is good."


class NotAllowed(Refusal):
    """An API key is good, and not for this."""

    slug: ClassVar[str] = "api-key-scope"
    status: ClassVar[int] = 403
    headers: Mapping[str, str] = {"www-authenticate": 'Bearer realm="floodmark", error="insufficient_scope"'}
    hint = "Ask whoever runs this server for a key that allows it."


class Authorisation:
    """Looks presented keys up in the register; for any number of threads.

    The keys are held in memory for a few seconds, so that whoever sends made-up ones costs the register nothing.

    Args:
        site: whose register and clock are used; without a register no key is known.
        monotonic: seconds that never go back.
    """

    def __init__(self, site: Site, monotonic: Callable[[], float] = time.monotonic) -> None:
        folder = None if site.workspace is None else site.workspace.folder
        self._workspace = None if folder is None else Workspace.open(folder)
        self._clock = site.clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._keys = ApiKeys({})

    def organisation(self, scope: Scope, epoch: int) -> Organisation | None:
        """Whose budget an evaluation is of; None for a client without a key.

        Args:
            scope: of the request.
            epoch: that is asked in.

        Raises:
            NotAuthorised: a key was presented that is not good.
            NotAllowed: it is not for evaluations.
            FloodmarkError: the register cannot be read.
        """
        found = self.api_key(scope, "evaluate")
        if found is None or found.customers is None:
            return None
        return Organisation(found.id, epoch, budget(found.customers))

    def api_key(self, scope: Scope, allows: ApiScope) -> ApiKey | None:
        """The key that came with a request; None where there is none.

        Args:
            scope: of the request.
            allows: what it has to allow.

        Raises:
            NotAuthorised: it is not good.
            NotAllowed: it does not allow that.
            FloodmarkError: the register cannot be read.
        """
        presented = _bearer(scope)
        if presented is None:
            return None
        try:
            found = self._current().holder_of(presented, self._clock())
        except ApiKeyRefused as error:
            raise NotAuthorised(error.message) from None
        if allows not in found.scopes:
            raise NotAllowed(f"This API key does not allow to {allows}.")
        return found

    def _current(self) -> ApiKeys:
        if self._workspace is None:
            return self._keys
        with self._lock:
            now = self._monotonic()
            if now - self._read_at >= FRESH:
                with self._workspace.connect() as connection:
                    self._keys = read_api_keys(connection)
                self._read_at = now
            return self._keys


def _bearer(scope: Scope) -> str | None:
    """What stands after `Bearer`; None without the header, or with another scheme, which a proxy's own may be.

    Raises:
        NotAuthorised: there are two.
    """
    found = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(found) > 1:
        raise NotAuthorised("There are two headers Authorization.")
    said = (found[0] if found else b"").decode("latin-1")
    # Whatever separates it from the scheme, somebody who presents a key wants more than what nobody has.
    scheme = said.split(None, 1)[0] if said.strip() else ""
    return said.strip(" ")[len(scheme) :].strip(" ") if scheme.lower() == "bearer" else None
