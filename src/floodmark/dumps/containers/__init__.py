"""Opening what wraps a text: compressed streams and archives, nested, in bounded memory and without unpacking to disk."""

from floodmark.dumps.containers.formats import MAGIC, container_of
from floodmark.dumps.containers.regular import Fingerprint, Watcher, open_regular
from floodmark.dumps.containers.text_source import RATIO_FLOOR, TextSource

__all__ = ["MAGIC", "RATIO_FLOOR", "Fingerprint", "TextSource", "Watcher", "container_of", "open_regular"]
