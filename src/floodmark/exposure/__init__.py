"""Exposure: who is in a leak, asked without telling more than the answer needs.

Other rooms use the names below.
"""

from floodmark.exposure.age_sealing import BadRecipient, Recipient, recipient, seal
from floodmark.exposure.findings import Findings, Share
from floodmark.exposure.hand_over import BadHandOver, Constituent, file_safe, read_hand_over, watching
from floodmark.exposure.match import Count, Hits, Matched, Searched, Unread
from floodmark.exposure.match_dump import DumpOptions, match_dumps
from floodmark.exposure.match_leak import PrefixTooShort, SavedLeak, lookups, match_leak
from floodmark.exposure.watch import BadRow, BadRows, NothingToWatch, WatchList, read_watch_list
from floodmark.exposure.watch_columns import WatchColumn, Wish

__all__ = [
    "BadHandOver",
    "BadRecipient",
    "BadRow",
    "BadRows",
    "Constituent",
    "Count",
    "DumpOptions",
    "Findings",
    "Hits",
    "Matched",
    "NothingToWatch",
    "PrefixTooShort",
    "Recipient",
    "SavedLeak",
    "Searched",
    "Share",
    "Unread",
    "WatchColumn",
    "WatchList",
    "Wish",
    "file_safe",
    "lookups",
    "match_dumps",
    "match_leak",
    "read_hand_over",
    "read_watch_list",
    "recipient",
    "seal",
    "watching",
]
