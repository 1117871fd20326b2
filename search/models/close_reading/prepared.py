"""What the close readers have in common: how one is built, what is prepared of it once, and what runs it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from search.errors import ModelDamagedError
from search.models.close_reading.pairs import WINDOW
from search.models.embedding.backends import GRAPH
from search.models.preparation import read_record
from search.models.session import Session, TokenRow

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

FORMAT = 3
"""Changes whenever prepared folders of an older Dateline can no longer be used."""

MOST_DEVIATION = 0.05
"""Largest deviation from torch in fp32 at which the exported model stands for the original."""

_RECORD = "close_reader.json"
_NOTE = ".sha256"

WEIGHTS, PROVENANCE = "weights.safetensors", "provenance.json"
"""Of the folder of a close reader that comes with Dateline."""

HEAD = "head."
"""Of the names of the head's weights among the others."""


@dataclass(frozen=True, slots=True)
class Build:
    """One of the close readers that come with Dateline, and how it is made.

    Attributes:
        profile: The profile that reads with it, as the setting names it.
        name: What it is.
        inputs: The graph's inputs, in order.
        pad: Token that fills a batch's shorter rows.
        fingerprint: Tells its SHA-256 (hex) over all that decides what it computes; reads every file.
        stamp: Tells whether any file that it is made of has changed, without reading one: hexadecimal digits.
        load: Loads it with torch, with so many threads, 0 for torch's own choice: a module from the inputs, each
            of shape (rows, tokens), to logits of shape (rows, tokens, 2), and a tokenizer that neither pads nor
            cuts.
    """

    profile: str
    name: str
    inputs: tuple[str, ...]
    pad: str
    fingerprint: Callable[[], str]
    stamp: Callable[[], str]
    load: "Callable[[int], tuple[torch.nn.Module, Tokenizer]]"


def damaged(what: str, problem: object) -> ModelDamagedError:
    """Say that something which comes with Dateline cannot be read."""
    return ModelDamagedError(f"{what} cannot be read: {problem}.", "Install Dateline again.")


def provenance_of(folder: Path, what: str) -> Mapping[str, Any]:
    """Read of what, on what, how and with which commands a close reader was made.

    Args:
        folder: Of what it is made of.
        what: What that is, for the message.

    Raises:
        ModelDamagedError: If that cannot be read.
    """
    try:
        told: Mapping[str, Any] = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(what, error) from error
    return told


def stamp_of(folder: Path, names: Sequence[str], what: str) -> str:
    """Identify files by name, size and time of change: hexadecimal digits, without reading them.

    Raises:
        ModelDamagedError: If one is missing.
    """
    digest = sha256()
    try:
        for name in names:
            status = (folder / name).stat()
            digest.update(f"{name}\x00{status.st_size}\x00{status.st_mtime_ns}\x00".encode())
    except OSError as error:
        raise damaged(what, error) from error
    return digest.hexdigest()


def with_head(model: "torch.nn.Module", head: "torch.nn.Module", inputs: Sequence[str]) -> "torch.nn.Module":
    """Put a head on an encoder.

    Args:
        model: Of transformers; gives states of shape (rows, tokens, width).
        head: From these to logits.
        inputs: What the model calls its inputs.

    Returns:
        A module from the inputs, each of shape (rows, tokens), to logits of shape (rows, tokens, 2): that the
        answer begins at a token, and that it ends there; the first token stands for "no answer here".
    """
    import torch

    class Reader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            self.head = head

        def forward(self, *arrays: torch.Tensor) -> torch.Tensor:
            states = self.model(**dict(zip(inputs, arrays, strict=True))).last_hidden_state
            logits: torch.Tensor = self.head(states)
            return logits

    return Reader().eval()


@dataclass(frozen=True, slots=True)
class PreparedCloseReader:
    """What was learnt when the close reader was prepared.

    Attributes:
        format: Layout of the folder.
        fingerprint: Of the close reader; see `Build`.
        pad_id: Token id that fills a batch's shorter rows.
        deviation: Root mean square of the difference to torch in fp32, over the log odds of the probes' tokens,
            as a share of their spread, by precision; empty when the model could not be exported.
        failure: Why it could not be; empty when it could.
    """

    format: int
    fingerprint: str
    pad_id: int
    deviation: dict[str, float]
    failure: str = ""

    def save(self, folder: Path) -> None:
        """Write the record into a prepared folder."""
        (folder / _RECORD).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read the record of a prepared folder; None when there is none or it is of another format.

        Raises:
            ModelDamagedError: If the record is there but cannot be read.
        """
        return read_record(folder / _RECORD, FORMAT, lambda fields: cls(**fields), "the close reader")


def digest(folder: Path, name: str) -> bytes:
    """SHA-256 of a file that comes with Dateline.

    A server that reads from prepared models has no use for weights: `scripts/trim_server.sh` puts a note of 64 hex
    digits, `NAME.sha256`, in the place of each.

    Raises:
        OSError: If there is neither the file nor a note.
        ValueError: If the note is no SHA-256.
    """
    try:
        return sha256((folder / name).read_bytes()).digest()
    except FileNotFoundError:
        noted = bytes.fromhex((folder / f"{name}{_NOTE}").read_text(encoding="ascii"))
        if len(noted) != sha256().digest_size:
            raise ValueError(f"{name}{_NOTE} is no SHA-256") from None
        return noted


Logits = npt.NDArray[np.float32]
"""Of one row: shape (tokens or more, 2), that an answer begins and that it ends at each token."""


class Runner(Protocol):
    """Runs a close reader over rows of tokens."""

    def infer_each(self, rows: Sequence[TokenRow]) -> list[Logits]:
        """Run each row by itself, so that what is read does not depend on what is read beside it."""
        ...


def graph_session(folder: Path, inputs: Sequence[str], pad_id: int, precision: str, threads: int) -> Session:
    """Open the exported graph in a prepared folder."""
    return Session(folder / GRAPH, inputs, precision=precision, threads=threads, pad_id=pad_id, window=WINDOW)
