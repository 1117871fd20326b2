"""Signatures are those of datasketch, so that what was stored with it stays comparable."""

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from indexer.minhash import minhash


@given(st.sets(st.binary(max_size=40), max_size=60), st.integers(0, 3_000))
def test_a_signature_is_that_of_datasketch(parts: set[bytes], seed: int) -> None:
    other = MinHash(num_perm=128, seed=seed, scheme="affine32")
    other.update_batch(list(parts))
    found = minhash(parts, 128, seed)
    assert found.dtype == np.uint32
    assert found.tolist() == other.hashvalues.tolist()


def test_signatures_agree_in_about_the_share_that_two_sets_have_in_common() -> None:
    one, other = ([str(number).encode() for number in range(begin, begin + 300)] for begin in (0, 100))
    agreeing = minhash(one, 1_024, 7) == minhash(other, 1_024, 7)
    assert agreeing.mean() == pytest.approx(0.5, abs=0.06)
