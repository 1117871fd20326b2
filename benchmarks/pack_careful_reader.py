"""Make of a trained careful reader what comes with Dateline: its changes merged into the layers, in few bits.

    python benchmarks/pack_careful_reader.py --model FOLDER --state FOLDER --data FOLDER --squad train-v1.1.json

Attention is stored in 8 bits, word embeddings and the feed-forward parts in 4
(`search.models.close_reading.careful`). Prints the figures of development before packing and after it. Writes
`search/models/close_reading/careful/`.
"""

import argparse
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from reading_data import LICENCES, MARKED, PACKAGES, PAIRS, development_examples, read_pools
from reading_examples import digest, load_tokenizer
from refine_close_reader import ELSEWHERE, SHARES, SPANS, measure
from safetensors.numpy import save
from train_careful_reader import (
    BATCH,
    HEAD_RATE,
    LAYERS,
    RANK,
    RATE,
    SEED,
    WARM_UP,
    CarefulReader,
    FrozenLinear,
    pad_of,
    restored,
)

from search.models.close_reading import careful

FOLDER = Path(careful.__file__).parent / "careful"
IN_FOUR_BITS = ("word_embeddings.", "intermediate.dense.", ".output.dense.")
_CONFIGURED = (
    "attention_probs_dropout_prob hidden_act hidden_dropout_prob hidden_size intermediate_size layer_norm_eps "
    "max_position_embeddings num_attention_heads relative_attention_num_buckets vocab_size bos_token_id "
    "pad_token_id eos_token_id"
).split()


def main() -> None:
    """Pack, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--state", type=Path, required=True, help="folder in which the training was kept")
    parser.add_argument("--data", type=Path, required=True, help="folder of the marked sets and the pairs")
    parser.add_argument("--squad", type=Path, required=True, help="SQuAD 1.1's training questions (JSON)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write it")
    parser.add_argument("--unmeasured", action="store_true", help="do not measure it again")
    arguments = parser.parse_args()
    tokenizer = load_tokenizer(arguments.model)
    reader = CarefulReader(arguments.model)
    state = restored(arguments.state / "state.pt", reader)
    stored = packed(merged(reader))
    figures: dict[str, Any] = {}
    if not arguments.unmeasured:
        _, held_out = read_pools(arguments.data, arguments.squad)
        development = development_examples(held_out, tokenizer)
        for when in ("before packing", "packed"):
            figures[when] = measure(reader, development, pad_of(tokenizer))["development"]
            print(json.dumps({when: figures[when]}), flush=True)
            take(reader, careful.unpacked(stored))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / "weights.safetensors").write_bytes(save(stored))
    shutil.copyfile(arguments.model / "tokenizer.json", arguments.folder / "tokenizer.json")
    files = {name: arguments.data / f"{name}.jsonl.gz" for name in [*MARKED, PAIRS]} | {"squad": arguments.squad}
    config = json.loads((arguments.model / "config.json").read_text(encoding="utf-8"))
    told = {
        "written_by": "benchmarks/train_careful_reader.py and benchmarks/pack_careful_reader.py",
        "on": date.today().isoformat(),  # noqa: DTZ011 - a date for people
        "model": "all-mpnet-base-v2 (Apache-2.0), its lower six layers",
        "model_sha256": digest(arguments.model / "model.safetensors"),
        "packages": PACKAGES,
        "config": {name: config[name] for name in _CONFIGURED} | {"num_hidden_layers": LAYERS},
        "data": {name: {"what": LICENCES[name], "sha256": digest(file)} for name, file in files.items()},
        "shares": SHARES,
        "elsewhere": ELSEWHERE,
        "settings": {
            "rank": RANK,
            "rate": RATE,
            "head_rate": HEAD_RATE,
            "warm_up": WARM_UP,
            "batch": BATCH,
            "spans": SPANS,
            "seed": SEED,
        },
        "in_four_bits": IN_FOUR_BITS,
        "development": figures,
        **state,
    }
    (arguments.folder / "provenance.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def merged(reader: CarefulReader) -> dict[str, np.ndarray]:
    """All weights of the model with its changes, as transformers names them, and those of the head."""
    found = {}
    changed = {name: part for name, part in reader.encoder.named_modules() if isinstance(part, FrozenLinear)}
    for name, value in reader.encoder.state_dict().items():
        place = name.rpartition(".layer.")[0] if ".layer.weight" in name or ".layer.bias" in name else ""
        if name.endswith((".down", ".up")):
            continue
        if place in changed:
            whole = value
            if name.endswith("weight"):
                whole = value + changed[place].up.detach() @ changed[place].down.detach()
            found[name.replace(".layer.weight", ".weight").replace(".layer.bias", ".bias")] = whole.numpy()
        else:
            found[name] = value.numpy()
    found |= {f"head.{name}": value.numpy() for name, value in reader.head.state_dict().items()}
    return {name: value for name, value in found.items() if value.dtype == np.float32}


def packed(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Store matrices in 4 or 8 bits, all else and the small tables in fp16."""
    stored: dict[str, np.ndarray] = {}
    for name, value in weights.items():
        is_matrix = value.ndim > 1
        if is_matrix and any(part in name for part in IN_FOUR_BITS):
            stored[name], stored[name + careful.SCALE] = careful.pack_4(value)
        elif is_matrix and name.startswith("encoder.layer."):
            stored[name], stored[name + careful.SCALE] = careful.pack_8(value)
        else:
            stored[name] = value.astype(np.float16)
    return stored


def take(reader: CarefulReader, weights: dict[str, np.ndarray]) -> None:
    """Give a reader whole weights: its changes become nothing."""
    changed = {name: part for name, part in reader.encoder.named_modules() if isinstance(part, FrozenLinear)}
    own = dict(reader.encoder.named_parameters()) | {
        f"head.{name}": value for name, value in reader.head.named_parameters()
    }
    with torch.no_grad():
        for part in changed.values():
            part.up.zero_()
        for name, value in weights.items():
            place, _, kind = name.rpartition(".")
            own[f"{place}.layer.{kind}" if place in changed else name].copy_(torch.from_numpy(value))


if __name__ == "__main__":
    main()
