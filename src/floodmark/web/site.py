"""What every handler of a server is made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from floodmark.web.settings import Settings

if TYPE_CHECKING:
    from floodmark.exposure.check import LocalEvaluator
    from floodmark.register.sign_in_key import SignInKey
    from floodmark.register.workspace import Workspace
    from floodmark.web.budget import Budget
    from floodmark.web.catalogue import Catalogue
    from floodmark.web.published import PublishedSnapshot


@dataclass(frozen=True, kw_only=True)
class Site:
    """A server's parts.

    Attributes:
        settings: what its operator chose.
        clock: gives the time, with time zone.
        published: the snapshot that it answers from.
        evaluator: evaluates; None where another server does.
        budget: what clients may ask; None where nothing is evaluated.
        workspace: the register, for leaks, API keys and analysts; None for a server that has files alone.
        sign_in_key: under which analysts sign in; None where nobody can.
    """

    settings: Settings
    clock: Callable[[], datetime]
    published: PublishedSnapshot
    evaluator: LocalEvaluator | None
    budget: Budget | None
    workspace: Workspace | None
    sign_in_key: SignInKey | None = None

    @cached_property
    def catalogue(self) -> Catalogue:
        """The leaks that it tells of."""
        from floodmark.web.catalogue import Catalogue

        return Catalogue(self.published, self.settings.root_key, self.workspace)
