"""Prepare the close reader once: adapt the model, export it to OpenVINO and check that it still says the same."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.models.close_reading.pairs import Pair, Pairing, Reading
from search.models.close_reading.prepared import FORMAT, INPUTS, PreparedCloseReader
from search.models.close_reading.running import graph_session
from search.models.close_reading.torch_running import TorchSession, load_torch_reader
from search.models.embedding.prepared import GRAPH, TOKENIZER
from search.models.embedding.preparing import PROBES
from search.models.preparation import export_graph, made_whole
from search.models.session import supported_precisions
from search.models.source import ModelSource

if TYPE_CHECKING:
    import torch

_HEADLINE = "News of the day"


def prepare_close_reader(source: ModelSource, folder: Path, report: Callable[[str], None]) -> PreparedCloseReader:
    """Export the close reader into a prepared folder, which appears whole or not at all.

    Args:
        source: The model that is adapted.
        folder: The prepared folder to make; replaced if it exists.
        report: Told, in words for people, what is being done.

    Raises:
        ModelError: If the model, or what adapts it, is not as it was published.
    """
    report("preparing the close reader (once): loading it with torch")
    module, tokenizer = load_torch_reader(source)
    with made_whole(folder) as making:
        tokenizer.save(str(making / TOKENIZER))
        report("preparing the close reader: exporting it to OpenVINO and comparing it with the original")
        prepared = _export(module, Pairing(tokenizer), tokenizer.token_to_id("[PAD]"), making)
        prepared.save(making)
    return prepared


def _export(module: "torch.nn.Module", pairing: Pairing, pad_id: int, folder: Path) -> PreparedCloseReader:
    import torch

    pairs = _probes(pairing)
    rows = [pair.row for pair in pairs]
    expected = _odds(pairs, TorchSession(module).infer_each(rows))
    deviation = {}
    try:
        example = [torch.ones((2, 8), dtype=torch.long) for _ in INPUTS]
        export_graph(module, INPUTS, example, folder / GRAPH)
        for precision in supported_precisions():
            session = graph_session(folder, pad_id, precision, threads=1)
            error = _odds(pairs, session.infer_each(rows)) - expected
            deviation[precision] = round(float(np.sqrt((error**2).mean()) / expected.std()), 6)
    except Exception as error:  # noqa: BLE001 - any failure of an export means: run it with torch, and say why
        return PreparedCloseReader(FORMAT, pad_id, {}, f"{type(error).__name__}: {error}")
    return PreparedCloseReader(FORMAT, pad_id, deviation)


def _probes(pairing: Pairing) -> list[Pair]:
    questions = [text for text in PROBES if text.endswith("?")]
    passages = [(_HEADLINE, text) for text in PROBES if not text.endswith("?")]
    return [pair for question in questions for pair in pairing.pairs(question, passages)]


def _odds(pairs: list[Pair], logits: "list[np.ndarray]") -> "np.ndarray":
    return np.concatenate([Reading.of(pair, found).odds for pair, found in zip(pairs, logits, strict=True)])
