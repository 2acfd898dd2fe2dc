"""The guard's files in a workspace, and a guard that is opened with them.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as place:
...     with GuardFolder(Path(place) / "guard").opened(DigestKey(bytes(32)), at=0.0) as guard:
...         guard.policy == Policy(), sorted(path.name for path in (Path(place) / "guard").iterdir())
(True, ['state'])
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from floodmark.files import OutputFailed
from floodmark.guard.allow_file import AllowFile
from floodmark.guard.budgets import Budgets
from floodmark.guard.budgets.budgets import MEMORY
from floodmark.guard.canaries import Canaries
from floodmark.guard.canaries_ledger import CanaryLedger
from floodmark.guard.evidence import Learned, Watch, read_model
from floodmark.guard.evidence.ledger import Ledger
from floodmark.guard.guard import Guard
from floodmark.guard.keyed_json import OtherKey
from floodmark.guard.ledger_place import LedgerPlace
from floodmark.guard.policy import Policy
from floodmark.identifiers.digests import DigestKey

_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class GuardFolder:
    """Where the guard's files lie.

    Attributes:
        path: of the folder, `guard` in the workspace.
    """

    path: Path

    @property
    def policy(self) -> Path:
        """The policy, written by people."""
        return self.path / "policy.toml"

    @property
    def canaries(self) -> Path:
        """Sets of canaries, as digests."""
        return self.path / "canaries.json"

    @property
    def allowed(self) -> Path:
        """The allow-list."""
        return self.path / "allow.json"

    @property
    def model(self) -> Path:
        """The model that evidence is weighed by."""
        return self.path / "model"

    @property
    def state(self) -> Path:
        """The folder of what has to outlast a restart."""
        return self.path / "state"

    @property
    def ledger(self) -> Path:
        """Who asked for canaries, in the folder of the state."""
        return self.state / "canaries-asked.jsonl"

    def made(self) -> GuardFolder:
        """This folder, made where it is not there yet, for this user alone.

        Raises:
            OutputFailed: it cannot be made.
        """
        try:
            self.path.mkdir(_PRIVATE, parents=True, exist_ok=True)
            self.state.mkdir(_PRIVATE, exist_ok=True)
        except OSError as error:
            raise OutputFailed("The guard's folder in the workspace cannot be made") from error
        return self

    def read_policy(self) -> Policy:
        """The policy, or that of nothing stated where there is no file.

        Raises:
            PolicyError, BadLimit: it cannot be read, or states what no policy may.
        """
        return Policy.read(self.policy) if self.policy.exists() else Policy()

    def opened(
        self, key: DigestKey, *, at: float, policy: Policy | None = None, memory: int = MEMORY
    ) -> Guard:
        """A guard with the files of this folder; its state is kept here until it is closed.

        Args:
            key: the digest key.
            at: now, seconds since 1970 UTC.
            policy: to decide by; None for the one in the folder.
            memory: bytes of budgets, where none are there yet.

        Raises:
            PolicyError, BadLimit: the policy cannot be read, or states what no policy may.
            GuardFileError: a file is damaged, or was made under another digest key.
            OutputFailed: the state cannot be written.
        """
        policy = policy or self.read_policy()
        canaries = Canaries.read(self.canaries, key.id)
        allowed = AllowFile(self.allowed, key.id)
        learned = self._learned(policy, key)
        self.made()
        with ExitStack() as opened:
            budgets = watch = None
            if policy.limits:
                budgets = Budgets.open(self.state, policy.limits, at=at, memory=memory)
                opened.callback(budgets.close)
            if learned is not None:
                place = LedgerPlace(self.state)
                opened.callback(place.close)
                watch = self.watch(policy, learned, place.path)
                opened.callback(watch.ledger.close)
            ledger = CanaryLedger.open(self.ledger, key.id)
            opened.callback(ledger.close)
            guard = Guard(policy, key, budgets, canaries, allowed, watch, ledger)
            guard.closing = opened.pop_all()
            return guard

    @staticmethod
    def watch(policy: Policy, learned: Learned, ledger: Path | Ledger) -> Watch:
        """A watch by a policy, whose epochs are counted from 1970, so that a restart begins none anew.

        Args:
            policy: that says α and ε.
            learned: model and reference.
            ledger: of the evidence so far, or its file.
        """
        return Watch(
            learned.model,
            learned.reference,
            alpha=policy.alpha,
            epsilon=policy.epsilon,
            start=0.0,
            ledger=ledger,
        )

    def _learned(self, policy: Policy, key: DigestKey) -> Learned | None:
        """The model, where there is one and the policy does anything by it."""
        if not self.model.exists() or not policy.evidence.steps:
            return None
        learned = read_model(self.model)
        if learned.key_id != key.id:
            raise OtherKey("The model was made under another digest key")
        return learned
