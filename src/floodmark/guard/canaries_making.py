"""Draw canaries: under the key, from a range or a list, without those that somebody holds or was asked about.

>>> key = DigestKey(bytes(32))
>>> made = make("blue", Range.read("phone", "+447400"), 20, key, held=[], made=0.0)
>>> len(made.digests), len(drawn_again(made, key)), made.valid
(20, 20, 1000000)
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import UsageError
from floodmark.guard.canaries import MOST, NAME, CanarySet
from floodmark.guard.canaries_ranges import Range
from floodmark.guard.reduction import reduce
from floodmark.identifiers import IdentifierKind, phones
from floodmark.identifiers.digests import DigestKey
from floodmark.kernel import keyed_hash

FEWEST_BETWEEN = 100
"""Of so many valid identifiers of a range, one is a canary at most."""
_BATCH = 4096
_BATCHES = 256
_VAIN = 4 * _BATCH  # draws after which a range without a valid identifier is given up


def make(
    name: str, where: Range, count: int, key: DigestKey, *, held: Sequence[NDArray[np.uint64]], made: float
) -> CanarySet:
    """Draw canaries from a range.

    Args:
        name: of the set.
        where: to draw from.
        count: of canaries.
        key: the digest key, under which they are drawn: whoever lacks it cannot tell which they are.
        held: digests that are none, each array ascending and distinct: of holders, and of what was asked before.
        made: when, seconds since 1970 UTC.

    Raises:
        UsageError: the name or the count will not do, or too few identifiers of the range are free.
    """
    _check(name, count)
    if count > where.size // FEWEST_BETWEEN:
        raise UsageError(
            "There would be a canary among every hundred identifiers, or more",
            "Make fewer, or widen the range.",
        )
    found = np.empty(0, np.uint64)
    drawn = valid = free = 0
    for texts in _draws(where, name, key):
        digests = _digests(where.kind, texts, key)
        unheld = digests[~_in_any(digests, held)]
        drawn, valid, free = drawn + texts.len(), valid + len(digests), free + len(unheld)
        found = _distinct(np.concatenate([found, unheld]))
        if len(found) >= count or (valid == 0 and drawn >= _VAIN):
            break
    if len(found) < count:
        raise UsageError(
            "Too few identifiers of this range are valid and free", "Make fewer, or widen the range."
        )
    in_form = max(1, round(where.size * valid / drawn))
    return CanarySet(
        name=name,
        kind=where.kind,
        range=where.text,
        valid=in_form,
        unheld=max(1, round(in_form * free / valid)),
        checked=sum(len(array) for array in held),
        made=made,
        digests=tuple(sorted(found[:count].tolist())),
    )


def make_from_list(
    name: str,
    kind: IdentifierKind,
    texts: pl.Series,
    count: int,
    key: DigestKey,
    *,
    held: Sequence[NDArray[np.uint64]],
    made: float,
    region: str | None = None,
) -> CanarySet:
    """Draw canaries from a list of identifiers, such as user names that look like others.

    Args:
        name: of the set.
        kind: of identifiers.
        texts: String, shape (n,); cells that are no identifier are left out.
        count: of canaries.
        key: the digest key.
        held: as for `make`.
        made: as for `make`.
        region: where national phone numbers were typed.

    Raises:
        UsageError: the name or the count will not do, or too few of the list are free.
    """
    _check(name, count)
    listed = reduce(kind, texts, key, region)["identifier"].drop_nulls().unique().sort().to_numpy()
    free = listed[~_in_any(listed, held)]
    if len(free) < count:
        raise UsageError(
            f"Of this list, {len(free):,} are valid and free", "Make fewer, or give a longer list."
        )
    order = np.argsort(keyed_hash.of_numbers(_secret(name, key), b"", free), kind="stable")
    chosen = tuple(sorted(free[order[:count]].tolist()))
    return CanarySet(name, kind, "", len(listed), len(free), sum(len(array) for array in held), made, chosen)


def drawn_again(one: CanarySet, key: DigestKey) -> list[str]:
    """The canaries of a set in plain text, drawn again under the key; none of a set that came from a list.

    Args:
        one: the set.
        key: the digest key.
    """
    if not one.range:
        return []
    wanted = set(one.digests)
    found: dict[int, str] = {}
    for texts in _draws(Range.read(one.kind, one.range), one.name, key):
        reduced = reduce(one.kind, texts, key)["identifier"]
        found |= {
            digest: text
            for digest, text in zip(reduced.to_list(), texts.to_list(), strict=True)
            if text is not None and digest in wanted
        }
        if len(found) == len(wanted):
            break
    return sorted(found.values())


def _draws(where: Range, name: str, key: DigestKey) -> Iterator[pl.Series]:
    """Identifiers of a range at keyed places, in batches, the same each time; null where invalid."""
    secret = _secret(f"{name}/{where.kind}/{where.text}", key)
    for batch in range(_BATCHES):
        numbers = np.arange(batch * _BATCH, (batch + 1) * _BATCH, dtype=np.uint64)
        places = keyed_hash.of_numbers(secret, b"", numbers)
        texts = where.texts(places % np.uint64(where.size))
        yield texts.set(~_in_form(where.kind, texts), None)


def _in_form(kind: IdentifierKind, texts: pl.Series) -> pl.Series:
    """Whether texts are valid as they stand; a number of before a renumbering is another number today."""
    if kind == "phone":
        return phones.resolve(texts)["valid"].fill_null(value=False)
    return texts.is_not_null()


def _digests(kind: IdentifierKind, texts: pl.Series, key: DigestKey) -> NDArray[np.uint64]:
    """Digests of what is valid, in the order of the texts."""
    return reduce(kind, texts, key)["identifier"].drop_nulls().to_numpy()


def _in_any(digests: NDArray[np.uint64], held: Iterable[NDArray[np.uint64]]) -> NDArray[np.bool_]:
    found = np.zeros(len(digests), np.bool_)
    for array in held:
        if len(array):
            places = np.minimum(np.searchsorted(array, digests), len(array) - 1)
            found |= array[places] == digests
    return found


def _distinct(digests: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each digest once, in the order of its first place."""
    _, places = np.unique(digests, return_index=True)
    return digests[np.sort(places)]


def _secret(label: str, key: DigestKey) -> bytes:
    return hmac.digest(key.secret, f"floodmark/canaries/{label}".encode(), "sha256")


def _check(name: str, count: int) -> None:
    if not NAME.fullmatch(name):
        raise UsageError(
            "The name of canaries is made of a to z, 0 to 9 and hyphens, 40 at most", "Such as spring-2026."
        )
    if not 1 <= count <= MOST:
        raise UsageError(f"There are 1 to {MOST:,} canaries in a set")
