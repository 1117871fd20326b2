"""An archive for a judged set, made by the indexer's own code and kept if a folder is given."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from indexer.dossier import Cut, Prepared, prepare, split_article
from search.archive import Archive, Writer
from search.article import Article
from search.errors import InputError
from search.models.embedding import Embedder

OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how many steps of it are done, and how many there are."""

_PASSAGES_A_ROUND = 4_096


@contextmanager
def archive_folder(cache: Path | None) -> Iterator[Path]:
    """The folder `cache`, or a temporary one that is deleted afterwards."""
    if cache is not None:
        yield cache
        return
    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as folder:
        yield Path(folder)


def index_articles(
    articles: Sequence[Article],
    archive: Archive,
    embedder: Embedder,
    on_progress: OnProgress,
    cut: Cut = split_article,
) -> None:
    """Bring articles into an archive that holds nothing else; those it holds already are left as they are.

    An interrupted run goes on where it stopped. What was cut or embedded otherwise is not noticed: use another
    folder after changing how passages are made.

    Args:
        articles: All that the archive shall hold.
        archive: Of the embedder's model.
        embedder: Embeds the passages.
        on_progress: Told how many of the articles are stored.
        cut: Makes the passages.

    Raises:
        InputError: If the archive holds other articles.
    """
    strangers = set(archive.ids()) - {article.id for article in articles}
    if strangers:
        raise InputError(
            f"The archive in {archive.folder} holds {len(strangers)} articles that are not of this set, "
            f"{min(strangers)!r} among them.",
            "Give a folder of its own to every evaluation set.",
        )
    missing = [article for article in articles if archive.content_hash(article.id) != article.content_hash]
    stored = len(articles) - len(missing)
    if not missing:
        return
    with archive.write() as writer:
        for round_ in _rounds(missing, embedder, cut):
            _store(round_, writer, embedder)
            writer.commit()
            stored += len(round_)
            on_progress("indexing articles", stored, len(articles))


def _rounds(articles: Sequence[Article], embedder: Embedder, cut: Cut) -> Iterator[list[Prepared]]:
    round_: list[Prepared] = []
    passages = 0
    for article in articles:
        prepared = prepare(article, embedder, cut)
        round_.append(prepared)
        passages += len(prepared.spans)
        if passages >= _PASSAGES_A_ROUND:
            yield round_
            round_, passages = [], 0
    if round_:
        yield round_


def _store(round_: list[Prepared], writer: Writer, embedder: Embedder) -> None:
    vectors = embedder.embed_passages([text for prepared in round_ for text in prepared.texts])
    begin = 0
    for prepared in round_:
        prepared.put(writer, vectors[begin : begin + len(prepared.texts)])
        begin += len(prepared.texts)
