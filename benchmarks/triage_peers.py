"""What `benchmarks/triage.py` is compared with: one scan of a delimited file, grouped by how its first cells begin.

Run by it: `python benchmarks/triage_peers.py polars|polars-all|duckdb|duckdb-all TWIN FILE`. The `-all` forms count the
filled cells of every column too, so that every cell must be cut. Neither peer accounts for a line that does not fit:
it is cut short, padded or left out.
"""

import json
import sys

# Twin: delimiter, quote, lines before the records, columns that times may fill.
FORMS = {
    "facebook-2021": (":", None, 1, 14),
    "facebook-2021-csv": (",", '"', 2, 17),
    "combo": (":", None, 1, 2),
}


def polars(twin, path, every):
    import polars as pl

    delimiter, quote, top, width = FORMS[twin]
    scan = pl.scan_csv(
        path,
        separator=delimiter,
        quote_char=quote,
        has_header=False,
        skip_lines=top,
        schema={f"c{i}": pl.String for i in range(width)},
        truncate_ragged_lines=True,
        missing_columns="insert",
        extra_columns="ignore",
        encoding="utf8-lossy",
    )
    counted = [pl.len().alias("rows")]
    if every:
        counted.append(pl.all().count())
    grouped = scan.group_by(pl.col("c0").str.head(3).alias("start")).agg(counted)
    return grouped.collect(engine="streaming").height


def duckdb(twin, path, every):
    import duckdb

    delimiter, quote, top, width = FORMS[twin]
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    also = ", count(columns(*))" if every else ""
    query = f"""
        select left(c0, 3), count(*){also} from read_csv(
            '{path}', delim='{delimiter}', quote='{quote or ""}', escape='', header=false, skip={top},
            columns={{{columns}}}, auto_detect=false, strict_mode=false, null_padding=true, ignore_errors=true,
            parallel={str(quote is None).lower()})
        group by left(c0, 3)"""
    return len(duckdb.connect().execute(query).fetchall())


if __name__ == "__main__":
    name, twin, path = sys.argv[1:]
    engine = {"polars": polars, "duckdb": duckdb}[name.removesuffix("-all")]
    print(json.dumps({"groups": engine(twin, path, name.endswith("-all"))}))
