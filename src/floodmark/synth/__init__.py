"""Synthetic twins of leaks, from public statistics only, each marked as synthetic in its first line.

Examples:
    >>> from io import BytesIO
    >>> truth = leak("facebook-2021", rows=1000, seed=1, out=BytesIO())
    >>> truth["lines"]["total"], truth["lines"]["damaged"]
    (1001, 10)
"""

from floodmark.synth.generate import MARK, leak
from floodmark.synth.sink import TargetTaken
from floodmark.synth.twins import TWINS

__all__ = ["MARK", "TWINS", "TargetTaken", "leak"]
