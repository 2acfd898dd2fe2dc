"""Look-ups in sealed rows against the definition of protocol 1, with the kernel and without it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.sealed.bucket_rows import look_up_one
from floodmark.kernel import library, sealed_rows

HIGHEST = 2**48 - 1
TAGS = st.one_of(
    st.integers(0, 3),
    st.integers(HIGHEST - 2, HIGHEST),
    st.sampled_from([1 << 47, (1 << 47) - 1]),
    st.integers(0, HIGHEST),
)


@pytest.fixture(scope="module", params=[None, library.kernel], ids=["without", "compiled"])
def kernel(request):
    """One path of machine code: it is the same whatever the processor has."""
    return request.param


def matrix(buckets, width):
    """Buckets of (tag, cell) as rows, each bucket in order."""
    whole = [b"".join(sorted(t.to_bytes(6) + c.to_bytes(width - 6) for t, c in rows)) for rows in buckets]
    return np.frombuffer(b"".join(whole), np.uint8).reshape(len(buckets), -1)


def by_definition(rows, width, buckets, tags, pads, field_sets):
    found = []
    for bucket, tag, pad in zip(buckets, tags, pads, strict=True):
        hit = -1
        for row in rows[bucket].reshape(-1, width).tolist():
            number = int.from_bytes(bytes(row[6:])) ^ int(pad)
            if int.from_bytes(bytes(row[:6])) == tag and number < field_sets:
                hit = number
                break
        found.append(hit)
    return found


def asked(buckets, tags, pads):
    return np.array(buckets, np.uint16), np.array(tags, np.uint64), np.array(pads, np.uint32)


@st.composite
def leaks(draw):
    """Rows, of which some are alike in tag and cell, and look-ups of tags that are there, close by, and elsewhere."""
    width = draw(st.sampled_from([8, 10]))
    most = 256 ** (width - 6) - 1
    m = draw(st.sampled_from([1, 2, 7, 8, 9, 16, 33]))
    some = draw(st.lists(TAGS, min_size=1, max_size=6))
    cells = st.one_of(st.integers(0, 40), st.integers(most - 2, most), st.integers(0, most))
    row = st.tuples(st.one_of(st.sampled_from(some), TAGS), cells)
    buckets = draw(st.lists(st.lists(row, min_size=m, max_size=m), min_size=1, max_size=3))
    rows = matrix(buckets, width)
    near = [tag + step for tag, _ in buckets[0] for step in (-1, 0, 1) if tag + step >= 0]
    question = st.tuples(
        st.integers(0, len(buckets) - 1),
        st.one_of(st.sampled_from(near), TAGS, st.integers(HIGHEST, 2**64 - 1)),
        st.one_of(st.integers(0, 40), st.integers(0, most), st.integers(0, 2**32 - 1)),
    )
    questions = draw(st.lists(question, max_size=60))
    field_sets = draw(st.one_of(st.integers(0, 20), st.integers(0, most + 1)))
    return rows, width, *asked(*(zip(*questions, strict=True) if questions else ([], [], []))), field_sets


@settings(deadline=None)
@given(leak=leaks())
def test_the_first_row_of_the_tag_whose_cell_is_a_field_set_is_the_hit(kernel, leak):
    found = sealed_rows.look_up(*leak, kernel=kernel)
    assert found.dtype == np.int64
    assert found.tolist() == by_definition(*leak)


@settings(deadline=None)
@given(leak=leaks())
def test_one_bucket_at_hand_answers_as_the_whole_does(leak):
    rows, width, buckets, tags, pads, field_sets = leak
    some = [i for i, tag in enumerate(tags.tolist()) if tag <= HIGHEST]
    one = [
        look_up_one(rows[buckets[i]].tobytes(), width, int(tags[i]), int(pads[i]), field_sets) for i in some
    ]
    found = sealed_rows.look_up(*leak)[some].tolist()
    assert [-1 if number is None else number for number in one] == found


def uniform(rng, buckets, m, width):
    rows = rng.integers(0, 256, (buckets, m, width), dtype=np.uint8)
    head = np.ascontiguousarray(rows[:, :, :8]).view(">u8")[:, :, 0]
    order = np.argsort(head, axis=1)  # heads of 64 random bits are all different
    return np.take_along_axis(rows, order[:, :, None], axis=1).reshape(buckets, m * width)


def skewed(rng, buckets, m, width, power):
    """Tags that crowd at one end, so that a guess by proportion is as wrong as it can be."""
    rows = rng.integers(0, 256, (buckets, m, width), dtype=np.uint8)
    tags = np.sort((rng.random((buckets, m)) ** power * 2**48).astype(np.uint64), axis=1)
    rows[:, :, :6] = tags.astype(">u8").view(np.uint8).reshape(buckets, m, 8)[:, :, 2:]
    rows[:, :, 6:] = 0
    return rows.reshape(buckets, m * width)


def parts(rows, width):
    table = rows.reshape(len(rows), -1, width)
    tags = np.zeros((*table.shape[:2], 8), np.uint8)
    tags[:, :, 2:] = table[:, :, :6]
    cells = np.ascontiguousarray(table[:, :, 6:]).view(f">u{width - 6}")[:, :, 0]
    return tags.view(">u8")[:, :, 0].astype(np.uint64), cells.astype(np.uint32)


@pytest.mark.parametrize("width", [8, 10])
@pytest.mark.parametrize("power", [None, 0.001, 0.2, 5, 60])
@pytest.mark.parametrize("m", [16, 1000, 4097])
def test_every_row_is_found_and_what_lies_between_is_not(kernel, width, power, m):
    rng = np.random.default_rng([width, m])
    rows = uniform(rng, 3, m, width) if power is None else skewed(rng, 3, m, width, power)
    tags, cells = parts(rows, width)
    bucket, row = rng.integers(0, 3, 5000), rng.integers(0, m, 5000)
    numbers = rng.integers(0, 7, 5000).astype(np.uint32)
    wanted = asked(bucket, tags[bucket, row], cells[bucket, row] ^ numbers)
    found = sealed_rows.look_up(rows, width, *wanted, 7, kernel=kernel)
    if power is None:
        assert np.array_equal(found, numbers)
    assert (found >= 0).all()
    between = asked(bucket, tags[bucket, row] ^ np.uint64(1 << 20), wanted[2])
    missing = ~(tags[bucket] == between[1][:, None]).any(axis=1)
    found = sealed_rows.look_up(rows, width, *between, 7, kernel=kernel)
    assert (found[missing] == -1).all()
    assert missing.any()


@pytest.mark.parametrize("width", [8, 10])
def test_a_bucket_of_nothing_but_one_tag_is_searched_and_not_walked(kernel, width):
    m, tag = 1 << 20, 77
    cells = np.arange(m, dtype=np.uint64) * (1 if width == 10 else 0) + 9
    rows = np.zeros((m, width), np.uint8)
    rows[:, :6] = np.frombuffer(tag.to_bytes(6), np.uint8)
    rows[:, 6:] = cells.astype(">u4").view(np.uint8).reshape(m, 4)[:, 10 - width :]
    rows = rows.reshape(1, -1)
    # Each of these would walk a million rows; 200,000 of them would take minutes.
    count = 200_000
    pads = np.full(count, 60_000, np.uint32)
    found = sealed_rows.look_up(
        rows, width, np.zeros(count, np.uint16), np.full(count, tag, np.uint64), pads, 5, kernel=kernel
    )
    expected = by_definition(rows[:, : 70_000 * width], width, [0], [tag], [60_000], 5)
    assert found.tolist() == expected * count


@pytest.mark.parametrize(
    ("width", "bits"), [(8, 3), (8, 6), (8, 10), (8, 16), (10, 3), (10, 10), (10, 20), (10, 32)]
)
def test_of_many_rows_of_one_tag_the_first_hit_counts_whatever_the_pad(kernel, width, bits):
    rng = np.random.default_rng([width, bits])
    some = rng.integers(1, 1 << bits, 4).tolist()
    for field_sets in [1, 3, 5, 6, 7, 11, 21, *some, (1 << bits) - 1, 1 << bits]:
        tag, m = int(rng.integers(1, HIGHEST)), 48
        before, after = rng.integers(1, 12, 2).tolist()
        half = 1 << bits - 1  # so that the next tag's first row has a greater cell than any before
        cells = rng.integers(0, half, m)
        cells[-after:] += half
        tags = [tag - 1] * before + [tag] * (m - before - after) + [tag + 1] * after
        rows = matrix([list(zip(tags, cells.tolist(), strict=True))], width)
        near = rng.choice(cells, 60) ^ rng.integers(0, 2 * field_sets, 60)
        beyond = cells[-after:].min() ^ rng.integers(0, field_sets, 60)
        far = rng.integers(0, 1 << bits, 60)
        pads = np.concatenate([near, beyond, far, rng.integers(0, 1 << 32, 5)]) % 2**32
        wanted = asked(np.zeros(len(pads)), np.full(len(pads), tag), pads)
        found = sealed_rows.look_up(rows, width, *wanted, field_sets, kernel=kernel)
        assert found.tolist() == by_definition(rows, width, *wanted, field_sets)


@given(
    leak=leaks(),
    swap=st.tuples(st.integers(0, 98), st.integers(0, 98)),
    before=st.integers(0, 200),
)
def test_the_first_row_less_than_its_predecessor_in_its_bucket_is_named(kernel, leak, swap, before):
    rows, width, *_ = leak
    m, table = rows.shape[1] // width, rows.reshape(-1, width).copy()
    first, second = (number % len(table) for number in swap)
    table[[first, second]] = table[[second, first]]
    lines = [bytes(row) for row in table.tolist()]
    expected = next(
        (i for i in range(1, len(lines)) if (i + before) % m and lines[i] < lines[i - 1]),
        -1,
    )
    assert sealed_rows.first_descending(table.reshape(-1), width, m, before, kernel=kernel) == expected


@pytest.mark.parametrize("width", [8, 10])
def test_rows_in_no_order_are_read_within_their_bounds(kernel, width):
    rng = np.random.default_rng(3)
    for m in (1, 5, 16, 300):
        rows = rng.integers(0, 256, (4, m * width), dtype=np.uint8)
        tags = rng.integers(0, 2**64, 3000, dtype=np.uint64) >> rng.integers(0, 64, 3000).astype(np.uint64)
        pads = rng.integers(0, 2**32, 3000, dtype=np.uint64)
        found = sealed_rows.look_up(
            rows, width, *asked(rng.integers(0, 4, 3000), tags, pads), 200, kernel=kernel
        )
        assert ((found >= -1) & (found < 200)).all()


ROWS = np.zeros((2, 32), np.uint8)
ASKED = asked([0, 1], [1, 2], [3, 4])
WRONG_TYPES = {
    "rows of another dtype": (ROWS.astype(np.int8), 8, *ASKED),
    "rows in one dimension": (ROWS.reshape(-1), 8, *ASKED),
    "rows that are not contiguous": (np.zeros((2, 64), np.uint8)[:, ::2], 8, *ASKED),
    "rows as bytes": (bytes(64), 8, *ASKED),
    "buckets of another dtype": (ROWS, 8, ASKED[0].astype(np.int64), *ASKED[1:]),
    "signed tags": (ROWS, 8, ASKED[0], ASKED[1].astype(np.int64), ASKED[2]),
    "wide pads": (ROWS, 8, *ASKED[:2], ASKED[2].astype(np.uint64)),
    "tags of another byte order": (ROWS, 8, ASKED[0], ASKED[1].astype(">u8"), ASKED[2]),
    "two lengths": (ROWS, 8, ASKED[0][:1], *ASKED[1:]),
    "two dimensions": (ROWS, 8, *(array.reshape(1, -1) for array in ASKED)),
    "every second tag": (ROWS, 8, ASKED[0], np.arange(4, dtype=np.uint64)[::2], ASKED[2]),
    "tags that are not aligned": (ROWS, 8, ASKED[0], np.zeros(17, np.uint8)[1:].view(np.uint64), ASKED[2]),
}
WRONG_VALUES = {
    "rows of nine bytes": (np.zeros((2, 36), np.uint8), 9, *ASKED, 1),
    "half a row": (np.zeros((2, 36), np.uint8), 8, *ASKED, 1),
    "no rows": (np.zeros((2, 0), np.uint8), 8, *ASKED, 1),
    "a bucket that is not there": (ROWS[:1], 8, *ASKED, 1),
    "no number of field sets": (ROWS, 8, *ASKED, -1),
    "more field sets than cells can say": (ROWS, 8, *ASKED, 2**32 + 1),
}


@pytest.mark.parametrize("wrong", WRONG_TYPES.values(), ids=WRONG_TYPES)
def test_arrays_of_another_form_are_refused(kernel, wrong):
    with pytest.raises(TypeError):
        sealed_rows.look_up(*wrong, 1, kernel=kernel)


@pytest.mark.parametrize("wrong", WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_rows_and_buckets_that_cannot_be_are_refused(kernel, wrong):
    with pytest.raises(ValueError, match=r"rows|bucket|field sets"):
        sealed_rows.look_up(*wrong, kernel=kernel)


def test_buckets_without_rows_have_no_order(kernel):
    with pytest.raises(ValueError, match="has rows"):
        sealed_rows.first_descending(ROWS[0], 8, 0, kernel=kernel)
    with pytest.raises(ValueError, match="has rows"):
        sealed_rows.first_descending(ROWS[0], 8, 4, -1, kernel=kernel)
