"""Weights in 8 and in 4 bits: how a model is stored small enough to come with the code.

Each row of a matrix in 8 bits has a scale; in 4 bits each run of `GROUP` values of a row has one. The matrix
`NAME` is made out of what is stored under `NAME` and `NAME.scale`; in 4 bits a byte holds two values, the first
in its low half. Everything else is stored as it is, in fp16.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

GROUP = 32
"""Values of a row that share a scale, in 4 bits."""

SCALE = ".scale"
_LARGEST_8, _LARGEST_4, _ZERO_4 = 127, 7, 8

Weights = Mapping[str, npt.NDArray[np.generic]]


def pack_8(matrix: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Store a matrix of shape (rows, columns) in 8 bits: itself, and a scale for each row."""
    scale = _scale(np.abs(matrix).max(axis=1), _LARGEST_8)
    stored = np.clip(np.round(matrix / scale.astype(np.float32)[:, None]), -_LARGEST_8, _LARGEST_8)
    return stored.astype(np.int8), scale


def pack_4(matrix: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
    """Store a matrix in 4 bits.

    Args:
        matrix: Shape (rows, columns); the columns are a multiple of `GROUP`.

    Returns:
        Shape (rows, columns / 2), and the scales, shape (rows, columns / `GROUP`).
    """
    rows, columns = matrix.shape
    groups = matrix.reshape(rows, columns // GROUP, GROUP)
    scale = _scale(np.abs(groups).max(axis=2), _LARGEST_4)
    values = np.clip(np.round(groups / scale.astype(np.float32)[..., None]), -_LARGEST_4, _LARGEST_4)
    halves = (values + _ZERO_4).astype(np.uint8).reshape(rows, columns // 2, 2)
    return (halves[..., 0] | halves[..., 1] << 4).astype(np.uint8), scale


def unpacked(stored: Weights) -> dict[str, npt.NDArray[np.float32]]:
    """Make all weights of what was stored, in fp32.

    Raises:
        KeyError: If the scale of a matrix is missing.
        ValueError: If shapes do not fit.
    """
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name, values in stored.items():
        if name.endswith(SCALE):
            continue
        if values.dtype == np.int8:
            found[name] = values.astype(np.float32) * stored[name + SCALE].astype(np.float32)[:, None]
        elif values.dtype == np.uint8:
            found[name] = _of_4(values.astype(np.uint8), stored[name + SCALE].astype(np.float32))
        else:
            found[name] = values.astype(np.float32)
    return found


def _of_4(values: npt.NDArray[np.uint8], scale: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    rows = len(values)
    whole = np.stack([values & 15, values >> 4], axis=-1).reshape(rows, -1, GROUP).astype(np.float32) - _ZERO_4
    return (whole * scale[..., None]).reshape(rows, -1)


def _scale(largest: npt.NDArray[np.float32], most: int) -> npt.NDArray[np.float16]:
    """Scales with which the largest values become `most`; 1 where all are 0 or too small for fp16."""
    scale = (largest / most).astype(np.float16)
    return np.where(scale == 0, np.float16(1), scale)
