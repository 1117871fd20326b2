"""A marker of sentences: a language model with low-rank changes, which tells which sentences answer a question.

A linear head gives every token a score. A sentence's score is the log-sum-exp over its tokens less half the log of
their number, so that long sentences gain little by being long. The first token stands for "nothing here".
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from teacher_examples import Example
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from search.models.embedding.torch_backend import quiet_loading

LENGTH_STEP = 8
NOWHERE = -1e4

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Token ids and mask, shape (rows, tokens); the place of each token's sentence or -1, the same shape; which of
nothing and the sentences are gold, shape (rows, 1 + sentences), bool."""


class LowRank(nn.Module):
    """A frozen linear layer and, added to what it gives, the product of two thin matrices."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Apply the changed layer; the factors in turn, so that no gradient of the layer's own size is made."""
        change = functional.linear(functional.linear(states, self.down), self.up)
        return self.layer(states) + change  # type: ignore[no-any-return]


class Marker(nn.Module):
    """The model with low-rank changes to its upper layers, and the head."""

    def __init__(self, folder: Path, rank: int, frozen_layers: int) -> None:
        """Load an MPNet model.

        Args:
            folder: Where it lies.
            rank: Of the changes.
            frozen_layers: How many of the lowest layers stay as they are; nothing is propagated back into them.
        """
        super().__init__()
        with quiet_loading():
            self.model: Any = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
        self.model.eval().requires_grad_(requires_grad=False)
        for layer in self.model.encoder.layer[frozen_layers:]:
            for name in ("q", "k", "v", "o"):
                setattr(layer.attention.attn, name, LowRank(getattr(layer.attention.attn, name), rank))
            for part in (layer.intermediate, layer.output):
                part.dense = LowRank(part.dense, rank)
        self.head = nn.Linear(self.model.config.hidden_size, 1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, owner: torch.Tensor) -> torch.Tensor:
        """Scores of nothing and of each sentence, shape (rows, 1 + sentences); absent ones are far below."""
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        scores = self.head(states)[:, :, 0]
        count = int(owner.max()) + 1
        inside = owner[:, None, :] == torch.arange(count)[None, :, None]
        lengths = inside.sum(-1)
        summed = scores[:, None, :].masked_fill(~inside, NOWHERE).logsumexp(-1) - lengths.clamp(min=1).log() / 2
        return torch.cat([scores[:, :1], summed.masked_fill(lengths == 0, NOWHERE)], dim=1)

    def trained(self) -> dict[str, nn.Parameter]:
        """Everything that is trained, by name."""
        return {name: value for name, value in self.named_parameters() if value.requires_grad}

    def weights(self, kind: torch.dtype = torch.float32) -> dict[str, torch.Tensor]:
        """A copy of what is trained."""
        return {name: value.detach().to(kind).clone().contiguous() for name, value in self.trained().items()}

    def take(self, weights: dict[str, torch.Tensor]) -> None:
        """Go on from such a copy.

        Raises:
            ValueError: If it is of other changes than these.
        """
        own = self.trained()
        if {name: value.shape for name, value in own.items()} != {
            name: value.shape for name, value in weights.items()
        }:
            raise ValueError("these weights are of a marker with another rank or other frozen layers")
        with torch.no_grad():
            for name, value in weights.items():
                own[name].copy_(value)


def loss_of(scores: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Negative log of the share that the gold ones have of nothing and all sentences, shape (rows,)."""
    found = scores.log_softmax(-1)
    return -found.masked_fill(~gold, NOWHERE).logsumexp(-1)


def padded(examples: Sequence[Example], pad_id: int) -> Batch:
    """Make a batch of examples."""
    longest = max(len(example.ids) for example in examples)
    shape = (len(examples), -(-longest // LENGTH_STEP) * LENGTH_STEP)
    ids, mask = torch.full(shape, pad_id), torch.zeros(shape, dtype=torch.long)
    owner = torch.full(shape, -1)
    gold = torch.zeros((len(examples), 1 + max(len(example.bounds) for example in examples)), dtype=torch.bool)
    for row, example in enumerate(examples):
        ids[row, : len(example.ids)] = torch.tensor(example.ids)
        mask[row, : len(example.ids)] = 1
        for place, (start, end) in enumerate(example.bounds):
            owner[row, start:end] = place
        gold[row, [1 + place for place in example.gold] or [0]] = True
    return ids, mask, owner, gold


def score_all(marker: Marker, examples: Sequence[Example], pad_id: int, batch: int = 16) -> list[list[float]]:
    """Scores of nothing and of each sentence, example by example, in their order."""
    found: list[list[float]] = [[] for _ in examples]
    order = sorted(range(len(examples)), key=lambda place: len(examples[place].ids))
    for begin in range(0, len(order), batch):
        places = order[begin : begin + batch]
        ids, mask, owner, _ = padded([examples[place] for place in places], pad_id)
        with torch.no_grad():
            scores = marker(ids, mask, owner)
        for place, row in zip(places, scores.tolist(), strict=True):
            found[place] = row[: 1 + len(examples[place].bounds)]
    return found
