"""A decision service: whether a request for identifiers may be answered, for web servers and for any other program.

Other rooms use the names below.
"""

from __future__ import annotations

from floodmark.web.deciding.allow_list import NewestAllowList
from floodmark.web.deciding.app import Deciding
from floodmark.web.deciding.listening import Place, run

__all__ = ["Deciding", "NewestAllowList", "Place", "run"]
