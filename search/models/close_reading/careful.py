"""The careful close reader: the lower six layers of all-mpnet-base-v2, trained to read for answers.

`careful/weights.safetensors` is written by `benchmarks/pack_careful_reader.py`, not by hand;
`careful/provenance.json` tells on what it was trained. It comes with Dateline whole: the model that it was made of
need not be there.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.models.close_reading.packing import unpacked
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
from search.models.embedding.torch_backend import quiet_loading

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

_FOLDER = Path(__file__).parent / "careful"
_TOKENIZER = "tokenizer.json"
_WHAT = "The careful close reader"
_INPUTS = ("input_ids", "attention_mask")


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
    halved=True,  # of weights in 4 and 8 bits
    fingerprint=fingerprint,
    stamp=_stamp,
    load=load,
)
