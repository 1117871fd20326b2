"""Read a question and passages together: a model that was trained to, run by OpenVINO or else by torch.

Two come with Dateline, one for each profile. Each is prepared once: exported to OpenVINO and checked to say the
same. In the careful profile the fast one is the second reader: it reads what is cited once more, because both
together tell better where an answer begins and ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
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
    SECOND_READER,
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

SECOND_BUILDS = {"careful": FAST}
"""What reads evidence once more, by profile."""

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
        export_graph(module, build.inputs, example, folder / GRAPH, halved=True)
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
        second: What reads evidence once more; None where nothing does.
    """

    profile: str
    name: str
    fingerprint: str
    backend: str
    precision: str
    note: str = ""
    second: "CloseReaderCard | None" = None


class CloseReader(Protocol):
    """Tells where in a passage a question is answered, reading the two together."""

    @property
    def card(self) -> CloseReaderCard:
        """What identifies it."""
        ...

    @property
    def second(self) -> "CloseReader | None":
        """Reads evidence once more, for the answer in it to be marked; None where nothing does."""
        ...

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages, each given as its heading and its text, with a question; one reading each, in order."""
        ...


class TrainedReader:
    """A `CloseReader`; safe to share between threads."""

    def __init__(
        self, runner: Runner, pairing: Pairing, card: CloseReaderCard, second: CloseReader | None = None
    ) -> None:
        self._runner = runner
        self._pairing = pairing
        self._card = card
        self._second = second

    @property
    def card(self) -> CloseReaderCard:
        """What identifies it."""
        return self._card

    @property
    def second(self) -> CloseReader | None:
        """Reads evidence once more; see `CloseReader.second`."""
        return self._second

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages with a question; see `CloseReader.read`."""
        pairs = self._pairing.pairs(question, passages)
        logits = self._runner.infer_each([pair.row for pair in pairs])
        return [Reading.of(pair, found) for pair, found in zip(pairs, logits, strict=True)]


class OnDemand:
    """A `CloseReader` that is opened when it first has something to read; safe to share between threads."""

    second = None

    def __init__(self, card: CloseReaderCard, opening: Callable[[], CloseReader]) -> None:
        self._card = card
        self._opening = opening
        self._guard = Lock()
        self._reader: CloseReader | None = None

    @property
    def card(self) -> CloseReaderCard:
        """What identifies it."""
        return self._card

    def opened(self) -> CloseReader:
        """Open it, unless it is open.

        Raises:
            ModelError: If it cannot be read.
        """
        with self._guard:
            if self._reader is None:
                self._reader = self._opening()
            return self._reader

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages with a question; see `CloseReader.read`.

        Raises:
            ModelError: If it cannot be opened.
        """
        return self.opened().read(question, passages) if passages else []


@dataclass(frozen=True, slots=True)
class _Found:
    """A prepared close reader, and how it is to be run.

    Attributes:
        build: Which one.
        folder: Where it is prepared.
        prepared: Its record.
        precision: What OpenVINO computes in.
        objection: Why torch runs it; empty where OpenVINO does.
        settings: Of the backend and its threads.
    """

    build: Build
    folder: Path
    prepared: PreparedCloseReader
    precision: str
    objection: str
    settings: Settings

    @property
    def card(self) -> CloseReaderCard:
        """What identifies it."""
        build, fingerprint = self.build, self.prepared.fingerprint
        if not self.objection:
            return CloseReaderCard(build.profile, build.name, fingerprint, "openvino", self.precision)
        note = "" if self.settings.backend == "torch" else self.objection
        return CloseReaderCard(build.profile, build.name, fingerprint, "torch", "f32", note)

    def opened(self, second: OnDemand | None = None) -> TrainedReader:
        """Load it.

        Raises:
            ModelError: If it is damaged.
        """
        card = replace(self.card, second=second.card if second else None)
        threads = self.settings.threads
        if self.objection:
            module, tokenizer = self.build.load(threads)
            return TrainedReader(TorchSession(module), Pairing(tokenizer), card, second)
        from tokenizers import Tokenizer

        try:
            session = graph_session(self.folder, self.build.inputs, self.prepared.pad_id, self.precision, threads)
            pairing = Pairing(Tokenizer.from_file(str(self.folder / TOKENIZER)))
        except Exception as error:  # whatever OpenVINO and tokenizers make of a file
            raise ModelDamagedError(
                f"The close reader in {self.folder} cannot be read: {error}.",
                f"Delete {self.folder}; it is then prepared again.",
            ) from error
        return TrainedReader(session, pairing, card, second)


def ensure_prepared(
    settings: Settings, report: Callable[[str], None] = lambda _: None
) -> dict[str, tuple[Path, PreparedCloseReader]]:
    """Prepare the profile's close readers if this machine has not done so yet; see `load_close_reader`.

    Returns:
        The prepared folder of each and its record, by its folder among shipped models.
    """
    return {name: _ensured(build, settings, report) for name, build in _builds(settings).items()}


def _builds(settings: Settings) -> dict[str, Build]:
    """The close reader of the profile and its second one, if it has one, by their folders among shipped models."""
    builds = {CLOSE_READER: BUILDS[settings.profile]}
    if second := SECOND_BUILDS.get(settings.profile):
        builds[SECOND_READER] = second
    return builds


def _ensured(build: Build, settings: Settings, report: Callable[[str], None]) -> tuple[Path, PreparedCloseReader]:
    folder = settings.cache / "models" / f"close-reader-{build.profile}-{build.stamp()[:32]}"
    prepared = PreparedCloseReader.load(folder)
    if prepared is None:
        with preparing_alone(folder, report):
            prepared = PreparedCloseReader.load(folder) or prepare_close_reader(build, folder, report)
    return folder, prepared


def load_close_reader(settings: Settings, report: Callable[[str], None] = lambda _: None) -> CloseReader:
    """Load the profile's close reader, preparing it first if this machine has not done so yet.

    OpenVINO runs it where the export agrees with the original; otherwise torch does, and the card's `note`
    says why. The profile's second reader, if it has one, is loaded when it first has something to read.

    Args:
        settings: Which profile, backend, precision, threads and cache.
        report: Told, in words for people, what is being done when it takes long.

    Raises:
        ModelError: If what it is made of cannot be found or is damaged, or the backend cannot run it.
    """
    builds = _builds(settings)
    first = _found(CLOSE_READER, builds[CLOSE_READER], settings, report)
    if SECOND_READER not in builds:
        return first.opened()
    second = _found(SECOND_READER, builds[SECOND_READER], settings, report)
    return first.opened(OnDemand(second.card, second.opened))


def _found(name: str, build: Build, settings: Settings, report: Callable[[str], None]) -> _Found:
    if shipped := Shipped.load(settings):
        found, place = shipped
        found.check(name, build.fingerprint(), place)
        folder = place / name
        stored = PreparedCloseReader.load(folder)
        if stored is None:
            raise ModelDamagedError(f"{folder} has no close reader.", "Write it anew: dateline model export")
        prepared = stored
    else:
        folder, prepared = _ensured(build, settings, report)
    agreeing = [name for name, value in prepared.deviation.items() if value <= MOST_DEVIATION]
    precision, objection = choose_precision(settings, prepared.failure, prepared.deviation, agreeing)
    if objection and shipped:
        raise cannot_run("the close reader", objection)
    if objection and settings.backend == "openvino":
        raise ModelError(f"OpenVINO cannot run the close reader: {objection}.", "Use DATELINE_BACKEND=torch.")
    return _Found(build, folder, prepared, precision, objection, settings)
