"""Evaluation sets in BEIR form: corpus.jsonl, queries.jsonl and qrels/test.tsv, each plain or gzipped.

The form is that of Thakur et al., "BEIR" (2021): articles have `_id`, `title`, `text` and `metadata`, questions
`_id`, `text` and `metadata`, judgements are tab-separated `query-id`, `corpus-id` and `score` under a header.
Of a question's metadata are read: `answers` (any of them answers), `answerable` (true where it is missing) and
`spans` (objects `start`, `text`, and `context_id` unless the question has one: where an answer stands in the
article's text as given).
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.evaluation.judged import Gold, JudgedQuestion, JudgedSet
from api.evaluation.lines import LineError, find_file, lines, objects_of, records, text_of
from indexer.canonical import canonical_body
from indexer.published import StatedDate
from indexer.readers import ReadOptions
from indexer.readers.draft import Draft, finish
from search.article import Article, Span
from search.errors import InputError

_COLUMNS = 3
_DATES = ("published_at", "date")


def read_beir(folder: Path) -> JudgedSet:
    """Read a BEIR folder.

    An article without text has its title for a body; one with neither is left out.

    Raises:
        InputError: If a file is missing or broken, or judgements name an unknown question or article.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder.", "Give a folder in BEIR form.")
    corpus = find_file(folder, "corpus.jsonl")
    queries = find_file(folder, "queries.jsonl")
    qrels = find_qrels(folder)
    texts: dict[str, str] = {}
    articles: list[Article] = []
    for number, record in records(corpus):
        id_ = text_of(record, "_id", corpus, number)
        if id_ in texts:
            raise LineError(corpus, number, f"the article {id_!r} is there already.")
        article = _article(id_, record, corpus, number)
        texts[id_] = str(record.get("text") or "")
        if article is not None:
            articles.append(article)
    asked = dict(_queries(queries))
    relevance = _judgements(qrels, asked, texts)
    bodies = {article.id: article.body for article in articles}
    questions = tuple(
        _question(id_, query, number, queries, relevance.get(id_, {}), texts, bodies)
        for id_, (number, query) in asked.items()
    )
    return JudgedSet(folder.name, tuple(articles), questions, len(texts) - len(articles))


def find_qrels(folder: Path) -> Path:
    """Find the judgements of a BEIR folder: qrels/test.tsv, or the only file of the kind, plain or gzipped.

    Raises:
        InputError: If there is none, or several of which none is called test.
    """
    found = sorted(
        path for pattern in ("*.tsv", "*.tsv.gz") for path in (folder / "qrels").glob(pattern) if path.is_file()
    )
    test = [path for path in found if path.name.removesuffix(".gz") == "test.tsv"]
    chosen = test or found
    if not chosen:
        raise InputError(
            f"{folder} has no judgements: there is no qrels/test.tsv.",
            "Give a folder in BEIR form, qrels included.",
        )
    if not test and len(found) > 1:
        raise InputError(
            f"{folder / 'qrels'} has {', '.join(path.name for path in found)}, and none is called test.tsv.",
            "Name the one to be used test.tsv.",
        )
    return chosen[0]


def _article(id_: str, record: Mapping[str, Any], corpus: Path, number: int) -> Article | None:
    for name in ("title", "text"):
        if not isinstance(record.get(name) or "", str):
            raise LineError(corpus, number, f"the field {name!r} is not a text.")
    metadata = record.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise LineError(corpus, number, "the field 'metadata' is not an object.")
    dates = tuple(
        StatedDate(held[name], f"BEIR: {name}") for held in (metadata, record) for name in _DATES if name in held
    )
    title, text = record.get("title") or "", record.get("text") or ""
    draft = Draft(body=text if text.strip() else title, headline=title, published=dates)
    article = finish(draft, f"{corpus}#{number}", ReadOptions())
    return replace(article, id=id_) if isinstance(article, Article) else None


def _queries(queries: Path) -> list[tuple[str, tuple[int, Mapping[str, Any]]]]:
    read: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for number, record in records(queries):
        id_ = text_of(record, "_id", queries, number)
        if id_ in read:
            raise LineError(queries, number, f"the question {id_!r} is there already.")
        read[id_] = (number, record)
    if not read:
        raise InputError(f"{queries} has no questions.")
    return list(read.items())


def _judgements(
    qrels: Path, questions: Mapping[str, object], articles: Mapping[str, object]
) -> dict[str, dict[str, int]]:
    relevance: dict[str, dict[str, int]] = {}
    for number, line in lines(qrels):
        cells = line.split("\t")
        if len(cells) != _COLUMNS:
            raise LineError(
                qrels,
                number,
                f"{len(cells)} columns; query-id, corpus-id and score were expected, parted by tabs.",
            )
        question, article, score = (cell.strip() for cell in cells)
        if not score.removeprefix("-").isdecimal():
            if number == 1:
                continue
            raise LineError(qrels, number, f"the score {score!r} is not a whole number.")
        if question not in questions:
            raise LineError(qrels, number, f"there is no question {question!r}.")
        if article not in articles:
            raise LineError(qrels, number, f"there is no article {article!r}.")
        relevance.setdefault(question, {})[article] = int(score)
    if not relevance:
        raise InputError(f"{qrels} judges nothing.")
    return relevance


def _question(
    id_: str,
    record: Mapping[str, Any],
    number: int,
    queries: Path,
    relevance: Mapping[str, int],
    texts: Mapping[str, str],
    bodies: Mapping[str, str],
) -> JudgedQuestion:
    metadata = record.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise LineError(queries, number, "the field 'metadata' is not an object.")
    answers = metadata.get("answers") or []
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise LineError(queries, number, "the field 'metadata.answers' is not a list of texts.")
    gold = []
    for span in objects_of(metadata, "spans", queries, number):
        article = str(span.get("context_id") or metadata.get("context_id") or "")
        start, answer = span.get("start"), span.get("text")
        if article not in texts or not isinstance(start, int) or not isinstance(answer, str):
            raise LineError(queries, number, "a span needs a known context_id, a start and a text.")
        if not texts[article].startswith(answer, start):
            raise LineError(queries, number, f"{answer!r} does not stand at {start} of the article {article!r}.")
        if article in bodies:
            gold.append(Gold(article, span=_in_body(texts[article], bodies[article], start, answer)))
    relevant = [article for article, grade in relevance.items() if grade > 0]
    return JudgedQuestion(
        id=id_,
        text=text_of(record, "text", queries, number),
        answerable=bool(metadata.get("answerable", True)),
        relevance=relevance,
        gold=tuple(gold) or tuple(Gold(article) for article in relevant),
        answers=tuple(answer for answer in answers if answer.strip()),
        kind=str(metadata.get("question_type") or metadata.get("type") or ""),
    )


def _in_body(text: str, body: str, start: int, answer: str) -> Span | None:
    """Offsets in the canonical body of an answer that stands at `start` in the text as given."""
    wanted = canonical_body(answer)
    begin = body.find(wanted, len(canonical_body(text[:start]))) if wanted else -1
    return Span(begin, begin + len(wanted)) if begin >= 0 else None
