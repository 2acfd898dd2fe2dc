"""Opening what wraps a text: compressed streams and archives, nested, in bounded memory, not unpacked to disk."""

from floodmark.dumps.containers.member import Member
from floodmark.dumps.containers.opening import Opening
from floodmark.dumps.containers.regular import Fingerprint, Watcher, open_regular
from floodmark.dumps.containers.stream import Source
from floodmark.dumps.containers.unpacking import members

__all__ = [
    "Fingerprint",
    "Member",
    "Opening",
    "Source",
    "Watcher",
    "members",
    "open_regular",
]
