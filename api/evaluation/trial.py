"""Trials: judged questions, the engine that they are put to, and the archive that the indexer makes for it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.evaluation.beir import read_beir
from api.evaluation.judged import JudgedQuestion, JudgedSet, check_gold, evenly, is_question_file, read_questions
from api.evaluation.measures import load_trec_eval
from indexer.dossier import Cut, Prepared, prepare, split_article
from indexer.pipeline import index
from indexer.readers import ReadOptions
from search.archive import Archive, Writer
from search.article import Article
from search.asking.engine import Engine
from search.errors import InputError, SettingsError
from search.models import Models
from search.models.embedding import Embedder
from search.settings import Settings

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


@dataclass(frozen=True, slots=True)
class Trial:
    """Judged questions, and the engine that they are put to.

    Attributes:
        name: Of the evaluation set.
        questions: Those that are asked.
        engine: Answers from the set's articles.
        empty_articles: Articles of the set that have no text and cannot be found.
    """

    name: str
    questions: tuple[JudgedQuestion, ...]
    engine: Engine
    empty_articles: int = 0


@contextmanager
def open_trial(  # noqa: PLR0913 - what an evaluation is made of
    path: Path,
    embedder: Embedder,
    settings: Settings,
    *,
    models: Models = Models(),  # noqa: B008 - frozen
    index_folder: Path | None = None,
    articles: Path | None = None,
    cache: Path | None = None,
    limit: int | None = None,
    on_progress: OnProgress = lambda *_: None,
) -> Iterator[Trial]:
    """Read an evaluation set and open, or make, the archive of its articles.

    Args:
        path: A BEIR folder, its query file, or a question file.
        embedder: The model of the archive.
        settings: Of the engine; the limit on the length of a question is raised to the longest one.
        models: Read for the engine's answers; not needed for retrieval.
        index_folder: An existing archive to ask; nothing is indexed.
        articles: A file or folder of articles in any format that is read, to index and ask. Without it and
            without `index_folder`, the articles of a BEIR set are indexed.
        cache: Where to keep what is indexed, for the next run; a temporary folder by default.
        limit: Ask at most so many questions, evenly spaced over the file; all by default.
        on_progress: Told what is being done.

    Raises:
        InputError: If a file is missing or broken, or names articles that are not there.
        SettingsError: If it is not said where the articles are, or twice, or pytrec_eval is not installed.
        ArchiveError: If the archive cannot be used.
    """
    load_trec_eval()  # what is missing should be told before minutes of indexing, not after
    if index_folder and articles:
        raise SettingsError("Both an archive and articles to index were given.", "Give one of them.")
    judged = _read(path)
    questions = evenly(judged.questions, limit)
    longest = max(settings.max_question_chars, *(len(question.text) for question in questions))
    settings = settings.model_copy(update={"max_question_chars": longest})
    if index_folder:
        with Archive.open(index_folder) as archive:
            check_gold(questions, archive)
            yield Trial(judged.name, questions, Engine(archive, embedder, settings, models=models))
        return
    if not articles and not judged.articles:
        raise SettingsError(
            f"{path} has questions only.",
            "Say where the articles are: --index FOLDER for an archive, or --articles FILE to index.",
        )
    with archive_folder(cache) as folder, Archive.create(folder, embedder.card) as archive:
        engine = Engine(archive, embedder, settings, models=models)
        if articles:
            _index_files(articles, archive, embedder, on_progress)
            check_gold(questions, archive)
            yield Trial(judged.name, questions, engine)
        else:
            index_articles(judged.articles, archive, embedder, on_progress)
            yield Trial(judged.name, questions, engine, judged.empty_articles)


def _read(path: Path) -> JudgedSet:
    if path.is_dir() or not is_question_file(path):
        return read_beir(path if path.is_dir() else path.parent)
    name = path.parent.name if path.name.startswith("questions.") else path.name.split(".")[0]
    return JudgedSet(name or path.name, (), read_questions(path))


def _index_files(articles: Path, archive: Archive, embedder: Embedder, on_progress: OnProgress) -> None:
    index(
        [articles],
        archive,
        embedder,
        ReadOptions(),
        lambda progress: on_progress("indexing passages", progress.passages, progress.passages_expected),
    )
