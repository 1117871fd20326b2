"""All articles of an archive at once: brought into a new one, embedded with another model, read anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indexer.dossier import (
    Cut,
    Prepared,
    prepare,
    read_article_statements,
    readings_fingerprint,
    split_article,
    tag_article,
)
from indexer.ingest import TEXTS_A_ROUND, content_hashes, ingest
from search.archive.protocol import Archive, Snapshot, Writer
from search.archive.scope import EVERYTHING
from search.article import Article
from search.errors import InputError
from search.models.embedding import Embedder
from search.models.embedding.embedder import Vectors

_PASSAGES_A_ROUND = 4_096
_ARTICLES_A_ROUND = 500


@dataclass(frozen=True, slots=True)
class _Whole:
    """An article that is put whatever is stored, or only if it is new."""

    prepared: Prepared
    anew: bool

    @property
    def texts(self) -> Sequence[str]:
        return self.prepared.texts

    def put(self, writer: Writer, vectors: Vectors) -> None:
        writer.put(self.prepared.dossier, vectors, anew=self.anew)


def fill(
    articles: Sequence[Article],
    archive: Archive,
    embedder: Embedder,
    on_progress: Callable[[int, int], None] = lambda *_: None,
    cut: Cut = split_article,
) -> None:
    """Bring articles into an archive that holds nothing else; those it holds already are left as they are.

    An interrupted run goes on where it stopped. What was cut or embedded otherwise is not noticed.

    Args:
        articles: All that the archive shall hold.
        archive: Of the embedder's model.
        embedder: Embeds the passages.
        on_progress: Told how many of how many articles are stored.
        cut: Makes the passages.

    Raises:
        InputError: If the archive holds other articles.
    """
    with archive.snapshot(EVERYTHING) as snapshot:
        ids = set(all_ids(snapshot))
        stored = content_hashes(snapshot, ids)
        place = snapshot.card.place
    strangers = ids - {article.id for article in articles}
    if strangers:
        raise InputError(
            f"The archive in {place} holds {len(strangers)} articles that are not of this set, "
            f"{min(strangers)!r} among them.",
            "Give a folder of its own to every evaluation set.",
        )
    missing = [article for article in articles if stored.get(article.id) != article.content_hash]
    done = len(articles) - len(missing)
    if not missing:
        return
    with archive.write() as writer:
        pieces = (_Whole(prepare(article, embedder, cut), anew=False) for article in missing)
        for round_ in ingest(pieces, writer, embedder, is_full=lambda texts: texts >= _PASSAGES_A_ROUND):
            writer.commit()
            done += len(round_)
            on_progress(done, len(articles))


def embed_again(
    archive: Archive,
    embedder: Embedder,
    on_progress: Callable[[int, int], None] = lambda *_: None,
    *,
    together: int = TEXTS_A_ROUND,
) -> int:
    """Split, read and embed every stored article with another model, all or nothing; returns the passages.

    Args:
        archive: The archive, made with any model.
        embedder: The model it shall have from now on.
        on_progress: Told how many articles of how many are done.
        together: How many passages are embedded at once, at least.

    Raises:
        ArchiveBusyError: If another process is writing.
    """
    passages = done = 0
    with archive.write() as writer, archive.snapshot(EVERYTHING) as snapshot:
        ids = list(all_ids(snapshot))
        pieces = (_Whole(prepare(article, embedder), anew=True) for article in articles_of(snapshot, ids))
        for round_ in ingest(pieces, writer, embedder, is_full=lambda texts: texts >= together):
            passages += sum(len(piece.texts) for piece in round_)
            done += len(round_)
            on_progress(done, len(ids))
        writer.set_model(embedder.card)
        writer.commit()
    return passages


def read_again(archive: Archive, on_progress: Callable[[int, int], None] = lambda *_: None) -> int:
    """Read times and statements anew in the articles that other rules have read; nothing is embedded.

    It goes in rounds, each committed, so that an interrupted run goes on where it stopped.

    Args:
        archive: The archive.
        on_progress: Told how many articles of how many are done.

    Returns:
        How many articles were read.

    Raises:
        ArchiveBusyError: If another process is writing.
    """
    current = readings_fingerprint()
    with archive.snapshot(EVERYTHING) as snapshot:
        ids = list(all_ids(snapshot))
    read = 0
    with archive.write() as writer:
        for begin in range(0, len(ids), _ARTICLES_A_ROUND):
            part = ids[begin : begin + _ARTICLES_A_ROUND]
            with archive.snapshot(EVERYTHING) as snapshot:
                dossiers = snapshot.read(part)
            for id_, dossier in dossiers.items():
                if dossier.readings != current:
                    article = dossier.article
                    writer.put_readings(id_, tag_article(article), read_article_statements(article), current)
                    read += 1
            writer.commit()
            on_progress(begin + len(part), len(ids))
    return read


def all_ids(snapshot: Snapshot) -> Iterator[str]:
    """List the id of every stored article, in order."""
    after: str | None = None
    while True:
        page = snapshot.find(after=after)
        yield from page.ids
        if not page.more:
            return
        after = page.ids[-1]


def articles_of(snapshot: Snapshot, ids: Sequence[str]) -> Iterator[Article]:
    """Read articles by id, in order, some hundreds at a time; ids that are not stored are left out."""
    for begin in range(0, len(ids), _ARTICLES_A_ROUND):
        part = ids[begin : begin + _ARTICLES_A_ROUND]
        dossiers = snapshot.read(part)
        yield from (dossiers[id_].article for id_ in part if id_ in dossiers)
