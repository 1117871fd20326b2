import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.models.close_reading.careful import GROUP, SCALE, pack_4, pack_8, unpacked

MATRICES = arrays(
    np.float32,
    st.tuples(st.integers(1, 4), st.sampled_from([GROUP, 3 * GROUP])),
    elements=st.floats(-50, 50, width=32, allow_subnormal=False),
)


@given(MATRICES)
def test_in_eight_bits_no_value_is_off_by_more_than_half_a_step_of_its_row(matrix: np.ndarray) -> None:
    values, scale = pack_8(matrix)
    found = unpacked({"layer": values, f"layer{SCALE}": scale})
    step = scale.astype(np.float32)[:, None]
    of_scale = 127 * 2.0**-25  # half of fp16's least step, as often as it is taken
    assert values.dtype == np.int8
    assert (np.abs(found["layer"] - matrix) <= step * 0.5 + np.abs(matrix) * 2e-3 + of_scale).all()


@given(MATRICES)
def test_in_four_bits_no_value_is_off_by_more_than_half_a_step_of_its_group(matrix: np.ndarray) -> None:
    values, scale = pack_4(matrix)
    found = unpacked({"layer": values, f"layer{SCALE}": scale})
    assert (values.dtype, values.shape) == (np.uint8, (len(matrix), matrix.shape[1] // 2))
    step = np.repeat(scale.astype(np.float32), GROUP, axis=1)
    assert (np.abs(found["layer"] - matrix) <= step * 0.5 + np.abs(matrix) * 2e-3 + 1e-6).all()


def test_what_is_stored_as_it_is_comes_back() -> None:
    found = unpacked({"bias": np.array([0.5, -2.0], dtype=np.float16)})
    assert found["bias"].tolist() == [0.5, -2.0]
    assert found["bias"].dtype == np.float32


def test_a_matrix_without_its_scale_is_not_guessed() -> None:
    values, _ = pack_8(np.ones((2, GROUP), dtype=np.float32))
    with pytest.raises(KeyError):
        unpacked({"layer": values})
