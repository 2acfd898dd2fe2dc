"""The keys of a workspace, unwrapped only when asked for.

    >>> from tempfile import TemporaryDirectory
    >>> from floodmark.register.key_changes import make
    >>> from floodmark.register.key_wrap import Bare
    >>> with TemporaryDirectory() as place:
    ...     keys, workspace = Path(place) / "keys", Path(place) / "workspace"
    ...     made = make(keys, Bare, created="2026-01-31T13:05:00Z", workspace=workspace)
    ...     with Keyring.open(keys, workspace=workspace) as keyring:
    ...         keyring.digest_key(), keyring.signing_key(), keyring.evaluation_key()
    (DigestKey(id='...'), SigningKey(id='...'), EvaluationKey(epoch=1, id='...'))

There are three: `digest`, under which identifiers are hashed; `signing`, with which custody and what is published are
signed; and `evaluation`, with which leaks are sealed and private checks answered. They are random and independent, so
that each can be kept where the others are not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from floodmark.register import key_passphrases
from floodmark.register.key_files import KeyDamaged, KeyFile, parse
from floodmark.register.key_folder import KeyFolder, NoKeys, apart, default_folder
from floodmark.register.key_secrets import Secret, forbid_core_dumps
from floodmark.register.key_signing import SigningKey
from floodmark.register.key_wrap import NoPassphrase, WrongPassphrase

if TYPE_CHECKING:
    from floodmark.identifiers.digests import DigestKey
    from floodmark.register.key_evaluation import EvaluationKey

Passphrase = Callable[[str], bytes]
"""Asks for a passphrase, given what it is of; answers in UTF-8."""


EPOCH_HINT = "Make it with floodmark keys epoch, or import an export that holds it."


class Keyring:
    """Keys at rest in a folder; made by `open`.

    A key is read and unwrapped at the first call for it, so a server that never hashes identifiers never has the
    digest key in its memory. The passphrase is asked for once.
    """

    def __init__(self, folder: KeyFolder, passphrase: Passphrase | None) -> None:
        self._folder = folder
        self._ask = Asking(passphrase)
        self._digest: DigestKey | None = None
        self._signing: SigningKey | None = None
        self._evaluation: EvaluationKey | None = None

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        *,
        passphrase: Passphrase | None = None,
        workspace: Path | None = None,
    ) -> Self:
        """The keys in a folder.

        Args:
            folder: None for `FLOODMARK_KEYS`, else the default folder.
            passphrase: asked when a key that is wrapped by one is first needed.
            workspace: the workspace's folder, which has to be apart; None for the default one.

        Raises:
            NoKeys: the folder holds no keys.
            KeysExposed: others can read the folder, or it is not this user's.
            KeysMisplaced: the folder lies in the workspace, or the workspace in it.
        """
        found = located(folder, workspace)
        if not found.purposes():
            raise NoKeys("There are no keys yet.")
        return cls(found, passphrase)

    def files(self) -> list[KeyFile]:
        """What the files say of the keys, epoch and public halves among it, without unwrapping any.

        Raises:
            KeysExposed: others can read a file, or it is a link or not this user's.
            KeyDamaged, KeyTooNew: a file cannot be read.
        """
        return [self._file(purpose) for purpose in self._folder.purposes()]

    def digest_key(self) -> DigestKey:
        """The key under which identifiers are hashed.

        Raises:
            NoKeys, KeysExposed, KeyDamaged, KeyTooNew: there is no digest key that may be used.
            NoPassphrase, WrongPassphrase, KeyCommandFailed: it cannot be unwrapped.
        """
        if self._digest is None:
            from floodmark.identifiers.digests import DigestKey  # needs Polars, and signing does not

            with self._secret("digest") as secret:
                self._digest = DigestKey(bytes(secret.reveal()))
        return self._digest

    def signing_key(self) -> SigningKey:
        """The key with which custody and what is published are signed; its public half is the root key of clients.

        Raises:
            NoKeys, KeysExposed, KeyDamaged, KeyTooNew: there is no signing key that may be used.
            NoPassphrase, WrongPassphrase, KeyCommandFailed: it cannot be unwrapped.
        """
        if self._signing is None:
            with self._secret("signing") as secret:
                self._signing = SigningKey(secret.reveal())
        return self._signing

    def evaluation_key(self) -> EvaluationKey:
        """The key of the present epoch, with which leaks are sealed and private checks answered.

        Raises:
            NoKeys, KeysExposed, KeyDamaged, KeyTooNew: there is no evaluation key that may be used.
            NoPassphrase, WrongPassphrase, KeyCommandFailed: it cannot be unwrapped.
        """
        if self._evaluation is None:
            from floodmark.register.key_evaluation import EvaluationKey  # needs Polars, and signing does not

            file = self._file("evaluation")
            assert file.epoch is not None  # noqa: S101  # no file of this purpose is read without one
            with self._ask.opened(file) as secret:
                self._evaluation = EvaluationKey(secret.reveal(), file.epoch)
        return self._evaluation

    def close(self) -> None:
        """Forget the keys and wipe the passphrase; a later call unwraps again."""
        self._digest = self._signing = self._evaluation = None
        self._ask.wipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "Keyring(…)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a keyring is neither copied nor pickled")

    def _file(self, purpose: str) -> KeyFile:
        return read(self._folder, purpose)

    def _secret(self, purpose: str) -> Secret:
        return self._ask.opened(self._file(purpose))


class Asking:
    """Asks for a passphrase at the first need, and remembers its normal form until it is wiped.

    Args:
        passphrase: asks; None where nobody can be asked.
        what: what the passphrase is of.
        normal: brings the answer to normal form, or refuses it.
    """

    def __init__(
        self,
        passphrase: Passphrase | None,
        what: str = "the keys",
        normal: Callable[[bytes], Secret] = key_passphrases.normal,
    ) -> None:
        self._passphrase = passphrase
        self._what = what
        self._normal = normal
        self._known: Secret | None = None

    def __call__(self) -> Secret:
        """The passphrase in normal form.

        Raises:
            NoPassphrase: nobody can be asked.
            PassphraseRefused: the answer cannot be one.
        """
        if self._known is None:
            if self._passphrase is None:
                raise NoPassphrase(f"A passphrase is needed for {self._what}.")
            forbid_core_dumps()
            self._known = self._normal(self._passphrase(self._what))
        return self._known

    def opened(self, file: KeyFile) -> Secret:
        """The secret of a key; asks again when the passphrase that opened another key does not open this one.

        Raises:
            WrongPassphrase, NoPassphrase, PassphraseRefused, KeyCommandFailed, KeyDamaged: as for `KeyFile.open`.
        """
        remembered = self._known is not None
        try:
            return file.open(self)
        except WrongPassphrase:
            self.wipe()
            if not remembered:
                raise
        return file.open(self)

    def wipe(self) -> None:
        """Forget the passphrase."""
        if self._known is not None:
            self._known.wipe()
        self._known = None


def located(folder: Path | None, workspace: Path | None) -> KeyFolder:
    """The folder of the keys, seen to be apart from the workspace.

    Raises:
        KeysMisplaced: one lies in the other.
    """
    if workspace is None:
        from floodmark.register.workspace import default_folder as default_workspace  # needs SQLAlchemy

        workspace = default_workspace()
    found = default_folder() if folder is None else folder
    apart(found, workspace)
    return KeyFolder(found)


def read(folder: KeyFolder, purpose: str) -> KeyFile:
    """What the file of one key says of it. From here on this process leaves no core dump.

    Raises:
        NoKeys, KeysExposed, KeyDamaged, KeyTooNew: there is no such key that may be used.
    """
    forbid_core_dumps()
    raw = folder.read(purpose)
    if raw is None:
        raise NoKeys(f"There is no {purpose} key.", EPOCH_HINT if purpose == "evaluation" else None)
    found = parse(raw)
    if found.purpose != purpose:
        raise KeyDamaged(f"The file of the {purpose} key holds another key.")
    return found
