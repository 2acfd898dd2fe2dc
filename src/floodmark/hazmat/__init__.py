"""The one door to the raw lines of a dump: to mend a grammar, or to verify what a report says. Audited, never saved.

Everything else in the house shows counts, shapes and offsets. Whoever calls `show` gets lines that name people: show
them to a person who has a reason, and keep them nowhere. The reason, the place and the file's SHA-256 are in the log
before the first byte is handed out; the content never is.
"""

from floodmark.hazmat.escaping import escaped
from floodmark.hazmat.look import Look, NoSuchPlace, RawLine, Shown
from floodmark.hazmat.show import At, Quarantined, show

__all__ = ["At", "Look", "NoSuchPlace", "Quarantined", "RawLine", "Shown", "escaped", "show"]
