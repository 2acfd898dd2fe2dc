"""Opening what wraps a text: compressed streams and archives, nested, in bounded memory, not unpacked to disk."""

from floodmark.dumps.containers.formats import MAGIC, container_of
from floodmark.dumps.containers.member import Member
from floodmark.dumps.containers.opening import Opening
from floodmark.dumps.containers.regular import Fingerprint, Watcher, open_regular
from floodmark.dumps.containers.stream import Source
from floodmark.dumps.containers.text_source import RATIO_FLOOR, TextSource
from floodmark.dumps.containers.unpacking import members

__all__ = [
    "MAGIC",
    "RATIO_FLOOR",
    "Fingerprint",
    "Member",
    "Opening",
    "Source",
    "TextSource",
    "Watcher",
    "container_of",
    "members",
    "open_regular",
]
