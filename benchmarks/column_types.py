"""How often columns that the rules were not written against get the right type, and whether confidences are honest.

Run: `python benchmarks/column_types.py [develop|second|report] [TABLES] [--cases]` (report, 2,000); `--cases` shows
single wrong columns. Tables of 300 made-up people in ten languages, half of them with a header, columns of random kinds
in random forms (`tests/acceptance/column_types`; needs `mimesis`). Rules are written with an eye on `develop`, then on
`second`; words, forms and header names of `report` are others. The last line is the share of columns that are right.
"""

import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.acceptance.column_types.measure import (
    accuracy,
    calibration_error,
    confusion,
    judged,
    reliability,
)


def line(name, columns):
    share, low, high = accuracy(columns)
    claims = [c for c in columns if c.claimed]
    told = [c for c in columns if "unknown" not in c.truth.right(c.headed)]
    print(
        f"{name:34} {len(columns):6} columns  right {share:.1%} ({low:.1%}-{high:.1%})"
        f"  claims right {sum(c.right for c in claims) / max(1, len(claims)):.1%} of {len(claims)}"
        f"  ECE {calibration_error(columns):.3f}"
        f"  of those that can be told {sum(c.right for c in told) / max(1, len(told)):.1%}"
    )


def main():
    part = sys.argv[1] if len(sys.argv) > 1 else "report"
    tables = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    started = time.perf_counter()
    columns = list(judged(part, tables))
    print(f"{part}: {tables} tables, {time.perf_counter() - started:.0f} s")
    for name, headed in [("with header", True), ("without header", False)]:
        line(name, [c for c in columns if c.headed == headed])
    for language in dict.fromkeys(c.truth.language for c in columns):
        line(language, [c for c in columns if c.truth.language == language])
    print("confidence: claims, mean, right")
    for name, some in [("all", columns), ("without header", [c for c in columns if not c.headed])]:
        for low, count, mean, right in reliability(some):
            print(f"  {name:15} {low:.2f}  {count:6}  {mean:.3f}  {right:.3f}")
    by_kind = defaultdict(list)
    for column in columns:
        by_kind[column.truth.kind.name].append(column)
    print("kind: with header, without header")
    for kind, some in sorted(by_kind.items()):
        shares = [[c.right for c in some if c.headed is headed] for headed in (True, False)]
        print(
            f"  {kind:28}"
            + "".join(f"  {sum(s) / len(s):6.1%} of {len(s):4}" if s else " " * 16 for s in shares)
        )
    print("taken for something else")
    for kind, said, count in confusion(columns)[: 1000 if "--cases" in sys.argv else 40]:
        print(f"  {kind:28} {said:20} {count}")
    if "--cases" in sys.argv:
        cases = defaultdict(list)
        for c in columns:
            if not c.right:
                cases[c.truth.kind.name, c.truth.form, c.headed, c.said].append((c.truth.language, c.name))
        for case, examples in sorted(cases.items()):
            print(case, len(examples), examples[:6])
    hashes = [c for c in columns if c.truth.form in c.truth.kind.hash_kind and c.said == "password_hash"]
    print(f"hash kind right {sum(c.hash_right for c in hashes) / max(1, len(hashes)):.1%} of {len(hashes)}")
    line("all", columns)
    print(f"{accuracy(columns)[0]:.4f}")


if __name__ == "__main__":
    main()
