"""Read a question and passages together: a model that was trained to, run by OpenVINO or else by torch.

Two come with Dateline, one for each profile. Each is prepared once: exported to OpenVINO and checked to say the
same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from search.errors import ModelDamagedError, ModelError
from search.models.close_reading.careful import CAREFUL
from search.models.close_reading.fast import FAST
from search.models.close_reading.pairs import Pair, Pairing, Reading
from search.models.close_reading.prepared import (
    FORMAT,
    MOST_DEVIATION,
    Build,
    Logits,
    PreparedCloseReader,
    Runner,
    graph_session,
)
from search.models.embedding.backends import GRAPH, TOKENIZER
from search.models.embedding.loading import PROBES
from search.models.preparation import (
    CLOSE_READER,
    Shipped,
    cannot_run,
    choose_precision,
    export_graph,
    made_whole,
    preparing_alone,
)
from search.models.session import TokenRow, supported_precisions
from search.settings import Settings

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

BUILDS = {build.profile: build for build in (CAREFUL, FAST)}
"""By profile."""

_HEADING = "News of the day:"


def prepare_close_reader(build: Build, folder: Path, report: Callable[[str], None]) -> PreparedCloseReader:
    """Export a close reader into a prepared folder, which appears whole or not at all.

    Args:
        build: Which one.
        folder: The prepared folder to make; replaced if it exists.
        report: Told, in words for people, what is being done.

    Raises:
        ModelError: If what it is made of is not as it was published.
    """
    report("preparing the close reader (once): loading it with torch")
    identity = build.fingerprint()
    module, tokenizer = build.load(0)
    with made_whole(folder) as making:
        tokenizer.save(str(making / TOKENIZER))
        report("preparing the close reader: exporting it to OpenVINO and comparing it with the original")
        learnt = PreparedCloseReader(FORMAT, identity, _pad_id(build, tokenizer), {})
        prepared = _export(build, module, Pairing(tokenizer), learnt, making)
        prepared.save(making)
    return prepared


def _pad_id(build: Build, tokenizer: "Tokenizer") -> int:
    found = tokenizer.token_to_id(build.pad)
    if found is None:
        raise ModelDamagedError(
            f"The tokenizer of the close reader has no {build.pad}.", "Install Dateline again."
        )
    return found


def _export(
    build: Build, module: "torch.nn.Module", pairing: Pairing, learnt: PreparedCloseReader, folder: Path
) -> PreparedCloseReader:
    import torch

    pairs = _probes(pairing)
    rows = [pair.row for pair in pairs]
    expected = _odds(pairs, TorchSession(module).infer_each(rows))
    deviation = {}
    try:
        example = [torch.ones((2, 8), dtype=torch.long) for _ in build.inputs]
        export_graph(module, build.inputs, example, folder / GRAPH, halved=build.halved)
        for precision in supported_precisions():
            session = graph_session(folder, build.inputs, learnt.pad_id, precision, threads=1)
            error = _odds(pairs, session.infer_each(rows)) - expected
            deviation[precision] = round(float(np.sqrt((error**2).mean()) / expected.std()), 6)
    except Exception as error:  # noqa: BLE001 - any failure of an export means: run it with torch, and say why
        return replace(learnt, failure=f"{type(error).__name__}: {error}")
    return replace(learnt, deviation=deviation)


def _probes(pairing: Pairing) -> list[Pair]:
    questions = [text for text in PROBES if text.endswith("?")]
    passages = [(_HEADING, text) for text in PROBES if not text.endswith("?")]
    return [pair for question in questions for pair in pairing.pairs(question, passages)]


def _odds(pairs: list[Pair], logits: "list[np.ndarray]") -> "np.ndarray":
    return np.concatenate([Reading.of(pair, found).odds for pair, found in zip(pairs, logits, strict=True)])


class TorchSession:
    """A `Runner` over torch in fp32."""

    def __init__(self, module: "torch.nn.Module") -> None:
        self._module = module

    def infer_each(self, rows: Sequence[TokenRow]) -> list[Logits]:
        """Run each row by itself."""
        return [self._infer(row) for row in rows]

    def _infer(self, row: TokenRow) -> Logits:
        import torch

        ids = torch.tensor([list(row.ids)])
        arrays = [ids, torch.ones_like(ids)]
        if row.first_length is not None:
            arrays.append(torch.zeros_like(ids))
            arrays[-1][0, row.first_length :] = 1
        with torch.no_grad():
            found: Logits = self._module(*arrays)[0].numpy()
        return found


@dataclass(frozen=True, slots=True)
class CloseReaderCard:
    """What identifies a close reader, and how it is being run.

    Attributes:
        profile: The profile that reads with it, by which evidence is weighed.
        name: What it is.
        fingerprint: SHA-256 (hex) over its weights; readings of different ones must never be compared.
        backend: `"openvino"` or `"torch"`.
        precision: `"bf16"` or `"f32"`.
        note: Why this backend runs it, when it is not the preferred one; empty otherwise.
    """

    profile: str
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


class TrainedReader:
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
) -> tuple[Path, PreparedCloseReader]:
    """Prepare the profile's close reader if this machine has not done so yet; see `load_close_reader`.

    Returns:
        The prepared folder and its record.
    """
    build = BUILDS[settings.profile]
    folder = settings.cache / "models" / f"close-reader-{build.profile}-{build.stamp()[:32]}"
    prepared = PreparedCloseReader.load(folder)
    if prepared is None:
        with preparing_alone(folder, report):
            prepared = PreparedCloseReader.load(folder) or prepare_close_reader(build, folder, report)
    return folder, prepared


def load_close_reader(settings: Settings, report: Callable[[str], None] = lambda _: None) -> CloseReader:
    """Load the profile's close reader, preparing it first if this machine has not done so yet.

    OpenVINO runs it where the export agrees with the original; otherwise torch does, and the card's `note`
    says why.

    Args:
        settings: Which profile, backend, precision, threads and cache.
        report: Told, in words for people, what is being done when it takes long.

    Raises:
        ModelError: If what it is made of cannot be found or is damaged, or the backend cannot run it.
    """
    build = BUILDS[settings.profile]
    if shipped := Shipped.load(settings):
        found, place = shipped
        found.check_close_reader(build.fingerprint(), place)
        folder = place / CLOSE_READER
        stored = PreparedCloseReader.load(folder)
        if stored is None:
            raise ModelDamagedError(f"{place} has no close reader.", "Write it anew: dateline model export")
        prepared = stored
    else:
        folder, prepared = ensure_prepared(settings, report)
    agreeing = [name for name, value in prepared.deviation.items() if value <= MOST_DEVIATION]
    precision, objection = choose_precision(settings, prepared.failure, prepared.deviation, agreeing)
    if objection and shipped:
        raise cannot_run("the close reader", objection)
    if objection and settings.backend == "openvino":
        raise ModelError(f"OpenVINO cannot run the close reader: {objection}.", "Use DATELINE_BACKEND=torch.")
    if objection:
        note = "" if settings.backend == "torch" else objection
        module, tokenizer = build.load(settings.threads)
        card = CloseReaderCard(build.profile, build.name, prepared.fingerprint, "torch", "f32", note)
        return TrainedReader(TorchSession(module), Pairing(tokenizer), card)
    from tokenizers import Tokenizer

    try:
        session = graph_session(folder, build.inputs, prepared.pad_id, precision, settings.threads)
        pairing = Pairing(Tokenizer.from_file(str(folder / TOKENIZER)))
    except Exception as error:  # whatever OpenVINO and tokenizers make of a file
        raise ModelDamagedError(
            f"The close reader in {folder} cannot be read: {error}.",
            f"Delete {folder}; it is then prepared again.",
        ) from error
    card = CloseReaderCard(build.profile, build.name, prepared.fingerprint, "openvino", precision)
    return TrainedReader(session, pairing, card)
