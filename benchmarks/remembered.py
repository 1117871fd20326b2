"""What models said of texts, kept on disk between runs: a fit looks at the same texts again and again."""

import sqlite3
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from search.models.close_reading import CloseReader
from search.models.close_reading.close_reader import CloseReaderCard
from search.models.close_reading.pairs import Reading
from search.models.embedding import Embedder
from search.models.embedding.embedder import ModelCard, Vectors

BATCH = 512


class Memory:
    """Byte strings by key, in a SQLite file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("CREATE TABLE IF NOT EXISTS said (key BLOB PRIMARY KEY, what BLOB) STRICT")

    def recall(self, keys: Sequence[bytes], ask: Callable[[list[int]], Sequence[bytes]]) -> list[bytes]:
        """Look up what was said; for the places where nothing is known, ask, and remember."""
        known: dict[bytes, bytes] = {}
        for key in keys:
            row = self._connection.execute("SELECT what FROM said WHERE key = ?", (key,)).fetchone()
            if row:
                known[key] = row[0]
        unknown = [place for place, key in enumerate(keys) if key not in known]
        for begin in range(0, len(unknown), BATCH):
            part = unknown[begin : begin + BATCH]
            said = {keys[place]: what for place, what in zip(part, ask(part), strict=True)}
            self._connection.execute("BEGIN")
            self._connection.executemany("INSERT OR REPLACE INTO said VALUES (?, ?)", said.items())
            self._connection.execute("COMMIT")
            known |= said
        return [known[key] for key in keys]


class RememberingEmbedder:
    """An embedder that is not asked twice about a text."""

    def __init__(self, embedder: Embedder, memory: Memory) -> None:
        self._embedder = embedder
        self._memory = memory

    @property
    def card(self) -> ModelCard:
        """What identifies the model."""
        return self._embedder.card

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens; see `Embedder.count_tokens`."""
        return self._embedder.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None) -> Vectors:
        """Embed texts; see `Embedder.embed_passages`."""
        keys = [_key(self.card.fingerprint, text) for text in texts]
        found = self._memory.recall(
            keys,
            lambda places: [
                vector.tobytes() for vector in self._embedder.embed_passages([texts[place] for place in places])
            ],
        )
        if on_progress:
            on_progress(len(texts))
        return np.frombuffer(b"".join(found), dtype=np.float32).reshape(len(texts), self.card.dimension)

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        """Embed a question; see `Embedder.embed_question`."""
        return self._embedder.embed_question(text)


class RememberingCloseReader:
    """A close reader that is not asked twice about a question and a passage; its second one is."""

    def __init__(self, close_reader: CloseReader, memory: Memory) -> None:
        self._close_reader = close_reader
        self._memory = memory

    @property
    def card(self) -> CloseReaderCard:
        """What identifies the model."""
        return self._close_reader.card

    @property
    def second(self) -> CloseReader | None:
        """Reads evidence once more; see `CloseReader.second`."""
        return self._close_reader.second

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """Read passages with a question; see `CloseReader.read`."""
        keys = [_key(self.card.fingerprint, question, *passage) for passage in passages]
        found = self._memory.recall(
            keys,
            lambda places: [
                reading.spans.tobytes() + reading.odds.tobytes()
                for reading in self._close_reader.read(question, [passages[place] for place in places])
            ],
        )
        return [_reading(what) for what in found]


def _reading(stored: bytes) -> Reading:
    tokens = len(stored) // 24  # two int64 and two float32 a token
    spans = np.frombuffer(stored, dtype=np.int64, count=2 * tokens).reshape(-1, 2)
    odds = np.frombuffer(stored, dtype=np.float32, offset=16 * tokens).reshape(-1, 2)
    return Reading(spans, odds)


def _key(*parts: str) -> bytes:
    return sha256("\0".join(parts).encode()).digest()
