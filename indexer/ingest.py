"""Store articles that are at hand, all of them in one commit, and the pace of commits in a long run.

What takes long, reading and embedding articles, is done before the archive is locked: questions go on meanwhile.
A long run commits every few seconds' worth of work, so that little can be lost.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np

from indexer.dossier import Prepared, prepare
from search.archive import Archive, Outcome, Writer
from search.archive.local.failures import failing_clearly
from search.article import Article
from search.models.embedding import Embedder
from search.models.embedding.embedder import Vectors

_TEXTS_A_ROUND = 256

Requirement = Callable[[str | None], None]
"""Is given the content hash that is stored under an id, None for none; raises if that is not as it must be."""


def store_articles(
    articles: Sequence[Article],
    archive: Archive,
    embedder: Embedder,
    *,
    require: Requirement = lambda _: None,
    insist: bool = False,
    on_step: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Store articles in the order given, as one snapshot; what is stored with equal content is left as it is.

    Args:
        articles: What to store; of several with one id the last counts, unless it is an older version.
        archive: Where to.
        embedder: The model that the archive was made with.
        require: Looks at what is stored, once nobody else can change it; if it raises, nothing is stored.
        insist: Have an older version replace a later one, too.
        on_step: Called now and then, last before the commit; if it raises, nothing is stored.

    Returns:
        What became of each.

    Raises:
        ArchiveError: If the archive cannot be written.
    """
    prepared = _prepare(articles, archive, embedder, on_step)
    if not any(prepared):
        archive.check_in_place()
        for article in articles:
            require(article.content_hash)
        return [Outcome.UNCHANGED] * len(articles)
    vectors = _embed([text for one in prepared if one for text in one.texts], embedder, on_step)
    outcomes, begin = [], 0
    with failing_clearly(archive.folder), archive.write() as writer:
        archive.check_model(embedder.card)
        for article, one in zip(articles, prepared, strict=True):
            stored = archive.content_hash(article.id)
            require(stored)
            end = begin + (len(one.texts) if one else 0)
            if stored == article.content_hash:
                outcomes.append(Outcome.UNCHANGED)
            elif one:
                outcomes.append(_put(writer, one, vectors[begin:end], insist=insist))
            else:  # it was stored a moment ago, and is no more
                late = prepare(article, embedder)
                outcomes.append(_put(writer, late, _embed(late.texts, embedder, on_step), insist=insist))
            begin = end
        on_step()
        writer.commit()
    return outcomes


def remove_article(article_id: str, archive: Archive, *, require: Requirement = lambda _: None) -> None:
    """Remove an article everywhere.

    Args:
        article_id: Its id.
        archive: Where from.
        require: Looks at what is stored; if it raises, nothing is removed.

    Raises:
        ArticleNotFoundError: If there is neither an article nor a withdrawal of this id.
        ArchiveError: If the archive cannot be written.
    """
    with failing_clearly(archive.folder), archive.write() as writer:
        require(archive.content_hash(article_id))
        writer.remove(article_id)
        writer.commit()


def _prepare(
    articles: Sequence[Article], archive: Archive, embedder: Embedder, on_step: Callable[[], None]
) -> list[Prepared | None]:
    """Prepare what is not stored already."""
    found: list[Prepared | None] = []
    changing: set[str] = set()
    for article in articles:
        on_step()
        if article.id not in changing and archive.content_hash(article.id) == article.content_hash:
            found.append(None)
            continue
        changing.add(article.id)
        found.append(prepare(article, embedder))
    return found


def _embed(texts: Sequence[str], embedder: Embedder, on_step: Callable[[], None]) -> Vectors:
    vectors = np.empty((len(texts), embedder.card.dimension), dtype=np.float32)
    for begin in range(0, len(texts), _TEXTS_A_ROUND):
        on_step()
        end = begin + _TEXTS_A_ROUND
        vectors[begin:end] = embedder.embed_passages(texts[begin:end])
    return vectors


def _put(writer: Writer, prepared: Prepared, vectors: Vectors, *, insist: bool) -> Outcome:
    outcome = prepared.put(writer, vectors)
    if outcome is Outcome.OLDER and insist:
        writer.remove(prepared.article.id)
        prepared.put(writer, vectors)
        return Outcome.REPLACED
    return outcome


COMMIT_SECONDS = 5.0
"""About how long a round takes to be read and embedded before it is committed, in a small archive."""

PASSAGES_A_SECOND_MORE = 20_000
"""With each so many passages in the archive a round takes a second longer, because commits take longer."""

FEWEST_PASSAGES, MOST_PASSAGES = 16, 4_096
"""Bounds of a round, however slow or fast the machine."""

_FIRST_ROUND = 64


class Pace:
    """Says when a round is full: by the number of its passages and by the time it has taken.

    A round has as many passages as would have been read and embedded in its time at the rate of the last one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, first: int = _FIRST_ROUND) -> None:
        """Have a first round of `first` passages, and read the time in seconds from `clock`."""
        self._clock = clock
        self._began = clock()
        self._stored = 0
        self._wanted = first

    @property
    def seconds(self) -> float:
        """About how long a round takes."""
        return COMMIT_SECONDS + self._stored / PASSAGES_A_SECOND_MORE

    def begin(self, stored: int) -> None:
        """Begin the first round, in an archive of so many passages."""
        self._stored = stored
        self._began = self._clock()

    def is_full(self, passages: int) -> bool:
        """Tell whether a round of so many passages should be embedded and committed now."""
        return passages >= self._wanted or self._clock() - self._began >= self.seconds

    def embedded(self, passages: int) -> None:
        """Note that a round of so many passages is ready to be committed."""
        self._stored += passages
        taken = self._clock() - self._began
        if passages and taken > 0:
            self._wanted = max(FEWEST_PASSAGES, min(MOST_PASSAGES, round(passages / taken * self.seconds)))

    def committed(self) -> None:
        """Note that the round is committed; the next begins."""
        self._began = self._clock()
