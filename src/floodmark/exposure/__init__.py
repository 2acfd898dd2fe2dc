"""Exposure: who is in a leak, asked without telling more than the answer needs."""

from floodmark.exposure.match import Count, Hits, Matched, Unread
from floodmark.exposure.match_dump import DumpOptions, match_dumps
from floodmark.exposure.watch import BadRow, BadRows, NothingToWatch, WatchList, read_watch_list
from floodmark.exposure.watch_columns import WatchColumn, Wish

__all__ = [
    "BadRow",
    "BadRows",
    "Count",
    "DumpOptions",
    "Hits",
    "Matched",
    "NothingToWatch",
    "Unread",
    "WatchColumn",
    "WatchList",
    "Wish",
    "match_dumps",
    "read_watch_list",
]
