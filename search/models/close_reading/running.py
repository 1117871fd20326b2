"""What runs the adapted model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.models.close_reading.pairs import WINDOW
from search.models.close_reading.prepared import INPUTS
from search.models.embedding.prepared import GRAPH
from search.models.session import Session, TokenRow

Logits = npt.NDArray[np.float32]
"""Of one row: shape (tokens or more, 2), that an answer begins and that it ends at each token."""


class Runner(Protocol):
    """Runs the adapted model over rows of tokens."""

    def infer_each(self, rows: Sequence[TokenRow]) -> list[Logits]:
        """Run each row by itself, so that what is read does not depend on what is read beside it."""
        ...


def graph_session(folder: Path, pad_id: int, precision: str, threads: int) -> Session:
    """Open the exported graph in a prepared folder."""
    return Session(folder / GRAPH, INPUTS, precision=precision, threads=threads, pad_id=pad_id, window=WINDOW)
