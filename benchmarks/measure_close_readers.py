"""Measure how well the close readers tell which sentence of the right article answers, and whether one does.

    python benchmarks/measure_close_readers.py SET... [--profiles careful fast]

A set is `QUESTIONS=ARTICLES`, as for the other benchmarks. An answerable question is put to the first article that
is known to answer it, any other to the article that BM25 puts first. The article is cut into stretches of whole
sentences; a sentence counts by its score alone, held against "nothing here" in its stretch. Given are the share of
questions whose evidence is first, and among the first three; and the AUROC, by the best sentence's score, of
answerable questions beside near misses and beside all that are unanswerable. Nothing is fitted.
"""

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from evaluation_sets import read_whole_set
from reading_examples import LONGEST_SENTENCE, load_tokenizer
from tokenizers import Tokenizer

from api.evaluation.judged import JudgedQuestion
from api.evaluation.measures import auroc
from search.article import Article, Span
from search.english.sentences import sentences
from search.english.terms import terms
from search.models import close_reading
from search.models.close_reading.close_reader import BUILDS
from search.models.source import find_model
from search.settings import BUNDLED_MODEL, Settings

ROOM = 120
"""Most tokens of a stretch, as passages have by default."""

_K1, _B = 1.2, 0.75

Scorer = Callable[[str, Article, Sequence[Sequence[Span]]], list[float]]
"""Scores all sentences of an article, given as stretches, for a question."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A question's sentences as they were scored.

    Attributes:
        answerable: Whether the article answers.
        near_miss: Whether the event is in the archive and what is asked for is not.
        scores: Of each sentence.
        right: Which of them show the evidence.
    """

    answerable: bool
    near_miss: bool
    scores: list[float]
    right: list[bool]


def main() -> None:
    """Print a line of figures for each set and scorer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", metavar="QUESTIONS=ARTICLES")
    parser.add_argument("--profiles", nargs="+", choices=BUILDS, default=list(BUILDS))
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    tokenizer = load_tokenizer(find_model(BUNDLED_MODEL).folder)
    scorers = {
        profile: close_reader_scorer(Settings.load(profile=profile, threads=arguments.threads))
        for profile in arguments.profiles
    }
    for name in arguments.sets:
        judged = read_whole_set(name)
        notes = _notes(Path(name.partition("=")[0]))
        chosen = right_articles(judged.questions, judged.articles)
        for told, scorer in scorers.items():
            began = time.perf_counter()
            marked = [
                mark(question, article, tokenizer, scorer, near_miss=notes[question.id].startswith("near"))
                for question, article in zip(judged.questions, chosen, strict=True)
            ]
            taken = round(time.perf_counter() - began, 1)
            print(
                json.dumps({"set": judged.name, "profile": told} | figures(marked) | {"seconds": taken}),
                flush=True,
            )


def _notes(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {one["_id"]: one.get("note", "") for one in map(json.loads, lines)}


def mark(
    question: JudgedQuestion, article: Article, tokenizer: Tokenizer, scorer: Scorer, *, near_miss: bool
) -> Marked:
    """Score an article's sentences for a question."""
    stretches = cut(article.body, tokenizer)
    spans = [span for stretch in stretches for span in stretch]
    golds = [" ".join(place.evidence.split()) for place in question.gold if place.article == article.id]
    quotes = [" ".join(span.of(article.body).split()) for span in spans]
    right = [any(quote in gold or gold in quote for gold in golds) for quote in quotes]
    return Marked(question.answerable, near_miss, scorer(question.text, article, stretches), right)


def cut(body: str, tokenizer: Tokenizer) -> list[list[Span]]:
    """Cut a body into stretches of whole sentences, each of as many as there is room for."""
    spans = sentences(body)
    encodings = tokenizer.encode_batch([span.of(body) for span in spans], add_special_tokens=False)
    stretches: list[list[Span]] = []
    length = ROOM
    for span, encoding in zip(spans, encodings, strict=True):
        tokens = min(len(encoding.ids), LONGEST_SENTENCE)
        if length + tokens > ROOM:
            stretches.append([])
            length = 0
        stretches[-1].append(span)
        length += tokens
    return stretches


def close_reader_scorer(settings: Settings) -> Scorer:
    """Score by the close reader of a profile."""
    reader = close_reading.load_close_reader(settings)

    def scored(question: str, article: Article, stretches: Sequence[Sequence[Span]]) -> list[float]:
        before = close_reading.heading(article.headline, article.published)
        passages = [(before, article.body[stretch[0].start : stretch[-1].end]) for stretch in stretches]
        return [
            reading.answers(Span(span.start - stretch[0].start, span.end - stretch[0].start))
            for stretch, reading in zip(stretches, reader.read(question, passages), strict=True)
            for span in stretch
        ]

    return scored


def right_articles(questions: Sequence[JudgedQuestion], articles: Sequence[Article]) -> list[Article]:
    """For each question the first article that answers it, or else the one that BM25 puts first."""
    by_id = {article.id: article for article in articles}
    counts = [Counter(terms(f"{article.headline}\n{article.body}")) for article in articles]
    lengths = np.array([sum(count.values()) for count in counts], dtype=np.float64)
    holding = Counter(term for count in counts for term in count)

    def first(question: str) -> Article:
        scores = np.zeros(len(articles))
        for term in set(terms(question)):
            found = np.array([count[term] for count in counts], dtype=np.float64)
            weight = math.log(1 + (len(articles) - holding[term] + 0.5) / (holding[term] + 0.5))
            scores += weight * found * (_K1 + 1) / (found + _K1 * (1 - _B + _B * lengths / lengths.mean()))
        return articles[int(scores.argmax())]

    return [by_id[question.gold[0].article] if question.gold else first(question.text) for question in questions]


def figures(marked: Sequence[Marked]) -> dict[str, float]:
    """Evidence first and among the first three, and both AUROCs; see the module."""
    answerable = [one for one in marked if one.answerable]
    places = []
    for one in answerable:
        order = sorted(range(len(one.scores)), key=lambda place: -one.scores[place])
        places.append(next((rank for rank, place in enumerate(order) if one.right[place]), len(order)))
    found = {"answerable": len(answerable), "evidence@1": _share(places, 1), "evidence@3": _share(places, 3)}
    for name, others in (
        ("near misses", [one for one in marked if one.near_miss]),
        ("unanswerable", [one for one in marked if not one.answerable]),
    ):
        best = np.array([max(one.scores) for one in [*answerable, *others]])
        found[name] = len(others)
        found[f"AUROC {name}"] = round(float(auroc(best, np.arange(len(best)) < len(answerable))), 3)
    return found


def _share(places: Sequence[int], top: int) -> float:
    return round(float(np.mean(np.array(places) < top)), 3)


if __name__ == "__main__":
    main()
