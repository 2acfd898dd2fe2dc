"""Every container beside the plain file of the same text, and beside the tool that unpacks it.

Run: `python benchmarks/containers.py [--rows N] [--rounds N] [--twin NAME] [--folder DIR] [--only NAME ...]`. A
synthetic twin is packed in every container. Floodmark reads it to columns of text, every byte accounted for; the peer
unpacks it and counts lines (`zstd -dc | wc -l`), which is all that it does. Each contender is a process of its own and
they take turns; the table shows medians: seconds passed, seconds of the processor (of all threads and children),
peak memory. Then come the ratios of the processor's time to that of the plain file, and to that of the peer and the
plain file together, which is what unpacking first would take; the last line is the largest ratio to the plain file.
7z and RAR are packed where a `7z`, `7zz`, `bsdtar` or `rar` is installed; what is not there is left out.
"""

import argparse
import shutil
import tempfile
import zipfile
from pathlib import Path

from turns import floodmark, python, shell, turns, used

# What packs the file {0} as {1}, and what unpacks {1} to a pipe; each in the folder of the two.
PACKED = {
    "gzip": ("gzip -6 -c {0} > {1}", "gzip -dc {1}"),
    "zstd": ("zstd -q -3 -c {0} > {1}", "zstd -dcq {1}"),
    "bzip2": ("bzip2 -c {0} > {1}", "bzip2 -dc {1}"),
    "xz": ("xz -2 -c {0} > {1}", "xz -dc {1}"),
    "tar": ("tar -cf {1} {0}", "tar -xOf {1}"),
    "tar > zstd": ("tar -cf - {0} | zstd -q -3 -c > {1}", "zstd -dcq {1} | tar -xOf -"),
    "zip": ("ZIP", "unzip -p {1}"),
    "zip > zip": ("ZIP-ZIP", "unzip -p {1} > inner.zip && unzip -p inner.zip"),
    "zip of 107 gzip": ("GZIPS-ZIP", "unzip -p {1} | gzip -dc"),
    "7z": ("7z a -bso0 {1} {0}", "7z x -so {1}"),
    "7zz": ("7zz a -bso0 {1} {0}", "7zz x -so {1}"),
    "7z by bsdtar": ("bsdtar --format 7zip -cf {1} {0}", "bsdtar -xOf {1}"),
    "rar": ("rar a -idq {1} {0}", "unrar p -inul {1}"),
}
PARTS = 107
TWIN = "import sys; from floodmark.synth import leak; leak(sys.argv[1], rows=int(sys.argv[2]), seed=7, out=sys.argv[3])"


def pack(how, folder, text, path):
    """Pack a text; False where the tool for it is missing."""
    if how == "ZIP":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(text, text.name)
    elif how == "ZIP-ZIP":
        with zipfile.ZipFile(folder / "once.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(text, text.name)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(folder / "once.zip", "once.zip")
    elif how == "GZIPS-ZIP":
        used(shell(f"cd '{folder}' && split -d -a 3 -n l/{PARTS} '{text.name}' part && gzip -6 part*"))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for part in sorted(folder.glob("part*.gz")):
                archive.write(part, part.name)
    elif shutil.which(how.split()[0]) is None:
        return False
    else:
        used(shell(f"cd '{folder}' && " + how.format(text.name, path.name)))
    return True


def main(rows, rounds, twin, folder, only):
    text = folder / "plain.txt"
    used(python(TWIN, twin, rows, text))
    contenders = {("plain", "floodmark"): floodmark(text), ("plain", "peer"): shell(f"cat '{text}' | wc -l")}
    sizes = {"plain": text.stat().st_size}
    for number, name in enumerate(only):
        how, undo = PACKED[name]
        path = folder / f"packed{number}.bin"
        if pack(how, folder, text, path):
            contenders[name, "floodmark"] = floodmark(path)
            contenders[name, "peer"] = shell(
                f"cd '{folder}' && ({undo.format(text.name, path.name)}) | wc -l"
            )
            sizes[name] = path.stat().st_size
    medians = turns(contenders, rounds)
    print(f"{rows:,} rows of {twin}, medians of {rounds} rounds")
    print(f"{'container':16} {'MB':>6}  {'reader':10} {'s':>7} {'cpu s':>7} {'MiB':>6}  counted")
    for (name, who), run in medians.items():
        said = f"{run.wall:7.2f} {run.busy:7.2f} {run.peak >> 20:6}  {run.printed}"
        print(f"{name:16} {sizes[name] / 1e6:6.1f}  {who:10} {said}")
    print("\nprocessor's time of floodmark, as a multiple of that for")
    plain = medians["plain", "floodmark"].busy
    ratios = {name: medians[name, "floodmark"].busy / plain for name in sizes}
    for name, ratio in ratios.items():
        first = medians[name, "floodmark"].busy / (medians[name, "peer"].busy + plain)
        print(f"{name:16} the plain file {ratio:.2f}  unpacking first {first:.2f}")
    slowest = max(ratios, key=ratios.__getitem__)
    print(f"ratio of the slowest container ({slowest}) to the plain file: {ratios[slowest]:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--twin", default="facebook-2021")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+", default=list(PACKED), choices=list(PACKED))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="floodmark-") as made:
        main(asked.rows, asked.rounds, asked.twin, asked.folder or Path(made), asked.only)
