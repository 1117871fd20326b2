"""Read a question and passages together: the embedding model, adapted, run by OpenVINO or else by torch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from search.errors import ModelDamagedError, ModelError
from search.models.close_reading.adapter import fingerprint
from search.models.close_reading.pairs import Pairing, Reading
from search.models.close_reading.prepared import MOST_DEVIATION, PreparedCloseReader
from search.models.close_reading.running import Runner, graph_session
from search.models.embedding.prepared import TOKENIZER
from search.models.preparation import choose_precision, preparing_alone
from search.models.source import ModelSource, find_model
from search.settings import BUNDLED_MODEL, Settings

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
        """Read passages, each given as its headline and its text, with a question; one reading each, in order."""
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
        from search.models.close_reading.preparing import prepare_close_reader

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
    source, folder, prepared = ensure_prepared(settings, report)
    identity = fingerprint()
    agreeing = [name for name, value in prepared.deviation.items() if value <= MOST_DEVIATION]
    precision, objection = choose_precision(settings, prepared.failure, prepared.deviation, agreeing)
    if objection and settings.backend == "openvino":
        raise ModelError(f"OpenVINO cannot run the close reader: {objection}.", "Use DATELINE_BACKEND=torch.")
    if objection:
        from search.models.close_reading.torch_running import TorchSession, load_torch_reader

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
