"""MinHash signatures (Broder 1997), bit for bit those that datasketch makes by its scheme `affine32`.

Made here because importing datasketch loads scipy, which is a third of what a server would have to install.
"""

import struct
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha1

import numpy as np
import numpy.typing as npt

Signature = npt.NDArray[np.uint32]
"""Shape (permutations,), uint32."""

_HIGHEST = np.iinfo(np.uint32).max


def minhash(parts: Iterable[bytes], permutations: int, seed: int) -> Signature:
    """Make the signature of a set: of each permutation of all hashes the least that a part of the set has.

    Args:
        parts: Of the set.
        permutations: How many.
        seed: Chooses them; signatures of other seeds cannot be compared.
    """
    hashes = np.array([struct.unpack("<I", sha1(part).digest()[:4])[0] for part in parts], dtype=np.uint32)  # noqa: S324 - no secret
    if not len(hashes):
        return np.full(permutations, _HIGHEST, dtype=np.uint32)
    factors, summands = _permutations(permutations, seed)
    least: Signature = (_mixed(hashes)[:, None] * factors + summands).min(axis=0)
    return least


def _mixed(hashes: Signature) -> Signature:
    """Spread hashes (the finalizer of MurmurHash3, Appleby 2011); products are taken modulo 2**32."""
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


@lru_cache
def _permutations(number: int, seed: int) -> tuple[Signature, Signature]:
    """Odd factors and summands of permutations of the numbers below 2**32."""
    drawn = np.random.RandomState(seed)  # its numbers are the same in every version
    factors = drawn.randint(0, 1 << 31, number, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, number, dtype=np.uint32)
