"""The texts of which SQL dumps consist, as patterns over bytes: strings, rows, headers, statements.

All quantifiers are possessive and all alternatives begin differently, so that a match, and a failure, takes time linear
in what is looked at. Nothing nests deeper than `DEPTH`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

Pattern = re.Pattern[bytes]

DEPTH = 4  # parentheses in a row: CAST(CAST(0x00 AS date) AS datetime) has three
LONGEST_HEADER = 1 << 16

_NAME = rb"(?:`(?:[^`]|``){1,256}+`|\"(?:[^\"]|\"\"){1,256}+\"|\[(?:[^\]]|\]\]){1,256}+\]|[^\s`\"\[\](),;.'=]{1,256}+)"
_QUALIFIED = rb"(?:" + _NAME + rb"(?:\s{0,9}+\.\s{0,9}+(?=[^\s]))?+){1,4}+"
_NAMES = rb"\((?:`[^`]*+`|\"[^\"]*+\"|\[[^\]]*+\]|[^()`\"\[\]']++){0,9999}+\)"
_LINE_COMMENT = rb"--[^\n]*+"
_BLOCK_COMMENT = rb"/\*(?:[^*]++|\*(?!/))*+\*/"

NAME: Pattern = re.compile(_NAME)
# What may stand between two statements, or two rows, without being either.
GAP: Pattern = re.compile(rb"(?:\s++|;|" + _LINE_COMMENT + rb"|#[^\n]*+|" + _BLOCK_COMMENT + rb")*+")
INSERT: Pattern = re.compile(
    rb"(?:(?:INSERT|REPLACE)(?:\s++(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR\s++\w++))*+(?:\s++INTO)?+|(?:INSERT\s++ALL\s++)?+INTO)"
    rb"\s*+(?P<table>" + _QUALIFIED + rb")\s*+(?P<columns>" + _NAMES + rb")?+\s*+"
    rb"(?:OVERRIDING\s++\w++\s++VALUE\s*+)?+VALUES?\s*+(?=\()",
    re.IGNORECASE,
)
COPY: Pattern = re.compile(
    rb"COPY\s++(?P<table>"
    + _QUALIFIED
    + rb")\s*+(?P<columns>"
    + _NAMES
    + rb")?+\s*+FROM\s++stdin\b[^;\n]*+;[ \t]*+\r?\n",
    re.IGNORECASE,
)
CREATE: Pattern = re.compile(
    rb"CREATE\s++(?:(?:TEMP|TEMPORARY|GLOBAL|LOCAL|UNLOGGED|FOREIGN|COLUMN)\s++)*+TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?+"
    rb"(?P<table>" + _QUALIFIED + rb")\s*+\(",
    re.IGNORECASE,
)
_WORDS = (
    rb"INSERT|REPLACE|CREATE|COPY|DROP|ALTER|SET|USE|LOCK|UNLOCK|BEGIN|COMMIT|START|PRAGMA|GO|DELETE|UPDATE|SELECT"
    rb"|GRANT|REVOKE|ANALYZE|TRUNCATE|DECLARE|PRINT|EXEC|IF|END|DELIMITER|REM|PROMPT|COMMENT|WITH|CALL|INTO"
)
WORD: Pattern = re.compile(rb"(?:" + _WORDS + rb")\b|\\[.\w]|/\*|--|#", re.IGNORECASE)
# A line that begins a statement although none was ended before it: batches of `GO`, and what follows damage.
_LINE_START = rb"(?:INSERT|REPLACE\s++INTO|CREATE\s++TABLE|COPY|GO)\b"
BATCH_END: Pattern = re.compile(
    rb"[ \t]*+(?:\r?\n\s*+(?=(?:" + _WORDS + rb")\b)|\s*+(?=INTO\b))", re.IGNORECASE
)
STATEMENT_END: Pattern = re.compile(rb"\s*+;[ \t]*+(?:\r?\n)?+")
NEXT_ROW: Pattern = re.compile(
    rb"(?:\s++|" + _BLOCK_COMMENT + rb")*+,(?:\s++|" + _LINE_COMMENT + rb"|" + _BLOCK_COMMENT + rb")*+(?=\()"
)
CLAUSE: Pattern = re.compile(rb"\s*+(?:ON\s++(?:DUPLICATE|CONFLICT)|RETURNING|AS\s++\w)\b", re.IGNORECASE)
# Places where reading can begin again after damage: a row, a statement after the end of one, a line of one.
RESUME: Pattern = re.compile(
    rb"\)\s{0,64}+,\s{0,64}+(?=(?P<row>\())|\)\s{0,64}+;[ \t]{0,64}+(?:\r?\n)?+|\n(?=" + _LINE_START + rb")",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dialect:
    """How strings are written in a dump.

    Attributes:
        backslash: whether a backslash escapes in every string (MySQL), and not only in `E'…'`.
    """

    backslash: bool

    @cached_property
    def _string(self) -> bytes:
        # What follows a string in a row; anything else is damage, seen where it is.
        return self._quoted + rb"(?=[\s),:|]|\Z)"

    @cached_property
    def _quoted(self) -> bytes:
        escaped = rb"'(?:[^'\\]++|\\.|'')*+'"
        if self.backslash:
            return rb"(?:" + escaped + rb'|"(?:[^"\\]++|\\.|"")*+")'
        return rb"(?:(?<=[\s(,=|][eE])" + escaped + rb"|'(?:[^']++|'')*+'" + rb'|"(?:[^"]++|"")*+")'

    @cached_property
    def _nested(self) -> bytes:
        nested = rb"(?!)"
        for _ in range(DEPTH):
            nested = rb"\((?:" + self._string + rb"|[^'\"();]++|" + nested + rb")*+\)"
        return nested

    @cached_property
    def inside(self) -> Pattern:
        """What is inside of a row, up to its closing parenthesis or to where it cannot go on."""
        return re.compile(rb"(?:" + self._string + rb"|[^'\"();]++|" + self._nested + rb")*+", re.DOTALL)

    @cached_property
    def row(self) -> Pattern:
        """A row, from its opening parenthesis to its closing one."""
        return re.compile(rb"\(" + self.inside.pattern + rb"\)", re.DOTALL)

    @cached_property
    def cells(self) -> Pattern:
        """The cells of a row without its closing parenthesis, each in the group."""
        cell = rb"(?:" + self._string + rb"|[^'\"(),;]++|" + self._nested + rb")*+"
        return re.compile(rb"[(,](" + cell + rb")", re.DOTALL)

    def without_comments(self, statement: bytes) -> bytes:
        """A statement with a blank for each of its comments."""
        return self._text_or_comment.sub(lambda found: found[1] or b" ", statement)

    @cached_property
    def _text_or_comment(self) -> Pattern:
        # What nothing ends goes to the end, so that it is looked at once.
        text = self._quoted + rb"|`[^`]*+`|['\"`].*+"
        return re.compile(
            rb"(" + text + rb")|" + _LINE_COMMENT + rb"|" + _BLOCK_COMMENT + rb"|/\*.*+", re.DOTALL
        )

    @cached_property
    def string(self) -> Pattern:
        """One string and nothing else."""
        return re.compile(self._quoted, re.DOTALL)

    @cached_property
    def statement(self) -> Pattern:
        """A statement that is passed over, up to its end or to what cannot be read."""
        escape = rb"|\\." if self.backslash else rb"|\\"
        return re.compile(
            rb"(?:[^'\"`;$/\-\\\n]++|"
            + self._quoted
            + rb"|`[^`]*+`|"
            + _BLOCK_COMMENT
            + rb"|"
            + _LINE_COMMENT
            + rb"|-(?!-)|/(?!\*)|\$(?!\w{0,64}\$)|\n(?!"
            + _LINE_START
            + rb")"
            + escape
            + rb")*+",
            re.DOTALL | re.IGNORECASE,
        )
