"""What would give an identifier away in what was sent."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from floodmark.exposure.check.asked import read
from floodmark.exposure.oprf import Scalar, evaluate

SHORT = 8  # what is shorter stands in random digits by chance


def traces(identifier: str, key: Scalar) -> Iterator[bytes]:
    """The identifier, pieces of it, and unkeyed hashes, whole or cut, in any encoding; and what the key makes of it.

    Args:
        identifier: as it was typed, in international form.
        key: of the evaluation.
    """
    asked_about = read(identifier)
    canonical = asked_about.data.partition(b":")[2]
    texts = {
        identifier.encode(),
        asked_about.data,
        canonical,
        canonical.lstrip(b"+"),
        canonical.partition(b"@")[0],
    }
    texts |= {
        canonical.upper(),
        canonical.partition(b"@")[2],
        canonical.replace(b"@", b"%40"),
        canonical[-7:],
    }
    yield from (text for text in texts if len(text) > 2)
    for text in texts:
        for name in sorted(hashlib.algorithms_guaranteed):
            made = hashlib.new(name, text)
            digest = made.digest(32) if name.startswith("shake") else made.digest()
            yield digest[:8]
            yield digest[:4].hex().encode() + digest[4:6].hex().encode()
            yield base64.b64encode(digest)[:10]
            yield base64.urlsafe_b64encode(digest)[:10]
    output = evaluate(key, asked_about.data)
    yield from (output[2:10], output[2:10].hex().encode(), output[32:40].hex().encode())
