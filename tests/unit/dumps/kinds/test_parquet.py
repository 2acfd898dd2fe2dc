from __future__ import annotations

import datetime
import decimal
import io
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.fates import Batch
from floodmark.dumps.kinds.parquet import ParquetReader
from floodmark.errors import FloodmarkError, LimitExceeded, NothingToRead, UnreadableInput

PEOPLE = pl.DataFrame(
    {"name": ["Ada", "Bob", None], "phone": [447700900001.0, None, 447700900003.0], "age": [30, 40, None]}
)


def written(frame: pl.DataFrame, **options: object) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file, **options)  # type: ignore[arg-type]
    return file.getvalue()


def read(data: bytes, reader: ParquetReader | None = None, *, direct: bool = False) -> list[Batch]:
    """Batches of a file, over a pipe or, `direct`, as a file of the system; every byte of it is accounted for."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        batches = list((reader or ParquetReader()).batches(file if direct else io.BytesIO(data)))
    assert sum(b.accepted_bytes + sum(s.size for s in b.spans) for b in batches) == len(data)
    assert [b.start for b in batches] == sorted(b.start for b in batches)
    return batches


def cell_of(values: pl.Series) -> str:
    (batch,) = read(written(values.alias("v").to_frame()))
    text = batch.frame.item()
    assert isinstance(text, str)
    return text


def test_rows_are_records_and_numbers_that_stand_for_phones_have_no_decimals() -> None:
    (batch,) = read(written(PEOPLE), direct=True)
    assert (batch.table, batch.named, batch.frame.columns) == ("", True, ["name", "phone", "age"])
    assert batch.frame.rows() == [
        ("Ada", "447700900001", "30"),
        ("Bob", "", "40"),
        ("", "447700900003", ""),
    ]


def test_a_file_inside_an_archive_is_read_like_one_of_the_system() -> None:
    data = written(PEOPLE)
    assert read(data)[0].frame.equals(read(data, direct=True)[0].frame)


def test_rows_come_in_batches_in_their_order() -> None:
    frame = pl.DataFrame({"id": range(1000), "x": [f"p{i}" for i in range(1000)]})
    batches = read(written(frame, row_group_size=170), ParquetReader(rows=300))
    assert max(batch.frame.height for batch in batches) <= 300
    assert pl.concat([b.frame for b in batches])["id"].to_list() == [str(i) for i in range(1000)]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pl.Series([1.5]), "1.5"),
        (pl.Series([4.47700900123e11]), "447700900123"),
        (pl.Series([float("nan")]), ""),
        (pl.Series([float("inf")]), ""),
        (pl.Series([0.1], dtype=pl.Float32), "0.1"),
        (pl.Series([2**63], dtype=pl.UInt64), "9223372036854775808"),
        (pl.Series([True]), "true"),
        (pl.Series([decimal.Decimal("12.50")]), "12.50"),
        (pl.Series([datetime.date(1980, 1, 2)]), "1980-01-02"),
        (pl.Series([datetime.datetime(2021, 4, 3, 10, 11, 12)]), "2021-04-03 10:11:12"),
        (pl.Series([datetime.datetime(2021, 4, 3, 10, 11, 12, 5000)]), "2021-04-03 10:11:12.005"),
        (
            pl.Series([datetime.datetime(2021, 4, 3, 8)]).dt.replace_time_zone("UTC"),
            "2021-04-03 08:00:00+00:00",
        ),
        (pl.Series([datetime.time(1, 2, 3)]), "01:02:03"),
        (pl.Series([datetime.timedelta(seconds=3)]), "PT3S"),
        (pl.Series(["a"], dtype=pl.Categorical), "a"),
        (pl.Series([None], dtype=pl.Null), ""),
        (pl.Series([b"plain"]), "plain"),
        (pl.Series([b"\xff\x00"]), "ff00"),
        (pl.Series([[1, 2]]), "[1,2]"),
        (pl.Series([[]], dtype=pl.List(pl.String)), "[]"),
        (pl.Series([['a"b', None]]), '["a\\"b",null]'),
        (pl.Series([[{"a": 1, "b": [decimal.Decimal("1.5")]}]]), '[{"a":1,"b":["1.5"]}]'),
        (pl.Series([[b"a", b"\xff"]]), '["a", "ff"]'),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, pl.Series) else "",
)
def test_every_type_is_read_as_text(values: pl.Series, text: str) -> None:
    assert cell_of(values) == text


def test_fields_of_structs_are_columns_and_names_stay_distinct() -> None:
    frame = pl.DataFrame({"at": [{"city": "Rome", "geo": {"lat": 41.9}}], "at.city": ["Oslo"]})
    (batch,) = read(written(frame))
    assert batch.frame.columns == ["at.city", "at.geo.lat", "at.city_3"]
    assert batch.frame.rows() == [("Rome", "41.9", "Oslo")]


def test_a_file_without_rows_is_nothing_to_read() -> None:
    with pytest.raises(NothingToRead):
        read(written(PEOPLE.clear()))


def test_a_file_cut_off_anywhere_is_unreadable() -> None:
    data = written(PEOPLE)
    for size in range(len(data)):
        with pytest.raises(UnreadableInput):
            read(data[:size])


def test_an_encrypted_file_is_said_to_be_encrypted() -> None:
    with pytest.raises(UnreadableInput, match="encrypted"):
        read(b"PARE" + bytes(20) + b"PARE")


@settings(max_examples=12)
@given(st.data())
def test_a_file_with_a_wrong_byte_is_read_or_refused(data: st.DataObject) -> None:
    file = bytearray(written(PEOPLE))
    file[data.draw(st.integers(4, len(file) - 9))] = data.draw(st.integers(0, 255))
    try:
        batches = read(bytes(file), direct=True)
    except FloodmarkError as error:
        assert error.message.isprintable()
        assert error.hint
    else:
        assert sum(batch.frame.height for batch in batches) == 3


def test_more_columns_than_are_read_are_too_many(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="columns"):
        read(written(pl.DataFrame({f"c{i}": [1] for i in range(10_001)})))


def test_texts_that_expand_beyond_any_honest_table_are_refused() -> None:
    text = "a" * 100_000
    bomb = written(pl.DataFrame({"a": pl.repeat(text, 2_700, eager=True)}))
    assert len(bomb) < 1_000_000
    with pytest.raises(LimitExceeded, match="300 times"):
        read(bomb, direct=True)


def test_a_row_longer_than_a_line_may_be_is_set_aside() -> None:
    (batch,) = read(written(pl.DataFrame({"a": ["x", "y" * (1 << 20), "z"], "b": ["1", "2", "3"]})))
    assert batch.frame.rows() == [("x", "1"), ("z", "3")]
    assert [(span.reason, span.lines) for span in batch.spans] == [("line-too-long", 1)]


def test_decoding_that_needs_more_memory_than_it_may_take_is_refused() -> None:
    frame = pl.DataFrame({"a": pl.int_range(30_000_000, eager=True) // 1_000_000})
    data = written(frame, row_group_size=30_000_000)
    with pytest.raises(LimitExceeded, match="memory"):
        read(data, ParquetReader(memory=200 << 20), direct=True)
