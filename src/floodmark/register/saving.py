"""Saving a leak: triage its dump once, and keep the profile, the digests and the signed custody.

Everything is prepared in a staging folder; the row of the leak comes last. A kill or a full disk before it leaves the
workspace as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import LimitExceeded, NothingToRead
from floodmark.files import write_atomic
from floodmark.identifiers import KINDS, FieldType
from floodmark.register import custody, workspace_keys
from floodmark.register.array_files import described, growing
from floodmark.register.free_text import HoldsIdentifier, clean
from floodmark.register.identifier_search import identifier_in
from floodmark.register.keys import Keyring
from floodmark.register.leak_words import cleaned
from floodmark.register.leaks import ArrayFile, Leak
from floodmark.register.workspace import Workspace
from floodmark.triage import Options, Profile, total_size, triage
from floodmark.triage.inputs import inputs
from floodmark.triage.keeping import TYPES, VALUES, Keeper
from floodmark.triage.run import Advance

MOST_FIELD_SETS = 1 << 22
NARROW_TYPES = 16  # with as many field types there are at most 2**16 sets, whose numbers take 16 bits

Phase = Callable[[str, int], AbstractContextManager[Advance]]
"""Shows a stretch of work: given its name and the bytes or digests in it, is told how many were done."""


@dataclass(frozen=True)
class Saved:
    """A leak as it was saved, and its profile."""

    leak: Leak
    profile: Profile


@contextmanager
def silent(name: str, total: int) -> Iterator[Advance]:
    """A `Phase` that shows nothing."""
    yield lambda done: None


def save(
    workspace: Workspace,
    keyring: Keyring,
    slug: str,
    paths: Iterable[str | Path],
    options: Options | None = None,
    *,
    title: str | None = None,
    replace_leak: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    phase: Phase = silent,
) -> Saved:
    """Triage some files and save what was learnt as a leak.

    Args:
        workspace: where to.
        keyring: has the digest key and the signing key.
        slug: of the leak.
        paths: files, or folders whose files are read.
        options: as for `triage`.
        title: of the leak; None for that of the leak that is replaced, else the slug.
        replace_leak: whether a leak of this slug may exist; what was edited of it stays.
        clock: gives the time.
        phase: shows the work.

    Raises:
        LeakExists, BadSlug: the slug cannot be had.
        UnfitText, HoldsIdentifier: the title cannot be kept.
        NoKeys, WrongKeys, WrongPassphrase: the keys do not serve.
        NothingToRead, FloodmarkError: as `triage`.
        WorkspaceBusy, WorkspaceUnwritable, SpoolFailed: there is no place or no space.
    """
    files = [Path(path) for path in paths]
    options = _clean(options or Options())
    if title is not None:
        title = cleaned({"title": title}, clock().date())["title"]
    _refuse_addresses(item.path.name for item in inputs(files))
    key, signing = keyring.digest_key(), keyring.signing_key()
    with ExitStack() as stack:
        staging = stack.enter_context(workspace.staging(slug, replace=replace_leak))
        with workspace.writing("save") as connection:
            workspace_keys.claim(connection, key.id, signing.public, others=staging.others())
        keeper = stack.enter_context(Keeper(key))
        with phase("Reading", total_size(files)) as advance:
            profile = triage(files, options, keeper=keeper, clock=clock, advance=advance)
        if not profile.rows:
            raise NothingToRead("No record was read, so nothing was saved")
        counts = {item.kind: item.distinct for item in profile.identifiers}
        with phase("Keeping", sum(counts.values())) as advance:
            types = [FieldType.from_label(item.type) for item in profile.fields]
            types = [kind for kind in types if kind is not FieldType.UNKNOWN]
            arrays = _write_arrays(keeper, staging.folder / "digests", types, advance)
        saved_at = clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        data = (json.dumps(profile.to_dict(), ensure_ascii=False) + "\n").encode("utf-8", "replace")
        write_atomic(staging.folder / "profile.json", data, private=True)
        outputs = [custody.named(staging.folder / "profile.json", "profile.json")]
        outputs += [custody.NamedFile(f"digests/{a.name}.npy", a.bytes, a.sha256) for a in arrays]
        record = custody.record(profile.custody, slug, saved_at, key.id, outputs)
        write_atomic(staging.folder / "custody.json", record, private=True)
        write_atomic(staging.folder / "custody.json.sig", custody.sign(record, signing), private=True)
        leak = Leak(
            slug=slug,
            title=title or "",
            synthetic=profile.synthetic,
            rows=profile.rows,
            field_types=tuple(kind.label for kind in types),
            digest_key_id=key.id,
            profile_version=profile.schema_version,
            saved_at=saved_at,
            modified_at=saved_at,
        )
        return Saved(staging.commit(leak, arrays), profile)


def _clean(options: Options) -> Options:
    """The options with their words as the register keeps them.

    Raises:
        UnfitText, HoldsIdentifier: one of them cannot be kept.
    """
    given = options.acquired
    words = {
        name: clean(text, f"What custody says of the acquisition ({name})", lines=name == "note")
        for name in ("source", "by", "note")
        if (text := getattr(given, name)) is not None
    }
    for name in options.overrides.get("columns") or ():
        _refuse(name, "A name in --columns")
    return replace(options, acquired=replace(given, **words))


def _refuse_addresses(names: Iterable[str]) -> None:
    """Refuse files that are named after somebody, although what is kept and signed hides it in their names."""
    for name in names:
        if "@" in name or "+" in name:
            _refuse(name, "The name of a file")


def _refuse(text: str, what: str) -> None:
    kind = identifier_in(text)
    if kind is not None:
        raise HoldsIdentifier(f"{what} seems to hold {kind}.", "It would be kept: give it another name.")


class FieldSets:
    """Numbers for the sets of field types of a leak, in the order in which they were first met.

    Args:
        types: the leak's field types; bit i of a set's mask, as it is stored, stands for the i-th.
    """

    def __init__(self, types: list[FieldType]) -> None:
        self._bits = [TYPES.index(kind) for kind in types]
        self.dtype = np.dtype("<u2" if len(types) <= NARROW_TYPES else "<u4")
        self._masks = pl.Series("mask", [], dtype=pl.UInt64)

    def numbers(self, masks: NDArray[np.uint64]) -> NDArray[np.uint16] | NDArray[np.uint32]:
        """The number of each mask (bits of `keeping.TYPES`), shape (n,).

        Raises:
            LimitExceeded: the leak has more sets than anybody could look at.
        """
        wanted = pl.Series("mask", masks)
        new = wanted.unique(maintain_order=True)
        new = new.filter(~new.is_in(self._masks.implode()))
        self._masks = self._masks.append(new)
        if self._masks.len() > MOST_FIELD_SETS:
            raise LimitExceeded(
                f"The records have more than {MOST_FIELD_SETS} different sets of field types",
                "Name fewer columns in a grammar file (--grammar): types of the others as unknown.",
            )
        numbers = np.arange(self._masks.len(), dtype=np.uint32)
        found = wanted.replace_strict(self._masks, pl.Series(numbers), return_dtype=pl.UInt32)
        return found.to_numpy().astype(self.dtype)

    def table(self) -> NDArray[np.uint64]:
        """Masks by number, their bits in the order of the leak's field types, uint64, shape (sets,)."""
        masks = self._masks.to_numpy()
        table = np.zeros(len(masks), np.uint64)
        for place, bit in enumerate(self._bits):
            table |= (masks >> np.uint64(bit) & np.uint64(1)) << np.uint64(place)
        return table


def _write_arrays(keeper: Keeper, folder: Path, types: list[FieldType], advance: Advance) -> list[ArrayFile]:
    folder.mkdir(mode=0o700)
    sets = FieldSets(types)
    made: dict[str, int] = {}
    for kind in KINDS:
        length = _write_kind(keeper, kind, folder, sets, advance)
        if length:
            made |= {kind: length, f"{kind}.fields": length, f"{kind}.values": length}
    if "email" in made:
        made |= dict.fromkeys(("domain", "domain.counts"), _write_domains(keeper, folder))
    if made:
        with growing(folder / "field_sets.npy", "<u8") as table:
            table.append(sets.table())
        made["field_sets"] = table.length
    return [described(folder / f"{name}.npy", name, length) for name, length in made.items()]


def _write_kind(keeper: Keeper, kind: str, folder: Path, sets: FieldSets, advance: Advance) -> int:
    paths = [folder / f"{name}.npy" for name in (kind, f"{kind}.fields", f"{kind}.values")]
    with ExitStack() as stack:
        digests = stack.enter_context(growing(paths[0], "<u8"))
        fields = stack.enter_context(growing(paths[1], sets.dtype))
        values = stack.enter_context(growing(paths[2], "<u2", len(VALUES)))
        for block in keeper.blocks(kind):
            digests.append(block.digests)
            fields.append(sets.numbers(block.masks))
            values.append(block.values)
            advance(len(block.digests))
    if not digests.length:
        for path in paths:
            path.unlink()
    return digests.length


def _write_domains(keeper: Keeper, folder: Path) -> int:
    with (
        growing(folder / "domain.npy", "<u8") as domains,
        growing(folder / "domain.counts.npy", "<u8") as counts,
    ):
        for found, number in keeper.domain_blocks():
            domains.append(found)
            counts.append(number)
    return domains.length
