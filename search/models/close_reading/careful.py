"""The careful close reader: the lower six layers of all-mpnet-base-v2, trained to read for answers.

`careful/weights.safetensors` is written by `benchmarks/pack_careful_reader.py`, not by hand;
`careful/provenance.json` tells on what it was trained. It comes with Dateline whole: the model that it was made of
need not be there.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from search.errors import ModelDamagedError
from search.models.close_reading.packing import unpacked
from search.models.close_reading.prepared import Build
from search.models.embedding.torch_backend import quiet_loading

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

_FOLDER = files("search.models.close_reading") / "careful"
_WEIGHTS, _TOKENIZER, _PROVENANCE = "weights.safetensors", "tokenizer.json", "provenance.json"
_HEAD = "head."


@cache
def fingerprint() -> str:
    """SHA-256 (hex) over its weights and its tokenizer.

    Raises:
        ModelDamagedError: If a file is missing.
    """
    try:
        parts = [sha256((_FOLDER / name).read_bytes()).digest() for name in (_WEIGHTS, _TOKENIZER)]
    except OSError as error:
        raise _damaged(str(error)) from error
    return sha256(b"".join(parts)).hexdigest()


@cache
def provenance() -> Mapping[str, Any]:
    """Of what, on what, how and with which commands it was made.

    Raises:
        ModelDamagedError: If that cannot be read.
    """
    try:
        told: Mapping[str, Any] = json.loads((_FOLDER / _PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(str(error)) from error
    return told


def load(threads: int = 0) -> "tuple[torch.nn.Module, Tokenizer]":
    """Load it with torch; 0 threads leaves their number to torch.

    Returns:
        A module from `input_ids` and `attention_mask`, each of shape (rows, tokens), to logits of shape
        (rows, tokens, 2): that the answer begins at a token, and that it ends there; the first token stands for
        "no answer here". And its tokenizer, which neither pads nor cuts.

    Raises:
        ModelDamagedError: If its files cannot be read.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer
    from transformers import MPNetConfig, MPNetModel

    try:
        with as_file(_FOLDER / _WEIGHTS) as path:
            weights = {name: torch.from_numpy(value) for name, value in unpacked(load_file(path)).items()}
        head = {name.removeprefix(_HEAD): weights.pop(name) for name in list(weights) if name.startswith(_HEAD)}
        with quiet_loading(threads):
            model = MPNetModel(MPNetConfig(**provenance()["config"]), add_pooling_layer=False)
            model.load_state_dict(weights)
        linear = torch.nn.Linear(model.config.hidden_size, 2)
        linear.load_state_dict(head)
        tokenizer = Tokenizer.from_str((_FOLDER / _TOKENIZER).read_text(encoding="utf-8"))
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise _damaged(str(error)) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()

    class Reader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.head = linear

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            logits: torch.Tensor = self.head(states)
            return logits

    return Reader().eval(), tokenizer


def _damaged(problem: str) -> ModelDamagedError:
    return ModelDamagedError(f"The careful close reader cannot be read: {problem}.", "Install Dateline again.")


CAREFUL = Build(
    profile="careful",
    name="six layers of all-mpnet-base-v2, trained to read",
    inputs=("input_ids", "attention_mask"),
    pad="<pad>",
    halved=True,  # of weights in 4 and 8 bits
    fingerprint=fingerprint,
    stamp=fingerprint,
    load=load,
)
