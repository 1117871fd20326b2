"""Read a question and passages together: the embedding model, adapted, run by OpenVINO or else by torch.

The adapted model is prepared once: exported to OpenVINO and checked to say the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from search.errors import ModelDamagedError, ModelError
from search.models.close_reading.adapter import TorchSession, fingerprint, load_torch_reader
from search.models.close_reading.pairs import Pair, Pairing, Reading
from search.models.close_reading.prepared import (
    FORMAT,
    INPUTS,
    MOST_DEVIATION,
    PreparedCloseReader,
    Runner,
    graph_session,
)
from search.models.embedding.loading import PROBES
from search.models.embedding.openvino_backend import GRAPH, TOKENIZER
from search.models.preparation import choose_precision, export_graph, made_whole, preparing_alone
from search.models.session import supported_precisions
from search.models.shipped import CLOSE_READER, Shipped, cannot_run
from search.models.source import ModelSource, find_model
from search.settings import BUNDLED_MODEL, Settings

if TYPE_CHECKING:
    import torch

_HEADING = "News of the day:"


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
    passages = [(_HEADING, text) for text in PROBES if not text.endswith("?")]
    return [pair for question in questions for pair in pairing.pairs(question, passages)]


def _odds(pairs: list[Pair], logits: "list[np.ndarray]") -> "np.ndarray":
    return np.concatenate([Reading.of(pair, found).odds for pair, found in zip(pairs, logits, strict=True)])


NAME = f"adapted {BUNDLED_MODEL}"


@dataclass(frozen=True, slots=True)
class CloseReaderCard:
    """What identifies a close reader, and how it is being run.

    Attributes:
        name: What it is.
        fingerprint: SHA-256 (hex) over its weights; readings of different ones must never be compared.
        backend: `"openvino"` or `"torch"`.
        precision: `"bf16"` or `"f32"`.
        note: Why this backend runs it, when it is not the preferred one; empty otherwise.
    """

    name: str
    fingerprint: str
    backend: str
    precision: str
    note: str = ""


class CloseReader(Protocol):
    """Tells where in a passage a question is answered, reading the two together."""

    @property
    def card(self) -> CloseReaderCard:
        """What identifies it."""
        ...

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages, each given as its heading and its text, with a question; one reading each, in order."""
        ...


class AdaptedReader:
    """A `CloseReader`; safe to share between threads."""

    def __init__(self, runner: Runner, pairing: Pairing, card: CloseReaderCard) -> None:
        self._runner = runner
        self._pairing = pairing
        self._card = card

    @property
    def card(self) -> CloseReaderCard:
        """What identifies it."""
        return self._card

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages with a question; see `CloseReader.read`."""
        pairs = self._pairing.pairs(question, passages)
        logits = self._runner.infer_each([pair.row for pair in pairs])
        return [Reading.of(pair, found) for pair, found in zip(pairs, logits, strict=True)]


def ensure_prepared(
    settings: Settings, report: Callable[[str], None] = lambda _: None
) -> tuple[ModelSource, Path, PreparedCloseReader]:
    """Prepare the close reader if this machine has not done so yet; see `load_close_reader`.

    Returns:
        The model that is adapted, the prepared folder and its record.
    """
    source = find_model(BUNDLED_MODEL)
    stamp = sha256(f"{source.stamp()}{fingerprint()}".encode()).hexdigest()[:32]
    folder = settings.cache / "models" / f"close-reader-{stamp}"
    prepared = PreparedCloseReader.load(folder)
    if prepared is None:
        with preparing_alone(folder, report):
            prepared = PreparedCloseReader.load(folder) or prepare_close_reader(source, folder, report)
    return source, folder, prepared


def load_close_reader(settings: Settings, report: Callable[[str], None] = lambda _: None) -> CloseReader:
    """Load the close reader that comes with Dateline, preparing it first if this machine has not done so yet.

    OpenVINO runs it where the export agrees with the original; otherwise torch does, and the card's `note`
    says why.

    Args:
        settings: Which backend, precision, threads and cache.
        report: Told, in words for people, what is being done when it takes long.

    Raises:
        ModelError: If the model that it adapts cannot be found or is damaged, or the backend cannot run it.
    """
    identity = fingerprint()
    source: ModelSource | None = None
    if shipped := Shipped.load(settings):
        found, place = shipped
        found.check_close_reader(identity, place)
        folder = place / CLOSE_READER
        stored = PreparedCloseReader.load(folder)
        if stored is None:
            raise ModelDamagedError(f"{place} has no close reader.", "Write it anew: dateline model export")
        prepared = stored
    else:
        source, folder, prepared = ensure_prepared(settings, report)
    agreeing = [name for name, value in prepared.deviation.items() if value <= MOST_DEVIATION]
    precision, objection = choose_precision(settings, prepared.failure, prepared.deviation, agreeing)
    if objection and source is None:
        raise cannot_run("the close reader", objection)
    if objection and settings.backend == "openvino":
        raise ModelError(f"OpenVINO cannot run the close reader: {objection}.", "Use DATELINE_BACKEND=torch.")
    if objection and source is not None:
        note = "" if settings.backend == "torch" else objection
        module, tokenizer = load_torch_reader(source, settings.threads)
        card = CloseReaderCard(NAME, identity, "torch", "f32", note)
        return AdaptedReader(TorchSession(module), Pairing(tokenizer), card)
    from tokenizers import Tokenizer

    try:
        session = graph_session(folder, prepared.pad_id, precision, settings.threads)
        pairing = Pairing(Tokenizer.from_file(str(folder / TOKENIZER)))
    except Exception as error:  # whatever OpenVINO and tokenizers make of a file
        raise ModelDamagedError(
            f"The close reader in {folder} cannot be read: {error}.",
            f"Delete {folder}; it is then prepared again.",
        ) from error
    return AdaptedReader(session, pairing, CloseReaderCard(NAME, identity, "openvino", precision))
