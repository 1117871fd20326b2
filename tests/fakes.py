"""Small, real stand-ins: an embedder without a model, and articles without files."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.dossier import prepare
from search.archive import Archive, Outcome, Writer
from search.article import Article, Precision, Publication
from search.english.terms import content_terms
from search.models.close_reading import CloseReaderCard, Reading
from search.models.embedding import Embedder, ModelCard

DIMENSION = 256

_FORMATS = {
    4: ("%Y", Precision.YEAR),
    7: ("%Y-%m", Precision.MONTH),
    10: ("%Y-%m-%d", Precision.DAY),
    16: ("%Y-%m-%dT%H:%M", Precision.MINUTE),
}


class HashEmbedder:
    """An `Embedder` whose vectors are sums of pseudo-random signs of a text's stems.

    Texts that share telling words are close (cosine near the share of words they have in common), others are
    nearly orthogonal. The same text has the same vector everywhere.
    """

    def __init__(self, fingerprint: str = "hash", dimension: int = DIMENSION) -> None:
        self.embedded: list[str] = []
        self._card = ModelCard(
            name=f"{fingerprint}-embedder",
            fingerprint=fingerprint,
            dimension=dimension,
            window=256,
            backend="hash",
            precision="f32",
            agreement=1.0,
            spread=dimension**-0.5,
        )

    @property
    def card(self) -> ModelCard:
        return self._card

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        vectors = np.empty((len(texts), self._card.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.embed_question(text)
            self.embedded.append(text)
            if on_progress:
                on_progress(1)
        return vectors

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        total = np.zeros(self._card.dimension, dtype=np.float32)
        for stem in content_terms(text) or [""]:
            total += self._signs(stem)
        length = np.linalg.norm(total)
        return total / length if length else self._signs("") / np.float32(self._card.dimension**0.5)

    def _signs(self, stem: str) -> npt.NDArray[np.float32]:
        blocks = -(-self._card.dimension // 512)
        digest = b"".join(
            blake2b(stem.encode("utf-8", "surrogatepass"), salt=bytes([block])).digest() for block in range(blocks)
        )
        bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))[: self._card.dimension]
        return bits.astype(np.float32) * 2 - 1


class ReaderForAWord:
    """A `CloseReader` that finds an answer wherever a word stands, and nowhere else."""

    card = CloseReaderCard("fast", "word reader", "f" * 64, "words", "f32")

    def __init__(self, word: str, odds: float = 5.0, second: "ReaderForAWord | None" = None) -> None:
        self.passages: list[str] = []
        self.second = second
        self._word = word
        self._odds = odds
        if second is not None:
            self.card = replace(self.card, second=second.card)

    def read(self, _: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self.passages += [text for _, text in passages]
        return [self._read(text) for _, text in passages]

    def _read(self, text: str) -> Reading:
        words = list(re.finditer(r"\w+", text))
        spans = np.array([word.span() for word in words], dtype=np.int64).reshape(-1, 2)
        odds = [[self._odds if word.group() == self._word else -self._odds] * 2 for word in words]
        return Reading(spans, np.array(odds, dtype=np.float32).reshape(-1, 2))


def published(text: str) -> Publication:
    """Make a publication from `2024`, `2024-09`, `2024-09-10` or `2024-09-10T12:31`."""
    form, precision = _FORMATS[len(text)]
    return Publication(datetime.strptime(text, form), precision, "the test")  # noqa: DTZ007 - of no stated zone


def make_article(id_: str, body: str, headline: str = "", day: str | None = None, **fields: str | None) -> Article:
    """Make an article; `day` as in `published`."""
    return Article(
        id=id_,
        headline=headline,
        body=unicodedata.normalize("NFC", body.strip()),
        published=published(day) if day else None,
        **fields,  # type: ignore[arg-type]
    )


def put(
    writer: Writer, article: Article, embedder: Embedder, path: Path | None = None, *, anew: bool = False
) -> Outcome:
    """Split, read, embed and store an article, without committing."""
    prepared = prepare(article, embedder)
    return writer.put(prepared.dossier, embedder.embed_passages(prepared.texts), path, anew=anew)


def store(archive: Archive, embedder: Embedder, *articles: Article) -> None:
    """Split, embed, store and commit articles as one snapshot."""
    with archive.write() as writer:
        for article in articles:
            put(writer, article, embedder)
        writer.commit()


MISSILES = make_article(
    "missiles",
    "LONDON, Sept 10 - Iran has sent missiles to Russia, Antony Blinken said on Tuesday.\n\n"
    '"Russia will likely use them within weeks in Ukraine," he told reporters beside the British foreign '
    "secretary. Tehran denied it.\n\n"
    "New sanctions against Iran Air will follow.",
    "Blinken accuses Tehran of arming Moscow",
    "2024-09-10",
    source="Wire",
    section="World",
    language="en",
    url="https://news.example/2024/missiles",
    byline="A. Reporter",
)
RATES = make_article(
    "rates",
    "The Federal Reserve cut its benchmark rate by half a percentage point on Wednesday, its first cut in four "
    "years.\n\nInflation has fallen from 9.1 percent in June 2022, Jerome Powell said.",
    "Fed makes first cut in four years",
    "2024-09-18T18:05",
    source="Ledger",
    section="Business",
    language="en",
    url="https://ledger.example/rates#top",
)
CATHEDRAL = make_article(
    "cathedral",
    "Paris's cathedral of Notre-Dame will hold its first mass since the fire of 2019.\n\n"
    "The golden rooster is back on the spire. Tickets are free, the archdiocese said.",
    "Notre-Dame to reopen",
    "2024-12",
    source="Wire",
    section="Culture",
    language="en",
)
BRIDGE = make_article(
    "bridge",
    "A container ship struck the Francis Scott Key Bridge in Baltimore, and the bridge collapsed.\n\n"
    "Six workers who were filling potholes are missing.",
    "Baltimore bridge collapses",
    "2024-03-26",
    source="Ledger",
    section="World",
    language="en",
)
UNDATED = make_article(
    "undated",
    "The harbour of Lisbon handled more sardines than ever, the fishermen's union said.",
    "Sardines return",
    source="Gazette",
    language="pt",
)
NEWS = (MISSILES, RATES, CATHEDRAL, BRIDGE, UNDATED)
"""Five articles on five subjects, of three sources, dated to the minute, day and month, and one not at all."""
