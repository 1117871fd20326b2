"""Train the close reader further, on questions that share few words with the sentence that answers them.

    python benchmarks/train_close_reader.py train-v1.1.json dev-v1.1.json --folder FIRST
    python benchmarks/refine_close_reader.py --first FIRST --data FOLDER --squad train-v1.1.json \
        --state FOLDER --minutes 50

`train_close_reader.py` teaches it where answers begin and end, on questions that were written beside their text.
Such questions share most of their words with the answer, and a reader learns to follow the words. This goes on
from that adapter, with more examples (`reading_data.py`): questions of people who had
not seen the text, reworded ones, news, unanswerable ones with their answerable twins; the answering sentence taken
away from some, words left out of many; and with texts of other articles that share words with the question.

Two losses: of the sentences, each scored as `Reading.answers` scores it, and "nothing here", the answering ones
should have the greater part; and where the answer's words are known, its first and last token should stand out.
The rate falls over the minutes given. What is written is an average of the changes before and after (Wortsman et
al. 2022), which keeps what the first stage knew: with it, what the trained questions are unlike is told better.
Writes `search/models/close_reading/fast/` with its provenance, which keeps that of the stage before.
Nothing that Dateline is measured on has a part in it.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from reading_data import LICENCES, MARKED, PAIRS, development_examples, read_pools
from reading_examples import Example, Item, Question, digest, load_tokenizer, make_drawn, stream
from safetensors.torch import load_file, save
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from train_close_reader import FOLDER, NOWHERE, RANK, Reader

from api.evaluation.measures import auroc
from search.english.terms import content_terms
from search.models.close_reading import fast
from search.models.session import LENGTH_STEP
from search.models.source import find_model
from search.settings import BUNDLED_MODEL

SHARES = {"unseen": 0.26, "selqa": 0.13, "news": 0.2, "wiki": 0.06, "pairs": 0.15, "squad": 0.2}
"""Of all draws, by pool; "unseen" are questions of people who had not seen the text."""

ELSEWHERE = 0.15
"""Of the questions that stand alone, so many are put to a text of another article instead of their own."""

NEAR = 40
"""The text that shares most words with the question is taken, out of so many drawn ones."""

RATE = 4e-4
WARM_UP = 0.04
BATCH = 32
DRAWS_SORTED = 32 * 24
SPANS = 0.5
"""Weight of the loss of the answer's two ends, beside that of sentences."""

SHOWN_EVERY = 60
KEPT_EVERY = 300
AFTER = 0.6
"""Share of the changes after the training in what is written; the rest are those before."""

SEED = 21

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Token ids, mask and types, shape (rows, tokens); the place of each token's sentence or -1; which of nothing and
the sentences are gold, shape (rows, 1 + sentences); places of the answer's first and last token, or -1."""


def main() -> None:
    """Train, and write the adapter."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=Path, required=True, help="folder that train_close_reader.py wrote")
    parser.add_argument("--data", type=Path, required=True, help="folder of the marked sets and the pairs")
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 1.1's training questions (JSON)")
    parser.add_argument("--state", type=Path, required=True, help="folder for what was reached on the way")
    parser.add_argument("--minutes", type=float, required=True, help="how long to train")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write the adapter")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(arguments.threads)
    source = find_model(BUNDLED_MODEL)
    tokenizer = load_tokenizer(source.folder)
    pools, held_out = read_pools(arguments.data, arguments.squad)
    development = development_examples(held_out, tokenizer)
    reader = Reader(source.folder)
    before = load_file(arguments.first / "weights.safetensors")
    take(reader, before)
    told = json.loads((arguments.first / "provenance.json").read_text(encoding="utf-8"))
    print(json.dumps({"items": {name: len(items) for name, items in pools.items()}}), flush=True)
    curve = train(reader, tokenizer, pools, development, arguments)
    weights = save(averaged(before, reader.trained(), AFTER))
    (arguments.folder / "weights.safetensors").write_bytes(weights)
    files = {name: arguments.data / f"{name}.jsonl.gz" for name in [*MARKED, PAIRS]} | {"squad": arguments.squad}
    provenance = {
        "written_by": "benchmarks/refine_close_reader.py",
        "on": date.today().isoformat(),  # noqa: DTZ011 - a date for people
        "model": source.name,
        "fingerprint": source.fingerprint(),
        "data": {name: {"what": LICENCES[name], "sha256": digest(file)} for name, file in files.items()},
        "shares": SHARES,
        "elsewhere": ELSEWHERE,
        "rank": 2 * RANK,
        "after": AFTER,
        "rate": RATE,
        "batch": BATCH,
        "minutes": arguments.minutes,
        "seed": SEED,
        "curve": curve,
        "before": told,
    }
    (arguments.folder / "provenance.json").write_text(json.dumps(provenance, indent=1) + "\n", encoding="utf-8")


def take(reader: Reader, stored: Mapping[str, torch.Tensor]) -> None:
    """Go on from an adapter."""
    own = {name: value for name, value in reader.model.named_parameters() if value.requires_grad}
    own |= {f"head.{name}": value for name, value in reader.head.named_parameters()}
    with torch.no_grad():
        for name, value in own.items():
            value.copy_(stored[name].float())


def averaged(
    before: Mapping[str, torch.Tensor], after: Mapping[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """Average two adapters; the factors of both stand side by side, so that their products are averaged."""
    made = {}
    for name, value in after.items():
        old, new = before[name].float(), value.float()
        if name.endswith(fast.DOWN):
            mixed = torch.cat([old, new], dim=0)
        elif name.endswith(fast.UP):
            mixed = torch.cat([(1 - share) * old, share * new], dim=1)
        else:
            mixed = (1 - share) * old + share * new
        made[name] = mixed.to(torch.float16).contiguous()
    return made


def train(
    reader: Reader,
    tokenizer: Tokenizer,
    pools: Mapping[str, Sequence[Item]],
    development: Mapping[str, Sequence[Example]],
    settings: argparse.Namespace,
) -> list[dict[str, Any]]:
    """Train for the minutes given, the rate falling with the time; returns what was shown."""
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    settings.state.mkdir(parents=True, exist_ok=True)
    curve = [{"step": 0} | measure(reader, development)]
    print(json.dumps(curve[-1]), flush=True)
    began, seen = time.perf_counter(), 0
    since: dict[str, list[float]] = defaultdict(list)
    for step, examples in enumerate(batches(pools, tokenizer), start=1):
        gone = (time.perf_counter() - began) / (settings.minutes * 60)
        if gone >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(gone / WARM_UP + 0.02, 1 - gone, 1)
        *inputs, gold, ends = padded(examples)
        scores, logits = forward(reader, *inputs)
        marked = loss_of(scores, gold)
        loss = marked.mean() + SPANS * span_loss(logits, ends)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        seen += len(examples)
        for example, value in zip(examples, marked.tolist(), strict=True):
            since[example.source if example.gold else "nothing"].append(value)
        if step % SHOWN_EVERY == 0:
            told: dict[str, Any] = {
                "step": step,
                "examples": seen,
                "pace": round(seen / (time.perf_counter() - began), 1),
            }
            told["loss"] = {name: round(float(np.mean(values)), 3) for name, values in sorted(since.items())}
            since.clear()
            if step % KEPT_EVERY == 0:
                told |= measure(reader, development)
                curve.append(told)
                (settings.state / "weights.safetensors").write_bytes(save(reader.trained()))
            print(json.dumps(told), flush=True)
    curve.append({"step": step, "examples": seen} | measure(reader, development))
    print(json.dumps(curve[-1]), flush=True)
    return curve


class Trained(Protocol):
    """A model with a head for where an answer begins and ends."""

    head: nn.Linear

    @property
    def model(self) -> Callable[..., Any]:
        """Takes `input_ids`, `attention_mask` and `token_type_ids`; its result has `last_hidden_state`."""
        ...


def forward(
    reader: Trained, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor, owner: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores of nothing and of each sentence, shape (rows, 1 + sentences), and logits, (rows, tokens, 2)."""
    states = reader.model(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
    logits = reader.head(states)
    count = int(owner.max()) + 1
    inside = owner[:, None, :] == torch.arange(count)[None, :, None]
    summed = logits[:, None].masked_fill(~inside[..., None], NOWHERE).logsumexp(2).mean(-1)
    summed = summed.masked_fill(~inside.any(-1), NOWHERE)
    allowed = owner >= 0
    allowed[:, 0] = True
    return torch.cat([logits[:, :1].mean(-1), summed], dim=1), logits.masked_fill(~allowed[..., None], NOWHERE)


def loss_of(scores: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Negative log of the share that the gold ones have of nothing and all sentences, shape (rows,)."""
    found = scores.log_softmax(-1)
    return -found.masked_fill(~gold, NOWHERE).logsumexp(-1)


def span_loss(logits: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of both ends, over the rows whose ends are known; 0 if none is."""
    known = ends[:, 0] >= 0
    if not known.any():
        return logits.new_zeros(())
    losses = [functional.cross_entropy(logits[known, :, side], ends[known, side]) for side in (0, 1)]
    return (losses[0] + losses[1]) / 2


def batches(
    pools: Mapping[str, Sequence[Item]], tokenizer: Tokenizer, size: int = BATCH
) -> Iterator[list[Example]]:
    """Batches of examples of like length, without end."""
    elsewhere = Elsewhere(pools)
    draws = stream(pools, SHARES, SEED)
    window = 0
    while True:
        made = [
            example
            for number, item in islice(draws, DRAWS_SORTED)
            for example in make_drawn(elsewhere.put(item, number), tokenizer, SEED, number)
        ]
        made.sort(key=lambda example: len(example.ids))
        chosen = [made[first : first + size] for first in range(0, len(made), size)]
        random.Random(f"{SEED}/{window}").shuffle(chosen)  # noqa: S311 - no secret
        yield from chosen
        window += 1


class Elsewhere:
    """Puts some questions to texts of other articles that share words with them."""

    def __init__(self, pools: Mapping[str, Sequence[Item]]) -> None:
        self._texts = [item[0] for name in ("unseen", "selqa", "news", "squad") for item in pools[name]]

    def put(self, item: Item, number: int) -> Item:
        """Put a question that stands alone to another text, if the draw of this number says so."""
        draw = random.Random(f"elsewhere/{SEED}/{number}")  # noqa: S311 - no secret
        if len(item) > 1 or draw.random() >= ELSEWHERE:
            return item
        asked = item[0]
        wanted = set(content_terms(asked.text))
        answers = [answer.lower() for answer in asked.answers if answer]
        found: list[tuple[int, Question]] = []
        for other in draw.choices(self._texts, k=NEAR):
            text = " ".join(other.sentences).lower()
            if other.article == asked.article or any(answer in text for answer in answers):
                continue
            found.append((len(wanted.intersection(content_terms(text))), other))
        if not found:
            return item
        _, best = max(found, key=lambda one: one[0])
        seeming = max(
            range(len(best.sentences)),
            key=lambda place: len(wanted.intersection(content_terms(best.sentences[place]))),
        )
        return (
            replace(
                asked, title=best.title, sentences=best.sentences, gold=(seeming,), answers=(), answerable=False
            ),
        )


def padded(examples: Sequence[Example], pad_id: int = 0) -> Batch:
    """Make a batch of examples; padded to few lengths, which is faster."""
    longest = max(len(example.ids) for example in examples)
    shape = (len(examples), -(-longest // LENGTH_STEP) * LENGTH_STEP)
    ids = torch.full(shape, pad_id)
    mask, types = (torch.zeros(shape, dtype=torch.long) for _ in range(2))
    owner = torch.full(shape, -1)
    gold = torch.zeros((len(examples), 1 + max(len(example.bounds) for example in examples)), dtype=torch.bool)
    ends = torch.full((len(examples), 2), -1)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        mask[row, :length] = 1
        types[row, example.second : length] = 1
        for place, (start, end) in enumerate(example.bounds):
            owner[row, start:end] = place
        gold[row, [1 + place for place in example.gold] or [0]] = True
        if not example.gold:
            ends[row] = 0
        elif example.answer is not None:
            ends[row] = torch.tensor(example.answer)
    return ids, mask, types, owner, gold, ends


def measure(reader: Trained, development: Mapping[str, Sequence[Example]], pad_id: int = 0) -> dict[str, Any]:
    """Tell how often the first sentence and both ends are right, and the AUROCs of knowing what is not answered.

    `taken`: beside the same questions without their answers; `twins`: beside unanswerable twins.
    """
    scores: dict[str, list[list[float]]] = {}
    ends: list[bool] = []
    for kind, examples in development.items():
        scores[kind] = []
        for begin in range(0, len(examples), BATCH):
            part = examples[begin : begin + BATCH]
            *inputs, _, known = padded(part, pad_id)
            with torch.no_grad():
                found, logits = forward(reader, *inputs)
            scores[kind] += [row[: 1 + len(one.bounds)] for one, row in zip(part, found.tolist(), strict=True)]
            if kind == "answered":
                logits[:, 0] = NOWHERE
                right = (logits.argmax(1) == known).all(1)
                ends += right[known[:, 0] > 0].tolist()
    first: dict[str, list[bool]] = defaultdict(list)
    for example, row in zip(development["answered"], scores["answered"], strict=True):
        first[example.source].append(int(np.argmax(row[1:])) in example.gold)
    figures: dict[str, Any] = {name: round(float(np.mean(found)), 3) for name, found in first.items()}
    figures["all"] = round(float(np.mean([one for found in first.values() for one in found])), 3)
    figures["ends"] = round(float(np.mean(ends)), 3)
    for name, (kind, other) in {"taken": ("answered", "taken"), "twins": ("twinned", "twins")}.items():
        sure = [max(row[1:]) - row[0] for row in [*scores[kind], *scores[other]]]
        answered = np.arange(len(sure)) < len(scores[kind])
        figures[f"auroc_{name}"] = round(float(auroc(np.array(sure), answered)), 3)
    return {"development": figures}


if __name__ == "__main__":
    main()
