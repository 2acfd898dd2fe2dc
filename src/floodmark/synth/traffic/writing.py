"""Made-up traffic as files: lookups or a log, and the truth beside it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from floodmark.files import open_atomic, write_atomic
from floodmark.guard import LookupsFile, write_lookups
from floodmark.identifiers.digests import DigestKey
from floodmark.synth import sink
from floodmark.synth.traffic.log_lines import chunks
from floodmark.synth.traffic.log_mapping import mapping
from floodmark.synth.traffic.traffic import Made, Traffic, looked_up


def truth_path(path: Path) -> Path:
    """Where the truth of a file of traffic lies."""
    return path.with_name(path.name + ".truth.parquet")


def mapping_path(path: Path) -> Path:
    """Where the mapping of a log lies."""
    return path.with_name(path.name + ".mapping.toml")


def write(
    made: Made, key: DigestKey, out: Path | BinaryIO, form: str = "lookups", truth: Path | None = None
) -> Traffic:
    """Write lookups, or a log with its mapping, and the truth; the same traffic gives the same bytes.

    Args:
        made: the traffic.
        key: under which identifiers and actors are hashed.
        out: file; of a log, `.gz` and `.zst` are compressed, and a binary stream gets plain text.
        form: `lookups`, or one of `floodmark.synth.traffic.log_lines.FORMS`.
        truth: where the truth goes; None for `truth_path`, and for nowhere with a stream.

    Raises:
        TargetTaken: something that we did not make is where the output should go.
        OutputFailed: it cannot be written.
    """
    traffic = looked_up(made, key)
    if isinstance(out, Path):
        truth = truth or truth_path(out)
        sink.check(out, truth)
        if form == "lookups":
            write_lookups(out, [traffic.lookups], LookupsFile(key.id, traffic.lookups.height, synthetic=True))
        else:
            with open_atomic(out) as file, sink.compressed(sink.Tee(file), sink.container(out)) as text:
                for chunk in chunks(made, form):
                    text.write(chunk)
            write_atomic(mapping_path(out), mapping(form).encode())
    else:
        for chunk in chunks(made, form):
            out.write(chunk)
    if truth is not None:
        written = io.BytesIO()
        traffic.truth.write_parquet(written)
        write_atomic(truth, written.getvalue(), private=True)
    return traffic
