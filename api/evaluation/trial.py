"""Trials: judged questions, put to an engine over an archive that the indexer makes, and what comes out."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from api.evaluation.beir import read_beir
from api.evaluation.confidence import (
    CALIBRATION_MEASURES,
    calibration_statistic,
    estimate,
    means,
    reliability,
    sureness_of,
)
from api.evaluation.judged import JudgedQuestion, JudgedSet, check_gold, evenly, is_question_file, read_questions
from api.evaluation.measures import (
    ANSWER_MEASURES,
    CITATIONS,
    DEPTH,
    RETRIEVAL_MEASURES,
    JudgedReply,
    TimeRead,
    answer_statistic,
    contains_answer,
    load_trec_eval,
    read_time,
    retrieval_measures,
    shows_evidence,
)
from api.evaluation.reports import AnswerFigures, AnswerReport, Asked, RetrievalReport
from api.evaluation.short_answers import (
    SHORT_ANSWER_MEASURES,
    Agreement,
    ShortReply,
    agreement,
    is_whole,
    short_answer_statistic,
)
from indexer.pipeline import index
from indexer.readers import ReadOptions
from indexer.renewal import fill
from search.archive import LocalArchive, open_archive
from search.archive.protocol import Archive
from search.article import Span
from search.asking.citation import Citation
from search.asking.engine import Engine
from search.asking.results import Answer
from search.asking.retrieval import Method
from search.errors import InputError, SettingsError
from search.models import Models
from search.models.embedding import Embedder
from search.settings import Settings

OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how many steps of it are done, and how many there are."""

METHODS = (Method.DENSE, Method.LEXICAL, Method.FUSED)


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


def measure_retrieval(trial: Trial, on_progress: OnProgress = lambda *_: None) -> RetrievalReport:
    """Rank `DEPTH` articles for every answerable question by each method and measure the rankings.

    An article stands where its best passage does.

    Raises:
        InputError: If no question can be used.
    """
    questions = [question for question in trial.questions if question.answerable and question.relevant]
    if not questions:
        raise InputError(f"{trial.name} has no answerable question with a relevant article.")
    relevance = {question.id: question.relevance for question in questions}
    rows = []
    for method in METHODS:
        ranked = {
            question.id: _ranked(trial.engine, question, DEPTH, method)
            for question in _told(questions, f"ranking, {method.value}", on_progress)
        }
        rows.append(retrieval_measures(ranked, relevance))
    dense, lexical, fused = rows
    # One bootstrap for all, so that every figure and difference rests on the same resamples.
    everything = np.hstack([*rows, fused - dense, fused - lexical])
    labels = [str(column) for column in range(everything.shape[1])]
    estimates = list(estimate(labels, means(everything), len(questions)).values())
    width = len(RETRIEVAL_MEASURES)
    figures = [
        dict(zip(RETRIEVAL_MEASURES, estimates[begin : begin + width], strict=True))
        for begin in range(0, len(estimates), width)
    ]
    return RetrievalReport(
        _asked(trial),
        len(questions),
        dict(zip(METHODS, figures[: len(METHODS)], strict=True)),
        dict(zip(METHODS[:2], figures[len(METHODS) :], strict=True)),
    )


def measure_answers(trial: Trial, on_progress: OnProgress = lambda *_: None) -> AnswerReport:
    """Ask every question and measure the answers, over all and by the kind of question.

    Raises:
        InputError: If no answers are known to any answerable question.
    """
    if not any(question.answers for question in trial.questions):
        raise InputError(f"{trial.name} does not say what the answers to its questions are.")
    replies = [judge_reply(trial.engine, question) for question in _told(trial.questions, "asking", on_progress)]
    kinds = sorted({reply.question.kind for reply in replies})
    by_kind = {kind: [reply for reply in replies if reply.question.kind == kind] for kind in kinds}
    return AnswerReport(
        _asked(trial),
        _figures(replies),
        {kind or "other": _figures(group) for kind, group in by_kind.items()} if len(kinds) > 1 else {},
    )


def judge_reply(engine: Engine, question: JudgedQuestion) -> JudgedReply:
    """Put one question to a trial's engine, as anyone would, and hold the reply against what is known.

    A quote that is cut inside a word or a number shows nothing.
    """
    answer = engine.ask(question.text, CITATIONS)
    best = answer.citations[0] if answer.citations else answer.nearest
    bodies = _bodies(engine, answer)
    shows = [shows_evidence(citation, question) and _is_whole(citation, bodies) for citation in answer.citations]
    right = best is not None and shows_evidence(best, question) and _is_whole(best, bodies)
    return JudgedReply(
        question=question,
        found=answer.found,
        score=answer.probability,
        article_place=_place(
            article in question.relevant for article in _ranked(engine, question, CITATIONS, Method.FUSED)
        ),
        evidence_place=_place(shows),
        answer_place=_place(
            contains_answer(citation.quote, question.answers) and _is_whole(citation, bodies)
            for citation in answer.citations
        ),
        best_is_evidence=right,
        time=_time_read(answer, question),
        inside=_inside(best, question),
        exact=_exact(answer, bodies),
        short=_short(answer, best, question, bodies),
        sureness=sureness_of(answer, right=question.answerable and right),
    )


def _returned(answer: Answer) -> tuple[Citation, ...]:
    return (*answer.citations, *((answer.nearest,) if answer.nearest else ()))


def _bodies(engine: Engine, answer: Answer) -> dict[str, str]:
    """The texts, as they are stored, that quotes of an answer stand in."""
    with engine.archive.snapshot() as snapshot:
        stored = snapshot.read({quote.article_id for quote in _returned(answer)})
    return {id_: dossier.article.body for id_, dossier in stored.items()}


def _is_whole(citation: Citation, bodies: Mapping[str, str]) -> bool:
    return is_whole(bodies[citation.article_id], Span(citation.start, citation.end))


def _exact(answer: Answer, bodies: Mapping[str, str]) -> tuple[int, int]:
    """How many of the quotes that came back are slices of the stored articles, and how many came back."""
    quotes = _returned(answer)
    return sum(quote.quote == bodies[quote.article_id][quote.start : quote.end] for quote in quotes), len(quotes)


def _short(
    answer: Answer, best: Citation | None, question: JudgedQuestion, bodies: Mapping[str, str]
) -> ShortReply:
    """The short answer of the best citation, or of what came nearest; one that is cut agrees with nothing."""
    slices = [(one.article_id, Span(one.start, one.end)) for one in _returned(answer)]
    slices += [(one.article_id, Span(one.answer.start, one.answer.end)) for one in _returned(answer) if one.answer]
    whole = sum(is_whole(bodies[article], span) for article, span in slices)
    marked = best.answer if best else None
    agreed = Agreement()
    if best and marked and is_whole(bodies[best.article_id], Span(marked.start, marked.end)):
        agreed = agreement(marked.words, question.answers)
    return ShortReply(agreed, marked is not None, answer.found, (whole, len(slices)))


def _time_read(answer: Answer, question: JudgedQuestion) -> TimeRead | None:
    if question.time is None or answer.reading.time_asked is None:
        return None
    shown = (citation for citation in answer.citations if shows_evidence(citation, question))
    first = next(shown, None)
    return read_time(first, question.time) if first else None


def _inside(best: Citation | None, question: JudgedQuestion) -> bool | None:
    if not question.answerable or not question.condition:
        return None
    first, last = question.condition.published_from or date.min, question.condition.published_to or date.max
    published = best.published if best else None
    return published is not None and first <= published.first_day and published.last_day <= last


def _figures(replies: Sequence[JudgedReply]) -> AnswerFigures:
    answerable = [reply.short for reply in replies if reply.question.answerable and reply.question.answers]
    short = (
        estimate(SHORT_ANSWER_MEASURES, short_answer_statistic(answerable), len(answerable)) if answerable else {}
    )
    sure = [reply.sureness for reply in replies]
    return AnswerFigures(
        questions=len(replies),
        unanswerable=sum(not reply.question.answerable for reply in replies),
        figures=estimate(ANSWER_MEASURES, answer_statistic(replies), len(replies)),
        short=short,
        sureness=estimate(CALIBRATION_MEASURES, calibration_statistic(sure), len(sure)),
        reliability=reliability(sure),
    )


def _ranked(engine: Engine, question: JudgedQuestion, k: int, method: Method) -> list[str]:
    return [passage.article_id for passage in engine.search(question.text, k, method=method, copies=True).passages]


def _place(hits: Iterable[bool]) -> int | None:
    return next((place for place, hit in enumerate(hits, start=1) if hit), None)


def _told(questions: Sequence[JudgedQuestion], activity: str, on_progress: OnProgress) -> Iterator[JudgedQuestion]:
    for done, question in enumerate(questions, start=1):
        yield question
        on_progress(activity, done, len(questions))


def _asked(trial: Trial) -> Asked:
    with trial.engine.archive.snapshot() as snapshot:
        card, facts = snapshot.card, snapshot.facts
    return Asked(
        name=trial.name,
        questions=len(trial.questions),
        unanswerable=sum(not question.answerable for question in trial.questions),
        articles=facts.articles,
        passages=facts.passages,
        empty_articles=trial.empty_articles,
        model=card.model,
        fingerprint=card.fingerprint,
    )
