"""The careful close reader: the lower six layers of all-mpnet-base-v2, trained to read for answers.

`careful/weights.safetensors` is written by `benchmarks/pack_careful_reader.py`, not by hand;
`careful/provenance.json` tells on what it was trained. It comes with Dateline whole: the model that it was made
of need not be there.

Its weights are in 8 and in 4 bits, so that they are small enough to come with the code. Each row of a matrix in
8 bits has a scale; in 4 bits each run of `GROUP` values of a row has one. The matrix `NAME` is made out of what
is stored under `NAME` and `NAME.scale`; in 4 bits a byte holds two values, the first in its low half. Everything
else is stored as it is, in fp16.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from search.models.close_reading.prepared import (
    HEAD,
    PROVENANCE,
    WEIGHTS,
    Build,
    damaged,
    digest,
    provenance_of,
    stamp_of,
    with_head,
)
from search.models.embedding.backends import quiet_loading

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

GROUP = 32
"""Values of a row that share a scale, in 4 bits."""

SCALE = ".scale"
_LARGEST_8, _LARGEST_4, _ZERO_4 = 127, 7, 8

Weights = Mapping[str, npt.NDArray[np.generic]]
_FOLDER = Path(__file__).parent / "careful"
_TOKENIZER = "tokenizer.json"
_WHAT = "The careful close reader"
_INPUTS = ("input_ids", "attention_mask")


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


@cache
def fingerprint() -> str:
    """SHA-256 (hex) over its weights, its tokenizer and its configuration.

    Raises:
        ModelDamagedError: If one of them cannot be read.
    """
    try:
        parts = [digest(_FOLDER, name) for name in (WEIGHTS, _TOKENIZER)]
        config = json.dumps(provenance()["config"], sort_keys=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(_WHAT, error) from error
    return sha256(b"".join([*parts, config.encode()])).hexdigest()


@cache
def provenance() -> Mapping[str, Any]:
    """Of what, on what, how and with which commands it was made.

    Raises:
        ModelDamagedError: If that cannot be read.
    """
    return provenance_of(_FOLDER, _WHAT)


def load(threads: int = 0) -> "tuple[torch.nn.Module, Tokenizer]":
    """Load it with torch; see `Build.load`.

    Raises:
        ModelDamagedError: If its files cannot be read.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer
    from transformers import MPNetConfig, MPNetModel

    try:
        stored = unpacked(load_file(_FOLDER / WEIGHTS))
        weights = {name: torch.from_numpy(value) for name, value in stored.items()}
        head = {name.removeprefix(HEAD): weights.pop(name) for name in list(weights) if name.startswith(HEAD)}
        with quiet_loading(threads):
            model = MPNetModel(MPNetConfig(**provenance()["config"]), add_pooling_layer=False)
            model.load_state_dict(weights)
        linear = torch.nn.Linear(model.config.hidden_size, 2)
        linear.load_state_dict(head)
        tokenizer = Tokenizer.from_str((_FOLDER / _TOKENIZER).read_text(encoding="utf-8"))
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise damaged(_WHAT, error) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return with_head(model, linear, _INPUTS), tokenizer


def _stamp() -> str:
    return stamp_of(_FOLDER, (WEIGHTS, _TOKENIZER, PROVENANCE), _WHAT)


CAREFUL = Build(
    profile="careful",
    name="six layers of all-mpnet-base-v2, trained to read",
    inputs=_INPUTS,
    pad="<pad>",
    fingerprint=fingerprint,
    stamp=_stamp,
    load=load,
)
