"""Trials: judged questions, the engine that they are put to, and the archive that the indexer makes for it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from api.evaluation.beir import read_beir
from api.evaluation.judged import JudgedQuestion, JudgedSet, check_gold, evenly, is_question_file, read_questions
from api.evaluation.measures import load_trec_eval
from indexer.pipeline import index
from indexer.readers import ReadOptions
from indexer.renewal import fill
from search.archive import LocalArchive, open_archive
from search.archive.protocol import Archive
from search.asking.engine import Engine
from search.errors import SettingsError
from search.models import Models
from search.models.embedding import Embedder
from search.settings import Settings

OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how many steps of it are done, and how many there are."""


@contextmanager
def archive_folder(cache: Path | None) -> Iterator[Path]:
    """The folder `cache`, or a temporary one that is deleted afterwards."""
    if cache is not None:
        yield cache
        return
    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as folder:
        yield Path(folder)


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
    index_folder: Path | str | None = None,
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
        index_folder: Folder or address of an existing archive to ask; nothing is indexed.
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
        with open_archive(index_folder, settings.storage_timeout) as archive:
            check_gold(questions, archive)
            yield Trial(judged.name, questions, Engine(archive, embedder, settings, models=models))
        return
    if not articles and not judged.articles:
        raise SettingsError(
            f"{path} has questions only.",
            "Say where the articles are: --index FOLDER for an archive, or --articles FILE to index.",
        )
    with archive_folder(cache) as folder, LocalArchive.create(folder, embedder.card) as archive:
        engine = Engine(archive, embedder, settings, models=models)
        if articles:
            _index_files(articles, archive, embedder, on_progress)
            check_gold(questions, archive)
            yield Trial(judged.name, questions, engine)
        else:
            fill(judged.articles, archive, embedder, partial(on_progress, "indexing articles"))
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
