"""Every Python block that a reader is told to run does run, and prints what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from floodmark.dumps import read, to_toml

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LANGUAGES = re.compile(r"^```(pycon|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = {str(page.relative_to(ROOT)): LANGUAGES.findall(page.read_text()) for page in PAGES}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("page", [page for page, blocks in BLOCKS.items() if blocks])
def test_the_python_blocks_of_a_page_run_in_its_order(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    said = []
    for language, block in BLOCKS[page]:
        if language == "python":
            exec(compile(block, page, "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(block, names, page, page, 0)
        assert test.examples
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        runner.run(test, out=said.append, clear_globs=False)
        names = test.globs
    assert not said, "".join(said)


def test_the_grammar_on_its_page_reads_the_lines_above_it_and_is_saved_as_it_stands(tmp_path):
    page = (ROOT / "docs" / "reference" / "grammar-file.md").read_text()
    lines = re.search(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    grammar = re.search(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert lines and grammar
    (tmp_path / "leak.txt").write_text(lines[1])
    (tmp_path / "leak.toml").write_text(grammar[1])
    dump = read(tmp_path / "leak.txt", grammar=tmp_path / "leak.toml")
    assert to_toml(dump.grammar) == grammar[1]
    assert sum(frame.height for frame in dump.batches()) == 3
