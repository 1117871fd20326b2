"""Evaluation sets named on the command line of a benchmark.

A set is a folder in BEIR form, or `QUESTIONS=ARTICLES`: a question file and the file or folder of its articles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from api.evaluation.beir import read_beir
from api.evaluation.judged import JudgedQuestion, JudgedSet, read_questions
from api.evaluation.measures import retrieval_measures
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.article import Article


def read_whole_set(name: str) -> JudgedSet:
    """Read an evaluation set with all its questions, unanswerable ones among them."""
    questions, given, articles = name.partition("=")
    if given:
        read = tuple(_articles(Path(articles)))
        return JudgedSet(Path(questions).parent.name, read, read_questions(Path(questions)))
    return read_beir(Path(questions))


def read_set(name: str) -> JudgedSet:
    """Read an evaluation set and keep the questions that rankings can be measured with."""
    judged = read_whole_set(name)
    usable = tuple(question for question in judged.questions if question.answerable and question.relevant)
    return replace(judged, questions=usable)


def ndcg(ranked: Mapping[str, Sequence[str]], questions: Sequence[JudgedQuestion]) -> float:
    """Mean nDCG@10 of rankings of articles."""
    return float(
        retrieval_measures(ranked, {question.id: question.relevance for question in questions})[:, 0].mean()
    )


def _articles(path: Path) -> list[Article]:
    read = (
        article
        for file in find_files([path])
        if isinstance(file, InputFile)
        for article in read_file(file, ReadOptions())
    )
    return [article for article in read if isinstance(article, Article)]
