"""`floodmark match` as a person runs it."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pyrage
import pytest

from floodmark.cli import main
from floodmark.identifiers import phones
from floodmark.synth import leak


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    path = tmp_path_factory.mktemp("twin") / "twin.txt"
    leak("facebook-2021", 800, 5, path, damage=0.02)
    return path


@pytest.fixture(scope="module")
def numbers(twin):
    lines = twin.read_bytes().decode(errors="replace").splitlines()
    cells = pl.Series([line.split(":")[0] for line in lines[1:] if line.count(":") > 10])
    return cells.filter(phones.resolve(cells)["valid"]).unique(maintain_order=True).to_list()[:50]


@pytest.fixture(autouse=True)
def empty_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def identity():
    return pyrage.x25519.Identity.generate()


def words(text):
    """Text without its line breaks, which depend on the width of the terminal."""
    return " ".join(text.split())


def opened(path, identity):
    text = pyrage.decrypt(path.read_bytes(), [identity]).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_found_is_counted_and_never_shown(tmp_path, twin, numbers, capsys):
    watch = tmp_path / "customers.csv"
    watch.write_text("name;mobile\n" + "".join(f"A;+{number}\n" for number in numbers) + "B;hello\n")
    assert main(["match", str(twin), "--watch", str(watch)]) == 10
    printed = capsys.readouterr()
    assert "SYNTHETIC" in printed.out and "phone numbers" in words(printed.out)
    assert "column 2 (mobile)" in printed.err and "By line: 52 (no-identifier)." in printed.err
    assert not any(number in printed.out + printed.err for number in numbers)


def test_nothing_found_exits_with_0_and_says_how_far_that_holds(tmp_path, twin, capsys):
    watch = tmp_path / "domains.txt"
    watch.write_text("nowhere.example\n")
    assert main(["match", str(twin), "--watch", str(watch)]) == 0
    printed = capsys.readouterr()
    assert "Nothing found under 1 of 1 watched domains." in words(printed.out)
    assert "of the bytes are unexplained" in words(printed.out)


def test_json_and_csv_hold_counts_alone(tmp_path, twin, numbers, capsys):
    watch = tmp_path / "watch.txt"
    watch.write_text("\n".join([*(f"+{number}" for number in numbers), "example.com", "+20*", "bad"]))
    counts = tmp_path / "counts.csv"
    assert main(["match", str(twin), "--watch", str(watch), "--csv", str(counts), "-o", "json"]) == 10
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert told["synthetic"] and told["found"] and told["mode"] == "dump"
    assert told["watch"]["bad_rows"] == {
        "total": 1,
        "reasons": {"no-identifier": 1},
        "first": [{"line": len(numbers) + 3, "reason": "no-identifier", "column": 1}],
    }
    assert told["domains"][0]["domain"] == "example.com" and told["prefixes"][0]["prefix"] == "+20"
    rows = list(csv.DictReader(io.StringIO(counts.read_text())))
    assert [row["what"] for row in rows] == ["kind", "domain", "prefix"]
    assert all(row["synthetic"] == "synthetic" for row in rows)
    assert int(rows[1]["found"]) == told["domains"][0]["addresses"] > 0
    assert not any(number in printed.out + counts.read_text() for number in numbers)


def test_what_was_found_is_sealed_to_the_key_and_opens_with_it(tmp_path, twin, numbers, identity, capsys):
    watch = tmp_path / "watch.txt"
    watch.write_text("\n".join(f"+{number}" for number in numbers))
    out = tmp_path / "found.csv.age"
    key = str(identity.to_public())
    assert main(["match", str(twin), "--watch", str(watch), "--to", key, "--out", str(out)]) == 10
    told = {row["identifier"] for row in opened(out, identity)}
    assert told <= {f"+{number}" for number in numbers} and len(told) > 40


def test_each_constituent_has_a_file_of_their_own_also_when_nothing_was_found(tmp_path, twin, capsys):
    people = {name: pyrage.x25519.Identity.generate() for name in ("Uni A", "Telco/B", "Nobody")}
    rows = [
        ("Uni A", "example.org", ""),
        ("Telco/B", "example.com", "+20"),
        ("Nobody", "nowhere.example", ""),
    ]
    listed = tmp_path / "constituents.csv"
    listed.write_text(
        "recipient,key,domains,prefixes\n"
        + "".join(f"{name},{people[name].to_public()},{domains},{more}\n" for name, domains, more in rows)
    )
    out = tmp_path / "handed-over"
    assert main(["match", str(twin), "--hand-over", str(listed), "--out", str(out), "-o", "json"]) == 10
    told = json.loads(capsys.readouterr().out)
    files = {one["recipient"]: out / one["file"] for one in told["handed_over"]}
    assert sorted(path.name for path in out.iterdir()) == [
        "twin.txt-Nobody.csv.age",
        "twin.txt-Telco-B.csv.age",
        "twin.txt-Uni-A.csv.age",
    ]
    assert out.stat().st_mode & 0o777 == 0o700
    plain = {name: opened(path, people[name]) for name, path in files.items()}
    for name, path in files.items():
        for other in people.keys() - {name}:
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(path.read_bytes(), [people[other]])
    found = {name: {row["identifier"] for row in rows if row["identifier"]} for name, rows in plain.items()}
    assert not found["Nobody"] and not found["Uni A"] & found["Telco/B"]
    assert all(name.endswith("@example.org") for name in found["Uni A"])
    assert all(name.endswith("@example.com") or name.startswith("+20") for name in found["Telco/B"])
    for one in told["handed_over"]:
        assert one["addresses"] + one["numbers"] == len(found[one["recipient"]])


def test_a_saved_leak_is_matched_by_its_slug(tmp_path, twin, numbers, identity, capsys):
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert main(["save", "made-up", str(twin)]) == 0
    watch = tmp_path / "watch.txt"
    watch.write_text("\n".join([*(f"+{number}" for number in numbers), "example.com"]))
    out = tmp_path / "found.csv.age"
    capsys.readouterr()
    arguments = ["--watch", str(watch), "-o", "json"]
    sealed = ["--to", str(identity.to_public()), "--out", str(out)]
    assert main(["match", "made-up", *arguments, *sealed]) == 10
    by_digest = json.loads(capsys.readouterr().out)
    assert main(["match", str(twin), *arguments]) == 10
    by_reading = json.loads(capsys.readouterr().out)
    assert by_digest["mode"] == "leak" and by_digest["synthetic"]
    assert by_digest["domains"][0]["addresses"] == by_reading["domains"][0]["addresses"]
    assert by_digest["kinds"][0]["found"] == by_reading["kinds"][0]["found"]
    assert by_digest["kinds"][0]["fields"] == by_reading["kinds"][0]["fields"]
    assert 0 < by_digest["false_hits_expected"] < 1e-9
    told = [row for row in opened(out, identity) if row["identifier"]]
    assert len(told) == by_digest["kinds"][0]["found"]
    assert main(["match", "made-up", *arguments[:2]]) == 10
    assert "only the dump tells" in words(capsys.readouterr().out)
    (tmp_path / "made-up").write_bytes(twin.read_bytes())
    assert main(["match", "made-up", *arguments]) == 2
    assert main(["match", "./made-up", *arguments]) == 10


def test_a_file_that_cannot_be_read_through_is_said_and_changes_nothing_found(tmp_path, twin, capsys):
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "a.txt").write_bytes(twin.read_bytes())
    (tmp_path / "dumps" / "b.gz").write_bytes(b"\x1f\x8b\x08 broken")
    watch = tmp_path / "watch.txt"
    watch.write_text("nowhere.example\n")
    assert main(["match", "dumps", "--watch", str(watch), "-o", "json"]) == 11
    assert [one["file"] for one in json.loads(capsys.readouterr().out)["unread"]["files"]] == ["b.gz"]
    watch.write_text("example.com\n")
    assert main(["match", "dumps", "--watch", str(watch)]) == 10
    assert "b.gz was not read through" in words(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "code", "slug"),
    [
        (["twin"], 2, "usage"),
        (["twin", "--watch", "none.txt"], 3, "nothing-to-read"),
        (["twin", "--watch", "empty.txt"], 3, "nothing-to-read"),
        (["twin", "--watch", "bad.txt"], 3, "nothing-to-watch"),
        (["twin", "--watch", "good.txt", "--region", "XX"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--column", "9"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--column", "1=shoe"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--watch-encoding", "klingon"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--to", "age1nobody", "--out", "x.age"], 2, "bad-recipient"),
        (["twin", "--watch", "good.txt", "--to", "KEY"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--out", "x.age"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--to", "KEY", "--out", "."], 1, "output-failed"),
        (["twin", "--watch", "good.txt", "--to", "KEY", "--out", "no/x.age"], 1, "output-failed"),
        (["twin", "--watch", "good.txt", "--to", "KEY", "--out", "good.txt"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--to", "KEY", "--out", "x", "--csv", "x"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--csv", "good.txt"], 2, "usage"),
        (["twin", "--hand-over", "good.txt", "--out", "out"], 2, "bad-hand-over"),
        (["twin", "--hand-over", "good.txt", "--column", "1"], 2, "usage"),
        (["twin", "--hand-over", "list.csv", "--out", "no/such"], 1, "output-failed"),
        (["twin", "--hand-over", "list.csv", "--out", "good.txt"], 1, "output-failed"),
        (["twin", "--hand-over", "list.csv", "--out", "."], 1, "output-failed"),
        (["folder", "--hand-over", "list.csv", "--out", "folder/out"], 2, "usage"),
        (["nosuchleak", "--watch", "good.txt"], 1, "leak-not-found"),
        (["one", "two", "--watch", "good.txt"], 3, "nothing-to-read"),
        (["twin", "missing.csv", "--watch", "good.txt"], 3, "nothing-to-read"),
        (["missing.csv", "twin", "--watch", "good.txt"], 3, "nothing-to-read"),
        (["twin", "--watch", "-"], 2, "usage"),
        (["twin", "--watch", "."], 1, "unreadable-input"),
        (["twin", "--hand-over", "-", "--out", "new"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--to", "KEY", "--out", "-"], 2, "usage"),
        (["twin", "--watch", "good.txt", "--csv", "-"], 2, "usage"),
        (["no/such/dump.txt", "--watch", "good.txt"], 3, "nothing-to-read"),
        (["-", "--watch", "good.txt"], 2, "usage"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_dump_is_read(tmp_path, capsys, arguments, code, slug):
    # A dump that cannot be opened: whoever tries to read it first fails otherwise.
    dump = tmp_path / "twin.txt"
    dump.write_bytes(b"PK\x03\x04")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "bad.txt").write_text("hello\n")
    (tmp_path / "good.txt").write_text("example.org\n")
    key = str(pyrage.x25519.Identity.generate().to_public())
    (tmp_path / "folder").mkdir()
    (tmp_path / "list.csv").write_text(f"recipient,key,domains\nA,{key},example.org\n")
    filled = [{"twin": str(dump), "KEY": key}.get(argument, argument) for argument in arguments]
    assert main(["match", *filled]) == code
    printed = capsys.readouterr()
    assert f"({slug})" in printed.err and "Traceback" not in printed.err
    assert printed.out == ""


def test_numbers_that_could_not_be_read_make_nothing_found_prove_less(tmp_path, capsys):
    rows = "".join(f"0740012345{n},Person {n}\n" for n in range(3))
    (tmp_path / "nat.csv").write_text("phone,name\n" + rows)
    (tmp_path / "watch.txt").write_text("+447400123456\n")
    assert main(["match", "nat.csv", "--watch", "watch.txt"]) == 11
    told = words(capsys.readouterr().out)
    assert "3 of 3 phone cells are no valid number; with --region CC national numbers are read." in told
    assert main(["match", "nat.csv", "--watch", "watch.txt", "-o", "json"]) == 11
    (searched,) = json.loads(capsys.readouterr().out)["searched"]
    assert searched["cells"] == searched["invalid_cells"] == {"phone": 3}
    (tmp_path / "watch.txt").write_text("+447400123451\n")
    assert main(["match", "nat.csv", "--watch", "watch.txt", "--region", "GB"]) == 10
    assert "no valid number" not in words(capsys.readouterr().out)
    good = "".join(f"+4420703130{n:02d},Person\n" for n in range(50))
    (tmp_path / "good.csv").write_text("phone,name\n" + good)
    assert main(["match", "good.csv", "nat.csv", "--watch", "watch.txt"]) == 11
    told = words(capsys.readouterr().out)
    assert "3 of 53 phone cells" in told and "nat.csv: 3 of 3 phone cells are no valid number." in told
    (tmp_path / "good.csv").write_text("phone,name\n" + good + rows)
    assert main(["match", "good.csv", "--watch", "watch.txt"]) == 0
    assert "3 of 53 phone cells" in words(capsys.readouterr().out)


def test_targets_are_checked_by_name_before_any_is_read(tmp_path, twin, capsys):
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert main(["save", "d1", str(twin)]) == 0
    (tmp_path / "watch.txt").write_text("example.org\n")
    (tmp_path / "d2").write_bytes(b"PK\x03\x04")
    for targets, code, said in (
        (["d2", "d1"], 2, "d1 is a saved leak, and there are other targets"),
        (["missing.csv", "d1"], 3, "No such file: missing.csv"),
        (["d1", "missing.csv"], 3, "No such file: missing.csv"),
        (["d1", "d1"], 2, "Match one saved leak at a time"),
        (["d2", "missing.csv"], 3, "No such file: missing.csv"),
        (["d2", "d3"], 3, "No such file: d3"),
    ):
        capsys.readouterr()
        assert main(["match", *targets, "--watch", "watch.txt"]) == code
        assert said in words(capsys.readouterr().err)


def test_a_region_that_is_none_and_a_folder_are_named(tmp_path, twin, capsys):
    assert main(["match", str(twin), "--watch", ".", "--region", "XX"]) == 2
    assert "'XX' is no country code" in words(capsys.readouterr().err)
    assert main(["match", str(twin), "--watch", "."]) == 1
    assert f"{tmp_path.name} is a folder" in words(capsys.readouterr().err)


def test_a_narrow_terminal_has_what_was_found_with_them_below(tmp_path, twin, numbers, monkeypatch, capsys):
    (tmp_path / "watch.txt").write_text("\n".join([*(f"+{number}" for number in numbers), "example.com"]))
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["match", str(twin), "--watch", "watch.txt"]) == 10
    printed = capsys.readouterr().out
    assert "example.com with profile id" in words(printed)
    assert "phone numbers with profile id" in words(printed)
    assert "with them" not in words(printed)
    assert max(map(len, printed.splitlines())) <= 40


def test_a_settings_file_cannot_say_who_reads_what_was_found(tmp_path, twin, identity, capsys):
    (tmp_path / "watch.txt").write_text("example.org\n")
    (tmp_path / "floodmark.toml").write_text(f'[match]\nkeys = ["{identity.to_public()}"]\n')
    assert main(["match", str(twin), "--watch", "watch.txt", "--out", "x.age"]) == 2
    assert "settings" in capsys.readouterr().err


def test_a_dump_without_a_column_of_what_is_watched_for_says_so(tmp_path, capsys):
    leak("whatsapp-2022", 300, 5, tmp_path / "numbers.txt")
    (tmp_path / "watch.txt").write_text("example.org\n")
    assert main(["match", "numbers.txt", "--watch", "watch.txt"]) == 0
    assert "numbers.txt has no column of e-mail addresses" in words(capsys.readouterr().out)


def test_a_saved_leak_and_its_dump_agree_on_domains_and_prefixes_and_shares(tmp_path, capsys):
    dump = tmp_path / "dump.csv"
    hosts = (
        "example.org",
        "mail.example.org",
        "a.b.example.org",
        "badexample.org",
        "example.co.uk",
        "bücher.example",
    )
    lines = [f"user{n}@{hosts[n % 6]},+44207031{n:04d},Ada" for n in range(600)]
    dump.write_text("email,phone,first name\n" + "\n".join(lines) + "\n")
    key = pyrage.x25519.Identity.generate().to_public()
    (tmp_path / "constituents.csv").write_text(
        "recipient,key,domains,prefixes\n"
        f"A,{key},example.org b.example.org,+44 20703101;+44207031010\n"
        f"B,{key},bücher.example co.uk,+442070310\n"
    )
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert main(["save", "made-up", "dump.csv"]) == 0
    told = []
    for target in ("dump.csv", "made-up"):
        capsys.readouterr()
        arguments = ["--hand-over", "constituents.csv", "--out", f"out-{target}", "-o", "json"]
        assert main(["match", target, *arguments]) == 10
        values = json.loads(capsys.readouterr().out)
        assert not values["synthetic"]
        told.append(
            {
                "domains": {line["domain"]: line["addresses"] for line in values["domains"]},
                "prefixes": {line["prefix"]: line["numbers"] for line in values["prefixes"]},
                "fields": {line["prefix"]: line["fields"] for line in values["prefixes"]},
                "shares": [(one["addresses"], one["numbers"]) for one in values["handed_over"]],
            }
        )
    assert told[0] == told[1]
    assert told[0]["domains"] == {
        "example.org": 300,
        "b.example.org": 100,
        "co.uk": 100,
        "xn--bcher-kva.example": 100,
    }
    assert told[0]["prefixes"] == {"+4420703101": 100, "+44207031010": 10, "+442070310": 600}
    assert told[0]["shares"] == [(300, 100), (200, 600)]
