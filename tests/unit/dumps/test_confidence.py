from hypothesis import given
from hypothesis import strategies as st

from floodmark.dumps.confidence import calibrated, calibrated_column
from floodmark.dumps.grammar import Column
from floodmark.identifiers import FieldType

SHARES = st.floats(min_value=0, max_value=1)


@given(SHARES, SHARES)
def test_the_map_keeps_order_and_stays_a_share(one: float, other: float) -> None:
    assert 0 <= calibrated(min(one, other)) <= calibrated(max(one, other)) <= 1


def test_what_is_unknown_stays_so_and_what_is_claimed_is_likely() -> None:
    assert calibrated(0.0) == 0.0
    assert calibrated(0.5) >= 0.5


def test_a_columns_type_and_alternatives_stay() -> None:
    column = Column(0, "a", FieldType.LOCATION, 0.87, ((FieldType.HOMETOWN, 0.5),))
    found = calibrated_column(column)
    assert (found.type, found.alternatives) == (column.type, column.alternatives)
    assert found.confidence == 0.94
