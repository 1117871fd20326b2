"""A prepared close reader: the folder in the cache that lets it run without torch, and what runs it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
import numpy.typing as npt

from search.models.close_reading.pairs import WINDOW
from search.models.embedding.openvino_backend import GRAPH
from search.models.preparation import read_record
from search.models.session import Session, TokenRow

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

FORMAT = 2
"""Changes whenever prepared folders of an older Dateline can no longer be used."""

MOST_DEVIATION = 0.05
"""Largest deviation from torch in fp32 at which the exported model stands for the original."""

_RECORD = "close_reader.json"


@dataclass(frozen=True, slots=True)
class Build:
    """One of the close readers that come with Dateline, and how it is made.

    Attributes:
        profile: The profile that reads with it, as the setting names it.
        name: What it is.
        inputs: The graph's inputs, in order.
        pad: Token that fills a batch's shorter rows.
        halved: Whether the graph's weights are kept in fp16.
        fingerprint: Tells its SHA-256 (hex) over its weights, and what they belong to.
        stamp: Tells quickly whether any file that it is made of has changed.
        load: Loads it with torch, with so many threads, 0 for torch's own choice: a module from the inputs, each
            of shape (rows, tokens), to logits of shape (rows, tokens, 2), and a tokenizer that neither pads nor
            cuts.
    """

    profile: str
    name: str
    inputs: tuple[str, ...]
    pad: str
    halved: bool
    fingerprint: Callable[[], str]
    stamp: Callable[[], str]
    load: "Callable[[int], tuple[torch.nn.Module, Tokenizer]]"


@dataclass(frozen=True, slots=True)
class PreparedCloseReader:
    """What was learnt when the close reader was prepared.

    Attributes:
        format: Layout of the folder.
        pad_id: Token id that fills a batch's shorter rows.
        deviation: Root mean square of the difference to torch in fp32, over the log odds of the probes' tokens,
            as a share of their spread, by precision; empty when the model could not be exported.
        failure: Why it could not be; empty when it could.
    """

    format: int
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
